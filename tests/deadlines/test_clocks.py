"""What happens in the life of a clock, counted by hand."""

from datetime import UTC, date, datetime

from deadlines.actions.clocks import (
    Subject,
    cancel_clock,
    extend_clock,
    fix_due,
    hand_over_clocks,
    meet_clock,
    resume_clock,
    start_clock,
    suspend_clock,
)
from deadlines.models import Clock, Reminder
from deadlines.queries import rule_version_of
from deadlines.states import ClockState
from tests.builders import SYSTEM, City, moment
from tests.deadlines.clock_builders import exclude, start, subject


def suspend(city: City, clock: Clock, day: str) -> Clock:
    return suspend_clock(
        clock_id=clock.pk, ground="中止", starts_on=date.fromisoformat(day), approved_by=city.east_director,
        reason="等待裁判结果", actor=city.east_director, at=moment(day),
    )  # fmt: skip


def resume(city: City, clock: Clock, day: str, at: str = "") -> Clock:
    return resume_clock(
        clock_id=clock.pk, resumes_on=date.fromisoformat(day), reason="已有结果", actor=city.east_director,
        at=moment(at or day),
    )  # fmt: skip


def extend(city: City, clock: Clock, at: str, amount: int | None = None) -> Clock:
    return extend_clock(
        clock_id=clock.pk, approved_by=city.east_director, reason="案情复杂", amount=amount, actor=city.east_director,
        at=moment(at),
    )  # fmt: skip


def pending(clock: Clock) -> list[str]:
    """The rungs still to come with their days."""
    rows = Reminder.objects.filter(clock=clock, state="pending").order_by("fire_at")
    return [f"{row.rung} {row.fire_at:%m-%d}" for row in rows]


def test_ninety_days_from_filing_end_on_a_working_day(city: City) -> None:
    """2026-03-02 + 90: 29 days of March, 30 of April, 31 of May; the 90th is Sunday 2026-05-31."""
    clock = start(city, "case_handling", "2026-03-02")
    assert (str(clock.due_on), str(clock.due_nominal_on)) == ("2026-06-01", "2026-05-31")
    assert clock.due_at == moment("2026-06-02T00:00")
    assert not clock.is_provisional


def test_a_suspended_case_has_no_due_date_and_gets_its_days_back(city: City) -> None:
    """WE27: filed 2026-03-02, suspended from 03-31 to 05-15 included: due Thursday 2026-07-16."""
    clock = start(city, "case_handling", "2026-03-02")
    clock = suspend(city, clock, "2026-03-31")
    assert (clock.state, clock.due_on, clock.due_nominal_on, clock.due_at) == ("suspended", None, None, None)
    assert pending(clock) == []
    clock = resume(city, clock, "2026-05-16")
    assert (clock.state, str(clock.due_on)) == ("running", "2026-07-16")
    assert pending(clock)[-4:] == [
        "due 07-16", "overdue_owner 07-17", "overdue_unit_head 07-20", "overdue_supervising_office 07-22",
    ]  # fmt: skip
    assert [(move.name, str(move.due_before), str(move.due_after)) for move in clock.moves.order_by("id")] == [
        ("start", "None", "2026-06-01"),
        ("suspend", "2026-06-01", "None"),
        ("resume", "None", "2026-07-16"),
    ]


def test_suspended_and_resumed_on_one_day_loses_no_day(city: City) -> None:
    clock = start(city, "case_handling", "2026-03-02")
    suspend(city, clock, "2026-03-31")
    clock = resume(city, clock, "2026-03-31")
    assert str(clock.due_on) == "2026-06-01"
    assert clock.suspensions.count() == 0


def test_a_second_suspension_adds_to_the_first(city: City) -> None:
    """Ten days from 03-10 and five from 04-01: 90 + 15 days after 2026-03-02 is Monday 2026-06-15."""
    clock = start(city, "case_handling", "2026-03-02")
    suspend(city, clock, "2026-03-10")
    resume(city, clock, "2026-03-20")
    suspend(city, clock, "2026-04-01")
    clock = resume(city, clock, "2026-04-06")
    assert (str(clock.due_nominal_on), str(clock.due_on)) == ("2026-06-15", "2026-06-15")


def test_both_extensions_add_to_the_count_and_the_last_day_alone_is_rolled(city: City) -> None:
    """90 + 30 days: Tuesday 2026-06-30. With 45 more by collective discussion: Friday 2026-08-14."""
    clock = start(city, "case_handling", "2026-03-02")
    clock = extend(city, clock, "2026-05-25")
    assert str(clock.due_on) == "2026-06-30"
    clock = extend(city, clock, "2026-06-24", amount=45)
    assert str(clock.due_on) == "2026-08-14"
    assert list(clock.extensions.order_by("step").values_list("step", "amount")) == [(0, 30), (1, 45)]


def test_seizure_with_test_days_and_its_extension(city: City) -> None:
    """WE33: seized 2025-03-03, tested 03-10 to 03-28: 2025-04-21; extended by 30 days: 2025-05-21."""
    clock = start(city, "seizure", "2025-03-03")
    (ground,) = rule_version_of(clock).excluded_grounds
    clock = exclude(city, clock, "2025-03-10", "2025-03-28", moment("2025-03-28"), ground)
    assert str(clock.due_on) == "2025-04-21"
    assert str(extend(city, clock, "2025-04-18").due_on) == "2025-05-21"


def test_a_day_fixed_by_a_document_is_moved_by_nothing(city: City) -> None:
    clock = start(city, "lead_verification", "2026-03-02")
    clock = fix_due(
        clock_id=clock.pk, due_on=date(2026, 4, 30), reason="督办函载明", actor=SYSTEM, at=moment("2026-03-03")
    )
    assert (str(clock.due_on), clock.is_provisional) == ("2026-04-30", False)
    clock = exclude(city, clock, "2026-03-04", "2026-03-06", moment("2026-03-06"))
    assert str(clock.due_on) == "2026-04-30"
    assert pending(clock)[:3] == ["warn_3_working_day 04-27", "warn_1_working_day 04-29", "due 04-30"]


def test_a_new_owner_and_office_take_the_clock_over_without_restarting_it(city: City) -> None:
    clock = start(city, "case_handling", "2026-03-02")
    mine = subject(city)
    other = start_clock(
        rule="case_handling", subject=mine, origin_on=date(2026, 3, 2), actor=SYSTEM, at=moment("2026-03-02")
    )
    moved = Subject(mine.kind, mine.id, "改名", city.west_squad, city.west_handler)
    hand_over_clocks(subject=moved, from_owner=city.east_handler, actor=SYSTEM, at=moment("2026-04-01"))
    after = Clock.objects.get(pk=other.pk)
    assert (after.owner, after.office, after.bureau, after.subject_label) == (
        city.west_handler, city.west_squad, city.west, "改名",
    )  # fmt: skip
    assert (after.origin_on, after.due_on, after.started_at) == (other.origin_on, other.due_on, other.started_at)
    assert after.moves.get(name="hand_over").due_after == other.due_on
    assert pending(after) == pending(other)
    assert Clock.objects.get(pk=clock.pk).owner == city.east_handler, "another matter's clock stays"


def test_what_is_done_on_the_last_day_is_in_time_and_the_day_after_is_late(city: City) -> None:
    for day, state in (("2026-06-01", ClockState.MET), ("2026-06-02", ClockState.MET_LATE)):
        clock = start(city, "case_handling", "2026-03-02")
        clock = meet_clock(clock_id=clock.pk, on=date.fromisoformat(day), actor=SYSTEM, at=moment(day))
        assert (clock.state, str(clock.ended_on)) == (state, day)
        assert pending(clock) == []
        assert str(clock.due_on) == "2026-06-01", "the due day stays on record"


def test_hours_are_late_by_the_minute(city: City) -> None:
    """Twenty-four hours from 17:20 on the eve of the National Day end at 17:20 on the holiday itself."""
    for done, state in (("2025-10-01T17:20", ClockState.MET), ("2025-10-01T17:21", ClockState.MET_LATE)):
        clock = start(city, "referral_transfer", "2025-09-30T17:20")
        assert clock.due_at == moment("2025-10-01T17:20")
        met = meet_clock(clock_id=clock.pk, on=date(2025, 10, 1), moment=moment(done), actor=SYSTEM, at=moment(done))
        assert met.state == state


def test_a_partys_right_lapses_and_is_never_late(city: City) -> None:
    clock = start(city, "statement_defence", "2026-03-16")
    assert str(clock.due_on) == "2026-03-23"
    assert pending(clock)[-2:] == ["due 03-23", "lapsed 03-24"]
    met = meet_clock(clock_id=clock.pk, on=date(2026, 4, 20), actor=SYSTEM, at=moment("2026-04-20"))
    assert met.state == ClockState.MET


def test_a_suspended_clock_that_is_met_is_judged_by_the_days_that_counted(city: City) -> None:
    clock = start(city, "case_handling", "2026-03-02")
    suspend(city, clock, "2026-03-31")
    met = meet_clock(clock_id=clock.pk, on=date(2026, 8, 3), actor=SYSTEM, at=moment("2026-08-03"))
    assert met.state == ClockState.MET
    assert met.suspensions.get().stops_on == date(2026, 8, 3)
    assert str(met.due_on) == "2026-10-08", "62 days from 08-03 on end on 10-03, in the holiday; 10-08 is worked"


def test_a_cancelled_clock_counts_neither_as_met_nor_as_missed(city: City) -> None:
    clock = start(city, "case_handling", "2026-03-02")
    suspend(city, clock, "2026-03-31")
    clock = cancel_clock(clock_id=clock.pk, reason="撤销立案", actor=SYSTEM, at=moment("2026-04-02"))
    assert (clock.state, str(clock.ended_on), pending(clock)) == ("cancelled", "2026-04-02", [])


def test_a_periodic_report_starts_its_next_period_when_given(city: City) -> None:
    clock = start(city, "supervised_case_progress_report", "2026-03-02")
    assert str(clock.due_on) == "2026-04-01"
    meet_clock(clock_id=clock.pk, on=date(2026, 4, 3), actor=SYSTEM, at=moment("2026-04-03"))
    following = Clock.objects.get(subject_id=clock.subject_id, state="running")
    assert (str(following.origin_on), str(following.due_on)) == ("2026-04-01", "2026-05-01")
    assert following.owner == clock.owner


def test_an_event_counts_backward_in_clear_days(city: City) -> None:
    """Seven clear working days before Thursday 2026-05-21: 05-11 at the latest (05-09 is worked)."""
    clock = start_clock(
        rule="hearing_notice_before", subject=subject(city), origin_on=date(2026, 5, 21), actor=SYSTEM,
        at=moment("2026-04-20"),
    )  # fmt: skip
    assert str(clock.due_on) == "2026-05-11"
    met = meet_clock(clock_id=clock.pk, on=date(2026, 5, 12), actor=SYSTEM, at=moment("2026-05-12"))
    assert met.state == ClockState.MET_LATE


def test_the_day_of_a_moment_is_the_day_in_shanghai(city: City) -> None:
    clock = start_clock(
        rule="referral_transfer", subject=subject(city), origin_at=datetime(2026, 3, 2, 17, 0, tzinfo=UTC),
        actor=SYSTEM, at=datetime(2026, 3, 2, 17, 0, tzinfo=UTC),
    )  # fmt: skip
    assert clock.origin_on == date(2026, 3, 3)
    assert clock.due_at == moment("2026-03-04T01:00")


def test_the_version_is_that_of_the_day_of_the_trigger(city: City) -> None:
    at = moment("2026-05-06")
    for origin, version in (("2021-07-14", "statement_defence_v2018"), ("2021-07-15", "statement_defence")):
        clock = start(city, "statement_defence", origin, at)
        assert (clock.rule, clock.rule_version) == ("statement_defence", version)
