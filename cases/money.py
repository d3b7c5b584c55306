"""What a late payment costs: 行政处罚法 art. 72(1)(1), never more than the fine itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from core.errors import Invalid
from deadlines.arithmetic import Interval, days_after, excluded_days
from deadlines.yearplans import ONE_DAY

CENT = Decimal("0.01")


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
