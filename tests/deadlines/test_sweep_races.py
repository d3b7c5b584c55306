"""Sweeps against sweeps, and sweeps against verbs, each in a thread with a connection of its own."""

import random
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from deadlines.actions.clocks import Subject, cancel_clock, hand_over_clocks, meet_clock, suspend_clock
from deadlines.actions.reminders import sweep_reminders
from deadlines.models import Clock, Reminder
from notices.actions import NewNotice, post_notices
from notices.models import Notice
from tests.builders import NOW, SYSTEM, City, make_city, moment
from tests.conftest import load_the_law
from tests.deadlines.sweeping import run_clock, told

pytestmark = pytest.mark.django_db(transaction=True)
needs_row_locks = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer at a time: there is no such moment"
)

WARN_3 = moment("2026-03-18T09:00")


@pytest.fixture
def busy_city(transactional_db: None) -> City:
    load_the_law()
    return make_city()


@contextmanager
def threads(count: int) -> Iterator[Callable[[Callable[[], object]], Future[object]]]:
    """Run functions beside the test; what they raise is raised here, their connections are closed."""
    with ThreadPoolExecutor(count) as pool:
        begun: list[Future[object]] = []

        def begin(work: Callable[[], object]) -> Future[object]:
            def run() -> object:
                try:
                    return work()
                finally:
                    connection.close()

            begun.append(pool.submit(run))
            return begun[-1]

        yield begin
        for future in begun:
            future.result(timeout=60)


def test_sweeps_at_the_same_time_tell_everything_once(busy_city: City) -> None:
    for number in range(120):
        run_clock(busy_city, number)

    with threads(4) as begin:
        sweeps = [begin(lambda: sweep_reminders(at=WARN_3 + timedelta(days=90), batch=25)) for _ in range(4)]
    sweep_reminders(at=WARN_3 + timedelta(days=90))

    assert sum(int(str(sweep.result())) for sweep in sweeps) <= 720
    assert Notice.objects.count() == Reminder.objects.filter(state="sent").count() == 720


@needs_row_locks
def test_a_sweep_passes_by_a_clock_that_is_being_ended(busy_city: City) -> None:
    clock, other = run_clock(busy_city, 1), run_clock(busy_city, 2)
    ended, swept = threading.Event(), threading.Event()

    def end() -> None:
        with transaction.atomic():
            cancel_clock(clock_id=clock.pk, reason="移送", actor=SYSTEM, at=NOW)
            ended.set()
            assert swept.wait(20)

    with threads(1) as begin:
        begin(end)
        assert ended.wait(20)
        assert sweep_reminders(at=WARN_3) == 1
        swept.set()
    sweep_reminders(at=WARN_3 + timedelta(days=90))

    assert not Notice.objects.filter(subject_id=clock.subject_id).exists()
    assert Notice.objects.filter(subject_id=other.subject_id).count() == 6


@needs_row_locks
def test_a_sweep_passes_by_a_clock_that_is_being_handed_over_and_tells_the_new_owner(busy_city: City) -> None:
    clock = run_clock(busy_city)
    handed, swept = threading.Event(), threading.Event()

    def hand_over() -> None:
        subject = Subject("lead", 1, clock.subject_label, busy_city.west_squad, busy_city.west_handler)
        with transaction.atomic():
            hand_over_clocks(subject=subject, from_owner=busy_city.east_handler, actor=SYSTEM, at=NOW)
            handed.set()
            assert swept.wait(20)

    with threads(1) as begin:
        begin(hand_over)
        assert handed.wait(20)
        assert sweep_reminders(at=WARN_3) == 0
        swept.set()
    sweep_reminders(at=WARN_3)

    assert told(busy_city.east_handler) == []
    assert told(busy_city.west_handler) == ["deadline_warn_3_working_day"]


@needs_row_locks
def test_a_verb_waits_for_the_sweep_that_is_telling_of_its_clock(
    busy_city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = run_clock(busy_city)
    claimed, may_go_on = threading.Event(), threading.Event()

    def post_slowly(notices: Sequence[NewNotice], *, at: datetime) -> None:
        claimed.set()
        assert may_go_on.wait(20)
        post_notices(notices, at=at)

    monkeypatch.setattr("deadlines.actions.reminders.post_notices", post_slowly)
    with threads(2) as begin:
        begin(lambda: sweep_reminders(at=WARN_3))
        assert claimed.wait(20)
        ending = begin(lambda: cancel_clock(clock_id=clock.pk, reason="移送", actor=SYSTEM, at=NOW))
        with pytest.raises(TimeoutError):
            ending.result(timeout=0.5)
        may_go_on.set()
    sweep_reminders(at=WARN_3 + timedelta(days=90))

    assert told(busy_city.east_handler) == ["deadline_warn_3_working_day"]
    assert {row.state for row in clock.reminders.all()} == {"sent", "void"}


def test_nobody_is_told_after_the_verb_that_ended_suspended_or_handed_over_has_committed(busy_city: City) -> None:
    """Random verbs on eighty clocks against two sweeps that never rest; each verb counts what had been told when it was done."""
    seed = 20260318
    chance = random.Random(seed)
    clocks = [run_clock(busy_city, number, rule="case_handling") for number in range(80)]
    Reminder.objects.update(fire_at=NOW)
    told_until_done: dict[int, int] = {}
    still_working = threading.Event()
    still_working.set()
    verbs: list[Callable[[Clock], object]] = [
        lambda clock: meet_clock(clock_id=clock.pk, on=NOW.date(), actor=SYSTEM, at=NOW),
        lambda clock: cancel_clock(clock_id=clock.pk, reason="移送", actor=SYSTEM, at=NOW),
        lambda clock: suspend_clock(
            clock_id=clock.pk, ground="中止", starts_on=NOW.date() + timedelta(days=1), approved_by=busy_city.east_head,
            reason="等待鉴定", actor=SYSTEM, at=NOW + timedelta(days=1),
        ),
    ]  # fmt: skip

    def act(mine: list[Clock]) -> None:
        for clock in mine:
            chance.choice(verbs)(clock)
            told_until_done[clock.subject_id] = Notice.objects.filter(subject_id=clock.subject_id).count()

    def sweep() -> None:
        while still_working.is_set():
            sweep_reminders(at=NOW, batch=7)

    with threads(4) as begin:
        begin(sweep)
        begin(sweep)
        acting = [begin(lambda: act(clocks[:40])), begin(lambda: act(clocks[40:]))]
        for future in acting:
            future.exception(timeout=60)
        still_working.clear()
    sweep_reminders(at=NOW)

    after = {clock.subject_id: Notice.objects.filter(subject_id=clock.subject_id).count() for clock in clocks}
    assert after == told_until_done, f"seed {seed}"
    assert Notice.objects.count() == Reminder.objects.filter(state="sent").count()
