"""The periods of a hearing (听证办法第七条、第十八条至第二十二条、第二十九条), and the ninety days that stand still for it."""

from collections.abc import Sequence
from datetime import date, datetime

from accounts.models import User
from audit.actions import Actor
from cases.actions.moves import HANDLING, KIND, cancel_open
from cases.models import Case, Hearing
from cases.states.hearing import Told
from deadlines.actions.clocks import (
    Subject,
    exclude_days,
    resume_clock,
    start_clock,
    suspend_clock,
)
from deadlines.models import Clock
from deadlines.queries import current_calendar, open_clock, rule_book
from deadlines.replay import ClockFacts, due_of
from deadlines.states import ClockState
from deadlines.workdays import Interval

HEARING = "听证"  # as the rule of the ninety days names it (程序规定第六十四条第二款)
TO_NAME_HOST, TO_HAND_OVER, TO_SCHEDULE = "hearing_host_assign", "hearing_case_transfer", "hearing_schedule"
TO_REPORT, TO_ANNOUNCE = "hearing_report", "hearing_public_announcement_before"
TO_TELL = {
    Told.PARTY: "hearing_notice_before",
    Told.THIRD_PARTY: "hearing_third_party_notice_before",
    Told.OFFICERS: "hearing_investigator_notice_before",
}
BEFORE_THE_DAY = (*TO_TELL.values(), TO_ANNOUNCE)
ALL = (TO_NAME_HOST, TO_HAND_OVER, TO_SCHEDULE, *BEFORE_THE_DAY, TO_REPORT)


def theirs(case: Case, owner: User) -> Subject:
    """The case as a matter of somebody who is not its officer."""
    return Subject(KIND, case.pk, case.label, case.office, owner, case.number)


def run(case: Case, rule: str, owner: User, origin_on: date, actor: Actor, at: datetime) -> None:
    start_clock(rule=rule, subject=theirs(case, owner), origin_on=origin_on, actor=actor, at=at)


def cancel(case: Case, rules: Sequence[str], reason: str, actor: Actor, at: datetime) -> None:
    for rule in rules:
        cancel_open(case, rule, reason, actor, at)


def last_day(rule: str, event: date) -> date:
    """The last day for what must be done so many clear days before an event.

    :raises Invalid: no version of the rule covers the day.
    """
    due = due_of(ClockFacts(event), rule_book().version_on(rule, event), current_calendar())
    assert due is not None  # noqa: S101 - only a suspended clock has none
    return due.on


def run_before_the_day(case: Case, hearing: Hearing, event: date, actor: Actor, at: datetime) -> None:
    """Start what is still to be done before the day of a hearing that has not begun, with the host who must do it."""
    assert hearing.host is not None  # noqa: S101 - a constraint: a scheduled hearing has its host
    if hearing.has_begun:
        return
    due = {
        TO_TELL[Told.PARTY]: hearing.party_told_on is None,
        TO_TELL[Told.OFFICERS]: hearing.officers_told_on is None,
        TO_TELL[Told.THIRD_PARTY]: bool(hearing.third_party) and hearing.third_party_told_on is None,
        TO_ANNOUNCE: hearing.is_public and hearing.announced_on is None,
    }
    for rule in (rule for rule, is_due in due.items() if is_due):
        run(case, rule, hearing.host, event, actor, at)


def stop_ninety_days(case: Case, on: date, actor: User, at: datetime) -> None:
    """From ``on`` the time is the hearing's (程序规定第六十四条第二款).

    A period that stands still already, is over, or has days left out ahead is left alone: :func:`go_on` leaves out
    afterwards whatever of the hearing's days can be.
    """
    clock = open_clock(rule=HANDLING, subject_kind=KIND, subject_id=case.pk)
    if clock is None or clock.state != ClockState.RUNNING or on <= clock.origin_on:
        return
    if (clock.due_on and on > clock.due_on) or any(stop is None or stop > on for _start, stop in _left_out(clock)):
        return
    suspend_clock(
        clock_id=clock.pk, ground=HEARING, starts_on=on, approved_by=actor, reason="当事人要求听证", actor=actor, at=at
    )


def go_on(case: Case, since: date, on: date, actor: User, at: datetime) -> None:
    """From ``on`` the ninety days count again; those from ``since`` are the hearing's."""
    clock = open_clock(rule=HANDLING, subject_kind=KIND, subject_id=case.pk)
    if clock is None:
        return
    if clock.suspensions.filter(stops_on__isnull=True, ground=HEARING).exists():
        resume_clock(clock_id=clock.pk, resumes_on=on, reason="听证程序结束", actor=actor, at=at)
        return
    for days in uncovered(max(since, date.fromordinal(clock.origin_on.toordinal() + 1)), on, _left_out(clock)):
        clock.refresh_from_db(fields=["due_on"])
        if clock.due_on is None or days.start > clock.due_on:
            return  # what is late stays late
        exclude_days(
            clock_id=clock.pk, ground=HEARING, days=days, approved_by=actor, reason="听证期间", actor=actor, at=at
        )


def uncovered(first: date, stop: date, left_out: Sequence[tuple[date, date | None]]) -> list[Interval]:
    """What of the days from ``first`` to before ``stop`` is not left out yet, in order."""
    free = []
    for begins, ends in sorted(left_out, key=lambda each: each[0]):
        if begins > first and first < stop:
            free.append(Interval(first, min(begins, stop)))
        first = max(first, ends or stop)
    return [*free, Interval(first, stop)] if first < stop else free


def _left_out(clock: Clock) -> list[tuple[date, date | None]]:
    return list(clock.suspensions.values_list("starts_on", "stops_on"))
