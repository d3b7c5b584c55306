"""What a rule lets people take out of a count or add to it."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from core.errors import Invalid
from deadlines.models import Clock, Suspension
from deadlines.rules import RuleVersion


def check_ground(version: RuleVersion, ground: str) -> None:
    """:raises Invalid: the rule names the grounds for leaving days out, and this is none of them."""
    if version.excluded_grounds and ground not in version.excluded_grounds:
        raise Invalid(
            _("“%(rule)s”可以扣除的是：%(grounds)s（%(basis)s）。")
            % {"rule": version.name, "grounds": _("、").join(version.excluded_grounds), "basis": _basis(version)},
            code="unknown_ground", field="ground",
        )  # fmt: skip


def check_interval(clock: Clock, version: RuleVersion, start: date, stop: date | None) -> None:
    """Whether days may be left out from ``start`` to before ``stop`` (None: still open).

    :raises Invalid: the rule knows no such days, or they lie outside the period, end before they start, or overlap others.
    """
    if not version.excluded_grounds and version.effect != "suspend":
        raise Invalid(
            _("“%(rule)s”没有可以扣除的期间（%(basis)s）。") % {"rule": version.name, "basis": _basis(version)},
            code="no_exclusion_allowed", field="starts_on",
        )  # fmt: skip
    if start <= clock.origin_on:
        raise Invalid(
            _("扣除的期间应在起算日%(day)s之后。") % {"day": clock.origin_on}, code="before_origin", field="starts_on"
        )
    if clock.due_on is not None and start > clock.due_on:
        raise Invalid(
            _("期限已于%(day)s届满，届满之后的日子不能再扣除。") % {"day": clock.due_on},
            code="after_expiry", field="starts_on",
        )  # fmt: skip
    if stop is not None and stop <= start:
        raise Invalid(_("扣除期间的结束日期早于开始日期。"), code="inverted_suspension", field="stops_on")
    for other in clock.suspensions.all():
        other_stop = other.stops_on or date.max
        if start < other_stop and other.starts_on < (stop or date.max):
            raise Invalid(_overlap(other), code="overlapping_suspension", field="starts_on")


def extension_length(version: RuleVersion, step: int, amount: int | None) -> int:
    """How much the extension after ``step`` others adds, in the rule's unit.

    :param amount: only where the law leaves the length to the decision.
    :raises Invalid: no (further) extension exists, or the amount is missing or not the law's.
    """
    if step >= len(version.extensions):
        raise Invalid(_no_extension(version, step), code="no_extension_left", field="extension")
    fixed = version.extensions[step].amount
    if fixed is not None and amount not in (None, fixed):
        raise Invalid(
            _("法定延长时间为%(fixed)s，不能改为%(amount)s。") % {"fixed": fixed, "amount": amount},
            code="extension_amount_fixed", field="amount",
        )  # fmt: skip
    length = fixed if fixed is not None else amount
    if length is None or length < 1:
        raise Invalid(
            _("请写明延长的时间（正整数），由集体讨论等决定确定。"), code="extension_amount_required", field="amount"
        )
    return length


def _no_extension(version: RuleVersion, step: int) -> str:
    words = {"rule": version.name, "basis": _basis(version), "allowed": len(version.extensions), "taken": step}
    if not version.extensions:
        return _("“%(rule)s”不能延长（%(basis)s）。") % words
    return _("“%(rule)s”只能延长%(allowed)s次（%(basis)s），已延长%(taken)s次。") % words


def _overlap(other: Suspension) -> str:
    if other.stops_on is None:
        return _("与已扣除的期间（%(first)s起，尚未恢复）重叠。") % {"first": other.starts_on}
    last = other.stops_on - timedelta(days=1)
    return _("与已扣除的期间（%(first)s至%(last)s）重叠。") % {"first": other.starts_on, "last": last}


def _basis(version: RuleVersion) -> str:
    return f"{version.instrument}{version.article}"
