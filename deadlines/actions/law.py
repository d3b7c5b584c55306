"""Loading the law: calendars and rules are data, each load an event; open clocks follow the calendar."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from django.db import transaction

from audit.actions import Actor, record
from core.errors import Invalid
from deadlines.actions.clocks import facts_of
from deadlines.actions.reminders import schedule_reminders
from deadlines.models import CalendarNotice, CalendarReport, CalendarReportLine, Clock, ClockMove, LadderStep, RuleSet
from deadlines.queries import calendar_as_of, rule_book
from deadlines.replay import DueDate, due_of
from deadlines.rules import parse_rules
from deadlines.states import ClockState
from deadlines.workdays import WorkCalendar, parse_notice

CHUNK = 2000


@transaction.atomic
def publish_calendar(*, raw: bytes, source: str, actor: Actor, at: datetime) -> CalendarNotice | None:
    """Load the official notice of a year and re-date every running clock it moves; None if this very file is in force.

    The difference is kept as a report: each clock with its due date before and after.

    :raises Invalid: the file is malformed or contradictory; nothing has changed.
    """
    plan = parse_notice(raw)
    sha256 = hashlib.sha256(raw).hexdigest()
    newest = CalendarNotice.objects.filter(year=plan.year).order_by("-id").first()
    if newest is not None and newest.sha256 == sha256:
        return None
    before = CalendarNotice.objects.order_by("-id").first()
    notice = CalendarNotice.objects.create(
        year=plan.year, source=source, sha256=sha256, text=raw.decode(), loaded_at=at, loaded_by=actor.label[:120]
    )
    examined, changed = _redate(before, notice, actor, at)
    record(
        verb="deadlines.publish_calendar", actor=actor, at=at, subject_kind="calendar", subject_id=notice.pk,
        subject_label=f"{plan.year}年工作日历", sha256=sha256, examined=examined, changed=changed,
    )  # fmt: skip
    return notice


@transaction.atomic
def load_rules(*, text: str, source: str, actor: Actor, at: datetime) -> RuleSet | None:
    """Put a set of rules in force; None if this very set already is.

    :raises Invalid: malformed, or it drops a version that existing clocks were started under.
    """
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    newest = RuleSet.objects.order_by("-id").first()
    if newest is not None and newest.sha256 == sha256:
        return None
    book = parse_rules(text)
    in_use = set(Clock.objects.order_by().values_list("rule_version", flat=True).distinct())
    missing = sorted(in_use - {version.id for version in book.versions()})
    if missing:
        raise Invalid(f"规则版本{missing[0]}仍有期限在用，不能删除。", code="rule_version_in_use", field=missing[0])
    rules = RuleSet.objects.create(source=source, sha256=sha256, text=text, loaded_at=at, loaded_by=actor.label[:120])
    record(
        verb="deadlines.load_rules", actor=actor, at=at, subject_kind="rules", subject_id=rules.pk,
        subject_label="期限规则", sha256=sha256, versions=len(list(book.versions())),
    )  # fmt: skip
    return rules


@transaction.atomic
def set_ladder(*, steps: list[dict[str, str | int]], actor: Actor, at: datetime) -> None:
    """Replace the escalation steps; they apply to reminders scheduled from now on."""
    LadderStep.objects.all().delete()
    LadderStep.objects.bulk_create(
        LadderStep(
            counted_in=str(step["counted_in"]), name=str(step["name"]), audience=str(step["audience"]),
            amount=int(step["amount"]),
        )
        for step in steps
    )  # fmt: skip
    record(
        verb="deadlines.set_ladder", actor=actor, at=at, subject_kind="ladder", subject_id=0,
        subject_label="逾期提醒阶梯", steps=[f"{step['counted_in']} {step['name']} +{step['amount']}" for step in steps],
    )  # fmt: skip


@dataclass(frozen=True)
class Change:
    clock: Clock
    before: DueDate
    after: DueDate


def _redate(before: CalendarNotice | None, notice: CalendarNotice, actor: Actor, at: datetime) -> tuple[int, int]:
    calendar = calendar_as_of(notice)
    report = CalendarReport.objects.create(notice=notice, at=at, examined=0, changed=0)
    if before is None:
        return 0, 0
    days = _days_that_changed(calendar_as_of(before), calendar, notice.year)
    if days is None:
        return 0, 0
    examined = changed = 0
    for chunk in _chunks(_clocks_touching(*days)):
        examined += len(chunk)
        changed += _write(_changes(chunk, calendar), report, notice, actor, at)
    report.examined, report.changed = examined, changed
    report.save(update_fields=["examined", "changed"])
    return examined, changed


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


def _clocks_touching(first: date, last: date) -> Iterator[Clock]:
    """Running clocks whose count or roll can cross a changed day: nothing else is even read."""
    return (
        Clock.objects.filter(
            state=ClockState.RUNNING, due_on__gte=first, origin_on__lte=last, fixed_due_on__isnull=True
        )
        .prefetch_related("suspensions", "extensions")
        .select_for_update(of=("self",))
        .order_by("id")
        .iterator(chunk_size=CHUNK)
    )


def _chunks(clocks: Iterator[Clock]) -> Iterator[list[Clock]]:
    while chunk := list(islice(clocks, CHUNK)):
        yield chunk


def _changes(clocks: list[Clock], calendar: WorkCalendar) -> list[Change]:
    book = rule_book()
    changes = []
    for clock in clocks:
        after = due_of(facts_of(clock), book.version(clock.rule_version), calendar)
        if after is None or clock.due_on is None or clock.due_nominal_on is None or clock.due_at is None:
            continue
        before = DueDate(clock.due_on, clock.due_nominal_on, clock.due_at, clock.is_provisional)
        if after != before:
            changes.append(Change(clock, before, after))
    return changes


def _write(changes: list[Change], report: CalendarReport, notice: CalendarNotice, actor: Actor, at: datetime) -> int:
    book = rule_book()
    for change in changes:
        clock, after = change.clock, change.after
        clock.due_on, clock.due_nominal_on, clock.due_at = after.on, after.nominal_on, after.at
        clock.is_provisional, clock.calendar_version = after.provisional, notice.pk
    Clock.objects.bulk_update(
        [change.clock for change in changes],
        ["due_on", "due_nominal_on", "due_at", "is_provisional", "calendar_version"],
        batch_size=500,
    )
    CalendarReportLine.objects.bulk_create(
        CalendarReportLine(
            report=report, clock=change.clock, due_before=change.before.on, due_after=change.after.on,
            was_provisional=change.before.provisional,
        )
        for change in changes
    )  # fmt: skip
    moved = [change for change in changes if change.before.on != change.after.on]
    ClockMove.objects.bulk_create(
        ClockMove(
            clock=change.clock, at=at, actor_label=actor.label[:120], name="calendar", due_before=change.before.on,
            due_after=change.after.on, reason=f"{notice.year}年放假安排（{notice.source}）"[:500],
        )
        for change in moved
    )  # fmt: skip
    for change in changes:
        schedule_reminders(change.clock, book.version(change.clock.rule_version), at=at)
    return len(changes)
