"""Reminders: rows written with the clock, claimed by a sweep that tells people in the same transaction."""

import json
from collections.abc import Sequence
from datetime import datetime, time, timedelta

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import BooleanField, Case, ExpressionWrapper, F, Q, QuerySet, When

from core.bulk import append
from deadlines.actions.telling import Claimed, Recipients, Words
from deadlines.ladder import Rung, rungs_of, still_to_tell
from deadlines.models import Clock, Heartbeat, Reminder, ReminderState
from deadlines.queries import SWEEP, current_calendar, ladder_steps, rule_book
from deadlines.replay import DueDate
from deadlines.rules import RuleVersion
from deadlines.states import ClockState
from notices.actions import NewNotice, post_notices

BATCH = 5000
MOST_BATCHES = 20  # one ring ends, and shows that it lives, after 100,000 rows at most; the next goes on
LATE_AFTER = timedelta(minutes=10)
RETRY_STUCK_AFTER = timedelta(hours=1)
SYSTEMIC = 20  # so many rows of a batch failing one after the other are not bad rows
STUCK_AT_ONCE = 500
NOBODY = "nobody to tell: no active owner, head, supervisor or leader"
PENDING, VOID, SENT, STUCK = ReminderState.PENDING, ReminderState.VOID, ReminderState.SENT, ReminderState.STUCK

log = structlog.get_logger()


# ---- what clocks will say ---------------------------------------------------


def schedule_reminders(clock: Clock, version: RuleVersion, *, at: datetime) -> None:
    """Make the clock's pending reminders exactly those its rule implies for its present due value.

    Call it in the transaction that changed the clock, after saving it. What was already told stays told.
    """
    due = _stored_due(clock)
    if due is None:
        void_reminders(clock)
        return
    rungs = rungs_of(version, due, current_calendar(), ladder_steps()[_counted_in(version)], sending_opens())
    of_this_due = Q(for_due_at=due.at, rung__in=[rung.name for rung in rungs])
    clock.reminders.filter(~of_this_due, state=PENDING).update(state=VOID)
    known = {row.rung: row for row in clock.reminders.filter(of_this_due)}
    wanted = still_to_tell(rungs, at)
    for rung in wanted:
        row = known.get(rung.name)
        if row and row.state in (PENDING, VOID) and (row.state, row.fire_at) != (PENDING, rung.fire_at):
            clock.reminders.filter(pk=row.pk, state=row.state).update(state=PENDING, fire_at=rung.fire_at)
    Reminder.objects.bulk_create(
        Reminder(clock=clock, for_due_at=due.at, rung=rung.name, audience=rung.audience, fire_at=rung.fire_at)
        for rung in wanted
        if rung.name not in known
    )


def write_first_reminders(started: Sequence[tuple[Clock, RuleVersion]], *, at: datetime) -> None:
    """What :func:`schedule_reminders` makes for clocks that have none yet; one due value of a rule is asked once."""
    ladder, calendar, opens = ladder_steps(), current_calendar(), sending_opens()
    wanted: dict[tuple[str, datetime], list[Rung]] = {}
    rows = []
    for clock, version in started:
        due = _stored_due(clock)
        assert due is not None  # noqa: S101 - a constraint: a running clock has a due moment
        key = (version.id, due.at)
        if key not in wanted:
            rungs = rungs_of(version, due, calendar, ladder[_counted_in(version)], opens)
            wanted[key] = still_to_tell(rungs, at)
        rows += [(clock.pk, due.at, rung.name, rung.audience, rung.fire_at, PENDING.value) for rung in wanted[key]]
    append(Reminder, ("clock_id", "for_due_at", "rung", "audience", "fire_at", "state"), rows)


def _counted_in(version: RuleVersion) -> str:
    return "hours" if version.unit.value == "hour" else "days"


def _stored_due(clock: Clock) -> DueDate | None:
    if clock.state != ClockState.RUNNING or clock.due_on is None or clock.due_at is None:
        return None
    return DueDate(clock.due_on, clock.due_nominal_on or clock.due_on, clock.due_at, clock.is_provisional)


def void_reminders(clock: Clock) -> None:
    """A clock that ended or stands still has nothing more to say."""
    clock.reminders.filter(state=PENDING).update(state=VOID)


def sending_opens() -> time:
    return time.fromisoformat(settings.SENDING_HOURS[0])


# ---- telling ----------------------------------------------------------------


def sweep_reminders(*, at: datetime, batch: int = BATCH) -> int:
    """Tell everybody whatever has become due, in batches of one transaction each; how many reminders were handled.

    Idempotent and late-safe: a reminder is claimed and its notices are written in one transaction, so a killed sweep
    leaves either both or neither; two sweeps skip each other's rows; what waited while no sweep ran is marked late.
    A row that cannot be told is set aside as stuck, with the reason, and tried again every hour.
    """
    people = Recipients()
    handled = _retry_stuck(at, people)
    for _ in range(MOST_BATCHES):
        count = _sweep_batch(at, batch, people)
        handled += count
        if count < batch:
            break
    if not Heartbeat.objects.filter(name=SWEEP).update(beat_at=at, handled=handled):
        Heartbeat.objects.get_or_create(name=SWEEP, defaults={"beat_at": at, "handled": handled})
    return handled


def _due(at: datetime) -> QuerySet[Reminder]:
    return Reminder.objects.filter(state=PENDING, fire_at__lte=at).order_by("fire_at", "id")


def _sweep_batch(at: datetime, batch: int, people: Recipients) -> int:
    try:
        return _tell(_due(at)[:batch], at, people)
    except (OperationalError, InterfaceError):
        raise  # the database is at fault and no row of the batch
    except Exception:
        log.exception("sweep_batch_failed")
    bad = _tell_singly(ids := list(_due(at).values_list("id", flat=True)[:batch]), at, people)
    _set_aside(bad, at)
    return len(ids)


def _retry_stuck(at: datetime, people: Recipients) -> int:
    rows = Reminder.objects.filter(state=STUCK, fired_at__lte=at - RETRY_STUCK_AFTER).order_by("fired_at", "id")
    ids = list(rows.values_list("id", flat=True)[:STUCK_AT_ONCE])
    _set_aside(_tell_singly(ids, at, people, systemic=len(ids) + 1), at)
    return len(ids)


def _tell_singly(ids: Sequence[int], at: datetime, people: Recipients, systemic: int = SYSTEMIC) -> dict[int, str]:
    """Each row in a transaction of its own, so that a bad one stops nobody; the bad ones, each with the reason.

    When the first ``systemic`` rows all fail, the rows are not what is wrong: the error is raised.
    """
    bad: dict[int, str] = {}
    for count, reminder_id in enumerate(ids, start=1):
        try:
            _tell(Reminder.objects.filter(pk=reminder_id, state__in=[PENDING, STUCK]), at, people)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            bad[reminder_id] = f"{type(error).__name__}: {error}"[:300]
            if len(bad) == count >= systemic:
                raise
    return bad


def _set_aside(bad: dict[int, str], at: datetime) -> None:
    for reminder_id, reason in bad.items():
        log.error("reminder_stuck", reminder=reminder_id, reason=reason)
        Reminder.objects.filter(pk=reminder_id, state__in=[PENDING, STUCK]).update(
            state=STUCK, fired_at=at, stuck_reason=reason
        )


@transaction.atomic
def _tell(rows: QuerySet[Reminder], at: datetime, people: Recipients) -> int:
    """Claim rows and tell of them; the claim, the notices and the mark are one transaction."""
    claimed = _claim(rows, at)
    if not claimed:
        return 0
    people.load(claimed)
    words = Words(rule_book())
    notices: list[NewNotice] = []
    outcome: dict[str, list[int]] = {SENT: [], VOID: [], STUCK: []}
    for row in claimed:
        recipients = people.of(row) if row.is_current else []
        notices += [words.notice(row, recipient) for recipient in recipients]
        outcome[SENT if recipients else STUCK if row.is_current else VOID].append(row.id)
    post_notices(notices, at=at)
    for state, ids in outcome.items():
        _mark(ids, state, at)
    Reminder.objects.filter(pk__in=outcome[STUCK]).update(stuck_reason=NOBODY)
    return len(claimed)


def _mark(ids: Sequence[int], state: str, at: datetime) -> None:
    """One parameter however many rows: thousands of placeholders would cost as much as the update itself."""
    is_array = connection.vendor == "postgresql"
    listed = "= ANY(%s)" if is_array else "IN (SELECT value FROM json_each(%s))"
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE deadlines_reminder SET state = %s, fired_at = %s WHERE id {listed}",  # noqa: S608 - one of two constants
                [state, connection.ops.adapt_datetimefield_value(at), list(ids) if is_array else json.dumps(ids)],
            )


def _claim(rows: QuerySet[Reminder], at: datetime) -> list[Claimed]:
    """Hold these reminders and their clocks, as they are now, until the transaction ends.

    On PostgreSQL rows that another sweep or a verb holds are skipped: the next ring finds them, changed or not. So
    nobody is told of a clock that was ended, suspended, moved or handed over by a transaction committed before.
    On SQLite the transaction began IMMEDIATE: nobody else can be writing until it ends.
    """
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    is_current = ExpressionWrapper(
        Q(clock__state=ClockState.RUNNING, clock__due_at=F("for_due_at")), output_field=BooleanField()
    )
    late_since = Case(When(fire_at__lt=at - LATE_AFTER, then=F("fire_at")))
    return [
        Claimed(*row)
        for row in rows.values_list(
            "id", "rung", "audience", is_current, late_since, "clock__rule_version", "clock__subject_kind",
            "clock__subject_id", "clock__subject_label", "clock__subject_number", "clock__due_on", "clock__office_id",
            "clock__owner_id",
        )
    ]  # fmt: skip
