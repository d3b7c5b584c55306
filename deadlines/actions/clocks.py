"""The life of a clock after its start (:mod:`.starting`): suspended, resumed, extended, met. Every due date is replayed from the facts.

These verbs are called by the verb of the matter a clock belongs to, which has locked the matter and asked who may.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions import Actor, record_many
from core.errors import Invalid, NotFound, WrongState
from core.transitions import Transition, require_state
from deadlines import states
from deadlines.actions.allowances import check_ground, check_interval, extension_length
from deadlines.actions.reminders import schedule_reminders, void_reminders
from deadlines.actions.starting import Subject as Subject  # the verbs of a matter find these four here
from deadlines.actions.starting import check_met, deed_of, is_late, set_due
from deadlines.actions.starting import local_day as local_day
from deadlines.actions.starting import start_clock as start_clock
from deadlines.actions.starting import start_clocks as start_clocks
from deadlines.models import Clock, ClockMove, Extension, Suspension
from deadlines.queries import current_calendar, lock_clock, open_clock, rule_version_of
from deadlines.replay import ClockFacts, due_of
from deadlines.rules import RuleVersion
from deadlines.states import OPEN_STATES, ClockState
from deadlines.workdays import Interval


@transaction.atomic
def suspend_clock(
    *, clock_id: int, ground: str, starts_on: date, approved_by: User, reason: str, actor: Actor, at: datetime
) -> Clock:
    """Stop the count from ``starts_on`` (the first day that does not count) until it is resumed.

    :raises WrongState, Invalid:
    """
    clock = lock_clock(clock_id)
    _require(clock, states.SUSPEND)
    version = rule_version_of(clock)
    check_interval(clock, version, starts_on, None)
    if starts_on > local_day(at):
        raise Invalid(_("中止日期不能晚于今天。"), code="future_date", field="starts_on")
    Suspension.objects.create(
        clock=clock, ground=ground, reason=reason, starts_on=starts_on, approved_by=approved_by, recorded_at=at
    )
    return _move(clock, states.SUSPEND, version, actor, at, reason, ClockState.SUSPENDED)


@transaction.atomic
def resume_clock(*, clock_id: int, resumes_on: date, reason: str, actor: Actor, at: datetime) -> Clock:
    """Let the count go on; ``resumes_on`` is the first day that counts again.

    :raises WrongState: not suspended (a clock is resumed once). :raises Invalid: before the suspension began.
    """
    clock = lock_clock(clock_id)
    _require(clock, states.RESUME)
    suspension = clock.suspensions.get(stops_on__isnull=True)
    if resumes_on > local_day(at):
        raise Invalid(_("恢复日期不能晚于今天。"), code="future_date", field="resumes_on")
    if resumes_on < suspension.starts_on:
        raise Invalid(
            _("恢复日期不能早于中止日期%(day)s。") % {"day": suspension.starts_on},
            code="inverted_suspension", field="resumes_on",
        )  # fmt: skip
    if resumes_on == suspension.starts_on:
        suspension.delete()  # suspended and resumed the same day: no day was lost
    else:
        suspension.stops_on = resumes_on
        suspension.save(update_fields=["stops_on"])
    return _move(clock, states.RESUME, rule_version_of(clock), actor, at, reason, ClockState.RUNNING)


@transaction.atomic
def exclude_days(
    *, clock_id: int, ground: str, days: Interval, approved_by: User, reason: str, actor: Actor, at: datetime
) -> Clock:
    """Take whole days out of the count (tests, appraisals, hearings, announcements).

    :raises WrongState: the clock has ended. :raises Invalid: the rule knows no exclusions or not this ground, or the
        days overlap others.
    """
    clock = lock_clock(clock_id)
    _require(clock, states.EXCLUDE)
    version = rule_version_of(clock)
    check_ground(version, ground)
    check_interval(clock, version, days.start, days.stop)
    Suspension.objects.create(
        clock=clock, ground=ground, reason=reason, starts_on=days.start, stops_on=days.stop, approved_by=approved_by,
        recorded_at=at,
    )  # fmt: skip
    return _move(clock, states.EXCLUDE, version, actor, at, reason, clock.state)


@transaction.atomic
def extend_clock(
    *, clock_id: int, approved_by: User, reason: str, actor: Actor, at: datetime, amount: int | None = None
) -> Clock:
    """Take the rule's next extension step.

    :param amount: in the rule's unit; needed only where the law leaves the length to the decision.
    :raises WrongState, Invalid: no (further) extension exists, the amount is not the law's, the last day was fixed by
        hand or has passed (what is late stays late).
    """
    clock = lock_clock(clock_id)
    _require(clock, states.EXTEND)
    version = rule_version_of(clock)
    if clock.fixed_due_on is not None:
        raise Invalid(
            _("届满日已由文书指定为%(day)s，延长不会改变它；请按新的文书重新指定届满日。") % {"day": clock.fixed_due_on},
            code="due_is_fixed", field="extension",
        )  # fmt: skip
    if clock.due_on is not None and local_day(at) > clock.due_on:
        raise Invalid(
            _("期限已于%(day)s届满，届满之后不能再批准延长；请尽快办结，并写明逾期原因。") % {"day": clock.due_on},
            code="after_expiry", field="extension",
        )  # fmt: skip
    step = clock.extensions.count()
    length = extension_length(version, step, amount)
    Extension.objects.create(
        clock=clock, step=step, amount=length, reason=reason, approved_by=approved_by, approved_on=local_day(at)
    )
    return _move(clock, states.EXTEND, version, actor, at, reason, clock.state)


@transaction.atomic
def fix_due(*, clock_id: int, due_on: date, reason: str, actor: Actor, at: datetime) -> Clock:
    """Fix the last day by hand, where a document names it; suspensions no longer move it.

    :raises WrongState, Invalid:
    """
    clock = lock_clock(clock_id)
    _require(clock, states.FIX)
    if due_on < clock.origin_on:
        raise Invalid(
            _("届满日不能早于起算日%(day)s。") % {"day": clock.origin_on}, code="due_before_origin", field="due_on"
        )
    if not reason.strip():
        raise Invalid(_("请写明依据的文书和理由。"), code="reason_required", field="reason")
    clock.fixed_due_on = due_on
    return _move(clock, states.FIX, rule_version_of(clock), actor, at, reason, clock.state)


@transaction.atomic
def meet_clock(*, clock_id: int, on: date, actor: Actor, at: datetime, moment: datetime | None = None) -> Clock:
    """End a clock because what it demanded was done on ``on`` (at ``moment``, for an hour rule).

    A period whose expiry is its natural end is never late. A recurring one starts its next period at once.

    :raises WrongState: already ended.
    """
    clock = lock_clock(clock_id)
    _require(clock, states.MEET)
    version = rule_version_of(clock)
    check_met(clock, version, on)
    if clock.state == ClockState.SUSPENDED:
        _close_open_suspension(clock, on)
        clock.state = ClockState.RUNNING
        _replay(clock, version)
    due_before = clock.due_on
    clock.state = ClockState.MET_LATE if is_late(clock, version, on, moment) else ClockState.MET
    clock.ended_on, clock.ended_at = on, at
    clock.save()
    void_reminders(clock)
    _note(clock, states.MEET, due_before, actor, at, "")
    if version.recurring and due_before is not None:
        start_clock(
            rule=clock.rule, subject=_subject_of(clock), origin_on=min(due_before, local_day(at)), actor=actor, at=at
        )
    return clock


@transaction.atomic
def cancel_clock(*, clock_id: int, reason: str, actor: Actor, at: datetime) -> Clock:
    """End a clock whose ground has gone; it counts neither as met nor as missed.

    :raises WrongState: already ended.
    """
    clock = lock_clock(clock_id)
    _require(clock, states.CANCEL)
    due_before = clock.due_on
    if clock.state == ClockState.SUSPENDED:
        _close_open_suspension(clock, local_day(at))
        _replay(clock, rule_version_of(clock))
    clock.state = ClockState.CANCELLED
    clock.ended_on, clock.ended_at = local_day(at), at
    clock.save()
    void_reminders(clock)
    _note(clock, states.CANCEL, due_before, actor, at, reason)
    return clock


@transaction.atomic
def start_again(*, clock_id: int, subject: Subject, reason: str, actor: Actor, at: datetime) -> Clock:
    """Start a cancelled period anew from its own origin, with the days left out of it and the extensions it had.

    It falls due when it would have, had it never been cancelled.

    :raises WrongState: it was not cancelled.
    """
    ended = lock_clock(clock_id)
    if ended.state != ClockState.CANCELLED:
        raise WrongState(_("这个期限没有取消，不能重新开始计时。"), code="not_cancelled")
    return _copy(ended, subject, reason, actor, at)


@transaction.atomic
def start_like(*, clock_id: int, subject: Subject, reason: str, actor: Actor, at: datetime) -> Clock:
    """Start the same period for another matter that came out of this one: same origin, same days left out, same
    extensions, so that it falls due on the same day.

    :raises WrongState: the clock does not run.
    """
    running = lock_clock(clock_id)
    if running.state != ClockState.RUNNING:
        raise WrongState(_("这个期限没有在计时，不能照样计算。"), code="not_running")
    return _copy(running, subject, reason, actor, at)


def _copy(source: Clock, subject: Subject, reason: str, actor: Actor, at: datetime) -> Clock:
    clock = start_clock(
        rule=source.rule, subject=subject, origin_on=source.origin_on, origin_at=source.origin_at, actor=actor, at=at
    )
    kept: list[Suspension | Extension] = [*source.suspensions.order_by("id"), *source.extensions.order_by("step")]
    for allowance in kept:
        allowance.pk, allowance.clock = None, clock
        allowance.save(force_insert=True)
    clock.fixed_due_on = source.fixed_due_on
    if kept or clock.fixed_due_on:
        return _move(clock, states.EXTEND, rule_version_of(clock), actor, at, reason, clock.state)
    return clock


@transaction.atomic
def hand_over_clocks(*, subject: Subject, from_owner: User, actor: Actor, at: datetime) -> None:
    """Give the open clocks one person had on a matter to its new owner and office; none restarts."""
    clocks = list(
        Clock.objects.select_for_update()
        .filter(subject_kind=subject.kind, subject_id=subject.id, owner=from_owner, state__in=OPEN_STATES)
        .order_by("id")
    )
    for clock in clocks:
        clock.office, clock.bureau_id, clock.owner = subject.office, subject.office.bureau_id, subject.owner
        clock.subject_label, clock.subject_number = subject.label[:200], subject.number[:60]
        clock.save(update_fields=["office", "bureau", "owner", "subject_label", "subject_number"])
        _note(clock, states.HAND_OVER, clock.due_on, actor, at, f"{subject.office.name} {subject.owner.name}")


def meet_open(*, rule: str, subject_kind: str, subject_id: int, on: date, actor: Actor, at: datetime) -> Clock:
    """Meet the open clock of a rule on a matter.

    :raises NotFound: none is open, which the caller's state table should have ruled out.
    """
    clock = open_clock(rule=rule, subject_kind=subject_kind, subject_id=subject_id)
    if clock is None:
        raise NotFound(_("没有正在计时的“%(rule)s”期限。") % {"rule": rule}, code="no_open_clock")
    return meet_clock(clock_id=clock.pk, on=on, actor=actor, at=at)


def facts_of(clock: Clock) -> ClockFacts:
    """The stored facts in the shape the pure engine replays."""
    suspensions = list(clock.suspensions.all()) if clock.pk else []
    extensions = sorted(clock.extensions.all(), key=lambda row: row.step) if clock.pk else []
    return ClockFacts(
        origin_on=clock.origin_on,
        origin_at=clock.origin_at,
        excluded=tuple(Interval(row.starts_on, row.stops_on) for row in suspensions if row.stops_on is not None),
        is_suspended=any(row.stops_on is None for row in suspensions),
        extensions=tuple(row.amount for row in extensions),
        fixed_due_on=clock.fixed_due_on,
    )


def _replay(clock: Clock, version: RuleVersion) -> None:
    calendar = current_calendar()
    clock.calendar_version = calendar.version
    set_due(clock, due_of(facts_of(clock), version, calendar))


def _move(
    clock: Clock, row: Transition, version: RuleVersion, actor: Actor, at: datetime, reason: str, target: str
) -> Clock:
    due_before = clock.due_on
    clock.state = target
    _replay(clock, version)
    clock.save()
    _note(clock, row, due_before, actor, at, reason)
    schedule_reminders(clock, version, at=at)
    return clock


def _note(clock: Clock, row: Transition, due_before: date | None, actor: Actor, at: datetime, reason: str) -> None:
    ClockMove.objects.create(
        clock=clock, at=at, actor_label=actor.label[:120], name=row.name, due_before=due_before, due_after=clock.due_on,
        reason=reason[:500],
    )  # fmt: skip
    record_many([deed_of(clock, due_before)], verb=f"deadlines.{row.name}", actor=actor, at=at)


def _require(clock: Clock, row: Transition) -> None:
    require_state(states.TRANSITIONS, row, clock.state, str(ClockState(clock.state).label))


def _close_open_suspension(clock: Clock, on: date) -> None:
    suspension = clock.suspensions.get(stops_on__isnull=True)
    suspension.stops_on = max(on, suspension.starts_on + timedelta(days=1))
    suspension.save(update_fields=["stops_on"])


def _subject_of(clock: Clock) -> Subject:
    return Subject(
        clock.subject_kind, clock.subject_id, clock.subject_label, clock.office, clock.owner, clock.subject_number
    )
