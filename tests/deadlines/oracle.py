"""Counting the slow way: straight from the notice files, one day at a time, sharing no code with the engine."""

import json
from datetime import date, timedelta
from pathlib import Path

CALENDARS = Path(__file__).resolve().parent.parent.parent / "data" / "calendars"
ONE_DAY = timedelta(days=1)
DAYS: dict[date, bool] = {
    date.fromisoformat(row["date"]): row["isOffDay"]
    for path in sorted(CALENDARS.glob("20*.json"))
    for row in json.loads(path.read_text(encoding="utf-8"))["days"]
}


def works(day: date) -> bool:
    return not DAYS[day] if day in DAYS else day.weekday() not in (5, 6)


def rolls(day: date, policy: str) -> bool:
    if policy == "any_non_working":
        return not works(day)
    return policy == "notice_holiday" and DAYS.get(day, False)


def corresponding(start: date, months: int) -> date:
    year, month = start.year, start.month
    for _step in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    day = start.day
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def due(start: date, amount: int, unit: str, policy: str, excluded: set[date]) -> tuple[date, date]:
    """The due day and the nominal day; month and year periods are first turned into their number of days."""
    left = amount
    if unit in ("month", "year"):
        left = (corresponding(start, amount * (12 if unit == "year" else 1)) - start).days
    day = start
    while left:
        day += ONE_DAY
        if day not in excluded and (unit != "working_day" or works(day)):
            left -= 1
    nominal = day
    while rolls(day, policy):
        day += ONE_DAY
    return day, nominal


def nth_before(event: date, amount: int) -> date:
    day = event
    while amount:
        day -= ONE_DAY
        amount -= works(day)
    return day
