"""Running clocks follow the calendar: re-dated by whole groups, because clocks of one rule and origin share their due.

What the law says is computed here, once a group; the rows are written by set, so that a notice touching a hundred
thousand clocks costs a few statements. Only clocks whose due value changes are written, only reminders that move.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from audit.actions import Actor
from deadlines.actions.reminders import sending_opens
from deadlines.actions.set_writes import (
    ClockChange,
    GroupChange,
    Said,
    in_chunks,
    moved_lines,
    note_moves,
    say,
    void_left_behind,
    withdraw,
    write_clock_changes,
    write_group_changes,
)
from deadlines.arithmetic import Unit
from deadlines.ladder import Rung, Step, rungs_of, still_to_tell
from deadlines.models import CalendarNotice, CalendarReport, Clock, Extension, Suspension
from deadlines.queries import calendar_as_of, ladder_steps, rule_book
from deadlines.replay import ClockFacts, DueDate, due_of, end_of_day
from deadlines.rules import RuleBook
from deadlines.states import ClockState
from deadlines.workdays import Interval, WorkCalendar


@dataclass(frozen=True)
class Redating:
    """One notice taking effect: the calendars before and after, and the first and last day on which they differ."""

    old: WorkCalendar
    new: WorkCalendar
    first: date
    last: date
    book: RuleBook


def redate_clocks(before: CalendarNotice | None, notice: CalendarNotice, actor: Actor, at: datetime) -> CalendarReport:
    """Give every running clock the due date the new calendar implies, with report, history and reminders.

    Call it in the transaction that loads the notice and holds the clocks; ``before`` is the load it follows, None for the very first.
    """
    report = CalendarReport.objects.create(notice=notice, at=at, examined=0, changed=0)
    if before is None:
        return report
    old, new = calendar_as_of(before), calendar_as_of(notice)
    days = _days_that_changed(old, new, notice.year)
    if days is None:
        return report
    work = Redating(old, new, *days, rule_book())
    groups, of_groups = _changes_of_groups(work)
    singles, of_singles = _changes_of_single_clocks(work)
    write_group_changes(groups, report)
    write_clock_changes(singles, report)
    note_moves(report, actor.label, f"{notice.year}年放假安排（{notice.source}）")
    _move_reminders(work, report, at)
    report.examined, report.changed = of_groups + of_singles, report.lines.count()
    report.save(update_fields=["examined", "changed"])
    return report


def _days_that_changed(old: WorkCalendar, new: WorkCalendar, year: int) -> tuple[date, date] | None:
    """The first and last day on which the two calendars differ, in kind or in being published."""
    day, stop = date(year - 1, 12, 1), date(year + 1, 2, 1)
    differing = []
    while day < stop:
        if (
            old.is_working(day) != new.is_working(day)
            or old.is_notice_holiday(day) != new.is_notice_holiday(day)
            or old.is_published(day) != new.is_published(day)
        ):
            differing.append(day)
        day += timedelta(days=1)
    return (differing[0], differing[-1]) if differing else None


# ---- what changes ---------------------------------------------------------------------------------------------------


def _touched(work: Redating) -> QuerySet[Clock]:
    """Running clocks whose count or roll can cross a changed day: nothing else is even read."""
    backwards = [version.id for version in work.book.versions() if version.direction == "before"]
    crossing = Q(due_on__gte=work.first, origin_on__lte=work.last) | Q(
        rule_version__in=backwards, due_on__lte=work.last, origin_on__gte=work.first
    )
    return _counted_in_days(work).filter(crossing, fixed_due_on__isnull=True, due_nominal_on__isnull=False)


def _counted_in_days(work: Redating) -> QuerySet[Clock]:
    """Hours know no calendar."""
    hours = [version.id for version in work.book.versions() if version.unit is Unit.hour]
    return Clock.objects.filter(state=ClockState.RUNNING).exclude(rule_version__in=hours)


_HAS_FACTS = Q(Exists(Suspension.objects.filter(clock=OuterRef("pk")))) | Q(
    Exists(Extension.objects.filter(clock=OuterRef("pk")))
)


def _changes_of_groups(work: Redating) -> tuple[list[GroupChange], int]:
    """Clocks that only ran: one rule version, one origin, one due date. The changes, and how many clocks were asked."""
    key = ("rule_version", "origin_on", "due_on", "due_nominal_on", "is_provisional")
    groups = _touched(work).exclude(_HAS_FACTS).order_by().values_list(*key).annotate(clocks=Count("pk"))
    changes, examined = [], 0
    for rule_version, origin_on, due_on, nominal_on, provisional, clocks in groups:
        examined += clocks
        before = _stored(due_on, nominal_on, provisional)
        after = due_of(ClockFacts(origin_on), work.book.version(rule_version), work.new)
        if after is not None and after != before:
            changes.append(GroupChange(rule_version, origin_on, before, after))
    return changes, examined


def _changes_of_single_clocks(work: Redating) -> tuple[list[ClockChange], int]:
    """Clocks that were suspended or extended, each with its own facts."""
    key = ("pk", "rule_version", "origin_on", "due_on", "due_nominal_on", "is_provisional")
    clocks = list(_touched(work).filter(_HAS_FACTS).order_by("pk").values_list(*key))
    facts = _facts_of([clock_id for clock_id, *_ in clocks])
    changes = []
    for clock_id, rule_version, origin_on, due_on, nominal_on, provisional in clocks:
        excluded, added = facts[clock_id]
        before = _stored(due_on, nominal_on, provisional)
        after = due_of(
            ClockFacts(origin_on, excluded=tuple(excluded), extensions=tuple(added)),
            work.book.version(rule_version),
            work.new,
        )
        if after is not None and after != before:
            changes.append(ClockChange(clock_id, after))
    return changes, len(clocks)


def _facts_of(clock_ids: list[int]) -> dict[int, tuple[list[Interval], list[int]]]:
    """The days excluded and the amounts added, by clock."""
    facts: dict[int, tuple[list[Interval], list[int]]] = {clock_id: ([], []) for clock_id in clock_ids}
    for chunk in in_chunks(clock_ids):
        pauses = Suspension.objects.filter(clock__in=chunk, stops_on__isnull=False)
        for clock_id, start, stop in pauses.values_list("clock_id", "starts_on", "stops_on"):
            assert stop is not None  # noqa: S101 - asked for by the query
            facts[clock_id][0].append(Interval(start, stop))
        for clock_id, amount in Extension.objects.filter(clock__in=chunk).values_list("clock_id", "amount"):
            facts[clock_id][1].append(amount)
    return facts


def _stored(due_on: date | None, nominal_on: date | None, provisional: bool) -> DueDate:
    assert due_on is not None  # noqa: S101 - a constraint: a running clock has its due
    assert nominal_on is not None  # noqa: S101 - asked for by the query
    return DueDate(due_on, nominal_on, end_of_day(due_on), provisional)


# ---- what is said when ----------------------------------------------------------------------------------------------


def _move_reminders(work: Redating, report: CalendarReport, at: datetime) -> None:
    """Clocks that moved get the reminders of their new due; where only a day of telling moved, that reminder moves."""
    steps, opens = ladder_steps()["days"], sending_opens()

    def rungs(version: str, due: DueDate, calendar: WorkCalendar) -> list[Rung]:
        return rungs_of(work.book.version(version), due, calendar, steps, opens)

    def said(version: str, due: DueDate, wanted: Iterable[Rung]) -> list[Said]:
        return [Said(version, due.at, rung.name, rung.audience, rung.fire_at) for rung in wanted]

    moved = Clock.objects.filter(pk__in=moved_lines(report).values("clock"))
    for_moved: list[Said] = []
    for version, due in _due_values(moved):
        for_moved += said(version, due, still_to_tell(rungs(version, due, work.new), at))
    say(for_moved, of_moved=report)
    void_left_behind(report)

    dropped: list[Said] = []
    for_retimed: list[Said] = []
    for version, due in _due_values(_told_near(work, steps)):
        old, new = rungs(version, due, work.old), rungs(version, due, work.new)
        if old != new:
            wanted = still_to_tell(new, at)
            # A moved rung that a later one has overtaken meanwhile is not told beside it.
            kept = {rung.name for rung in (*wanted, *new) if rung in wanted or rung in old}
            dropped += said(version, due, (rung for rung in old if rung.name not in kept))
            for_retimed += said(version, due, (rung for rung in wanted if rung not in old))
    withdraw(dropped)
    say(for_retimed)


def _due_values(clocks: QuerySet[Clock]) -> Iterator[tuple[str, DueDate]]:
    for version, due_on, due_at in clocks.order_by().values_list("rule_version", "due_on", "due_at").distinct():
        assert due_on is not None  # noqa: S101 - a constraint: a running clock has its due
        assert due_at is not None  # noqa: S101 - a constraint
        yield version, DueDate(due_on, due_on, due_at, False)


def _told_near(work: Redating, steps: Sequence[Step]) -> QuerySet[Clock]:
    """Running clocks whose warnings or ladder may fall on a changed day; generous, a group that does not move is left."""
    ladder = max((step.amount for step in steps), default=0)
    warning = max((each.amount for version in work.book.versions() for each in version.warnings), default=0)
    return _counted_in_days(work).filter(
        due_on__gte=work.first - _surely(ladder), due_on__lte=work.last + _surely(warning)
    )


def _surely(working_days: int) -> timedelta:
    """At least so many working days, whatever holidays lie between."""
    return timedelta(days=2 * working_days + 30)
