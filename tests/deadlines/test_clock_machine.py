"""Random lives of clocks: whatever the verbs and the calendar did, facts, due dates, reminders and notices agree."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import User
from core.errors import Refusal
from deadlines.actions.clocks import (
    Subject,
    cancel_clock,
    exclude_days,
    extend_clock,
    facts_of,
    fix_due,
    hand_over_clocks,
    local_day,
    meet_clock,
    resume_clock,
    start_clock,
    suspend_clock,
)
from deadlines.actions.law import publish_calendar
from deadlines.actions.reminders import sending_opens, sweep_reminders
from deadlines.ladder import Rung, rungs_of
from deadlines.models import Clock, ClockMove, Extension, Reminder, Suspension
from deadlines.queries import current_calendar, ladder_steps, rule_version_of
from deadlines.replay import DueDate, due_of
from deadlines.states import OPEN_STATES
from deadlines.workdays import Interval
from deadlines.yearplans import DATA
from notices.models import Notice
from tests.builders import SYSTEM, City, moment

# Those that can stand still or be extended come more often: the others have little to live through.
RULES = (
    "case_handling", "case_handling", "case_handling", "lead_verification", "lead_verification", "seizure", "legal_review",
    "statement_defence", "emergency_evidence_registration_report", "supervised_case_progress_report", "limitation_2y",
)  # fmt: skip
PLAN_2026 = json.loads((DATA / "calendars/2026.json").read_bytes())
whole_days = st.integers(min_value=0, max_value=15)


class ClockLives(RuleBasedStateMachine):
    """A handful of clocks in one city; the clock on the wall only goes forward."""

    city: City

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now = moment("2026-03-02T09:30")
        self.clocks: list[int] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    # ---- what may happen ----------------------------------------------------

    @initialize(names=st.lists(st.sampled_from(RULES), min_size=2, max_size=3))
    def begin(self, names: list[str]) -> None:
        for name in names:
            self.start(name, 0)

    @rule(name=st.sampled_from(RULES), days_ago=st.integers(0, 40))
    def start(self, name: str, days_ago: int) -> None:
        number = len(self.clocks) + 1
        if number > 6 or not self.owner().is_active:
            return
        subject = self.subject(number, self.owner())
        at = self.now - timedelta(days=days_ago)
        self.clocks.append(start_clock(rule=name, subject=subject, origin_at=at, actor=SYSTEM, at=self.now).pk)

    @precondition(lambda self: self.clocks)
    @rule(data=st.data(), days=st.integers(0, 3))
    def suspend(self, data: st.DataObject, days: int) -> None:
        clock = self.pick(data, ["running"])
        starts_on = local_day(self.now) - timedelta(days=days)
        self.attempt(
            lambda: suspend_clock(
                clock_id=clock.pk, ground=self.ground(data, clock), starts_on=starts_on,
                approved_by=self.city.east_head, reason="等待鉴定", actor=SYSTEM, at=self.now,
            )
        )  # fmt: skip

    @precondition(lambda self: self.clocks)
    @rule(data=st.data(), days=st.integers(0, 5))
    def resume(self, data: st.DataObject, days: int) -> None:
        clock = self.pick(data, ["suspended"])
        day = local_day(self.now) - timedelta(days=days)
        self.attempt(lambda: resume_clock(clock_id=clock.pk, resumes_on=day, reason="恢复", actor=SYSTEM, at=self.now))

    @precondition(lambda self: self.clocks)
    @rule(data=st.data())
    def suspend_and_resume_the_same_day(self, data: st.DataObject) -> None:
        clock = self.pick(data)
        before = self.due_and_rows(clock)
        today = local_day(self.now)

        def both() -> None:
            suspend_clock(
                clock_id=clock.pk, ground=self.ground(data, clock), starts_on=today,
                approved_by=self.city.east_head, reason="误操作", actor=SYSTEM, at=self.now,
            )  # fmt: skip
            resume_clock(clock_id=clock.pk, resumes_on=today, reason="误操作", actor=SYSTEM, at=self.now)

        self.sweep()
        before = self.due_and_rows(clock)
        self.attempt(both)
        assert self.due_and_rows(clock) == before

    @precondition(lambda self: self.clocks)
    @rule(data=st.data(), start=st.integers(-20, 20), length=st.integers(1, 15))
    def exclude(self, data: st.DataObject, start: int, length: int) -> None:
        clock = self.pick(data)
        first = local_day(self.now) + timedelta(days=start)
        self.attempt(
            lambda: exclude_days(
                clock_id=clock.pk, ground=self.ground(data, clock),
                days=Interval(first, first + timedelta(days=length)), approved_by=self.city.east_head, reason="送检",
                actor=SYSTEM, at=self.now,
            )
        )  # fmt: skip

    @precondition(lambda self: self.clocks)
    @rule(data=st.data(), amount=st.none() | st.integers(1, 40))
    def extend(self, data: st.DataObject, amount: int | None) -> None:
        clock = self.pick(data)
        self.attempt(
            lambda: extend_clock(
                clock_id=clock.pk, approved_by=self.city.east_head, reason="案情复杂", actor=SYSTEM, at=self.now,
                amount=amount,
            )
        )  # fmt: skip

    @precondition(lambda self: self.clocks)
    @rule(data=st.data(), days=st.integers(-5, 60), often=st.integers(0, 3))
    def fix(self, data: st.DataObject, days: int, often: int) -> None:
        clock = self.pick(data)
        if often:
            return
        day = local_day(self.now) + timedelta(days=days)
        self.attempt(lambda: fix_due(clock_id=clock.pk, due_on=day, reason="通知书载明", actor=SYSTEM, at=self.now))

    @precondition(lambda self: self.clocks)
    @rule(data=st.data())
    def hand_over(self, data: st.DataObject) -> None:
        clock = self.pick(data)
        owner = data.draw(st.sampled_from([self.city.east_handler2, self.city.east_handler]))
        subject = self.subject(clock.subject_id, owner)
        self.attempt(lambda: hand_over_clocks(subject=subject, from_owner=clock.owner, actor=SYSTEM, at=self.now))

    @precondition(lambda self: self.clocks)
    @rule(data=st.data(), often=st.integers(0, 3))
    def meet(self, data: st.DataObject, often: int) -> None:
        clock = self.pick(data)
        if often:
            return
        self.attempt(lambda: meet_clock(clock_id=clock.pk, on=local_day(self.now), actor=SYSTEM, at=self.now))
        self.clocks = list(Clock.objects.filter(subject_kind="machine").values_list("id", flat=True))

    @precondition(lambda self: self.clocks)
    @rule(data=st.data(), often=st.integers(0, 3))
    def cancel(self, data: st.DataObject, often: int) -> None:
        clock = self.pick(data)
        if often:
            return
        self.attempt(lambda: cancel_clock(clock_id=clock.pk, reason="移送", actor=SYSTEM, at=self.now))

    @rule(is_active=st.booleans())
    def come_and_go(self, is_active: bool) -> None:
        User.objects.filter(pk=self.city.east_handler.pk).update(is_active=is_active)

    @rule(name=st.sampled_from(["清明节", "劳动节", "端午节", "国庆节"]), more=st.integers(0, 4))
    def amend_the_calendar(self, name: str, more: int) -> None:
        """The plan of 2026 as published, but for one holiday that goes on longer, paid for by as many working weekends."""
        last = max(
            date.fromisoformat(day["date"]) for day in PLAN_2026["days"] if day["name"] == name and day["isOffDay"]
        )
        off = [last + timedelta(days=1 + number) for number in range(more)]
        given = {day["date"] for day in PLAN_2026["days"]}
        weekends = [day for day in (last + timedelta(days=9 + n) for n in range(60)) if day.weekday() >= 5]
        owed = sum(day.weekday() < 5 or str(day) in given for day in off)
        work = [day for day in weekends if str(day) not in given][:owed]
        days = [day for day in PLAN_2026["days"] if day["date"] not in map(str, off)]
        days += [{"name": name, "date": str(day), "isOffDay": day in off} for day in [*off, *work]]
        raw = json.dumps({**PLAN_2026, "days": days}).encode()
        self.attempt(lambda: publish_calendar(raw=raw, source="修订", actor=SYSTEM, at=self.now))

    @rule(days=whole_days, hours=st.integers(0, 23))
    def time_passes(self, days: int, hours: int) -> None:
        self.now += timedelta(days=days, hours=hours)

    @rule()
    def sweep(self) -> None:
        """Exactly what is due is told, to whoever stands behind the audience now."""
        wanted: Counter[tuple[int, int, str]] = Counter()
        for row in Reminder.objects.filter(state="pending", fire_at__lte=self.now).select_related("clock__owner"):
            for who in self.audience(row):
                wanted[who.pk, row.clock.subject_id, f"deadline_{row.rung}"] += 1
        newest = Notice.objects.order_by("-id").values_list("id", flat=True).first() or 0
        sweep_reminders(at=self.now)
        told = Notice.objects.filter(pk__gt=newest).values_list("recipient_id", "subject_id", "kind")
        assert Counter(told) == wanted
        assert not Reminder.objects.filter(state="pending", fire_at__lte=self.now).exists()

    # ---- what must always hold ----------------------------------------------

    @invariant()
    def the_stored_due_date_is_what_the_facts_replay_to(self) -> None:
        for clock in Clock.objects.filter(subject_kind="machine", state__in=OPEN_STATES):
            due = due_of(facts_of(clock), rule_version_of(clock), current_calendar())
            stored = DueDate(clock.due_on, clock.due_nominal_on, clock.due_at, clock.is_provisional)  # type: ignore[arg-type]  # None while suspended
            assert stored == (due or DueDate(None, None, None, False))  # type: ignore[arg-type]  # as above
            assert (due is None) == (clock.state == "suspended")

    @invariant()
    def every_clock_has_exactly_the_reminders_its_rule_implies(self) -> None:
        for clock in Clock.objects.filter(subject_kind="machine"):
            rungs = {rung.name: rung for rung in self.rungs(clock)}
            rows = {row.rung: row for row in clock.reminders.all() if row.for_due_at == clock.due_at}
            pending = {(row.for_due_at, row.rung) for row in clock.reminders.filter(state="pending")}
            assert pending <= {(clock.due_at, name) for name in rungs}
            for name, rung in rungs.items():
                self.check(rows.get(name), rung, rungs)

    def check(self, row: Reminder | None, rung: Rung, rungs: dict[str, Rung]) -> None:
        later = [
            other
            for other in rungs.values()
            if other.audience == rung.audience and rung.fire_at < other.fire_at <= self.now
        ]
        if row is None or row.state == "void":
            assert later or (rung.fire_at <= self.now and self._same_moment(rung, rungs))
        elif row.state == "pending":
            assert row.fire_at == rung.fire_at

    def _same_moment(self, rung: Rung, rungs: dict[str, Rung]) -> bool:
        """Of two rungs past at the same moment for the same people one is enough."""
        return any(
            other.name != rung.name and other.audience == rung.audience and other.fire_at == rung.fire_at
            for other in rungs.values()
        )

    # ---- the means ----------------------------------------------------------

    def subject(self, number: int, owner: User) -> Subject:
        return Subject("machine", number, f"事项{number}", self.city.east_squad, owner, f"事项{number}")

    def owner(self) -> User:
        return User.objects.get(pk=self.city.east_handler.pk)

    def pick(self, data: st.DataObject, states: Sequence[str] = OPEN_STATES) -> Clock:
        """One in these states, if there is."""
        fit = list(
            Clock.objects.filter(pk__in=self.clocks, state__in=states).order_by("pk").values_list("pk", flat=True)
        )
        return Clock.objects.select_related("owner").get(pk=data.draw(st.sampled_from(fit or self.clocks)))

    def ground(self, data: st.DataObject, clock: Clock) -> str:
        return data.draw(st.sampled_from(rule_version_of(clock).excluded_grounds or ("中止",)))

    def audience(self, row: Reminder) -> list[User]:
        if row.audience == "supervising_office":
            return [self.city.supervisor]
        if row.audience == "unit_head" or not row.clock.owner.is_active:
            return [self.city.east_head]
        return [row.clock.owner]

    def rungs(self, clock: Clock) -> list[Rung]:
        if clock.state != "running":
            return []
        assert clock.due_on and clock.due_at and clock.due_nominal_on
        version = rule_version_of(clock)
        due = DueDate(clock.due_on, clock.due_nominal_on, clock.due_at, clock.is_provisional)
        steps = ladder_steps()["hours" if version.unit.value == "hour" else "days"]
        return rungs_of(version, due, current_calendar(), steps, sending_opens())

    def due_and_rows(self, clock: Clock) -> object:
        clock.refresh_from_db()
        rows = [row for row in clock.reminders.order_by("id") if row.for_due_at == clock.due_at]
        return clock.state, clock.due_on, clock.due_at, [(row.pk, row.rung, row.fire_at, row.state) for row in rows]

    def attempt(self, act: Callable[[], object]) -> None:
        """Do it; when it is refused, nothing may have changed."""
        before = self.everything()
        with suppress(Refusal):
            with transaction.atomic():
                act()
            return
        assert self.everything() == before

    def everything(self) -> list[list[dict[str, Any]]]:
        models: list[type[Model]] = [Clock, Reminder, Suspension, Extension, ClockMove, Notice]
        return [list(model._default_manager.order_by("pk").values()) for model in models]


def live(city: City, *, examples: int, steps: int, **more: Any) -> None:
    machine = type("Lives", (ClockLives,), {"city": city})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=[Phase.generate],  # shrinking a life of database work takes longer than any test may
            suppress_health_check=list(HealthCheck),
            **more,
        ),
    )


def test_clocks_reminders_and_notices_agree_after_any_sequence(city: City) -> None:
    live(city, examples=25, steps=20, derandomize=True)


@pytest.mark.slow
@pytest.mark.timeout(480)
def test_clocks_reminders_and_notices_agree_after_hundreds_of_random_sequences(city: City) -> None:
    live(city, examples=200, steps=30)
