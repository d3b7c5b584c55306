from datetime import date

import pytest

from accounts.models import SystemActor
from core.paging import page_behind
from deadlines.actions.clocks import Subject, start_clock, suspend_clock
from deadlines.axis import axis_of
from deadlines.faces import Face, Tone, face_of
from deadlines.models import Clock
from deadlines.queries import clocks_of, current_calendar, rule_version_of
from tests.builders import City, make_lead, moment


def seen(clock: Clock, at: str) -> Face:
    return face_of(clock, rule_version_of(clock), current_calendar(), moment(at))


@pytest.mark.parametrize(
    ("at", "tone", "words"),
    [
        ("2026-03-02", Tone.RUNNING, "剩 15 个工作日"),
        ("2026-03-17T23:59", Tone.RUNNING, "剩 4 个工作日"),
        ("2026-03-18T00:00", Tone.SOON, "剩 3 个工作日"),
        ("2026-03-22T12:00", Tone.SOON, "剩 1 个工作日"),
        ("2026-03-23T23:59", Tone.SOON, "今天到期"),
        ("2026-03-24T00:00", Tone.OVERDUE, "逾期 1 天"),
        ("2026-04-02", Tone.OVERDUE, "逾期 10 天"),
    ],
)
def test_a_clock_of_working_days_says_what_is_left(city: City, at: str, tone: Tone, words: str) -> None:
    """Fifteen working days from 2026-03-02 end on 2026-03-23; the first warning is three working days before."""
    make_lead(city)
    clock = Clock.objects.get(rule="lead_verification")
    assert seen(clock, at) == Face(tone, words, "3月23日")


@pytest.mark.parametrize(
    ("at", "tone", "words", "when"),
    [
        ("2026-03-02T10:30", Tone.RUNNING, "剩 23 小时", "3月3日 10:20"),
        ("2026-03-03T10:00", Tone.SOON, "剩 20 分钟", "今日 10:20"),
        ("2026-03-03T13:20", Tone.OVERDUE, "逾期 3 小时", "今日 10:20"),
        ("2026-03-06T13:20", Tone.OVERDUE, "逾期 3 天", "3月3日 10:20"),
    ],
)
def test_a_clock_of_hours_says_hours(city: City, at: str, tone: Tone, words: str, when: str) -> None:
    subject = Subject("case", 1, "某案", city.east_squad, city.east_handler, "某号")
    start = moment("2026-03-02T10:20")
    clock = start_clock(rule="referral_transfer", subject=subject, origin_at=start, actor=SystemActor("test"), at=start)
    assert seen(clock, at) == Face(tone, words, when)


def test_a_suspended_clock_promises_no_day(city: City) -> None:
    subject = Subject("case", 1, "某案", city.east_squad, city.east_handler, "某号")
    at = moment("2026-03-10")
    clock = start_clock(
        rule="case_handling", subject=subject, origin_on=date(2026, 3, 2), actor=city.east_director, at=at
    )
    clock = suspend_clock(
        clock_id=clock.pk, ground="force_majeure", starts_on=date(2026, 3, 9), approved_by=city.east_director,
        reason="洪水", actor=city.east_director, at=at,
    )  # fmt: skip
    assert seen(clock, "2026-03-11") == Face(Tone.SUSPENDED, "中止", "恢复后续算")
    axis = axis_of(list(clocks_of("case", 1)), moment("2026-03-11"))
    assert axis is not None
    assert axis.rows[0].due_x is None
    assert len(axis.rows[0].pauses) == 1


def test_the_axis_holds_everything_between_its_ends(city: City) -> None:
    make_lead(city)
    lead = Clock.objects.get(rule="lead_verification").subject_id
    for at in ("2026-03-02", "2026-03-10", "2026-06-01", "2027-06-01"):
        axis = axis_of(list(clocks_of("lead", lead)), moment(at))
        assert axis is not None
        row = axis.rows[0]
        spans = [row.period, row.passed, *([row.late] if row.late else [])]
        for span in spans:
            assert 0 <= float(span.x[:-1]) <= float(span.x[:-1]) + float(span.width[:-1]) <= 100.01
        assert (row.late is not None) is (at > "2026-03-24")
        assert 0 < len(axis.ticks) <= 6
        assert 0 < float(axis.today_x[:-1]) < 100


def test_days_counted_back_from_a_day_to_come_are_drawn_from_when_it_was_set(city: City) -> None:
    subject = Subject("case", 1, "某案", city.east_squad, city.east_handler, "某号")
    at = moment("2026-03-02")
    clock = start_clock(
        rule="hearing_notice_before", subject=subject, origin_on=date(2026, 3, 23), actor=city.east_director, at=at
    )
    for ended_on in (None, date(2026, 3, 4)):
        Clock.objects.filter(pk=clock.pk).update(
            ended_on=ended_on, ended_at=ended_on and at, state="met" if ended_on else "running"
        )
        axis = axis_of(list(clocks_of("case", 1)), moment("2026-03-05"))
        assert axis is not None
        row = axis.rows[0]
        assert row.due_x is not None
        begin, width = float(row.period.x[:-1]), float(row.period.width[:-1])
        assert begin < float(axis.today_x[:-1])
        assert 0 < begin + width <= float(row.due_x[:-1]) + 0.01
        assert row.late is None


def test_no_clocks_no_axis() -> None:
    assert axis_of([], moment("2026-03-02")) is None


def test_the_worklist_is_paged_by_due_moment(city: City) -> None:
    make_lead(city)
    make_lead(city)
    clocks = Clock.objects.filter(rule="lead_verification")
    first = page_behind(clocks, ("due_at", "id"), "", size=1)
    second = page_behind(clocks, ("due_at", "id"), first.after, size=1)
    assert [*first.rows, *second.rows] == list(clocks.order_by("id"))
    assert second.after == ""
