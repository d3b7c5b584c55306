"""Which days are worked: the State Council's holiday notices as data, and constant-time counting over them.

A calendar is dates, never date-times. What is not published is computed from the statutory holidays alone and is
provisional (全国年节及纪念日放假办法 art. 2; the moving of rest days, art. 7, is unknown until the notice).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import accumulate

from django.utils.translation import gettext as _

from core.errors import Invalid
from deadlines.notice_files import parse_notice
from deadlines.yearplans import FIRST_YEAR, LAST_YEAR, ONE_DAY, SATURDAY, YearPlan, statutory_plan

__all__ = ["Interval", "Roll", "WorkCalendar", "YearPlan", "parse_notice", "statutory_plan"]


class Roll(StrEnum):
    """What happens when the last day is not worked."""

    none = "none"
    any_non_working = "any_non_working"
    notice_holiday = "notice_holiday"


@dataclass(frozen=True)
class Interval:
    """Days from ``start`` up to, not including, ``stop``.

    :raises Invalid: ``inverted_interval`` when it holds no day.
    """

    start: date
    stop: date

    def __post_init__(self) -> None:
        if self.stop <= self.start:
            raise Invalid(
                _("期间的结束日不得早于开始日：%(start)s 至 %(last)s。")
                % {"start": self.start, "last": self.stop - ONE_DAY},
                code="inverted_interval",
                field="stop",
            )


class WorkCalendar:
    """Whole years of working days, immutable; every question is answered by one or two look-ups.

    :param plans: at most one per year; a year without a plan is computed by law and provisional.
    :param version: which calendar this is, kept on every clock counted with it.
    :raises Invalid: ``duplicate_year``, ``contradictory_day``, ``calendar_out_of_range``.
    """

    __slots__ = (
        "_after_holiday",
        "_days",
        "_first",
        "_last_index",
        "_makeup",
        "_names",
        "_published",
        "_unpublished",
        "first_year",
        "last_year",
        "version",
    )

    def __init__(
        self,
        plans: Iterable[YearPlan],
        version: int = 0,
        *,
        first_year: int = FIRST_YEAR,
        last_year: int = LAST_YEAR,
    ) -> None:
        self.version, self.first_year, self.last_year = version, first_year, last_year
        by_year = _one_per_year(plans, first_year, last_year)
        self._published = frozenset(year for year, plan in by_year.items() if plan.published)
        years = range(first_year, last_year + 1)
        off, self._makeup = _merged([by_year.get(year) or statutory_plan(year) for year in years])
        self._names = {**off, **self._makeup}
        self._after_holiday = _first_days_after(off)
        self._first = date(first_year, 1, 1).toordinal()
        every = [date.fromordinal(n) for n in range(self._first, date(last_year, 12, 31).toordinal() + 1)]
        worked = [day not in off and (day.weekday() < SATURDAY or day in self._makeup) for day in every]
        self._days = [day for day, works in zip(every, worked, strict=True) if works]
        # Position in _days of the last working day on or before each day; -1 before the first.
        self._last_index = [count - 1 for count in accumulate(int(works) for works in worked)]
        self._unpublished = [0, *accumulate(int(year not in self._published) for year in years)]

    def add(self, start: date, n: int) -> date:
        """The n-th working day after ``start``; ``start`` itself for 0.

        :raises Invalid: ``negative_amount``, ``calendar_out_of_range``.
        """
        offset = start.toordinal() - self._first
        if offset < 0 or n < 1:
            return self._add_nothing(start, n)
        try:
            return self._days[self._last_index[offset] + n]
        except IndexError:
            raise self._out_of_range() from None

    def _add_nothing(self, start: date, n: int) -> date:
        if n < 0:
            raise Invalid(_("天数不得为负数：%(n)s。") % {"n": n}, code="negative_amount", field="amount")
        self._offset(start)
        return start

    def subtract(self, start: date, n: int) -> date:
        """The n-th working day before ``start``; ``start`` itself for 0.

        :raises Invalid: ``negative_amount``, ``calendar_out_of_range``.
        """
        if n < 1:
            return self._add_nothing(start, n)
        position = self._last_index[self._offset(start)] + (not self.is_working(start)) - n
        if position < 0:
            raise self._out_of_range()
        return self._days[position]

    def count(self, start: date, stop: date) -> int:
        """Working days after ``start`` up to and including ``stop``; negative when ``stop`` lies before ``start``."""
        return self._last_index[self._offset(stop)] - self._last_index[self._offset(start)]

    def roll(self, day: date, policy: Roll) -> date:
        """The last day after rolling: the day itself, or the first day after the holiday or the days not worked."""
        if policy is Roll.none:
            return day
        offset = self._offset(day)
        if policy is Roll.notice_holiday:
            return self._after_holiday.get(day, day)
        if self.is_working(day):
            return day
        try:
            return self._days[self._last_index[offset] + 1]
        except IndexError:
            raise self._out_of_range() from None

    def is_working(self, day: date) -> bool:
        """Whether the day is worked; a make-up Saturday or Sunday is."""
        index = self._last_index[self._offset(day)]
        return index >= 0 and self._days[index] == day

    def is_make_up_day(self, day: date) -> bool:
        """Whether a notice makes this Saturday or Sunday a working day (调休上班)."""
        return day in self._makeup

    def is_notice_holiday(self, day: date) -> bool:
        """Whether a notice (or the law, in an unpublished year) names the day as off; a plain weekend is not."""
        return day in self._after_holiday

    def day_name(self, day: date) -> str:
        """The festival a day off or a make-up working day belongs to, or ''."""
        return self._names.get(day, "")

    def is_published(self, day: date) -> bool:
        """Whether the notice for the day's year is loaded."""
        return day.year in self._published

    def crosses_unpublished(self, first: date, last: date) -> bool:
        """Whether any day from ``first`` to ``last``, both included, lies in a year without a notice."""
        begin, end = self.first_year, self.last_year
        if not (begin <= first.year <= end and begin <= last.year <= end):
            raise self._out_of_range()
        return self._unpublished[last.year - self.first_year + 1] > self._unpublished[first.year - self.first_year]

    def _offset(self, day: date) -> int:
        offset = day.toordinal() - self._first
        if not 0 <= offset < len(self._last_index):
            raise self._out_of_range()
        return offset

    def _out_of_range(self) -> Invalid:
        return Invalid(
            _("日期超出工作日历的范围（%(first)s年至%(last)s年），请核对起算日和期限。")
            % {"first": self.first_year, "last": self.last_year},
            code="calendar_out_of_range",
            field="start",
        )


def _one_per_year(plans: Iterable[YearPlan], first_year: int, last_year: int) -> dict[int, YearPlan]:
    by_year: dict[int, YearPlan] = {}
    for plan in plans:
        if not first_year <= plan.year <= last_year:
            raise Invalid(
                _("%(year)s年超出工作日历的范围。") % {"year": plan.year}, code="calendar_out_of_range", field="year"
            )
        if plan.year in by_year:
            raise Invalid(_("%(year)s年的安排重复。") % {"year": plan.year}, code="duplicate_year", field="year")
        by_year[plan.year] = plan
    return by_year


def _merged(plans: Iterable[YearPlan]) -> tuple[dict[date, str], dict[date, str]]:
    off: dict[date, str] = {}
    makeup: dict[date, str] = {}
    for plan in plans:
        off.update(plan.days_off)
        makeup.update(plan.working_days)
    for day in off.keys() & makeup.keys():
        raise Invalid(_("%(day)s既是放假日又是上班日。") % {"day": day}, code="contradictory_day", field="days")
    return off, makeup


def _first_days_after(off: Mapping[date, str]) -> dict[date, date]:
    after: dict[date, date] = {}
    for day in sorted(off, reverse=True):
        after[day] = after.get(day + ONE_DAY, day + ONE_DAY)
    return after
