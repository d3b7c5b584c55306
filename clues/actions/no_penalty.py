"""Loading the no-penalty lists: versions by day, none edited."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Office
from audit.actions import Actor, record
from clues.models import NoPenaltyItem
from clues.no_penalty_files import NoPenaltyEntry, parse_no_penalty_items
from core.errors import Invalid


@transaction.atomic
def load_no_penalty_items(*, text: str, source: str, actor: Actor, at: datetime) -> int:
    """Load the items of a file and answer how many versions are new or newly ended; what is in force already stays as it is.

    A later version of a key ends the one before on its eve; an item that fell away is given its last day.

    :raises Invalid: the file is faulty, names an unknown office, rewrites a version (``item_changed``) or overlaps one
        (``item_overlaps``).
    """
    entries = parse_no_penalty_items(text)
    loaded = sum(_load(entry) for entry in entries)
    if not loaded:
        return 0
    record(
        verb="clues.load_no_penalty_items", actor=actor, at=at, subject_kind="no_penalty_list", subject_id=0,
        subject_label=source, items=len(entries), loaded=loaded,
    )  # fmt: skip
    return loaded


def _load(entry: NoPenaltyEntry) -> bool:
    fields = {
        "kind": entry.kind, "title": entry.title, "condition": entry.condition, "basis": entry.basis,
        "office": _office(entry), "is_default": entry.is_default,
    }  # fmt: skip
    versions = NoPenaltyItem.objects.filter(key=entry.key)
    same = versions.filter(starts_on=entry.starts_on).first()
    if same is not None:
        return _ended(entry, same, fields)
    versions.filter(starts_on__lt=entry.starts_on, ends_on__isnull=True).update(ends_on=entry.eve)
    behind = Q() if entry.ends_on is None else Q(starts_on__lte=entry.ends_on)
    until = Q(ends_on__isnull=True) | Q(ends_on__gte=entry.starts_on)
    if versions.filter(behind, until).exists():
        raise _refused(entry, "item_overlaps", _("%(key)s的这一版与另一版的有效期重叠，请核对施行日和失效日。"))
    NoPenaltyItem.objects.create(key=entry.key, starts_on=entry.starts_on, ends_on=entry.ends_on, **fields)
    return True


def _ended(entry: NoPenaltyEntry, same: NoPenaltyItem, fields: Mapping[str, object]) -> bool:
    """All that may become of a version already loaded: it is told its last day."""
    if any(getattr(same, name) != value for name, value in fields.items()):
        raise _refused(
            entry, "item_changed", _("%(key)s同一施行日的内容已经载入且不同。内容变了的，请另写施行日作为新的一版。")
        )
    if entry.ends_on is None or same.ends_on == entry.ends_on:
        return False
    if same.ends_on is not None:
        raise _refused(entry, "item_changed", _("%(key)s的失效日已经载入且不同，不能改写。"))
    same.ends_on = entry.ends_on
    same.save(update_fields=["ends_on"])
    return True


def _office(entry: NoPenaltyEntry) -> Office | None:
    if not entry.office:
        return None
    office = Office.objects.filter(code=entry.office).first()
    if office is None:
        raise Invalid(
            _("没有代码为%(code)s的机构（事项%(key)s）。") % {"code": entry.office, "key": entry.key},
            code="unknown_office", field="office",
        )  # fmt: skip
    return office


def _refused(entry: NoPenaltyEntry, code: str, detail: str) -> Invalid:
    return Invalid(detail % {"key": entry.key}, code=code, field=entry.key)
