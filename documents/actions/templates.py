"""The Word files forms are printed from: the national ones that come with the product, and an office's own."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import Office
from audit.actions import Actor, record
from core.errors import Invalid, WrongState
from documents.actions.files import Upload, receive_file, store_file
from documents.actions.numbers import set_number_format
from documents.form_kinds import FormKind, form_kind, form_kinds
from documents.layouts import standard_template
from documents.models import NumberFormat, Template
from documents.templating import check_template

KIND, PURPOSE = "template", "template"
ALLOWED = ("docx",)
LONGEST_NOTE = 200


@transaction.atomic
def add_template(
    *, form: str, office: Office | None, upload: Upload, actor: Actor, at: datetime, note: str = ""
) -> Template:
    """From now on the office prints this form from another Word file; papers made before keep theirs.

    :param office: None for the national template.
    :raises Invalid: ``unknown_form``, ``same_template``, ``too_long``, what :func:`documents.actions.files.store_file` and
        :func:`documents.templating.check_template` refuse.
    """
    kind = form_kind(form)
    if len(note.strip()) > LONGEST_NOTE:
        raise Invalid(_("最多%(most)s个字。") % {"most": LONGEST_NOTE}, code="too_long", field="note")
    if office is not None:  # two at once would both be the next version
        Office.objects.select_for_update().filter(pk=office.pk).values_list("pk").first()
    received = receive_file(upload, ALLOWED)
    check_template(received.content, kind)
    current = _in_use(office, form)
    if current is not None and current.sha256 == received.digest.sha256:
        raise Invalid(
            _("这个文件与正在使用的模板（第%(version)s版）完全相同，不需要再次上传。") % {"version": current.version},
            code="same_template", field="upload",
        )  # fmt: skip
    return _put(kind, office, received.name, received.content, note.strip(), actor, at)


@transaction.atomic
def retire_template(*, form: str, office: Office, actor: Actor, at: datetime) -> Template:
    """The office gives up its own template of a form and prints from the national one again.

    :raises Invalid: ``unknown_form``. :raises WrongState: ``no_own_template``.
    """
    kind = form_kind(form)
    current = _in_use(office, form)
    if current is None:
        raise WrongState(
            _("%(office)s没有自己的《%(form)s》模板，已在使用全国统一模板。")
            % {"office": office.name, "form": kind.name},
            code="no_own_template",
        )
    current.retired_at = at
    current.save(update_fields=["retired_at"])
    _write("retire_template", current, actor, at)
    return current


@transaction.atomic
def load_templates(*, actor: Actor, at: datetime, forms: Iterable[str] | None = None) -> list[Template]:
    """Build the national templates from the layouts that come with the product; one that is in use already stays.

    :param forms: keys of the forms, all of them when left out.
    :returns: those that are new.
    :raises Invalid: a layout that does not fit its form.
    """
    made = []
    for key in forms if forms is not None else form_kinds():
        kind = form_kind(key)
        content = standard_template(kind)
        current = _in_use(None, key)
        if current is None or current.sha256 != sha256(content).hexdigest():
            check_template(content, kind)
            made.append(_put(kind, None, f"{kind.name}.docx".replace("/", "／"), content, "", actor, at))
    return made


@transaction.atomic
def set_form_numbers(*, actor: Actor, at: datetime) -> list[NumberFormat]:
    """How the papers of every form with a kind word (代字) are numbered unless an office says otherwise.

    What somebody has set already stays.
    """
    known = set(NumberFormat.objects.filter(office__isnull=True).values_list("kind", flat=True))
    return [
        set_number_format(office=None, kind=kind.key, kind_word=kind.code, actor=actor, at=at)
        for kind in form_kinds().values()
        if kind.code and kind.key not in known
    ]


def _in_use(office: Office | None, form: str) -> Template | None:
    return Template.objects.select_for_update().filter(office=office, form=form, retired_at__isnull=True).first()


def _put(
    kind: FormKind, office: Office | None, name: str, content: bytes, note: str, actor: Actor, at: datetime
) -> Template:
    current = _in_use(office, kind.key)
    if current is not None:
        current.retired_at = at
        current.save(update_fields=["retired_at"])
    last = Template.objects.filter(office=office, form=kind.key).aggregate(last=Max("version"))["last"] or 0
    file = store_file(
        upload=ContentFile(content, name=name), subject_kind=KIND, subject_id=office.pk if office else 0, purpose=PURPOSE,
        actor=actor, at=at, allowed=ALLOWED,
    )  # fmt: skip
    template = Template.objects.create(
        form=kind.key, office=office, version=last + 1, file=file, sha256=file.sha256, note=note, added_at=at,
        added_by_id=actor.pk,
    )  # fmt: skip
    _write("add_template", template, actor, at)
    return template


def _write(verb: str, template: Template, actor: Actor, at: datetime) -> None:
    record(
        verb=f"documents.{verb}", actor=actor, at=at, subject_kind=KIND, subject_id=template.pk,
        subject_label=template.form, office=template.office_id, version=template.version, sha256=template.sha256,
    )  # fmt: skip
