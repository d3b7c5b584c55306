"""Notice files nobody should trust: each fault has a code, a place and no plan."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from core.errors import Invalid
from deadlines.workdays import parse_notice
from deadlines.yearplans import DATA

Notice = dict[str, Any]


def read(year: int = 2026) -> Notice:
    notice: Notice = json.loads((DATA / "calendars" / f"{year}.json").read_text(encoding="utf-8"))
    return notice


def position(notice: Notice, day: str) -> int:
    return next(index for index, record in enumerate(notice["days"]) if record["date"] == day)


def refusal(raw: bytes) -> Invalid:
    with pytest.raises(Invalid) as refused:
        parse_notice(raw)
    return refused.value


@pytest.mark.parametrize("year", range(2021, 2027))
def test_a_published_notice_is_read_whole(year: int) -> None:
    notice = read(year)
    plan = parse_notice(json.dumps(notice).encode())
    assert plan.year == year
    assert plan.published
    assert plan.papers == tuple(notice["papers"])
    assert len(plan.days_off) + len(plan.working_days) == len(notice["days"])


def set_year(notice: Notice) -> None:
    notice["year"] = 2025


def year_as_text(notice: Notice) -> None:
    notice["year"] = "2026"


def far_year(notice: Notice) -> None:
    notice["year"] = 3026


def no_days(notice: Notice) -> None:
    notice["days"] = []


def no_papers(notice: Notice) -> None:
    notice["papers"] = []


def paper_is_no_address(notice: Notice) -> None:
    notice["papers"] = ["passwords.txt"]


def unknown_key(notice: Notice) -> None:
    notice["extra"] = 1


def unknown_key_of_a_day(notice: Notice) -> None:
    notice["days"][0]["extra"] = 1


def repeat_a_day(notice: Notice) -> None:
    notice["days"].append(dict(notice["days"][2]))


def contradict_a_day(notice: Notice) -> None:
    notice["days"].append({"name": "元旦", "date": "2026-01-03", "isOffDay": False})


def work_on_a_weekday(notice: Notice) -> None:
    notice["days"].append({"name": "元旦", "date": "2026-01-06", "isOffDay": False})


def day_of_another_year(notice: Notice) -> None:
    notice["days"].append({"name": "元旦", "date": "2027-01-01", "isOffDay": True})


def day_too_early(notice: Notice) -> None:
    notice["days"].append({"name": "元旦", "date": "2025-11-30", "isOffDay": True})


def no_such_day(notice: Notice) -> None:
    notice["days"][3]["date"] = "2026-02-30"


def compact_day(notice: Notice) -> None:
    notice["days"][3]["date"] = "20260104"


def flag_is_a_number(notice: Notice) -> None:
    notice["days"][3]["isOffDay"] = 1


def day_without_name(notice: Notice) -> None:
    notice["days"][3]["name"] = " "


def day_is_text(notice: Notice) -> None:
    notice["days"][3] = "2026-01-04"


def forget_qingming(notice: Notice) -> None:
    notice["days"] = [day for day in notice["days"] if day["name"] != "清明节"]


def forget_national_day(notice: Notice) -> None:
    del notice["days"][position(notice, "2026-10-02")]


def forget_the_middle_of_a_holiday(notice: Notice) -> None:
    del notice["days"][position(notice, "2026-10-05")]


def forget_the_end_of_a_holiday(notice: Notice) -> None:
    del notice["days"][position(notice, "2026-10-07")]


def forget_a_make_up_day(notice: Notice) -> None:
    del notice["days"][position(notice, "2026-10-10")]


def extra_make_up_day(notice: Notice) -> None:
    notice["days"].append({"name": "国庆节", "date": "2026-10-11", "isOffDay": False})


@pytest.mark.parametrize(
    ("spoil", "code", "field"),
    [
        (set_year, "wrong_year", "$id"),
        (year_as_text, "bad_year", "year"),
        (far_year, "bad_year", "year"),
        (no_days, "empty_notice", "days"),
        (no_papers, "no_paper", "papers"),
        (paper_is_no_address, "no_paper", "papers[0]"),
        (unknown_key, "unknown_key", "extra"),
        (unknown_key_of_a_day, "unknown_key", "days[0].extra"),
        (repeat_a_day, "duplicate_day", "days[39].date"),
        (contradict_a_day, "contradictory_day", "days[39].date"),
        (work_on_a_weekday, "not_a_make_up_day", "days[39].date"),
        (day_of_another_year, "day_outside_year", "days[39].date"),
        (day_too_early, "day_outside_year", "days[39].date"),
        (no_such_day, "bad_date", "days[3].date"),
        (compact_day, "bad_date", "days[3].date"),
        (flag_is_a_number, "bad_flag", "days[3].isOffDay"),
        (day_without_name, "bad_name", "days[3].name"),
        (day_is_text, "bad_day", "days[3]"),
        (forget_qingming, "missing_statutory_holiday", "days"),
        (forget_national_day, "missing_statutory_holiday", "days"),
        (forget_the_middle_of_a_holiday, "gap_in_holiday", "days"),
        (forget_the_end_of_a_holiday, "unbalanced_notice", "days"),
        (forget_a_make_up_day, "unbalanced_notice", "days"),
        (extra_make_up_day, "unbalanced_notice", "days"),
    ],
)
def test_a_spoiled_notice_is_refused_by_place_and_rule(spoil: Callable[[Notice], None], code: str, field: str) -> None:
    notice = read()
    spoil(notice)
    found = refusal(json.dumps(notice, ensure_ascii=False).encode())
    assert (found.code, found.field) == (code, field)
    assert field in found.detail


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"\xff\xfe", b"[]", b"null", b"[" * 60000, b'{"year": ' + b"9" * 6000 + b"}"],
    ids=["empty", "cut", "not utf-8", "list", "null", "deep", "huge number"],
)
def test_what_is_not_a_json_object_is_refused(raw: bytes) -> None:
    found = refusal(raw)
    assert (found.code, found.field) == ("malformed_json", "file")


def test_a_file_too_large_is_refused() -> None:
    assert refusal(b" " * 70000).code == "file_too_large"


def test_a_key_written_twice_is_refused() -> None:
    found = refusal(b'{"year": 2026, "year": 2025}')
    assert (found.code, found.field) == ("duplicate_key", "year")


def test_an_extra_day_off_needs_a_second_notice() -> None:
    notice = read(2025)
    notice["days"].append({"name": "纪念日", "date": "2025-09-03", "isOffDay": True})
    assert refusal(json.dumps(notice).encode()).code == "unbalanced_notice"
    notice["papers"].append("https://www.gov.cn/zhengce/another.htm")
    assert date(2025, 9, 3) in parse_notice(json.dumps(notice).encode()).days_off


def test_the_empty_file_of_a_year_not_yet_published_is_refused() -> None:
    assert refusal(b'{"year": 2027, "papers": [], "days": []}').code == "no_paper"
