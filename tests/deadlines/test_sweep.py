from datetime import date, timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.actions import end_post, give_post
from accounts.models import Post, User
from accounts.roles import Role
from deadlines.actions import telling
from deadlines.actions.clocks import (
    Subject,
    cancel_clock,
    exclude_days,
    hand_over_clocks,
    meet_clock,
    suspend_clock,
)
from deadlines.actions.reminders import sweep_reminders
from deadlines.models import Clock, Heartbeat, Reminder
from deadlines.queries import stuck_reminders, sweep_silence
from deadlines.workdays import Interval
from notices.models import Notice
from tests.builders import NOW, SYSTEM, City, moment
from tests.deadlines.sweeping import PARTY, run_clock, states, told

# Counted by hand: from Monday 2026-03-02 the fifteenth working day is Monday 2026-03-23.
WARN_3, WARN_1, DUE_DAY = moment("2026-03-18T09:00"), moment("2026-03-20T09:00"), moment("2026-03-23T09:00")
OVERDUE, HEAD_TOLD, SUPERVISOR_TOLD = (moment(f"2026-03-{day}T09:00") for day in (24, 25, 27))


def sweep_days(first: date, last: date) -> None:
    """Sweep every five minutes past the hour that opens the working day."""
    at = moment(f"{first}T09:05")
    while at.date() <= last:
        sweep_reminders(at=at)
        at += timedelta(days=1)


def test_a_clock_speaks_at_each_rung_to_its_audience_and_once(city: City) -> None:
    clock = run_clock(city)
    assert {row.rung: row.fire_at for row in clock.reminders.all()} == {
        "warn_3_working_day": WARN_3,
        "warn_1_working_day": WARN_1,
        "due": DUE_DAY,
        "overdue_owner": OVERDUE,
        "overdue_unit_head": HEAD_TOLD,
        "overdue_supervising_office": SUPERVISOR_TOLD,
    }

    sweep_days(date(2026, 3, 2), date(2026, 4, 1))

    assert told(city.east_handler) == [
        "deadline_warn_3_working_day",
        "deadline_warn_1_working_day",
        "deadline_due",
        "deadline_overdue_owner",
    ]
    assert told(city.east_head) == ["deadline_overdue_unit_head"]
    assert told(city.supervisor) == ["deadline_overdue_supervising_office"]
    assert Notice.objects.count() == 6
    assert set(states(clock).values()) == {"sent"}


def test_nobody_is_told_a_moment_too_early_and_somebody_is_at_the_moment(city: City) -> None:
    run_clock(city)

    assert sweep_reminders(at=WARN_3 - timedelta(microseconds=1)) == 0
    assert sweep_reminders(at=WARN_3) == 1
    assert sweep_reminders(at=WARN_3) == 0


def test_a_notice_names_the_matter_inside_and_only_its_number_outside(city: City) -> None:
    run_clock(city)

    sweep_reminders(at=WARN_3)

    notice = Notice.objects.get()
    assert PARTY in notice.title
    assert notice.body.startswith("届满日2026-03-23（")
    assert notice.outside.endswith("——线索1号，届满日2026-03-23")
    assert PARTY not in notice.outside
    assert (notice.is_late, notice.is_urgent) == (False, False)


def test_what_is_told_after_its_moment_says_so(city: City) -> None:
    run_clock(city)

    sweep_reminders(at=WARN_3 + timedelta(minutes=11))

    notice = Notice.objects.get()
    assert notice.is_late
    assert notice.body.endswith("；本应于2026-03-18 09:00提醒")


def test_after_thirty_days_without_a_sweep_everything_surfaces_once_and_late(city: City) -> None:
    clocks = [run_clock(city, number) for number in range(1, 6)]

    sweep_reminders(at=SUPERVISOR_TOLD + timedelta(days=30), batch=7)
    sweep_reminders(at=SUPERVISOR_TOLD + timedelta(days=31), batch=7)

    assert Notice.objects.count() == 6 * len(clocks)
    assert Notice.objects.filter(is_late=False).count() == 0
    assert not Reminder.objects.exclude(state="sent").exists()


def test_an_hour_clock_speaks_at_the_exact_moment_and_is_urgent(city: City) -> None:
    at = moment("2026-03-06T17:20")  # a Friday: hours run through the weekend
    run_clock(city, at=at, rule="emergency_evidence_registration_report")

    assert sweep_reminders(at=moment("2026-03-07T09:19")) == 0
    assert sweep_reminders(at=moment("2026-03-07T09:20")) == 1
    assert sweep_reminders(at=moment("2026-03-07T15:20")) == 1
    assert sweep_reminders(at=moment("2026-03-07T17:20")) == 1
    assert told(city.east_handler) == ["deadline_warn_8_hour", "deadline_warn_2_hour", "deadline_overdue_owner"]
    assert not Notice.objects.filter(is_urgent=False).exists()


def test_an_ended_or_suspended_clock_is_silent(city: City) -> None:
    met, cancelled, suspended = (run_clock(city, number, rule="case_handling") for number in (1, 2, 3))
    meet_clock(clock_id=met.pk, on=NOW.date(), actor=SYSTEM, at=NOW)
    cancel_clock(clock_id=cancelled.pk, reason="移送", actor=SYSTEM, at=NOW)
    later = NOW + timedelta(days=1)
    suspend_clock(
        clock_id=suspended.pk, ground="中止", starts_on=later.date(), approved_by=city.east_head, reason="等待鉴定",
        actor=SYSTEM, at=later,
    )  # fmt: skip

    assert sweep_reminders(at=NOW + timedelta(days=400)) == 0
    assert Notice.objects.count() == 0


def test_a_clock_whose_due_moved_speaks_for_the_new_date_only(city: City) -> None:
    clock = run_clock(city)
    sweep_reminders(at=WARN_3)
    exclude_days(
        clock_id=clock.pk, ground="检测", days=Interval(date(2026, 3, 19), date(2026, 3, 26)), approved_by=city.east_head,
        reason="送检", actor=SYSTEM, at=WARN_3 + timedelta(days=8),
    )  # fmt: skip
    clock.refresh_from_db()
    assert clock.due_on == date(2026, 3, 30)

    sweep_days(date(2026, 3, 26), date(2026, 3, 30))

    assert told(city.east_handler) == [
        "deadline_warn_3_working_day",  # of the old date, told before it moved
        "deadline_warn_3_working_day",
        "deadline_warn_1_working_day",
        "deadline_due",
    ]
    bodies = Notice.objects.order_by("id").values_list("body", flat=True)
    assert [body[:13] for body in bodies] == ["届满日2026-03-23", *["届满日2026-03-30"] * 3]


def test_a_due_value_changed_behind_the_verbs_is_still_not_told(city: City) -> None:
    clock = run_clock(city)
    Clock.objects.filter(pk=clock.pk).update(due_at=clock.due_at + timedelta(days=1) if clock.due_at else None)

    sweep_reminders(at=WARN_3)

    assert Notice.objects.count() == 0
    assert clock.reminders.get(rung="warn_3_working_day").state == "void"


def test_after_a_hand_over_the_new_owner_is_told_and_not_the_old(city: City) -> None:
    clock = run_clock(city)
    subject = Subject("lead", 1, clock.subject_label, city.west_squad, city.west_handler, clock.subject_number)
    hand_over_clocks(subject=subject, from_owner=city.east_handler, actor=SYSTEM, at=NOW)

    sweep_days(date(2026, 3, 18), date(2026, 3, 25))

    assert told(city.east_handler) == told(city.east_head) == []
    assert len(told(city.west_handler)) == 4
    assert told(city.west_head) == ["deadline_overdue_unit_head"]


def test_the_head_is_told_in_place_of_an_owner_who_has_left(city: City) -> None:
    run_clock(city)
    User.objects.filter(pk=city.east_handler.pk).update(is_active=False)

    sweep_reminders(at=WARN_3)

    assert told(city.east_handler) == []
    assert told(city.east_head) == ["deadline_warn_3_working_day"]


def test_a_head_who_owns_the_matter_is_not_their_own_superior(city: City) -> None:
    clock = run_clock(city)
    subject = Subject("lead", 1, clock.subject_label, city.east_squad, city.east_head, clock.subject_number)
    hand_over_clocks(subject=subject, from_owner=city.east_handler, actor=SYSTEM, at=NOW)

    sweep_days(date(2026, 3, 24), date(2026, 3, 25))

    assert "deadline_overdue_unit_head" not in told(city.east_head)
    assert told(city.east_director) == ["deadline_overdue_unit_head"]


def test_a_reminder_nobody_can_be_told_of_is_stuck_and_told_once_somebody_is_there(city: City) -> None:
    clock = run_clock(city)
    User.objects.update(is_active=False)

    sweep_reminders(at=WARN_3)

    row = clock.reminders.get(rung="warn_3_working_day")
    assert (row.state, row.stuck_reason) == ("stuck", "nobody to tell: no active owner, head, supervisor or leader")
    assert stuck_reminders() == 1
    assert Notice.objects.count() == 0

    User.objects.filter(pk=city.east_head.pk).update(is_active=True)
    assert sweep_reminders(at=WARN_3 + timedelta(minutes=59)) == 0
    assert sweep_reminders(at=WARN_3 + timedelta(minutes=60)) == 1

    assert told(city.east_head) == ["deadline_warn_3_working_day"]
    assert Notice.objects.get().is_late
    assert stuck_reminders() == 0


def test_the_supervisor_is_told_when_an_office_has_no_head_at_all(city: City) -> None:
    run_clock(city)
    for post in Post.objects.filter(role__in=[Role.UNIT_HEAD, Role.BUREAU_HEAD]):
        end_post(post_id=post.pk, ends_on=NOW.date(), actor=SYSTEM, at=NOW)

    sweep_reminders(at=HEAD_TOLD)

    assert "deadline_overdue_unit_head" in told(city.supervisor)


def test_a_bad_row_stops_nobody_and_waits_with_its_reason(city: City) -> None:
    clocks = [run_clock(city, number) for number in range(1, 6)]
    Clock.objects.filter(pk=clocks[2].pk).update(rule_version="gone")

    assert sweep_reminders(at=WARN_3) == 5

    assert Notice.objects.count() == 4
    row = clocks[2].reminders.get(rung="warn_3_working_day")
    assert row.state == "stuck"
    assert "gone" in row.stuck_reason

    Clock.objects.filter(pk=clocks[2].pk).update(rule_version=clocks[2].rule_version)
    sweep_reminders(at=WARN_3 + timedelta(hours=1))

    assert Notice.objects.count() == 5
    assert stuck_reminders() == 0


def test_when_no_row_at_all_can_be_told_the_sweep_fails_loudly_and_sets_nothing_aside(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 31):
        run_clock(city, number)

    def broken(*_: object) -> None:
        raise LookupError("a defect of ours")

    with monkeypatch.context() as patch:
        patch.setattr(telling.Words, "notice", broken)
        with pytest.raises(LookupError):
            sweep_reminders(at=WARN_3)
    assert Notice.objects.count() == 0
    assert not Reminder.objects.exclude(state="pending").exists()
    assert not Heartbeat.objects.exists()

    assert sweep_reminders(at=WARN_3) == 30


def test_stuck_rows_never_hold_up_those_that_are_due(city: City) -> None:
    for number in range(1, 31):
        Clock.objects.filter(pk=run_clock(city, number).pk).update(rule_version="gone")
    run_clock(city, 31)
    Reminder.objects.filter(clock__rule_version="gone", rung="warn_3_working_day").update(
        state="stuck", fired_at=WARN_3 - timedelta(hours=2)
    )

    sweep_reminders(at=WARN_3)

    assert Notice.objects.count() == 1
    assert stuck_reminders() == 30


def test_the_heart_beats_when_there_is_nothing_to_tell(law: None) -> None:
    sweep_reminders(at=NOW)
    assert (Heartbeat.objects.get().beat_at, Heartbeat.objects.get().handled) == (NOW, 0)

    assert sweep_silence(NOW + timedelta(seconds=120)) is None
    assert sweep_silence(NOW + timedelta(seconds=121)) == timedelta(seconds=121)

    sweep_reminders(at=NOW + timedelta(seconds=130))
    assert sweep_silence(NOW + timedelta(seconds=131)) is None


def test_a_head_appointed_today_is_told_today(city: City) -> None:
    run_clock(city)
    give_post(
        user=city.east_handler2, office=city.east_squad, role=Role.UNIT_HEAD, starts_on=NOW.date(), actor=SYSTEM, at=NOW
    )

    sweep_reminders(at=HEAD_TOLD)

    assert told(city.east_handler2) == told(city.east_head) == ["deadline_overdue_unit_head"]


def test_an_idle_sweep_asks_three_questions(law: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    sweep_reminders(at=timezone.now())

    with django_assert_num_queries(5):  # BEGIN, stuck?, due?, COMMIT, heartbeat
        sweep_reminders(at=timezone.now())
