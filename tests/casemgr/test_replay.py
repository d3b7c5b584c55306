"""The published cases through the verbs at their real dates; every day below was counted by hand on the notices."""

import json
from datetime import timedelta
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Office, User
from audit.models import Entry
from casemgr.replay.run import replay_cases
from casemgr.replay.source import read_cases
from cases.models import Case
from clues.models import Lead
from deadlines.models import Clock, Heartbeat, Reminder
from deadlines.queries import sweep_silence
from deadlines.yearplans import DATA
from documents.models import IssuedNumber, NumberFormat
from notices.models import Notice
from tests.builders import City, make_lead

PUBLISHED = DATA / "cases" / "published_cases.json"
EVERYTHING = (Office, User, Lead, Case, Clock, Reminder, Notice, Entry, IssuedNumber, NumberFormat, Heartbeat)


def replay(*arguments: str) -> dict[str, Any]:
    out = StringIO()
    call_command("replay_cases", *arguments, "--json", stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


@cache
def published() -> dict[str, dict[str, Any]]:
    """The report by the last letter of the party; the same for every test, so made once."""
    return {case["party"][-1]: case for case in replay()["cases"]}


def clock(party: str, rule: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in published()[party]["clocks"] if each["rule"] == rule)
    return found


def day(earliest: str, latest: str | None = None) -> dict[str, str]:
    return {"earliest": earliest, "latest": latest or earliest}


def rows() -> list[int]:
    return [model._default_manager.count() for model in EVERYTHING]


@pytest.mark.usefixtures("law")
def test_all_sixteen_cases_are_reported_on() -> None:
    assert "".join(published()) == "ABCDEFGHIJKLMNOP"
    assert all(
        [each["rule"] for each in case["clocks"]] == ["lead_verification", "case_handling", "decision_service"]
        for case in published().values()
    )


@pytest.mark.usefixtures("law")
def test_a_case_found_filed_and_decided_on_stated_days_is_walked_to_its_decision() -> None:
    """C: found 2020-08-21, filed 2020-08-24, decided 2021-03-25. The ninetieth day, 2020-11-22, is a Sunday."""
    assert [(step["day"], step["verb"], step["rests_on"]) for step in published()["C"]["steps"]] == [
        ("2020-08-21", "log_lead", "stated"),
        ("2020-08-24", "assign_lead", "assumed_same_day"),
        ("2020-08-24", "sign_lead", "assumed_same_day"),
        ("2020-08-24", "report_findings", "assumed_same_day"),
        ("2020-08-24", "file_case", "stated"),
        ("2021-03-19", "propose", "assumed_latest_lawful_day"),
        ("2021-03-19", "conclude_case", "assumed_latest_lawful_day"),
        ("2021-03-19", "pass_review", "assumed_latest_lawful_day"),
        ("2021-03-19", "approve_notice", "assumed_latest_lawful_day"),
        ("2021-03-19", "notify_party", "assumed_latest_lawful_day"),
        ("2021-03-25", "decide_case", "stated"),
    ]
    verification, handling = clock("C", "lead_verification"), clock("C", "case_handling")
    assert (verification["verdict"], verification["state"], verification["due"]) == ("met", "met", day("2020-09-11"))
    assert (handling["verdict"], handling["state"], handling["due"]) == ("missed", "met_late", day("2020-11-23"))
    assert handling["days_late"] == 122
    assert handling["if_extended"] == {"due": day("2020-12-22"), "verdict": "missed"}
    assert handling["provisional"], "no notice for 2020 is carried"


@pytest.mark.usefixtures("law")
def test_the_people_of_that_case_would_have_been_told_in_rising_order() -> None:
    told = [(each["day"], each["role"], each["rung"]) for each in published()["C"]["reminders"] if not each["only_if"]]
    assert told == [
        ("2020-10-26", "承办人", "warn_20_working_day"),
        ("2020-11-09", "承办人", "warn_10_working_day"),
        ("2020-11-16", "承办人", "warn_5_working_day"),
        ("2020-11-20", "承办人", "warn_1_working_day"),
        ("2020-11-23", "承办人", "due"),
        ("2020-11-24", "承办人", "overdue_owner"),
        ("2020-11-25", "办案机构负责人", "overdue_unit_head"),
        ("2020-11-27", "监督机构", "overdue_supervising_office"),
    ]


@pytest.mark.usefixtures("law")
def test_what_rests_on_assumed_days_is_not_reported_as_told() -> None:
    assert {each["rule"] for each in published()["C"]["reminders"]} == {"case_handling", "decision_service"}


@pytest.mark.usefixtures("law")
def test_the_old_text_governs_service_of_a_decision_of_march_2021() -> None:
    service = clock("C", "decision_service")
    assert (service["rule_version"], service["due"]) == ("decision_service_v2018", day("2021-04-01"))
    assert (service["verdict"], service["state"]) == ("unknown", "running")


@pytest.mark.usefixtures("law")
@pytest.mark.parametrize(("party", "due"), [("D", "2023-06-13"), ("E", "2023-06-26"), ("G", "2025-06-09")])
def test_ninety_days_from_discovery_cover_the_decision_whatever_the_filing_day(party: str, due: str) -> None:
    handling = clock(party, "case_handling")
    assert (handling["verdict"], handling["due"]["earliest"], handling["state"]) == ("met_whatever", due, None)


@pytest.mark.usefixtures("law")
def test_verification_of_an_unknown_length_cannot_be_told() -> None:
    """D: found 2023-03-15, decided 2023-05-04; Qingming is off on 04-05, 2023-04-23 is worked."""
    found = clock("D", "lead_verification")
    assert (found["verdict"], found["due"]) == ("cannot_tell", day("2023-04-06"))
    assert found["ended"] == day("2023-03-15", "2023-05-04")
    assert found["if_extended"] == {"due": day("2023-04-26"), "verdict": "cannot_tell"}
    assert [step["verb"] for step in published()["D"]["steps"]] == ["log_lead"]
    assert all(each["only_if"] for each in published()["D"]["reminders"])


@pytest.mark.usefixtures("law")
def test_a_case_decided_before_verification_would_have_ended_kept_both_periods() -> None:
    """H: found 2021-02-03, decided 2021-02-23; Spring Festival from 02-11 to 02-17, 02-07 and 02-20 are worked."""
    assert clock("H", "lead_verification")["due"] == day("2021-03-01")
    assert [each["verdict"] for each in published()["H"]["clocks"]] == ["met_whatever", "met_whatever", "unknown"]
    assert published()["H"]["reminders"] == []


@pytest.mark.usefixtures("law")
def test_the_filing_day_that_would_have_kept_both_periods_is_bounded() -> None:
    """N: found 2021-12-22, decided 2022-04-07, 106 days later."""
    handling = clock("N", "case_handling")
    assert (handling["verdict"], handling["met_from"]) == ("cannot_tell", "2022-01-07")
    assert handling["due"]["earliest"] == "2022-03-22"
    assert clock("N", "lead_verification")["due"] == day("2022-01-13")
    assert clock("N", "lead_verification")["if_extended"]["due"] == day("2022-02-08")
    assert (
        "立案日在2022-01-07至2022-01-13之间的，核查和办案期限均未超期；核查延长一次的可至2022-02-08。"
        in published()["N"]["notes"]
    )


@pytest.mark.usefixtures("law")
def test_a_month_gives_bounds_and_no_invented_day() -> None:
    """B: found in 2023-09; from the 1st fifteen working days end on 09-22, from the 30th (a holiday) on 10-25."""
    found = clock("B", "lead_verification")
    assert (found["verdict"], found["due"]) == ("unknown", day("2023-09-22", "2023-10-25"))
    assert published()["B"]["steps"] == published()["B"]["reminders"] == []


@pytest.mark.usefixtures("law")
def test_a_referral_ends_verification_at_the_latest_and_its_own_periods_come_later() -> None:
    """F: found 2025-01-16, referred 2025-02-21; Spring Festival 01-28 to 02-04, 01-26 and 02-08 are worked."""
    found = clock("F", "lead_verification")
    assert (found["verdict"], found["due"], found["ended"]) == (
        "cannot_tell", day("2025-02-12"), day("2025-01-16", "2025-02-21"),
    )  # fmt: skip
    assert found["if_extended"] == {"due": day("2025-03-05"), "verdict": "met_whatever"}
    assert any("移送公安机关（发现后第36天）" in note for note in published()["F"]["notes"])
    assert clock("A", "lead_verification")["due"] == day("2024-06-12")
    assert clock("A", "case_handling")["met_from"] == "2025-08-27"


@pytest.mark.usefixtures("law")
@pytest.mark.parametrize("party", "IJKLP")
def test_a_case_without_dates_is_reported_as_unknown(party: str) -> None:
    case = published()[party]
    assert [each["verdict"] for each in case["clocks"]] == ["unknown"] * 3
    assert case["steps"] == case["reminders"] == []
    assert case["notes"] == ["来源未载明任何日期，各项期限均不能核对。"]


@pytest.mark.usefixtures("law")
def test_a_decision_alone_bounds_the_filing_day_from_below() -> None:
    assert "立案日不早于2026-02-06" in clock("O", "case_handling")["explanation"]


@pytest.mark.usefixtures("law")
def test_the_stored_clocks_agree_with_the_engine_wherever_the_verbs_started_one() -> None:
    walked = [each for case in published().values() for each in case["clocks"] if each["state"]]
    assert len(walked) == 11  # nine leads, and the case and the service of C
    assert all(each["due"]["earliest"] == each["due"]["latest"] for each in walked)


def test_a_replay_leaves_the_database_as_it_was(city: City) -> None:
    make_lead(city)
    before = rows()
    replay()
    assert rows() == before


def test_a_kept_replay_lives_in_a_district_of_its_own(city: City) -> None:
    mine = make_lead(city)
    replay("--keep")
    assert Case.objects.get().office.code == "replay-1-squad"
    replayed = Lead.objects.exclude(pk=mine.pk)
    assert set(replayed.values_list("office__code", flat=True)) == {"replay-1-squad"}
    assert replayed.count() == 9
    others = Notice.objects.exclude(recipient__username__startswith="replay-1-")
    assert not others.filter(subject_kind="lead", subject_id__in=replayed.values("pk")).exists()
    assert not others.filter(subject_kind="case").exists()
    replay("--keep")
    assert Case.objects.count() == 2
    assert Office.objects.filter(level=1).count() == 1


def test_a_kept_replay_leaves_the_sweep_alive(city: City) -> None:
    replay("--keep")
    assert sweep_silence(timezone.now() + timedelta(seconds=1)) is None


@pytest.mark.usefixtures("law")
def test_an_empty_database_gets_a_city_for_the_replay() -> None:
    at = timezone.now()
    replay_cases(read_cases(PUBLISHED.read_bytes(), today=at.date()), at=at, keep=True)
    assert list(Office.objects.order_by("level").values_list("code", flat=True)) == [
        "replay-city",
        "replay-1",
        "replay-1-squad",
    ]


@pytest.mark.usefixtures("law")
def test_the_report_for_people_names_verdict_day_and_article() -> None:
    out = StringIO()
    call_command("replay_cases", stdout=out)
    text = out.getvalue()
    assert "办案期限：超期——2020-08-24起，届满日2020-11-23（市场监督管理行政处罚程序规定第六十四条" in text
    assert "提醒：2020-11-27 09:00 监督机构 办案期限逾期，请督促" in text
    assert "办案期限：不能判断2件，按期（不论未载明的日期）4件，超期1件，未知9件" in text


@pytest.mark.usefixtures("law")
def test_dates_before_the_rules_and_no_room_for_a_defence_are_said_so(tmp_path: Path) -> None:
    file = tmp_path / "cases.json"
    cases = [
        {"party": "甲", "found_on": "2018-03-01", "filed_on": "2018-03-05", "decided_on": "2018-05-02"},
        {"party": "乙", "found_on": "2024-05-06", "filed_on": "2024-05-07", "decided_on": "2024-05-09", "fine_cny": 1, "total_cny": 1},
        {"party": "丙", "found_on": "2024-05-06", "filed_on": "2024-05-07", "decided_on": "2024-07-09"},
        {"party": "丁", "found_on": "2020-01-02", "filed_on": "2020-01-06", "decided_on": "2020-09"},
    ]  # fmt: skip
    file.write_text(json.dumps({"cases": cases}))
    old, hasty, moneyless, month = replay(str(file))["cases"]
    assert [each["verdict"] for each in old["clocks"]] == ["no_rule", "no_rule", "no_rule"]
    assert old["steps"] == []
    assert hasty["steps"][-1]["verb"] == moneyless["steps"][-1]["verb"] == "file_case"
    assert "容不下陈述申辩期" in hasty["stopped"]
    assert "罚没数额" in moneyless["stopped"]
    assert [each["clocks"][1]["verdict"] for each in (hasty, moneyless, month)] == ["met", "met", "missed_whatever"]
