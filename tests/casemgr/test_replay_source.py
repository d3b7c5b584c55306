"""Files of published cases nobody should trust: each fault names the case and the field, and nothing changes."""

import json
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Office
from audit.models import Entry
from casemgr.replay.source import PublishedCase, Span, read_cases
from clues.models import Lead
from core.errors import Invalid
from deadlines.models import RuleSet

TODAY = date(2026, 6, 1)


def raw(*cases: Any) -> bytes:
    return json.dumps({"cases": list(cases)}, ensure_ascii=False).encode()


def refusal(content: bytes) -> Invalid:
    with pytest.raises(Invalid) as refused:
        read_cases(content, today=TODAY)
    return refused.value


def test_only_what_is_stated_is_read() -> None:
    (case,) = read_cases(raw({"party": "企业甲", "found_on": "2023-09", "laws": ["计量法"]}), today=TODAY)
    month = Span(date(2023, 9, 1), date(2023, 9, 30))
    assert case == PublishedCase("企业甲", "", "", month, None, None, None, None, None)
    assert case.stated() == {"found_on": month}


def test_what_was_confiscated_follows_from_the_total() -> None:
    (case,) = read_cases(raw({"party": "企业甲", "fine_cny": 2000, "total_cny": 1307600.5}), today=TODAY)
    assert (case.fine, case.confiscated) == (Decimal(2000), Decimal("1305600.50"))


def test_the_month_of_today_ends_today() -> None:
    (case,) = read_cases(raw({"party": "企业甲", "found_on": "2026-06"}), today=TODAY)
    assert case.found_on == Span(TODAY, TODAY)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "malformed_json"),
        (b'{"cases": [', "malformed_json"),
        (b"\xff\xfe\x00", "malformed_json"),
        (b"[" * 50000, "malformed_json"),
        (b"[]", "malformed_json"),
        (b'{"cases": [{"party": "x", "fine_cny": NaN}]}', "malformed_json"),
        (b'{"cases": [], "cases": []}', "duplicate_key"),
        (b"{}", "cases_missing"),
        (b'{"cases": {}}', "cases_missing"),
        (b'{"cases": []}', "cases_missing"),
        (b" " * 10_000_001, "file_too_large"),
    ],
    ids=["empty", "cut", "not utf-8", "deep", "list", "nan", "key twice", "no cases", "object", "none", "large"],
)
def test_what_is_not_a_file_of_cases_is_refused(content: bytes, code: str) -> None:
    assert refusal(content).code == code


@pytest.mark.parametrize(
    ("record", "field", "code"),
    [
        ("企业甲", "", "case_not_object"),
        ({}, ".party", "bad_text"),
        ({"party": 7}, ".party", "bad_text"),
        ({"party": " "}, ".party", "bad_text"),
        ({"party": "企业甲", "violation": ["x"]}, ".violation", "bad_text"),
        ({"party": "企业甲", "found_on": "2024-02-30"}, ".found_on", "bad_date"),
        ({"party": "企业甲", "found_on": "2024-13"}, ".found_on", "bad_date"),
        ({"party": "企业甲", "found_on": "20240221"}, ".found_on", "bad_date"),
        ({"party": "企业甲", "found_on": "2024-W08-3"}, ".found_on", "bad_date"),
        ({"party": "企业甲", "found_on": 20240221}, ".found_on", "bad_date"),
        ({"party": "企业甲", "decided_on": "2026-06-02"}, ".decided_on", "future_date"),
        ({"party": "企业甲", "fund_on": "2024-02-21"}, ".fund_on", "unknown_date"),
        ({"party": "企业甲", "found_on": "2024-03-01", "decided_on": "2024-02-28"}, ".decided_on", "impossible_dates"),
        ({"party": "企业甲", "found_on": "2024-03-01", "filed_on": "2024-02-28"}, ".filed_on", "impossible_dates"),
        ({"party": "企业甲", "filed_on": "2024-03-01", "decided_on": "2024-02"}, ".decided_on", "impossible_dates"),
        ({"party": "企业甲", "found_on": "2024-03-01", "referred_on": "2024-02"}, ".referred_on", "impossible_dates"),
        ({"party": "企业甲", "fine_cny": -1}, ".fine_cny", "bad_amount"),
        ({"party": "企业甲", "fine_cny": True}, ".fine_cny", "bad_amount"),
        ({"party": "企业甲", "fine_cny": "2000"}, ".fine_cny", "bad_amount"),
        ({"party": "企业甲", "fine_cny": 1e30}, ".fine_cny", "bad_amount"),
        ({"party": "企业甲", "fine_cny": 20, "total_cny": 10}, ".total_cny", "impossible_amounts"),
    ],
)
def test_a_faulty_case_is_refused_by_case_and_field(record: Any, field: str, code: str) -> None:
    found = refusal(raw({"party": "企业零"}, record))
    assert (found.code, found.field) == (code, f"cases[1]{field}")
    assert f"cases[1]{field}" in found.detail


def test_impossible_dates_are_told_with_the_party_and_both_days() -> None:
    found = refusal(raw({"party": "企业丙", "found_on": "2021-03-25", "decided_on": "2020-08-21"}))
    assert found.detail == "案例文件有误（cases[0].decided_on）：企业丙：决定日2020-08-21早于发现日2021-03-25。"


@pytest.mark.usefixtures("law")
@pytest.mark.parametrize(
    "content", [b"{", raw({"party": "企业丙", "found_on": "2021-03-25", "decided_on": "2020-08-21"})]
)
def test_a_refused_file_ends_the_command_with_one_and_changes_nothing(tmp_path: Path, content: bytes) -> None:
    file, out = tmp_path / "cases.json", StringIO()
    file.write_bytes(content)
    before = (Office.objects.count(), Lead.objects.count(), Entry.objects.count())
    with pytest.raises(CommandError) as refused:
        call_command("replay_cases", str(file), "--json", "--keep", stdout=out)
    assert refused.value.returncode == 1
    assert json.loads(out.getvalue())["error"]["detail"] == str(refused.value)
    assert (Office.objects.count(), Lead.objects.count(), Entry.objects.count()) == before


@pytest.mark.usefixtures("law")
def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"无法读取.*missing\.json"):
        call_command("replay_cases", str(tmp_path / "missing.json"))


def test_without_the_law_there_is_no_replay(db: None) -> None:
    RuleSet.objects.all().delete()
    with pytest.raises(CommandError, match="load_law"):
        call_command("replay_cases")
