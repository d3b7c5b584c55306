"""What a person does with an import: upload, match the columns, confirm, cancel. The worker does the rest."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries import office_named, require_role
from audit.actions import Actor, record
from core.errors import Invalid
from core.transitions import Transition
from documents.actions.files import Upload, receive_file
from exchange import states
from exchange.columns import BY_NAME, REQUIRED, guess
from exchange.models import ColumnMapping, Import, ImportContent
from exchange.queries import lock_import, remembered_mapping, require_move, signature_of
from exchange.states import ImportMode, ImportState
from exchange.workbooks import column_letters, read_table, undecodable

KIND = "import"
TAKEN = ("xlsx", "xls", "csv")
IDLE = (ImportState.UPLOADED, ImportState.CHECKED)
FORGOTTEN = timedelta(days=7)  # ours, not law


@transaction.atomic
def upload_leads(*, upload: Upload, office_id: int, mode: str, actor: User, at: datetime) -> Import:
    """Take in a file of leads for an office. Its bytes are deleted when the import is over; the hash stays.

    :param mode: ``all_or_nothing`` or ``good_rows_only``.
    :raises NotPermitted: :raises Invalid: what :func:`documents.actions.receive_file` and
        :func:`exchange.workbooks.read_table` refuse.
    """
    office = office_named(office_id)
    row = states.UPLOAD
    require_role(actor, office, row.roles, what=str(row.label), basis=row.basis)
    if mode not in ImportMode.values:
        raise Invalid(_("请选择导入方式。"), code="unknown_mode", field="mode")
    try:
        file = receive_file(upload, TAKEN)
    except Invalid as refusal:
        if refusal.code == "type_not_allowed" and (upload.name or "").lower().endswith(".csv"):
            raise undecodable() from None
        raise
    headers = read_table(file.content, file.media_type).headers
    mapping = remembered_mapping(actor, headers) or guess(headers)
    made = Import.objects.create(
        office=office, bureau_id=office.bureau_id, actor=actor, file_name=file.name, media_type=file.media_type,
        size=file.digest.size, sha256=file.digest.sha256, headers=list(headers), mapping=mapping, mode=mode,
        created_at=at,
    )  # fmt: skip
    ImportContent.objects.create(import_of=made, content=file.content)
    note(made, row, actor, at, sha256=made.sha256, size=made.size)
    return made


@transaction.atomic
def check_import(*, import_id: int, mapping: Sequence[str], actor: User, at: datetime) -> Import:
    """Say which column is what and have every row checked; nothing comes in before it is confirmed.

    :param mapping: for each column of the file a field, '' to leave it out.
    :raises NotFound, NotPermitted, WrongState: :raises Invalid: ``missing_column``, ``field_twice``, ``unknown_field``.
    """
    of = lock_import(actor, import_id)
    require_move(actor, of, states.CHECK)
    _check_mapping(mapping, of.headers)
    of.mapping = list(mapping)
    _begin(of)
    of.problems.all().delete()
    ColumnMapping.objects.update_or_create(
        user=actor, signature=signature_of(of.headers), defaults={"mapping": of.mapping, "used_at": at}
    )
    return _move(of, states.CHECK, actor, at)


@transaction.atomic
def confirm_import(*, import_id: int, mode: str, actor: User, at: datetime) -> Import:
    """Let the checked rows come in.

    :raises NotFound, NotPermitted, WrongState: :raises Invalid: ``nothing_to_import``, ``bad_rows``: all or nothing was
        chosen and a row is bad.
    """
    of = lock_import(actor, import_id)
    require_move(actor, of, states.CONFIRM)
    if mode not in ImportMode.values:
        raise Invalid(_("请选择导入方式。"), code="unknown_mode", field="mode")
    if not of.good:
        raise Invalid(_("没有可以导入的行。"), code="nothing_to_import", field="mode")
    if mode == ImportMode.ALL_OR_NOTHING and of.bad:
        raise Invalid(
            _("有%(bad)s行有问题，按“全部导入或者一行也不导入”不能导入。请改正文件后重新上传，或者只导入没有问题的行。")
            % {"bad": of.bad},
            code="bad_rows",
            field="mode",
        )
    of.mode, of.place = mode, 0
    return _move(of, states.CONFIRM, actor, at)


@transaction.atomic
def cancel_import(*, import_id: int, actor: User, at: datetime) -> Import:
    """Give an import up before anything came in.

    :raises NotFound, NotPermitted, WrongState:
    """
    of = lock_import(actor, import_id)
    require_move(actor, of, states.CANCEL)
    return end(of, states.CANCEL, actor, at)


@transaction.atomic
def cancel_forgotten(*, actor: Actor, at: datetime) -> int:
    """Give up what nobody has gone on with for a week: no file with names in it waits without end; how many."""
    idle = Import.objects.filter(state__in=IDLE, created_at__lt=at - FORGOTTEN)
    forgotten = list(idle.select_for_update(of=("self",)).select_related("office").order_by("pk")[:100])
    for of in forgotten:
        end(of, states.CANCEL, actor, at)
    return len(forgotten)


def end(of: Import, row: Transition, actor: Actor, at: datetime) -> Import:
    """The import is over: its file, which may say who told, is deleted."""
    of.finished_at, of.lease_ends_at = at, None
    ImportContent.objects.filter(import_of=of).delete()
    return _move(of, row, actor, at)


def _move(of: Import, row: Transition, actor: Actor, at: datetime) -> Import:
    of.state = row.target or of.state
    of.save()
    note(of, row, actor, at)
    return of


def note(of: Import, row: Transition, actor: Actor, at: datetime, **facts: object) -> None:
    record(
        verb=f"exchange.{row.name}", actor=actor, at=at, subject_kind=KIND, subject_id=of.pk,
        subject_label=f"{of.file_name}", state=of.state, office=of.office.code, total=of.total, good=of.good,
        bad=of.bad, known=of.known, imported=of.imported, mode=of.mode, **facts,
    )  # fmt: skip


def _begin(of: Import) -> None:
    of.place = of.total = of.good = of.bad = of.known = of.alike = 0


def _check_mapping(mapping: Sequence[str], headers: Sequence[str]) -> None:
    if len(mapping) != len(headers):
        raise Invalid(
            _("文件有%(columns)s列，对应了%(given)s列。") % {"columns": len(headers), "given": len(mapping)},
            code="mapping_length", field="mapping",
        )  # fmt: skip
    for place, name in enumerate(mapping):
        if name and name not in BY_NAME:
            raise Invalid(
                _("没有“%(name)s”这个项目。") % {"name": name[:60]}, code="unknown_field", field=f"column_{place}"
            )
        if name and name in mapping[:place]:
            where = {"label": BY_NAME[name].label, "first": column_letters(list(mapping).index(name)),
                     "second": column_letters(place)}  # fmt: skip
            raise Invalid(
                _("%(first)s列和%(second)s列都对应了“%(label)s”，只能对应一次。") % where,
                code="field_twice", field=f"column_{place}",
            )  # fmt: skip
    missing = [column for column in REQUIRED if column.name not in mapping]
    if missing:
        names = _("、").join(str(column.label) for column in missing)
        raise Invalid(
            _("缺少必需的列：%(names)s。请为它们选择文件中的列，或者在文件中补上。") % {"names": names},
            code="missing_column", field="mapping",
        )  # fmt: skip
