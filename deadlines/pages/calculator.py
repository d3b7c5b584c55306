"""期限计算器: when a period ends, counted day by day, with the article; the address carries the whole question."""

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.errors import Invalid
from core.forms import add_refusal
from deadlines.arithmetic import (
    EXCLUDED,
    ROLLED,
    CountedDay,
    Roll,
    Unit,
    count_by_day,
    due_after,
    latest_before,
    moment_after,
)
from deadlines.pages.forms import CalculatorForm
from deadlines.queries import current_calendar, rule_book
from deadlines.rules import RuleBook, RuleVersion
from deadlines.workdays import Interval, WorkCalendar
from deadlines.yearplans import festival_name

MOST_DAYS_DRAWN = 400
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Question:
    """A period to count; ``amount`` includes the extensions."""

    start: date | datetime
    amount: int
    unit: Unit
    roll: Roll
    is_before: bool
    excluded: tuple[Interval, ...]


@dataclass(frozen=True)
class Cell:
    """One day of the drawing: ``kind`` is a style, ``number`` its place in the count."""

    day: date
    kind: str
    number: int | None
    note: str


@dataclass(frozen=True)
class Month:
    first: date
    weeks: list[list[Cell | None]]


@dataclass(frozen=True)
class Answer:
    """``next_day`` is the first day on which the period is over; ``months`` is empty when too long to draw."""

    question: Question
    rule: RuleVersion | None
    extensions: tuple[int, ...]
    due: date
    nominal: date
    is_provisional: bool
    moment: datetime | None = None
    latest_nth: date | None = None
    next_day: date | None = None
    months: tuple[Month, ...] = ()


@require_safe
def calculator(request: HttpRequest) -> HttpResponse:
    book, calendar = rule_book(), current_calendar()
    asked = any(name in request.GET for name in ("start", "rule", "amount"))
    form = CalculatorForm(book, request.GET if asked else None, initial={"roll": Roll.none, "unit": Unit.working_day})
    answer = None
    if asked and form.is_valid():
        try:
            answer = answer_to(form.cleaned_data, book, calendar)
        except Invalid as refusal:
            add_refusal(form, refusal)
    return render(request, "deadlines/calculator.html", {"form": form, "answer": answer})


def answer_to(asked: dict[str, Any], book: RuleBook, calendar: WorkCalendar) -> Answer:
    """:raises Invalid: naming the field of the form at fault."""
    rule: RuleVersion | None = None
    extensions: tuple[int, ...] = ()
    if asked["rule"]:
        rule = book.version_on(asked["rule"], _day(asked["start"]))
        if rule.duration_kind == "open_ended":
            raise Invalid(_("这条规则没有固定期限，不产生届满日。"), code="rule_without_length", field="rule")
        extensions = rule.extension_amounts(asked["extensions"] or 0, asked["extend_by"])
        question = Question(
            asked["start"],
            rule.amount + sum(extensions),
            rule.unit,
            rule.roll,
            rule.direction == "before",
            asked["exclude"],
        )
    else:
        if asked["extensions"] or asked["extend_by"]:
            raise Invalid(
                _("延长只用于按规则计算；自己填长短时，请直接加进期限长短。"), code="rule_required", field="extensions"
            )
        question = Question(
            asked["start"], asked["amount"], Unit(asked["unit"] or Unit.working_day), Roll(asked["roll"] or Roll.none),
            asked["direction"] == "before", asked["exclude"],
        )  # fmt: skip
    return _count(question, rule, extensions, calendar)


def _count(question: Question, rule: RuleVersion | None, extensions: tuple[int, ...], calendar: WorkCalendar) -> Answer:
    if question.unit is Unit.hour:
        return _count_hours(question, rule, extensions)
    if isinstance(question.start, datetime):
        raise Invalid(_("这个期限按日计算，起算日只写日期，不写时刻。"), code="date_expected", field="start")
    if question.is_before:
        return _count_back(question, question.start, rule, calendar)
    start, unit = question.start, question.unit
    due = due_after(calendar, start, question.amount, unit, question.roll, question.excluded)
    drawn = (due.due - start).days <= MOST_DAYS_DRAWN
    days = count_by_day(calendar, start, question.amount, unit, question.roll, question.excluded) if drawn else []
    return Answer(
        question, rule, extensions, due.due, due.nominal, due.provisional,
        next_day=due.due + ONE_DAY, months=_drawing(start, days, due.due, _("起算")),
    )  # fmt: skip


def _count_hours(question: Question, rule: RuleVersion | None, extensions: tuple[int, ...]) -> Answer:
    if question.is_before or question.excluded or question.roll is not Roll.none:
        field = "direction" if question.is_before else "exclude" if question.excluded else "roll"
        raise Invalid(_("按小时计算的期限精确到时刻：不倒推、不扣除、不顺延。"), code="unit_not_allowed", field=field)
    if not isinstance(question.start, datetime):
        raise Invalid(
            _("按小时计算的期限要写明起算时刻，例如 2026-11-20 17:20。"), code="moment_expected", field="start"
        )
    moment = moment_after(question.start, question.amount)
    return Answer(question, rule, extensions, moment.date(), moment.date(), False, moment=moment)


def _count_back(question: Question, event: date, rule: RuleVersion | None, calendar: WorkCalendar) -> Answer:
    if question.excluded or question.roll is not Roll.none:
        field = "exclude" if question.excluded else "roll"
        raise Invalid(_("往前倒推时，不扣除期间，也不顺延。"), code="exclude_not_allowed", field=field)
    latest = latest_before(calendar, event, question.amount, question.unit)
    months: tuple[Month, ...] = ()
    if (event - latest.due).days <= MOST_DAYS_DRAWN:
        months = _drawing(event, _clear_days(calendar, latest.due, event, question.unit), latest.due, _("这一天"))
    return Answer(
        question, rule, (), latest.due, latest.due, latest.provisional, latest_nth=latest.latest_nth, months=months
    )


def _clear_days(calendar: WorkCalendar, due: date, event: date, unit: Unit) -> list[CountedDay]:
    """The days between, numbered backwards from the event."""
    rows, number = [CountedDay(due, None, "")], 0
    day = event - ONE_DAY
    while day > due:
        counts = unit is not Unit.working_day or calendar.is_working(day)
        number += counts
        rows.append(CountedDay(day, number if counts else None, festival_name(calendar.day_name(day))))
        day -= ONE_DAY
    return rows


def _drawing(start: date, days: Iterable[CountedDay], due: date, mark: str) -> tuple[Month, ...]:
    """The months from the day counted from, marked ``mark``, to the due day."""
    cells = {counted.day: Cell(counted.day, _kind(counted, due), counted.number, counted.note) for counted in days}
    if not cells:
        return ()
    cells[start] = Cell(start, "start" if start != due else "due", None, mark)
    firsts = sorted({day.replace(day=1) for day in cells})
    return tuple(
        Month(
            first,
            [
                [cells.get(day) or Cell(day, "beside", None, "") if day.month == first.month else None for day in week]
                for week in Calendar().monthdatescalendar(first.year, first.month)
            ],
        )
        for first in firsts
    )


def _kind(counted: CountedDay, due: date) -> str:
    if counted.day == due:
        return "due"
    if counted.number is not None:
        return "counted"
    return "excluded" if counted.note == str(EXCLUDED) else "rolled" if counted.note == str(ROLLED) else "off"


def _day(start: date | datetime) -> date:
    return start.date() if isinstance(start, datetime) else start
