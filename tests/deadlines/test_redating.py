"""A notice re-dates running clocks by groups: the same rows as if each had been replayed from its own facts."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from bench.next_notice import next_notice
from deadlines.actions.clocks import Subject, exclude_days, extend_clock, facts_of, fix_due, start_clock, suspend_clock
from deadlines.actions.law import publish_calendar
from deadlines.actions.reminders import sending_opens
from deadlines.ladder import rungs_of, still_to_tell
from deadlines.models import CalendarNotice, CalendarReport, Clock, Reminder, ReminderState
from deadlines.queries import current_calendar, ladder_steps, rule_book
from deadlines.replay import DueDate, due_of
from deadlines.workdays import Interval
from tests.builders import SYSTEM, City, make_city, moment
from tests.conftest import load_the_law

RULES = ("lead_verification", "case_handling", "fine_payment", "case_closing", "court_enforcement_application")
NOW = moment("2026-12-28")


@pytest.fixture
def clocks(city: City) -> City:
    """Clocks of several rules over two months, four of each kind per day; some extended, paused, fixed or suspended."""
    number = 0
    for rule in RULES:
        for shift in range(0, 60, 5):
            for _ in range(2):
                number += 1
                _start(city, rule, number, NOW.date() - timedelta(days=shift))
    for kind, clock in enumerate(Clock.objects.filter(rule__in=["lead_verification", "case_handling"]).order_by("id")):
        _tell_apart(city, clock, kind % 7)
    _start(city, "emergency_coercive_report", 900, None)
    _start(city, "hearing_notice_before", 901, date(2027, 2, 18))
    return city


def _start(city: City, rule: str, number: int, origin_on: date | None) -> Clock:
    subject = Subject("case", number, f"案件{number}", city.east_squad, city.east_handler)
    at = NOW - timedelta(days=1) if origin_on is None else None
    return start_clock(rule=rule, subject=subject, origin_on=origin_on, origin_at=at, actor=SYSTEM, at=NOW)


def _tell_apart(city: City, clock: Clock, kind: int) -> None:
    head, day = city.east_director, clock.origin_on + timedelta(days=1)
    if kind == 0 and clock.due_on is not None and clock.due_on >= NOW.date():
        extend_clock(clock_id=clock.pk, approved_by=head, reason="复杂", actor=head, at=NOW)
    elif kind == 1 and day <= NOW.date():
        days = Interval(day, day + timedelta(days=3))
        exclude_days(clock_id=clock.pk, ground="检测", days=days, approved_by=head, reason="检测", actor=head, at=NOW)
    elif kind == 2:
        fix_due(clock_id=clock.pk, due_on=date(2027, 2, 8), reason="文书载明", actor=head, at=NOW)
    elif kind == 3 and day <= NOW.date():
        suspend_clock(
            clock_id=clock.pk, ground="检测", starts_on=day, approved_by=head, reason="检测", actor=head, at=NOW
        )


def test_a_new_year_gives_every_running_clock_the_due_date_its_facts_imply(clocks: City) -> None:
    before = {clock.pk: clock for clock in Clock.objects.all()}
    _publish()
    calendar, book = current_calendar(), rule_book()
    lines = {line.clock_id: line for line in CalendarReport.objects.get(notice__year=2027).lines.all()}
    assert lines
    moved = 0
    for clock in Clock.objects.prefetch_related("suspensions", "extensions"):
        old = before[clock.pk]
        due = due_of(facts_of(clock), book.version(clock.rule_version), calendar)
        stored = (clock.due_on, clock.due_nominal_on, clock.due_at, clock.is_provisional)
        assert stored == ((due.on, due.nominal_on, due.at, due.provisional) if due else (None, None, None, False))
        changed = stored != (old.due_on, old.due_nominal_on, old.due_at, old.is_provisional)
        assert (clock.calendar_version == calendar.version) is changed is (clock.pk in lines)
        if changed:
            line = lines[clock.pk]
            assert (line.due_before, line.due_after, line.was_provisional) == (
                old.due_on,
                clock.due_on,
                old.is_provisional,
            )
        assert clock.moves.filter(name="calendar").exists() is (clock.due_on != old.due_on)
        moved += clock.due_on != old.due_on
    assert 0 < moved < len(lines)


def test_after_a_new_year_the_reminders_are_those_the_present_due_dates_imply(clocks: City) -> None:
    _publish()
    _assert_reminders_are_implied()


def test_an_amended_notice_takes_back_what_it_changed(clocks: City) -> None:
    _publish()
    dates = dict(Clock.objects.values_list("pk", "due_on"))
    amended = next_notice().replace(b"2027-02-14", b"2027-02-20")
    _publish(amended)
    report = CalendarReport.objects.order_by("-id")[0]
    assert 0 < report.changed < report.examined
    _assert_reminders_are_implied()
    _publish(next_notice() + b"\n")
    assert dict(Clock.objects.values_list("pk", "due_on")) == dates
    _assert_reminders_are_implied()


def test_a_reminder_on_a_new_day_off_moves_though_the_due_date_was_fixed_by_hand(clocks: City) -> None:
    waiting = Reminder.objects.filter(state=ReminderState.PENDING, clock__fixed_due_on__isnull=False)
    before = dict(waiting.values_list("pk", "fire_at"))
    _publish()
    after = dict(waiting.values_list("pk", "fire_at"))
    assert before.keys() == after.keys()
    assert before != after
    assert all(current_calendar().is_working(fire_at.date()) for fire_at in after.values())
    assert not CalendarReport.objects.get(notice__year=2027).lines.filter(clock__fixed_due_on__isnull=False).exists()


def test_a_notice_that_says_what_the_law_already_said_writes_nothing_but_its_report(city: City) -> None:
    clock = _start(city, "case_closing", 1, date(2026, 3, 2))
    _publish()
    report = CalendarReport.objects.get(notice__year=2027)
    assert (report.examined, report.changed) == (0, 0)
    assert Clock.objects.get().calendar_version == clock.calendar_version


def _publish(raw: bytes | None = None) -> CalendarNotice:
    notice = publish_calendar(raw=raw or next_notice(), source="2027.json", actor=SYSTEM, at=NOW)
    assert notice is not None
    return notice


def _assert_reminders_are_implied() -> None:
    """What waits is implied; what is implied and still to be told waits, or was told."""
    calendar, book, steps = current_calendar(), rule_book(), ladder_steps()
    for clock in Clock.objects.exclude(due_at=None).prefetch_related("reminders"):
        assert clock.due_on is not None
        assert clock.due_at is not None
        version = book.version(clock.rule_version)
        due = DueDate(clock.due_on, clock.due_on, clock.due_at, False)
        rungs = rungs_of(version, due, calendar, steps["hours" if clock.origin_at else "days"], sending_opens())
        rows = {row.rung: row for row in clock.reminders.all() if row.for_due_at == clock.due_at}
        waiting = {row.rung: row.fire_at for row in clock.reminders.all() if row.state == ReminderState.PENDING}
        implied = {rung.name: rung.fire_at for rung in rungs}
        assert waiting.items() <= implied.items()
        for rung in still_to_tell(rungs, NOW):
            assert rows[rung.name].state != ReminderState.VOID
            assert rows[rung.name].fire_at == rung.fire_at


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer at a time: there is no such moment"
)
def test_a_clock_started_while_a_notice_comes_into_force_is_counted_with_it(transactional_db: None) -> None:
    load_the_law()
    city = make_city()
    published = threading.Event()

    def publish() -> None:
        try:
            with transaction.atomic():
                _start(city, "case_closing", 1, NOW.date())
                _publish()
                published.set()
                _wait_until_somebody_waits()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        publishing = pool.submit(publish)
        assert published.wait(20)
        clock = _start(city, "case_closing", 2, NOW.date())
        publishing.result(timeout=20)
    assert clock.calendar_version == CalendarNotice.objects.get(year=2027).pk
    assert not clock.is_provisional


def _wait_until_somebody_waits() -> None:
    """For the clock table's lock, which this transaction has."""
    with connection.cursor() as cursor:
        for _ in range(2000):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'deadlines_clock'::regclass")
            if cursor.fetchone() != (0,):
                return
            cursor.execute("SELECT pg_sleep(0.01)")
    raise AssertionError("nobody waited")
