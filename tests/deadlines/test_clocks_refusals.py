"""What no clock may be told: every refusal has its code and field, and leaves everything as it was."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.actions import deactivate_user
from core.errors import Invalid, NotFound, WrongState
from deadlines.actions import clocks as verbs
from deadlines.models import Clock
from deadlines.states import TRANSITIONS
from deadlines.workdays import Interval
from tests.builders import NOW, SYSTEM, City, moment
from tests.deadlines.clock_builders import exclude, start, subject
from tests.refusals import refused

LATER = moment("2026-04-13")
ON = date(2026, 4, 13)


def begin(city: City, rule: str = "case_handling", **facts: date | datetime | None) -> Clock:
    origin_on = facts.get("origin_on", date(2026, 3, 2))
    assert origin_on is None or not isinstance(origin_on, datetime)
    origin_at, at = facts.get("origin_at"), facts.get("at", NOW)
    assert isinstance(at, datetime)
    assert origin_at is None or isinstance(origin_at, datetime)
    return verbs.start_clock(
        rule=rule, subject=subject(city), origin_on=origin_on, origin_at=origin_at, actor=SYSTEM, at=at
    )


def suspend(city: City, clock: Clock, starts_on: date = date(2026, 3, 31)) -> Clock:
    return verbs.suspend_clock(
        clock_id=clock.pk, ground="中止", starts_on=starts_on, approved_by=city.east_director, reason="等", actor=SYSTEM,
        at=LATER,
    )  # fmt: skip


def resume(clock: Clock, resumes_on: date = ON) -> Clock:
    return verbs.resume_clock(clock_id=clock.pk, resumes_on=resumes_on, reason="好", actor=SYSTEM, at=LATER)


def extend(city: City, clock: Clock, amount: int | None = None) -> Clock:
    return verbs.extend_clock(
        clock_id=clock.pk, approved_by=city.east_director, reason="复杂", amount=amount, actor=SYSTEM, at=LATER
    )


def test_an_unknown_rule_is_refused(city: City) -> None:
    with refused(Invalid, "unknown_rule", "rule"):
        begin(city, "lead_verifikation")


def test_a_day_outside_every_version_is_refused(city: City) -> None:
    with refused(Invalid, "no_rule_version", "origin_on"):
        begin(city, origin_on=date(2019, 3, 31))


def test_an_origin_in_the_future_is_refused(city: City) -> None:
    with refused(Invalid, "future_origin", "origin_on"):
        begin(city, origin_on=date(2026, 3, 3))
    with refused(Invalid, "future_origin", "origin_on"):
        begin(city, "referral_transfer", origin_on=None, origin_at=NOW + timedelta(minutes=1))


def test_an_origin_is_demanded(city: City) -> None:
    with refused(Invalid, "origin_required", "origin_on"):
        begin(city, origin_on=None)


def test_a_moment_without_a_zone_is_refused(city: City) -> None:
    naive = datetime(2026, 3, 2, 10)  # noqa: DTZ001 - the point
    with refused(Invalid, "naive_datetime", "origin_at"):
        begin(city, "referral_transfer", origin_on=None, origin_at=naive)
    with refused(Invalid, "naive_datetime", "at"):
        begin(city, at=naive)


def test_a_day_and_a_moment_that_differ_are_refused(city: City) -> None:
    """17:00 of the 2nd in Greenwich is the 3rd in Shanghai."""
    with refused(Invalid, "origin_differs", "origin_on"):
        begin(
            city, "referral_transfer", origin_on=date(2026, 3, 2), origin_at=datetime(2026, 3, 2, 17, tzinfo=UTC),
            at=LATER,
        )  # fmt: skip


def test_a_period_in_hours_wants_its_moment(city: City) -> None:
    with refused(Invalid, "moment_required", "origin_at"):
        begin(city, "referral_transfer")


def test_a_deactivated_owner_gets_no_clock(city: City) -> None:
    deactivate_user(user_id=city.east_handler.pk, actor=SYSTEM, at=NOW)
    city.east_handler.refresh_from_db()
    with refused(Invalid, "user_deactivated", "owner"):
        begin(city)


def test_a_clock_is_resumed_once(city: City) -> None:
    clock = start(city, "case_handling", "2026-03-02")
    suspend(city, clock)
    resume(clock)
    with refused(WrongState, "wrong_state"):
        resume(clock)


def test_resuming_before_the_suspension_or_tomorrow_is_refused(city: City) -> None:
    clock = start(city, "case_handling", "2026-03-02")
    suspend(city, clock)
    with refused(Invalid, "inverted_suspension", "resumes_on"):
        resume(clock, date(2026, 3, 30))
    with refused(Invalid, "future_date", "resumes_on"):
        resume(clock, ON + timedelta(days=1))


def test_suspending_from_tomorrow_or_from_the_day_of_origin_is_refused(city: City) -> None:
    clock = start(city, "case_handling", "2026-03-02")
    with refused(Invalid, "future_date", "starts_on"):
        suspend(city, clock, ON + timedelta(days=1))
    with refused(Invalid, "before_origin", "starts_on"):
        suspend(city, clock, date(2026, 3, 2))


def test_an_inverted_interval_does_not_exist() -> None:
    with pytest.raises(Invalid) as caught:
        Interval(date(2026, 3, 10), date(2026, 3, 10))
    assert (caught.value.code, caught.value.field) == ("inverted_interval", "stop")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-03-10", "2026-03-19"),
        ("2026-03-05", "2026-03-10"),
        ("2026-03-19", "2026-03-25"),
        ("2026-03-12", "2026-03-13"),
    ],
)
def test_excluded_days_that_overlap_are_refused(city: City, first: str, last: str) -> None:
    clock = start(city, "case_handling", "2026-03-02")
    exclude(city, clock, "2026-03-10", "2026-03-19", LATER)
    with refused(Invalid, "overlapping_suspension", "starts_on"):
        exclude(city, clock, first, last, LATER)


def test_days_that_only_touch_do_not_overlap(city: City) -> None:
    clock = start(city, "case_handling", "2026-03-02")
    exclude(city, clock, "2026-03-10", "2026-03-19", LATER)
    exclude(city, clock, "2026-03-20", "2026-03-24", LATER)
    clock = exclude(city, clock, "2026-03-05", "2026-03-09", LATER)
    assert str(clock.due_nominal_on) == "2026-06-20", "ninety days and twenty"


def test_days_after_an_open_suspension_overlap_it(city: City) -> None:
    clock = start(city, "case_handling", "2026-03-02")
    suspend(city, clock)
    with refused(Invalid, "overlapping_suspension", "starts_on"):
        exclude(city, clock, "2026-04-05", "2026-04-06", LATER)
    exclude(city, clock, "2026-03-10", "2026-03-12", LATER)


def test_a_suspension_over_excluded_days_is_refused(city: City) -> None:
    clock = start(city, "case_handling", "2026-03-02")
    exclude(city, clock, "2026-04-05", "2026-04-06", LATER)
    with refused(Invalid, "overlapping_suspension", "starts_on"):
        suspend(city, clock)


def test_a_ground_the_rule_does_not_know_is_refused(city: City) -> None:
    clock = start(city, "lead_verification", "2026-03-02")
    with refused(Invalid, "unknown_ground", "ground"):
        exclude(city, clock, "2026-03-05", "2026-03-06", LATER, ground="听证")


def test_a_rule_without_exclusions_takes_none(city: City) -> None:
    clock = start(city, "legal_review", "2026-03-02")
    with refused(Invalid, "no_exclusion_allowed", "starts_on"):
        exclude(city, clock, "2026-03-05", "2026-03-06", LATER)
    with refused(Invalid, "no_exclusion_allowed", "starts_on"):
        suspend(city, clock)


def test_a_second_extension_where_one_is_allowed_is_refused(city: City) -> None:
    clock = start(city, "lead_verification", "2026-03-30")
    extend(city, clock)
    with refused(Invalid, "no_extension_left", "extension"):
        extend(city, clock)


def test_a_rule_without_extension_takes_none(city: City) -> None:
    clock = start(city, "case_closing", "2026-03-30")
    with refused(Invalid, "no_extension_left", "extension"):
        extend(city, clock)


def test_the_length_of_an_extension_is_the_laws(city: City) -> None:
    clock = start(city, "case_handling", "2026-03-02")
    with refused(Invalid, "extension_amount_fixed", "amount"):
        extend(city, clock, 60)
    extend(city, clock, 30)
    for amount in (None, 0, -1):
        with refused(Invalid, "extension_amount_required", "amount"):
            extend(city, clock, amount)


def test_what_is_late_stays_late(city: City) -> None:
    # Fifteen working days from 2026-03-02 end on 03-23; today is 04-13.
    clock = start(city, "lead_verification", "2026-03-02")
    with refused(Invalid, "after_expiry", "extension"):
        extend(city, clock)
    with refused(Invalid, "after_expiry", "starts_on"):
        suspend(city, clock, date(2026, 3, 24))
    suspend(city, clock, date(2026, 3, 23))


def test_a_fixed_day_is_not_extended(city: City) -> None:
    clock = start(city, "case_handling", "2026-03-02")
    verbs.fix_due(clock_id=clock.pk, due_on=date(2026, 5, 6), reason="督办函", actor=SYSTEM, at=NOW)
    with refused(Invalid, "due_is_fixed", "extension"):
        extend(city, clock)


def test_a_fixed_day_needs_a_reason_and_lies_after_the_origin(city: City) -> None:
    clock = start(city, "case_handling", "2026-03-02")
    with refused(Invalid, "reason_required", "reason"):
        verbs.fix_due(clock_id=clock.pk, due_on=date(2026, 5, 6), reason=" ", actor=SYSTEM, at=NOW)
    with refused(Invalid, "due_before_origin", "due_on"):
        verbs.fix_due(clock_id=clock.pk, due_on=date(2026, 3, 1), reason="督办函", actor=SYSTEM, at=NOW)


def test_nothing_is_done_before_it_began(city: City) -> None:
    clock = start(city, "case_handling", "2026-03-02")
    with refused(Invalid, "ends_before_start", "on"):
        verbs.meet_clock(clock_id=clock.pk, on=date(2026, 3, 1), actor=SYSTEM, at=LATER)


def test_a_clock_that_is_not_there_is_not_found(city: City) -> None:
    with refused(NotFound, "not_found"):
        resume(Clock(pk=999_999))
    with refused(NotFound, "no_open_clock"):
        verbs.meet_open(rule="case_handling", subject_kind="case", subject_id=999_999, on=ON, actor=SYSTEM, at=LATER)


VERBS: dict[str, Callable[[City, Clock], Clock]] = {
    "suspend": suspend,
    "resume": lambda city, clock: resume(clock),
    "exclude": lambda city, clock: exclude(city, clock, "2026-03-10", "2026-03-12", LATER),
    "extend": extend,
    "fix": lambda city, clock: verbs.fix_due(
        clock_id=clock.pk, due_on=date(2026, 9, 1), reason="督办函", actor=SYSTEM, at=LATER
    ),
    "meet": lambda city, clock: verbs.meet_clock(clock_id=clock.pk, on=ON, actor=SYSTEM, at=LATER),
    "cancel": lambda city, clock: verbs.cancel_clock(clock_id=clock.pk, reason="撤销", actor=SYSTEM, at=LATER),
}


def clock_in(city: City, state: str) -> Clock:
    clock = start(city, "case_handling", "2025-12-01" if state == "met_late" else "2026-03-02")
    if state == "suspended":
        suspend(city, clock)
    elif state in ("met", "met_late"):
        VERBS["meet"](city, clock)
    elif state == "cancelled":
        VERBS["cancel"](city, clock)
    return clock


@pytest.mark.parametrize("state", ["running", "suspended", "met", "met_late", "cancelled"])
def test_a_clock_moves_as_its_table_says_and_not_otherwise(city: City, state: str) -> None:
    rows = {row.name: row for row in TRANSITIONS if row.name in VERBS}
    assert set(rows) == set(VERBS)
    for name, row in rows.items():
        clock = clock_in(city, state)
        if row.starts_from(state):
            assert VERBS[name](city, clock).state == (row.target or state)
        else:
            with refused(WrongState, "wrong_state"):
                VERBS[name](city, clock)
