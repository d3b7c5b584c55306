"""What standards of discretion say for a case, and what was decided in cases like it."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, Q, QuerySet

from accounts.models import Office, User
from cases.models import Case, DiscretionStandard, DiscretionTier, LocalHearingThreshold
from cases.queries.matter import cases_for
from cases.thresholds import Amounts

LIKE_YEARS, MOST_LIKE = 3, 10


def standards_in_force(authority: Office, on: date) -> QuerySet[DiscretionStandard]:
    """The standards an authority goes by on a day: its own, those of the offices above it, everybody's.

    The examples that come with the product stand aside as soon as an authority has its own standards.
    """
    in_force = Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))
    standards = DiscretionStandard.objects.filter(in_force, _for(authority))
    if standards.filter(is_default=False).exists():
        standards = standards.filter(is_default=False)
    return standards.order_by("title", "id")


def standards_of(authority: Office, category: str, on: date) -> QuerySet[DiscretionStandard]:
    """Those of :func:`standards_in_force` for a category."""
    return standards_in_force(authority, on).filter(category__in=["", category])


def with_tiers(standards: QuerySet[DiscretionStandard]) -> QuerySet[DiscretionStandard]:
    """Each with its office and its tiers, from the lightest on."""
    tiers = DiscretionTier.objects.select_related("standard").order_by("order")
    return standards.select_related("office").prefetch_related(Prefetch("tiers", tiers))


def versions_of(authority: Office, keys: Iterable[str]) -> QuerySet[DiscretionStandard]:
    """Every version of these standards that the authority went or goes by, newest first."""
    return DiscretionStandard.objects.filter(_for(authority), key__in=list(keys)).order_by("key", "-starts_on")


def _for(authority: Office) -> Q:
    return Q(office__isnull=True) | Q(office__in=_line(authority))


def _line(authority: Office) -> list[int]:
    """The authority and the offices above it, nearest first."""
    line = [authority.pk]
    while authority.parent is not None:
        authority = authority.parent
        line.append(authority.pk)
    return line


def tiers_for(case: Case, on: date) -> list[DiscretionTier]:
    """Every tier that may be chosen for the case, by standard and from the lightest on."""
    standards = standards_of(case.authority, case.category, on)
    return list(
        DiscretionTier.objects.filter(standard__in=standards)
        .select_related("standard")
        .order_by("standard__title", "standard_id", "order")
    )


def is_outside(tier: DiscretionTier, fine: Decimal, base_amount: Decimal | None) -> bool:
    """Whether a fine lies below or above the tier's range; a tier without a range has no fine at all."""
    if tier.least is None and tier.most is None:
        return fine > 0
    unit = (base_amount or Decimal()) if tier.is_multiple else Decimal(1)
    return (tier.least is not None and fine < tier.least * unit) or (tier.most is not None and fine > tier.most * unit)


def local_amounts(authority: Office, on: date) -> Amounts | None:
    """What the province set for this authority, or for the nearest office above it, instead of 听证办法第五条's amounts."""
    nearest = local_threshold(local_thresholds(authority), authority, on)
    return None if nearest is None else Amounts(nearest.person, nearest.organisation)


def local_thresholds(authority: Office) -> list[LocalHearingThreshold]:
    """All that was ever set for the authority and the offices above it, oldest first."""
    return list(LocalHearingThreshold.objects.filter(office__in=_line(authority)).order_by("starts_on"))


def local_threshold(rows: Iterable[LocalHearingThreshold], authority: Office, on: date) -> LocalHearingThreshold | None:
    """Of these rows the one that decides on a day."""
    newest = {row.office_id: row for row in rows if row.starts_on <= on}
    return next((newest[office] for office in _line(authority) if office in newest), None)


def like_cases(user: User, case: Case, on: date) -> QuerySet[Case]:
    """Up to ten decided cases of the same category (or cause, where it has none) in the last three years, newest first;
    through the reader's gate, within the same authority."""
    since = date(on.year - LIKE_YEARS, on.month, min(on.day, 28))
    same = Q(category=case.category) if case.category else Q(cause=case.cause)
    decided = cases_for(user).filter(same, authority=case.authority, decided_on__gte=since, decided_on__lte=on)
    return decided.exclude(pk=case.pk).order_by("-decided_on", "-id")[:MOST_LIKE]
