"""How a period is counted: pure functions over a calendar, no clock read, no database.

The day or hour the period starts on is not counted (程序规定 art. 80). Days excluded are removed one by one from
the count, an extension adds to the count, and the last day alone is rolled; both it and the nominal day are kept.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Invalid
from deadlines.workdays import Interval, Roll, WorkCalendar
from deadlines.yearplans import ONE_DAY, festival_name

__all__ = [
    "EXCLUDED",
    "ROLLED",
    "CountedDay",
    "Due",
    "Interval",
    "LatestBefore",
    "Roll",
    "Unit",
    "count_by_day",
    "days_after",
    "due_after",
    "excluded_days",
    "is_timely",
    "latest_before",
    "moment_after",
]


# The notes of days that do not count whatever day they are.
EXCLUDED, ROLLED = gettext_lazy("不计入"), gettext_lazy("顺延")


class Unit(StrEnum):
    """What a period is counted in."""

    working_day = "working_day"
    calendar_day = "calendar_day"
    hour = "hour"
    month = "month"
    year = "year"


class Due(NamedTuple):
    """The last day, the last day before rolling, and whether an unpublished calendar year had a say in it."""

    due: date
    nominal: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class LatestBefore:
    """The latest day that leaves N clear days before an event, and the N-th day before it."""

    due: date
    latest_nth: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class CountedDay:
    """One day of a count; ``number`` is None when the day does not count, and ``note`` says what kind of day it is."""

    day: date
    number: int | None
    note: str


def due_after(
    calendar: WorkCalendar,
    start: date,
    amount: int,
    unit: Unit,
    roll: Roll,
    excluded: Sequence[Interval] = (),
) -> Due:
    """The last day of a period of days, months or years beginning the day after ``start``.

    :param excluded: days that do not count; overlapping intervals are one set of days, those up to ``start`` are moot.
        In months and years the corresponding day is pushed on by their number.
    :raises Invalid: ``negative_amount``, ``date_expected``, ``moment_expected``, ``calendar_out_of_range``.
    """
    _check(start, amount, unit)
    if unit is Unit.working_day:
        nominal = calendar.add(start, amount)
        if excluded:
            nominal = _past_worked(calendar, nominal, _merged(excluded, start))
        if nominal > start:  # the last day is worked: nothing to roll
            return Due(nominal, nominal, calendar.crosses_unpublished(start + ONE_DAY, nominal))
        return _rolled(calendar, start, roll)
    nominal = _corresponding_day(start, amount, unit)
    if excluded:
        nominal = _past_all(nominal, _merged(excluded, start))
    return _rolled(calendar, nominal, roll)


def moment_after(start: datetime, hours: int) -> datetime:
    """The exact moment ``hours`` after ``start``, in its zone; never rolled.

    :raises Invalid: ``naive_datetime``, ``negative_amount``, ``calendar_out_of_range``.
    """
    if start.utcoffset() is None:
        raise Invalid(_("时刻必须带时区。"), code="naive_datetime", field="start")
    _check_amount(hours)
    try:
        return (start.astimezone(UTC) + timedelta(hours=hours)).astimezone(start.tzinfo)
    except OverflowError:
        raise _too_far() from None


def latest_before(calendar: WorkCalendar, event: date, amount: int, unit: Unit) -> LatestBefore:
    """The latest day for something to be done N days (months, years) before an event.

    ``latest_nth`` is the N-th day before the event; ``due``, one day earlier, leaves N clear days and is the one to use.

    :raises Invalid: ``negative_amount``, ``date_expected``, ``moment_expected``, ``calendar_out_of_range``.
    """
    _check(event, amount, unit)
    if unit is Unit.working_day:
        due = calendar.subtract(event, amount + 1)
        return LatestBefore(due, calendar.subtract(event, amount), calendar.crosses_unpublished(due, event - ONE_DAY))
    nth = _corresponding_day(event, -amount, unit)
    return LatestBefore(nth - ONE_DAY, nth, provisional=False)


def is_timely(due: date, postmark: date) -> bool:
    """Whether papers posted on ``postmark`` are in time: days in the post do not count (民事诉讼法 art. 85)."""
    return postmark <= due


def excluded_days(excluded: Sequence[Interval], first: date, last: date) -> int:
    """How many days from ``first`` to ``last``, both included, the intervals cover; a day covered twice counts once."""
    stop = last + ONE_DAY
    return sum(
        (min(each.stop, stop) - each.start).days for each in _merged(excluded, first - ONE_DAY) if each.start < stop
    )


def days_after(start: date, amount: int, excluded: Sequence[Interval] = ()) -> date:
    """The day ``amount`` counted calendar days after ``start``, the excluded ones left out."""
    return _past_all(_corresponding_day(start, amount, Unit.calendar_day), _merged(excluded, start))


def count_by_day(
    calendar: WorkCalendar,
    start: date,
    amount: int,
    unit: Unit,
    roll: Roll,
    excluded: Sequence[Interval] = (),
) -> list[CountedDay]:
    """Every day from the one after ``start`` to the due day: its number in the count, or why it has none.

    :raises Invalid: as :func:`due_after`; every day shown must lie in the calendar.
    """
    counted = due_after(calendar, start, amount, unit, roll, excluded)
    skipped = _merged(excluded, start)
    rows: list[CountedDay] = []
    number = 0
    for shift in range(1, (counted.due - start).days + 1):
        day = start + timedelta(days=shift)
        note = _kind(calendar, day)
        if day > counted.nominal:
            rows.append(CountedDay(day, None, str(ROLLED)))
        elif any(each.start <= day < each.stop for each in skipped):
            rows.append(CountedDay(day, None, str(EXCLUDED)))
        elif unit is Unit.working_day and not calendar.is_working(day):
            rows.append(CountedDay(day, None, note))
        else:
            number += 1
            rows.append(CountedDay(day, number, note))
    return rows


def _rolled(calendar: WorkCalendar, nominal: date, roll: Roll) -> Due:
    """Without a roll no calendar has a say, so nothing is provisional."""
    if roll is Roll.none:
        return Due(nominal, nominal, provisional=False)
    due = calendar.roll(nominal, roll)
    return Due(due, nominal, calendar.crosses_unpublished(nominal, due))


def _kind(calendar: WorkCalendar, day: date) -> str:
    if calendar.is_make_up_day(day):
        return _("调休上班")
    if calendar.is_notice_holiday(day):
        return _("%(festival)s放假") % {"festival": festival_name(calendar.day_name(day))}
    return "" if calendar.is_working(day) else _("周末")


def _check(start: date, amount: int, unit: Unit) -> None:
    if unit is Unit.hour:
        raise Invalid(_("以小时计算的期限须从具体时刻起算。"), code="moment_expected", field="unit")
    if isinstance(start, datetime):
        raise Invalid(_("该期限按日计算，起算日只写日期。"), code="date_expected", field="start")
    if amount < 0:
        _check_amount(amount)


def _check_amount(amount: int) -> None:
    if amount < 0:
        raise Invalid(_("期限不得为负数：%(n)s。") % {"n": amount}, code="negative_amount", field="amount")


def _too_far() -> Invalid:
    return Invalid(_("日期超出可计算的范围，请核对起算日和期限。"), code="calendar_out_of_range", field="start")


def _corresponding_day(start: date, amount: int, unit: Unit) -> date:
    """Days onward; or the same day of a later (earlier) month, else that month's last day (民法典 art. 202)."""
    try:
        if unit is Unit.calendar_day:
            return start + timedelta(days=amount)
        months = amount * 12 if unit is Unit.year else amount
        year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
        return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
    except (OverflowError, ValueError):
        raise _too_far() from None


def _merged(excluded: Sequence[Interval], start: date) -> list[Interval]:
    """The intervals after ``start`` as disjoint ones in order."""
    merged: list[Interval] = []
    for each in sorted(excluded, key=lambda interval: interval.start):
        begins, stop = max(each.start, start + ONE_DAY), each.stop
        if stop <= begins:
            continue
        if merged and begins <= merged[-1].stop:
            merged[-1] = Interval(merged[-1].start, max(stop, merged[-1].stop))
        else:
            merged.append(Interval(begins, stop))
    return merged


def _past_worked(calendar: WorkCalendar, nominal: date, excluded: Sequence[Interval]) -> date:
    for each in excluded:
        if each.start > nominal:
            break
        nominal = calendar.add(nominal, calendar.count(each.start - ONE_DAY, each.stop - ONE_DAY))
    return nominal


def _past_all(nominal: date, excluded: Sequence[Interval]) -> date:
    try:
        for each in excluded:
            if each.start > nominal:
                break
            nominal += each.stop - each.start
    except OverflowError:
        raise _too_far() from None
    return nominal
