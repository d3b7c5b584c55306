"""The engine against a day-by-day count that shares nothing with it."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deadlines.arithmetic import Roll, Unit, count_by_day, due_after, latest_before
from deadlines.rules import load_files
from deadlines.workdays import Interval
from tests.deadlines import oracle

CALENDAR, _BOOK = load_files()
FIRST = date(2021, 1, 1)
DAY_UNITS = (Unit.working_day, Unit.working_day, Unit.calendar_day, Unit.calendar_day, Unit.month, Unit.year)
LONGEST = {Unit.working_day: 90, Unit.calendar_day: 180, Unit.month: 9, Unit.year: 1}
ROLLS = tuple(Roll)


def random_intervals(source: random.Random, start: date) -> list[Interval]:
    found = []
    for _number in range(source.choice((0, 0, 1, 1, 2, 3))):
        begins = start + timedelta(days=source.randint(-10, 120))
        found.append(Interval(begins, begins + timedelta(days=source.randint(1, 40))))
    return found


def days_of(intervals: list[Interval]) -> set[date]:
    return {each.start + timedelta(days=n) for each in intervals for n in range((each.stop - each.start).days)}


@pytest.mark.parametrize("seed", range(8))
def test_200000_periods_agree_with_the_day_by_day_count(seed: int) -> None:
    source = random.Random(seed)
    for _case in range(25_000):
        start = FIRST + timedelta(days=source.randrange(4 * 365))
        unit = source.choice(DAY_UNITS)
        # Mostly short periods, as the law has them, with the long ones well represented.
        amount = source.randint(0, LONGEST[unit] if source.random() < 0.15 else min(LONGEST[unit], 15))
        roll = source.choice(ROLLS)
        excluded = random_intervals(source, start)
        counted = due_after(CALENDAR, start, amount, unit, roll, excluded)
        expected = oracle.due(start, amount, unit, roll, days_of(excluded))
        assert (counted.due, counted.nominal) == expected, (start, amount, unit, roll, excluded)


def test_the_nth_working_day_before_agrees_with_the_day_by_day_count() -> None:
    source = random.Random(1)
    for _case in range(5_000):
        event = date(2022, 1, 1) + timedelta(days=source.randrange(4 * 365))
        amount = source.randint(0, 40)
        found = latest_before(CALENDAR, event, amount, Unit.working_day)
        assert (found.latest_nth, found.due) == (oracle.nth_before(event, amount), oracle.nth_before(event, amount + 1))


starts = st.dates(FIRST, date(2025, 6, 1))
intervals = st.lists(
    st.builds(
        lambda begins, length: Interval(begins, begins + timedelta(days=length)),
        st.dates(FIRST, date(2025, 12, 31)),
        st.integers(1, 60),
    ),
    max_size=4,
)


@settings(max_examples=300, deadline=None)
@given(starts, st.integers(0, 60), st.sampled_from(DAY_UNITS[1:5]), st.sampled_from(ROLLS), intervals)
def test_the_day_by_day_account_ends_on_the_due_day_with_the_last_number(
    start: date, amount: int, unit: Unit, roll: Roll, excluded: list[Interval]
) -> None:
    if unit is Unit.month:
        amount %= 12
    counted = due_after(CALENDAR, start, amount, unit, roll, excluded)
    rows = count_by_day(CALENDAR, start, amount, unit, roll, excluded)
    numbers = [row.number for row in rows if row.number is not None]
    assert numbers == list(range(1, len(numbers) + 1))
    assert [row.day for row in rows] == [start + timedelta(days=n + 1) for n in range((counted.due - start).days)]
    if unit is not Unit.month:
        assert len(numbers) == amount


@settings(max_examples=300, deadline=None)
@given(starts, st.integers(0, 60), st.sampled_from(DAY_UNITS[1:5]), st.sampled_from(ROLLS), intervals)
def test_cutting_an_exclusion_in_two_or_repeating_it_changes_nothing(
    start: date, amount: int, unit: Unit, roll: Roll, excluded: list[Interval]
) -> None:
    if unit is Unit.month:
        amount %= 12
    pieces = [
        part
        for each in excluded
        for middle in [each.start + (each.stop - each.start) // 2]
        for part in ([Interval(each.start, middle)] if middle > each.start else []) + [Interval(middle, each.stop)]
    ]
    whole = due_after(CALENDAR, start, amount, unit, roll, excluded)
    assert due_after(CALENDAR, start, amount, unit, roll, [*pieces, *excluded][::-1]) == whole


@settings(max_examples=300, deadline=None)
@given(starts, st.integers(0, 60), st.integers(0, 30))
def test_an_extension_adds_to_the_count_of_working_days(start: date, amount: int, more: int) -> None:
    first = CALENDAR.add(start, amount)
    if amount:
        assert CALENDAR.add(first, more) == CALENDAR.add(start, amount + more)
    assert CALENDAR.count(start, CALENDAR.add(start, amount)) == amount
