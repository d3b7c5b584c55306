"""Counting: the edges the worked examples do not reach, and every refusal."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from cases.money import LateFine, late_fine
from core.errors import Invalid
from deadlines.arithmetic import (
    CountedDay,
    Due,
    Interval,
    Roll,
    Unit,
    count_by_day,
    due_after,
    excluded_days,
    latest_before,
    moment_after,
)
from deadlines.rules import load_files

CALENDAR, _BOOK = load_files()
SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YEAR_2026 = date(2026, 12, 25)


def due(start: date, amount: int, unit: Unit, roll: Roll = Roll.none, *excluded: Interval) -> Due:
    return due_after(CALENDAR, start, amount, unit, roll, excluded)


def days(first: str, last: str) -> Interval:
    return Interval(date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1))


def test_overlapping_exclusions_are_one_set_of_days() -> None:
    once = due(date(2024, 3, 1), 15, Unit.working_day, Roll.none, days("2024-03-06", "2024-03-15"))
    twice = due(
        date(2024, 3, 1),
        15,
        Unit.working_day,
        Roll.none,
        days("2024-03-08", "2024-03-15"),
        days("2024-03-06", "2024-03-10"),
    )
    assert once == twice
    assert once.due == date(2024, 4, 3)


def test_days_excluded_up_to_the_start_do_not_matter() -> None:
    start = date(2024, 3, 1)
    assert due(start, 10, Unit.calendar_day, Roll.none, days("2024-02-01", "2024-03-01")).due == date(2024, 3, 11)
    assert due(start, 10, Unit.calendar_day, Roll.none, days("2024-02-01", "2024-03-02")).due == date(2024, 3, 12)


def test_days_excluded_after_the_last_day_do_not_matter() -> None:
    assert due(date(2024, 3, 1), 10, Unit.calendar_day, Roll.none, days("2024-03-12", "2024-03-20")).due == date(
        2024, 3, 11
    )


def test_a_day_excluded_pushes_a_period_of_months_by_one_day() -> None:
    start, exclusion = date(2024, 1, 31), days("2024-02-10", "2024-02-12")
    assert due(start, 1, Unit.month).due == date(2024, 2, 29)
    assert due(start, 1, Unit.month, Roll.none, exclusion).due == date(2024, 3, 3)
    assert due(start, 1, Unit.year, Roll.none, exclusion).due == date(2025, 2, 3)


def test_a_leap_day_has_its_anniversary_on_the_last_of_february() -> None:
    assert due(date(2024, 2, 29), 2, Unit.year).due == date(2026, 2, 28)
    assert due(date(2024, 2, 29), 4, Unit.year).due == date(2028, 2, 29)


def test_only_a_date_that_depends_on_an_unpublished_year_is_provisional() -> None:
    assert due(NEW_YEAR_2026, 10, Unit.working_day).provisional
    assert not due(date(2026, 12, 1), 10, Unit.working_day).provisional
    assert due(NEW_YEAR_2026, 30, Unit.calendar_day, Roll.any_non_working).provisional
    # No holiday can move these: they are counted without any calendar.
    assert not due(NEW_YEAR_2026, 30, Unit.calendar_day).provisional
    assert not due(NEW_YEAR_2026, 5, Unit.year).provisional
    assert latest_before(CALENDAR, date(2027, 1, 10), 7, Unit.working_day).provisional
    assert not latest_before(CALENDAR, date(2027, 1, 10), 7, Unit.calendar_day).provisional


def test_a_period_of_nothing_ends_where_it_starts() -> None:
    sunday = date(2024, 6, 2)
    for unit in (Unit.working_day, Unit.calendar_day, Unit.month, Unit.year):
        assert due(sunday, 0, unit).due == sunday
        assert due(sunday, 0, unit, Roll.any_non_working).due == date(2024, 6, 3)


def test_calendar_days_outside_the_calendar_are_counted_where_nothing_rolls() -> None:
    assert due(date(2013, 3, 1), 5, Unit.year).due == date(2018, 3, 1)


def test_hours_are_exact_across_midnight_holiday_and_zone() -> None:
    start = datetime(2024, 2, 9, 22, 30, tzinfo=SHANGHAI)
    assert moment_after(start, 24) == datetime(2024, 2, 10, 22, 30, tzinfo=SHANGHAI)
    assert moment_after(start.astimezone(UTC), 24) == moment_after(start, 24)
    assert moment_after(start, 24).tzinfo is SHANGHAI


def test_months_before_an_event_end_a_clear_day_earlier() -> None:
    found = latest_before(CALENDAR, date(2024, 3, 31), 1, Unit.month)
    assert (found.latest_nth, found.due) == (date(2024, 2, 29), date(2024, 2, 28))
    found = latest_before(CALENDAR, date(2024, 3, 31), 10, Unit.calendar_day)
    assert (found.latest_nth, found.due) == (date(2024, 3, 21), date(2024, 3, 20))


def test_the_account_shows_why_a_day_does_not_count() -> None:
    rows = count_by_day(CALENDAR, date(2024, 4, 25), 5, Unit.working_day, Roll.none, [days("2024-04-29", "2024-04-29")])
    assert rows == [
        CountedDay(date(2024, 4, 26), 1, ""),
        CountedDay(date(2024, 4, 27), None, "周末"),
        CountedDay(date(2024, 4, 28), 2, "调休上班"),
        CountedDay(date(2024, 4, 29), None, "不计入"),
        CountedDay(date(2024, 4, 30), 3, ""),
        *[CountedDay(date(2024, 5, day), None, "劳动节放假") for day in range(1, 6)],
        CountedDay(date(2024, 5, 6), 4, ""),
        CountedDay(date(2024, 5, 7), 5, ""),
    ]


def test_the_account_shows_the_days_rolled_over() -> None:
    rows = count_by_day(CALENDAR, date(2024, 9, 30), 1, Unit.calendar_day, Roll.any_non_working)
    assert rows[0] == CountedDay(date(2024, 10, 1), 1, "国庆节放假")
    assert [(row.number, row.note) for row in rows[1:]] == [(None, "顺延")] * 7
    assert rows[-1].day == date(2024, 10, 8)


def test_excluded_days_are_counted_once() -> None:
    both = [days("2024-01-01", "2024-01-10"), days("2024-01-05", "2024-01-20")]
    assert excluded_days(both, date(2024, 1, 3), date(2024, 1, 12)) == 10
    assert excluded_days(both, date(2024, 2, 1), date(2024, 2, 12)) == 0


@pytest.mark.parametrize(
    ("ask", "code", "field"),
    [
        (lambda: due(date(2024, 1, 1), -1, Unit.calendar_day), "negative_amount", "amount"),
        (lambda: due(date(2024, 1, 1), 24, Unit.hour), "moment_expected", "unit"),
        (lambda: due(datetime(2024, 1, 1, tzinfo=SHANGHAI), 1, Unit.month), "date_expected", "start"),
        (lambda: due(date(2044, 1, 1), 9999, Unit.working_day), "calendar_out_of_range", "start"),
        (lambda: due(date(2044, 1, 1), 900, Unit.calendar_day, Roll.any_non_working), "calendar_out_of_range", "start"),
        (lambda: due(date(2044, 1, 1), 10**9, Unit.calendar_day), "calendar_out_of_range", "start"),
        (lambda: due(date(2044, 1, 1), 10**9, Unit.year), "calendar_out_of_range", "start"),
        (lambda: moment_after(datetime(2024, 1, 1), 24), "naive_datetime", "start"),  # noqa: DTZ001  # the point
        (lambda: moment_after(datetime(2024, 1, 1, tzinfo=UTC), -1), "negative_amount", "amount"),
        (lambda: moment_after(datetime(2024, 1, 1, tzinfo=UTC), 10**9), "calendar_out_of_range", "start"),
        (lambda: latest_before(CALENDAR, date(2024, 1, 1), -1, Unit.month), "negative_amount", "amount"),
        (lambda: latest_before(CALENDAR, date(2024, 1, 1), 1, Unit.hour), "moment_expected", "unit"),
        (lambda: latest_before(CALENDAR, date(2024, 1, 1), 10**6, Unit.year), "calendar_out_of_range", "start"),
        (
            lambda: count_by_day(CALENDAR, date(2010, 1, 1), 3, Unit.calendar_day, Roll.none),
            "calendar_out_of_range",
            "start",
        ),
    ],
)
def test_what_cannot_be_counted_is_refused(ask: Callable[[], object], code: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        ask()
    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_fine_paid_in_time_costs_nothing_more() -> None:
    fine = late_fine(principal=Decimal(50000), start=date(2025, 3, 1), paid=date(2025, 2, 28), rate=Decimal("0.03"))
    assert fine == LateFine(0, Decimal(0), Decimal(50000), None)


@pytest.mark.parametrize(
    ("principal", "rate", "field"), [("0", "0.03", "principal"), ("NaN", "0.03", "principal"), ("1", "0", "rate")]
)
def test_a_late_fine_of_nothing_is_refused(principal: str, rate: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        late_fine(principal=Decimal(principal), start=date(2025, 3, 1), paid=date(2025, 3, 2), rate=Decimal(rate))
    assert (refused.value.code, refused.value.field) == ("not_positive", field)
