"""A notice arrives or is amended: what it moves, what it leaves alone, and what it says it did."""

import json
from datetime import date

import pytest

from audit.models import Entry
from bench.next_notice import next_notice
from core.errors import Invalid
from deadlines.actions.clocks import meet_clock
from deadlines.actions.law import publish_calendar
from deadlines.models import CalendarNotice, CalendarReport, Clock, Reminder
from deadlines.yearplans import DATA
from notices.models import Notice
from tests.builders import SYSTEM, City, moment
from tests.deadlines.clock_builders import start
from tests.refusals import refused


def publish(raw: bytes, at: str) -> CalendarNotice | None:
    return publish_calendar(raw=raw, source="notice.json", actor=SYSTEM, at=moment(at))


def amended_2026() -> bytes:
    """A second paper gives everybody Thursday 2026-09-03 off."""
    notice = json.loads((DATA / "calendars/2026.json").read_text())
    notice["papers"].append("https://www.gov.cn/zhengce/another.htm")
    notice["days"].append({"name": "纪念日", "date": "2026-09-03", "isOffDay": True})
    return json.dumps(notice, ensure_ascii=False).encode()


def days(clock: Clock) -> tuple[str, bool]:
    clock.refresh_from_db()
    return str(clock.due_on), clock.is_provisional


def due_rung(clock: Clock) -> str:
    return f"{Reminder.objects.get(clock=clock, rung='due', state='pending').fire_at:%Y-%m-%d}"


def test_the_notice_of_next_year_moves_provisional_clocks_and_nothing_else(city: City) -> None:
    """Counted by hand: 2027's New Year off 01-01 to 03; Spring Festival 02-05 to 13, 01-30 and 02-14 worked."""
    done = start(city, "case_handling", "2026-03-02")
    same_day = start(city, "lead_verification", "2026-12-21")
    verification = start(city, "lead_verification", "2027-01-20")
    handling = start(city, "case_handling", "2026-11-09")
    assert [days(clock) for clock in (done, same_day, verification, handling)] == [
        ("2026-06-01", False), ("2027-01-12", True), ("2027-02-12", True), ("2027-02-09", True),
    ]  # fmt: skip
    old_version = done.calendar_version

    notice = publish(next_notice(), "2027-01-20")

    assert notice is not None
    assert [days(clock) for clock in (done, same_day, verification, handling)] == [
        ("2026-06-01", False), ("2027-01-12", False), ("2027-02-16", False), ("2027-02-14", False),
    ]  # fmt: skip
    assert (done.calendar_version, verification.calendar_version) == (old_version, notice.pk)
    report = CalendarReport.objects.get(notice=notice)
    assert [
        (line.clock_id, str(line.due_before), str(line.due_after), line.was_provisional)
        for line in report.lines.order_by("clock_id")
    ] == [
        (same_day.pk, "2027-01-12", "2027-01-12", True),
        (verification.pk, "2027-02-12", "2027-02-16", True),
        (handling.pk, "2027-02-09", "2027-02-14", True),
    ]
    assert report.changed == 3
    assert (due_rung(verification), due_rung(handling)) == ("2027-02-16", "2027-02-14")
    assert verification.moves.get(name="calendar").reason == "2027年放假安排（notice.json）"
    assert not same_day.moves.filter(name="calendar").exists(), "its day did not move"


def test_an_amended_year_adds_its_day_to_the_clocks_that_cross_it(city: City) -> None:
    crosses = start(city, "lead_verification", "2026-08-20")
    ends_before = start(city, "lead_verification", "2026-08-06")
    by_calendar_days = start(city, "case_handling", "2026-08-20")
    met = start(city, "lead_verification", "2026-08-20")
    meet_clock(clock_id=met.pk, on=date(2026, 8, 25), actor=SYSTEM, at=moment("2026-08-25"))
    before = [days(clock) for clock in (ends_before, by_calendar_days, met)]
    assert days(crosses) == ("2026-09-10", False)

    notice = publish(amended_2026(), "2026-08-26")

    assert notice is not None
    assert days(crosses) == ("2026-09-11", False)
    assert [days(clock) for clock in (ends_before, by_calendar_days, met)] == before
    assert list(notice.report.lines.values_list("clock_id", flat=True)) == [crosses.pk]
    assert Reminder.objects.filter(clock=crosses, state="pending", fire_at__date=date(2026, 9, 3)).count() == 0


def test_the_very_same_file_is_no_load(city: City) -> None:
    start(city, "lead_verification", "2027-01-20")
    publish(next_notice(), "2027-01-21")
    before = (
        CalendarNotice.objects.count(),
        CalendarReport.objects.count(),
        Entry.objects.count(),
        Notice.objects.count(),
    )
    assert publish(next_notice(), "2027-01-22") is None
    assert before == (
        CalendarNotice.objects.count(), CalendarReport.objects.count(), Entry.objects.count(), Notice.objects.count(),
    )  # fmt: skip


def test_a_replaced_file_does_not_come_back_unnoticed(city: City) -> None:
    clock = start(city, "lead_verification", "2026-08-20")
    publish(amended_2026(), "2026-08-26")
    with refused(Invalid, "superseded", "file"):
        publish((DATA / "calendars/2026.json").read_bytes(), "2026-08-27")
    assert days(clock) == ("2026-09-11", False)


def spoiled(change: str) -> bytes:
    notice = json.loads(next_notice())
    if change == "missing":
        notice["days"] = [day for day in notice["days"] if day["date"] != "2027-10-02"]
    else:
        notice["days"].append({"name": "国庆节", "date": "2027-10-02", "isOffDay": False})
    return json.dumps(notice).encode()


@pytest.mark.parametrize(
    ("raw", "code", "field"),
    [
        (spoiled("missing"), "missing_statutory_holiday", "days"),
        (spoiled("contradictory"), "contradictory_day", "days[34].date"),
        (b"{", "malformed_json", "file"),
        (b'{"year": 2027, "papers": [], "days": []}', "no_paper", "papers"),
    ],
    ids=["missing day", "contradictory day", "malformed", "not yet published"],
)
def test_a_faulty_notice_moves_no_clock(city: City, raw: bytes, code: str, field: str) -> None:
    start(city, "lead_verification", "2027-01-20")
    with refused(Invalid, code, field):
        publish(raw, "2027-01-21")
