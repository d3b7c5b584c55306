"""Standards of discretion and local hearing thresholds come in from a file, as versions with days."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Office
from audit.actions import Actor, record
from cases.discretion_files import StandardEntry, ThresholdEntry, TierEntry, parse_discretion
from cases.models import DiscretionStandard, DiscretionTier, LocalHearingThreshold
from cases.states.decision import TierKind
from core.errors import Invalid


@transaction.atomic
def load_discretion(*, text: str, source: str, actor: Actor, at: datetime) -> int:
    """Load what a file lays down and answer how many versions are new or newly ended; what is in force already stays.

    A later version of a key ends the one before on its eve; a standard that fell away is given its last day.

    :raises Invalid: the file is faulty, names an unknown office, rewrites a version (``standard_changed``) or overlaps
        one (``standard_overlaps``).
    """
    file = parse_discretion(text)
    loaded = sum(_load(entry) for entry in file.standards) + sum(_load_threshold(entry) for entry in file.thresholds)
    if loaded:
        record(
            verb="cases.load_discretion", actor=actor, at=at, subject_kind="discretion", subject_id=0,
            subject_label=source, items=len(file.standards) + len(file.thresholds), loaded=loaded,
        )  # fmt: skip
    return loaded


def _load(entry: StandardEntry) -> bool:
    fields = {
        "title": entry.title, "category": entry.category, "basis": entry.basis, "base": entry.base,
        "office": _office(entry.office), "is_default": entry.is_default,
    }  # fmt: skip
    versions = DiscretionStandard.objects.filter(key=entry.key)
    same = versions.filter(starts_on=entry.starts_on).first()
    if same is not None:
        return _ended(entry, same, fields)
    versions.filter(starts_on__lt=entry.starts_on, ends_on__isnull=True).update(ends_on=entry.eve)
    behind = Q() if entry.ends_on is None else Q(starts_on__lte=entry.ends_on)
    until = Q(ends_on__isnull=True) | Q(ends_on__gte=entry.starts_on)
    if versions.filter(behind, until).exists():
        raise _refused(entry, "standard_overlaps", _("%(key)s的这一版与另一版的有效期重叠，请核对施行日和失效日。"))
    standard = DiscretionStandard.objects.create(
        key=entry.key, starts_on=entry.starts_on, ends_on=entry.ends_on, **fields
    )
    DiscretionTier.objects.bulk_create(
        DiscretionTier(
            standard=standard, order=order, kind=tier.kind, factors=tier.factors, is_multiple=tier.is_multiple,
            least=tier.least, most=tier.most,
        )
        for order, tier in enumerate(entry.tiers, start=1)
    )  # fmt: skip
    return True


def _ended(entry: StandardEntry, same: DiscretionStandard, fields: Mapping[str, object]) -> bool:
    """All that may become of a version already loaded: it is told its last day."""
    tiers = tuple(
        TierEntry(TierKind(each.kind), each.factors, each.is_multiple, each.least, each.most)
        for each in same.tiers.order_by("order")
    )
    if tiers != entry.tiers or any(getattr(same, name) != value for name, value in fields.items()):
        raise _refused(
            entry,
            "standard_changed",
            _("%(key)s同一施行日的内容已经载入且不同。内容变了的，请另写施行日作为新的一版。"),
        )
    if entry.ends_on is None or same.ends_on == entry.ends_on:
        return False
    if same.ends_on is not None:
        raise _refused(entry, "standard_changed", _("%(key)s的失效日已经载入且不同，不能改写。"))
    same.ends_on = entry.ends_on
    same.save(update_fields=["ends_on"])
    return True


def _load_threshold(entry: ThresholdEntry) -> bool:
    office = _office(entry.office)
    assert office is not None  # noqa: S101 - the file names one
    same = LocalHearingThreshold.objects.filter(office=office, starts_on=entry.starts_on).first()
    if same is None:
        LocalHearingThreshold.objects.create(
            office=office, starts_on=entry.starts_on, person=entry.amounts.person,
            organisation=entry.amounts.organisation, basis=entry.basis,
        )  # fmt: skip
        return True
    if (same.person, same.organisation, same.basis) != (
        entry.amounts.person, entry.amounts.organisation, entry.basis,
    ):  # fmt: skip
        raise Invalid(
            _("%(office)s自%(day)s起的听证数额已经载入且不同，不能改写。") % {"office": entry.office, "day": entry.starts_on},
            code="standard_changed", field="hearing_thresholds",
        )  # fmt: skip
    return False


def _office(code: str) -> Office | None:
    if not code:
        return None
    office = Office.objects.filter(code=code).first()
    if office is None:
        raise Invalid(_("没有代码为%(code)s的机构。") % {"code": code}, code="unknown_office", field="office")
    return office


def _refused(entry: StandardEntry, code: str, detail: str) -> Invalid:
    return Invalid(detail % {"key": entry.key}, code=code, field=entry.key)
