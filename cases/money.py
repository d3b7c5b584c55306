"""What a late payment costs: 行政处罚法 art. 72(1)(1), never more than the fine itself; how payments and parts add up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from core.errors import Invalid
from deadlines.arithmetic import Interval, days_after, excluded_days
from deadlines.yearplans import ONE_DAY

CENT = Decimal("0.01")
DAILY_RATE = Decimal("0.03")  # 程序规定第七十五条


@dataclass(frozen=True, slots=True)
class LateFine:
    """Days charged, the extra fine in yuan, fine and extra fine together, and the day the cap is reached if it is."""

    days: int
    amount: Decimal
    total: Decimal
    cap_reached_on: date | None


def late_fine(
    *, principal: Decimal, start: date, paid: date, rate: Decimal, excluded: Sequence[Interval] = ()
) -> LateFine:
    """The extra fine on ``principal`` yuan paid late.

    :param start: the first day overdue, charged; the day of payment is charged too (a convention).
    :param rate: per day, 0.03 in the law.
    :param excluded: days not charged: reconsideration or litigation (行政处罚法 art. 73(3)).
    :raises Invalid: ``not_positive`` when the fine or the rate is not above zero.
    """
    for field, value in (("principal", principal), ("rate", rate)):
        if not value.is_finite() or value <= 0:
            raise Invalid(_("罚款数额和加处比例必须大于零。"), code="not_positive", field=field)
    if paid < start:
        return LateFine(0, Decimal(0), principal, None)
    days = (paid - start).days + 1 - excluded_days(excluded, start, paid)
    amount = min(principal, (principal * rate * days).quantize(CENT, ROUND_HALF_UP))
    days_to_cap = int((1 / rate).to_integral_value(ROUND_CEILING))
    capped_on = days_after(start - ONE_DAY, days_to_cap, excluded) if days >= days_to_cap else None
    return LateFine(days, amount, principal + amount, capped_on)


@dataclass(frozen=True, slots=True)
class Part:
    """An amount in yuan and the last day to pay it."""

    due_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Schedule:
    """Which part of a fine is due when, from the day ``begins_on`` on; ``paid_before`` is left out of the parts."""

    begins_on: date
    parts: tuple[Part, ...]
    paid_before: Decimal = Decimal()

    def due_before(self, day: date) -> Decimal:
        """What had to be paid before this day, in yuan."""
        return self.paid_before + sum((part.amount for part in self.parts if part.due_on < day), Decimal())


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row, both included, on which the same amount was overdue; ``amount`` is charged, not rounded."""

    first: date
    last: date
    days: int
    overdue: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LateFineSum:
    """The extra fine to the cent, never above ``cap``, and the stretches it was counted in."""

    stretches: tuple[Stretch, ...]
    amount: Decimal
    cap: Decimal

    @property
    def is_capped(self) -> bool:
        return bool(self.cap) and self.amount == self.cap


def late_fine_by_day(
    *,
    schedules: Sequence[Schedule],
    payments: Iterable[tuple[date, Decimal]],
    until: date,
    cap: Decimal,
    rate: Decimal = DAILY_RATE,
    excluded: Sequence[Interval] = (),
) -> LateFineSum:
    """The extra fine up to ``until`` on what was overdue each day; one part and one payment give :func:`late_fine`.

    The law says per day of the fine; that a part already paid is charged no more is our reading of it.

    :param schedules: in the order they took effect; one replaces the one before from its first day on.
    :param payments: days and yuan toward the fine; the day of payment is still charged, as in :func:`late_fine`.
    :param cap: the fine itself (程序规定 art. 75).
    """
    paid = sorted(payments)
    edges = {each.begins_on for each in schedules} | {day + ONE_DAY for day, _amount in paid}
    edges |= {part.due_on + ONE_DAY for each in schedules for part in each.parts}
    edges |= {day for each in excluded for day in (each.start, each.stop)}
    days = [*sorted(day for day in edges if day <= until), until + ONE_DAY]
    stretches = []
    for first, stop in pairwise(days):
        current = [each for each in schedules if each.begins_on <= first]
        if not current or any(each.start <= first < each.stop for each in excluded):
            continue
        overdue = current[-1].due_before(first) - sum((amount for day, amount in paid if day < first), Decimal())
        if overdue > 0:
            count = (stop - first).days
            stretches.append(Stretch(first, stop - ONE_DAY, count, overdue, overdue * rate * count))
    amount = sum((each.amount for each in stretches), Decimal()).quantize(CENT, ROUND_HALF_UP)
    return LateFineSum(tuple(stretches), min(amount, cap), cap)


def next_due(parts: Iterable[Part], paid: Decimal) -> date | None:
    """The last day to pay the first part not yet covered by ``paid`` yuan; None when all are."""
    for part in sorted(parts, key=lambda each: each.due_on):
        if paid < part.amount:
            return part.due_on
        paid -= part.amount
    return None


def filled(amount: Decimal, left: Sequence[Decimal]) -> list[Decimal]:
    """``amount`` yuan poured into what is left of several sums, the first first; nothing of it may remain over."""
    parts = []
    for room in left:
        parts.append(min(amount, room))
        amount -= parts[-1]
    return parts


def cash_allowed(*, is_small: bool, is_remote: bool, is_on_the_spot: bool, is_person: bool, fine: Decimal) -> bool:
    """Whether an officer may take a fine of so many yuan in cash, on the ground named (程序规定第七十二条第一款).

    :param is_small: ground (一): fined on the spot, at most 100; else, unless remote, ground (二): fined on the spot, at
        most 200 for a person and 3,000 for others, and hard to collect later.
    :param is_remote: ground (三): a remote place, at the party's own request.
    """
    if is_remote:
        return True
    most = Decimal(100) if is_small else Decimal(200) if is_person else Decimal(3000)
    return is_on_the_spot and fine <= most
