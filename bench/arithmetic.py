"""Counting working days: the calendar of the product, two bare lists, and the loops of the calendar packages."""

import random
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from statistics import median
from typing import NamedTuple

import chinese_calendar
import holidays

from bench.figures import Figure, Goal
from deadlines.arithmetic import Roll, Unit, due_after
from deadlines.rules import load_files
from deadlines.workdays import WorkCalendar

FIRST, LAST = date(2021, 1, 4), date(2025, 9, 1)
MOST = 60
PACKAGE_CALLS = 200  # a loop over days takes a hundred microseconds: a few are enough


class Case(NamedTuple):
    start: date
    amount: int


class BareDue(NamedTuple):
    """What a bare count leaves behind, in the shape of the engine's answer."""

    due: date
    nominal: date
    provisional: bool


def figures(calls: int, rounds: int) -> list[Figure]:
    """Nanoseconds a call: adding, counting, and the whole due date."""
    calendar, _ = load_files()
    cases = _cases(calls)
    ends = [calendar.add(case.start, case.amount) for case in cases]
    timed = _timed(
        {
            "add": lambda: _add_ours(calendar, cases),
            "bare add": lambda: _add_bare(*_lists(calendar), cases),
            "count": lambda: _count_ours(calendar, cases, ends),
            "bare count": lambda: _count_bare(*_lists(calendar), cases, ends),
            "due": lambda: _due_ours(calendar, cases),
            "bare due": lambda: _due_bare(*_lists(calendar), _unpublished(calendar), cases),
        },
        len(cases),
        rounds,
    )
    few, china = cases[:PACKAGE_CALLS], holidays.country_holidays("CN", years=range(FIRST.year, LAST.year + 2))
    loops = _timed({"chinesecalendar": lambda: _chinese(few), "holidays": lambda: _holidays(china, few)}, len(few), 3)
    fastest = min(loops, key=lambda name: loops[name])
    limit, package = Goal(at_most=3), Goal(at_least=100)
    return [
        Figure("working days: add, against bare prefix lists", timed["add"], "ns", timed["bare add"], limit),
        Figure("working days: count, against bare prefix lists", timed["count"], "ns", timed["bare count"], limit),
        Figure("working days: due_after, against bare prefix lists", timed["due"], "ns", timed["bare due"], limit),
        Figure(f"working days: loop of {fastest}, against add", loops[fastest], "ns", timed["add"], package),
    ]


def _cases(count: int) -> list[Case]:
    chance = random.Random(2)  # noqa: S311 - the same cases in every run, not a secret
    span = (LAST - FIRST).days
    return [Case(FIRST + timedelta(days=chance.randrange(span)), chance.randint(1, MOST)) for _ in range(count)]


def _timed(variants: dict[str, Callable[[], object]], calls: int, rounds: int) -> dict[str, float]:
    """Median nanoseconds of CPU a call, the variants taking turns."""
    seconds: dict[str, list[float]] = {name: [] for name in variants}
    for _ in range(rounds):
        for name, run in variants.items():
            began = time.process_time()
            run()
            seconds[name].append(time.process_time() - began)
    return {name: median(found) / calls * 1e9 for name, found in seconds.items()}


def _lists(calendar: WorkCalendar) -> tuple[list[date], list[int], int]:
    """The bare arrays, made here from what the calendar says of each day; made once, as they would be in use."""
    if calendar not in _made:
        first, last = date(calendar.first_year, 1, 1), date(calendar.last_year, 12, 31)
        every = [date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1)]
        worked: list[date] = []
        position: list[int] = []
        for day in every:
            if calendar.is_working(day):
                worked.append(day)
            position.append(len(worked) - 1)
        _made[calendar] = (worked, position, first.toordinal())
    return _made[calendar]


_made: dict[WorkCalendar, tuple[list[date], list[int], int]] = {}


def _unpublished(calendar: WorkCalendar) -> list[int]:
    """How many years up to each are unpublished, from ``first_year``."""
    sums = [0]
    for year in range(calendar.first_year, calendar.last_year + 1):
        sums.append(sums[-1] + (not calendar.is_published(date(year, 1, 1))))
    return sums


def _add_ours(calendar: WorkCalendar, cases: Sequence[Case]) -> None:
    add = calendar.add
    for start, amount in cases:
        add(start, amount)


def _add_bare(worked: list[date], position: list[int], first: int, cases: Sequence[Case]) -> None:
    def add(start: date, amount: int) -> date:
        return worked[position[start.toordinal() - first] + amount]

    for start, amount in cases:
        add(start, amount)


def _count_ours(calendar: WorkCalendar, cases: Sequence[Case], ends: Sequence[date]) -> None:
    count = calendar.count
    for (start, _), end in zip(cases, ends, strict=True):
        count(start, end)


def _count_bare(
    worked: list[date], position: list[int], first: int, cases: Sequence[Case], ends: Sequence[date]
) -> None:
    def count(start: date, end: date) -> int:
        return position[end.toordinal() - first] - position[start.toordinal() - first]

    for (start, _), end in zip(cases, ends, strict=True):
        count(start, end)


def _due_ours(calendar: WorkCalendar, cases: Sequence[Case]) -> None:
    for start, amount in cases:
        due_after(calendar, start, amount, Unit.working_day, Roll.none)


def _due_bare(
    worked: list[date], position: list[int], first: int, unpublished: list[int], cases: Sequence[Case]
) -> None:
    first_year = date.fromordinal(first).year

    def due(start: date, amount: int) -> BareDue:
        day = worked[position[start.toordinal() - first] + amount]
        return BareDue(day, day, unpublished[day.year - first_year + 1] > unpublished[start.year - first_year])

    for start, amount in cases:
        due(start, amount)


def _chinese(cases: Sequence[Case]) -> None:
    for start, amount in cases:
        day, left = start, amount
        while left:
            day += timedelta(days=1)
            left -= chinese_calendar.is_workday(day)


def _holidays(china: holidays.HolidayBase, cases: Sequence[Case]) -> None:
    for start, amount in cases:
        day, left = start, amount
        while left:
            day += timedelta(days=1)
            left -= china.is_working_day(day)
