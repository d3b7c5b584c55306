"""The due date of a clock as a pure function of its facts. Stored results are only ever copies of what this returns."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from core.errors import Invalid
from deadlines.arithmetic import Unit, due_after, latest_before, moment_after
from deadlines.rules import RuleVersion
from deadlines.workdays import Interval, WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class ClockFacts:
    """What happened: the origin, the closed excluded intervals, the amounts added, and a due date fixed by hand."""

    origin_on: date
    origin_at: datetime | None = None
    excluded: tuple[Interval, ...] = ()
    is_suspended: bool = False
    extensions: tuple[int, ...] = ()
    fixed_due_on: date | None = None


@dataclass(frozen=True)
class DueDate:
    """The last day, the last day before rolling, the moment from which it is overdue, and whether it may still move."""

    on: date
    nominal_on: date
    at: datetime
    provisional: bool


def end_of_day(day: date) -> datetime:
    """The first moment after the day in Shanghai: intervals are half-open, 24:00 belongs to the next day."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


def due_of(facts: ClockFacts, rule: RuleVersion, calendar: WorkCalendar) -> DueDate | None:
    """Replay the facts; None while a suspension is open, because nobody can know.

    :raises Invalid: the rule has no length of its own, or an hour rule was given no moment.
    """
    if facts.is_suspended:
        return None
    if facts.fixed_due_on is not None:
        return DueDate(facts.fixed_due_on, facts.fixed_due_on, end_of_day(facts.fixed_due_on), False)
    if rule.duration_kind == "open_ended":
        raise Invalid(
            _("“%(rule)s”没有固定期限，不能计时。") % {"rule": rule.name}, code="rule_without_length", field="rule"
        )
    amount = rule.amount + sum(facts.extensions)
    if rule.unit is Unit.hour:
        if facts.origin_at is None:
            raise Invalid(
                _("“%(rule)s”按小时计算，起算须写明时刻。") % {"rule": rule.name},
                code="moment_required", field="origin_at",
            )  # fmt: skip
        moment = moment_after(facts.origin_at, amount)
        day = moment.astimezone(SHANGHAI).date()
        return DueDate(day, day, moment, False)
    if rule.direction == "before":
        latest = latest_before(calendar, facts.origin_on, amount, rule.unit)
        return DueDate(latest.due, latest.due, end_of_day(latest.due), latest.provisional)
    due = due_after(calendar, facts.origin_on, amount, rule.unit, rule.roll, facts.excluded)
    return DueDate(due.due, due.nominal, end_of_day(due.due), due.provisional)
