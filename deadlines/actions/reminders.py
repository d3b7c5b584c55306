"""Reminders: rows written with the clock, claimed by a sweep that tells people in the same transaction."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.models import Office, User
from accounts.queries import OFFICE_WITH_ANCESTORS, heads_of, supervisors_of
from deadlines.ladder import rungs_of, still_to_tell
from deadlines.models import Clock, Heartbeat, Reminder, ReminderState
from deadlines.queries import SWEEP, current_calendar, ladder_steps, rule_book
from deadlines.replay import DueDate
from deadlines.rules import RuleBook, RuleVersion
from deadlines.states import ClockState
from notices.actions import NewNotice, post_notices

BATCH = 2000
LATE_AFTER = timedelta(minutes=10)
URGENT_AUDIENCES = frozenset({"unit_head", "supervising_office"})


def schedule_reminders(clock: Clock, version: RuleVersion, *, at: datetime) -> None:
    """Make the clock's pending reminders exactly those its rule implies for its present due value.

    Call it in the transaction that changed the clock. What was already told stays told.
    """
    if clock.state != ClockState.RUNNING or clock.due_on is None or clock.due_at is None:
        void_reminders(clock)
        return
    clock.reminders.filter(state=ReminderState.PENDING).exclude(for_due_at=clock.due_at).update(
        state=ReminderState.VOID
    )
    due = DueDate(clock.due_on, clock.due_nominal_on or clock.due_on, clock.due_at, clock.is_provisional)
    steps = ladder_steps()["hours" if version.unit.value == "hour" else "days"]
    rungs = rungs_of(version, due, current_calendar(), steps, sending_opens())
    known = {row.rung: row for row in clock.reminders.filter(for_due_at=clock.due_at)}
    revived = [
        known[rung.name].pk for rung in rungs if rung.name in known and known[rung.name].state == ReminderState.VOID
    ]
    if revived:
        Reminder.objects.filter(pk__in=revived).update(state=ReminderState.PENDING)
    Reminder.objects.bulk_create(
        Reminder(clock=clock, for_due_at=due.at, rung=rung.name, audience=rung.audience, fire_at=rung.fire_at)
        for rung in still_to_tell(rungs, at)
        if rung.name not in known
    )


def void_reminders(clock: Clock) -> None:
    """A clock that ended or stands still has nothing more to say."""
    clock.reminders.filter(state=ReminderState.PENDING).update(state=ReminderState.VOID)


def sending_opens() -> time:
    return time.fromisoformat(settings.SENDING_HOURS[0])


def sweep_reminders(*, at: datetime, batch: int = BATCH) -> int:
    """Tell everybody whatever has become due, in batches of one transaction each; how many reminders were handled.

    Idempotent and late-safe: a reminder is claimed and its notices are written in one transaction, so a killed sweep
    leaves either both or neither; two sweeps skip each other's rows; what waited while no sweep ran is marked late.
    """
    handled = 0
    people = Recipients()
    while count := _sweep_batch(at, batch, people):
        handled += count
    with transaction.atomic():
        Heartbeat.objects.update_or_create(name=SWEEP, defaults={"beat_at": at, "handled": handled})
    return handled


class Due(NamedTuple):
    """A claimed reminder with what its notice says."""

    id: int
    rung: str
    audience: str
    fire_at: datetime
    for_due_at: datetime
    clock_id: int
    rule_version: str
    subject_kind: str
    subject_id: int
    subject_label: str
    due_on: object
    office_id: int
    owner_id: int


class Recipients:
    """Who stands behind an audience, asked once per office and sweep."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], list[int]] = {}
        self._active: dict[int, bool] = {}
        self._offices: dict[int, Office] = {}

    def load(self, due: Iterable[Due]) -> None:
        owners = {row.owner_id for row in due} - self._active.keys()
        if owners:
            self._active |= dict(User.objects.filter(pk__in=owners).values_list("pk", "is_active"))
        offices = {row.office_id for row in due} - self._offices.keys()
        if offices:
            self._offices |= Office.objects.select_related(*OFFICE_WITH_ANCESTORS).in_bulk(offices)

    def of(self, audience: str, row: Due) -> list[int]:
        """The user ids to tell. An owner who has left is stood in for by the head; a missing head by the supervisor."""
        if audience == "owner" and self._active.get(row.owner_id):
            return [row.owner_id]
        key = (audience, row.office_id)
        if key not in self._known:
            office = self._offices[row.office_id]
            chain = [supervisors_of] if audience == "supervising_office" else [heads_of, supervisors_of]
            found: list[User] = []
            for people in chain:
                found = found or people(office)
            self._known[key] = [user.pk for user in found]
        return self._known[key]


@transaction.atomic
def _sweep_batch(at: datetime, batch: int, people: Recipients) -> int:
    due = _claim(at, batch)
    if not due:
        return 0
    people.load(due)
    book = rule_book()
    notices: list[NewNotice] = []
    stuck: list[int] = []
    for row in due:
        recipients = people.of(row.audience, row)
        if not recipients:
            stuck.append(row.id)
        notices += [_notice(row, recipient, book, at) for recipient in recipients]
    post_notices(notices, at=at)
    claimed = Reminder.objects.filter(pk__in=[row.id for row in due])
    if stuck:
        claimed.filter(pk__in=stuck).update(state=ReminderState.STUCK, fired_at=at)
        claimed = claimed.exclude(pk__in=stuck)
    claimed.update(state=ReminderState.SENT, fired_at=at)
    return len(due)


def _claim(at: datetime, batch: int) -> list[Due]:
    """Lock a batch of due rows that no other sweep holds.

    On SQLite the transaction began IMMEDIATE: nobody else can be writing until it ends.
    """
    rows: QuerySet[Reminder] = Reminder.objects.filter(state=ReminderState.PENDING, fire_at__lte=at)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    return [
        Due(*values)
        for values in rows.order_by("fire_at", "id").values_list(
            "id", "rung", "audience", "fire_at", "for_due_at", "clock_id", "clock__rule_version", "clock__subject_kind",
            "clock__subject_id", "clock__subject_label", "clock__due_on", "clock__office_id", "clock__owner_id",
        )[:batch]
    ]  # fmt: skip


def _notice(row: Due, recipient_id: int, book: RuleBook, at: datetime) -> NewNotice:
    rule = book.version(row.rule_version)
    return NewNotice(
        recipient_id=recipient_id,
        kind=f"deadline_{row.rung}"[:30],
        key=f"clock:{row.clock_id}:{row.for_due_at.timestamp():.0f}:{row.rung}",
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        title=f"{_headline(row.rung)}：{rule.name_zh}——{row.subject_label}",
        body=f"届满日{row.due_on}（{rule.instrument}{rule.article}）",
        is_urgent=row.audience in URGENT_AUDIENCES or rule.unit.value == "hour",
        is_late=at - row.fire_at > LATE_AFTER,
    )


def _headline(rung: str) -> str:
    if rung.startswith("warn_"):
        return "期限临近"
    return {"due": "今日届满", "lapsed": "期限已届满", "overdue_owner": "已逾期"}.get(rung, "逾期未办，请督促")
