"""工作日历: which days of a year are worked, by which notice, and what its publication moved."""

from calendar import Calendar
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from core.errors import NotFound
from deadlines.queries import calendar_loads, current_calendar, report_lines_for
from deadlines.replay import SHANGHAI
from deadlines.workdays import WorkCalendar
from deadlines.yearplans import festival_name

MOST_LINES = 100


@dataclass(frozen=True)
class Day:
    """``kind``: work, weekend, holiday, make_up."""

    day: date
    kind: str
    name: str
    is_today: bool


@dataclass(frozen=True)
class Month:
    first: date
    weeks: list[list[Day | None]]
    working_days: int


def this_year(request: HttpRequest) -> HttpResponse:
    return redirect("work_calendar", year=timezone.now().astimezone(SHANGHAI).year)


@require_safe
def work_calendar(request: HttpRequest, year: int) -> HttpResponse:
    """:raises NotFound: the year lies outside the calendar."""
    assert isinstance(request.user, User)  # noqa: S101 - the log-in middleware lets nobody else through
    calendar, today = current_calendar(), timezone.now().astimezone(SHANGHAI).date()
    if not calendar.first_year <= year <= calendar.last_year:
        raise NotFound(
            _("工作日历只有 {first} 年至 {last} 年。").format(first=calendar.first_year, last=calendar.last_year),
            code="calendar_out_of_range",
        )
    months = [_month(calendar, date(year, month, 1), today) for month in range(1, 13)]
    loads = list(calendar_loads(year))
    context: dict[str, Any] = {
        "year": year,
        "months": months,
        "is_published": calendar.is_published(date(year, 1, 1)),
        "working_days": sum(month.working_days for month in months),
        "make_up_days": [
            day for month in months for week in month.weeks for day in week if day and day.kind == "make_up"
        ],
        "loads": loads,
        "reports": [
            (load, list(report_lines_for(request.user, load.report)[:MOST_LINES]))
            for load in loads
            if hasattr(load, "report") and load.report.changed
        ],
        "previous_year": year - 1 if year > calendar.first_year else None,
        "next_year": year + 1 if year < calendar.last_year else None,
    }
    return render(request, "deadlines/work_calendar.html", context)


def _month(calendar: WorkCalendar, first: date, today: date) -> Month:
    weeks = [
        [_day(calendar, day, today) if day.month == first.month else None for day in week]
        for week in Calendar().monthdatescalendar(first.year, first.month)
    ]
    worked = sum(day is not None and day.kind in ("work", "make_up") for week in weeks for day in week)
    return Month(first, weeks, worked)


def _day(calendar: WorkCalendar, day: date, today: date) -> Day:
    name = calendar.day_name(day)
    if calendar.is_make_up_day(day):
        kind = "make_up"
    elif calendar.is_working(day):
        kind = "work"
    else:
        kind = "holiday" if name else "weekend"
    return Day(day, kind, festival_name(name), day == today)
