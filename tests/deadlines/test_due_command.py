"""``manage.py due`` as people and programs call it: a fresh process, no database, exit codes."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from deadlines import calculator
from deadlines.models import RuleSet
from deadlines.rules import RuleBook, load_files
from deadlines.workdays import WorkCalendar

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[int, str, str]:
    """The command in this process, as manage.py would run it: exit code, stdout, stderr."""
    out = StringIO()
    try:
        call_command("due", *arguments, stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue(), str(error)
    return 0, out.getvalue(), ""


def ask(*arguments: str) -> dict[str, Any]:
    code, out, _detail = run(*arguments, "--json")
    assert code == 0
    answer: dict[str, Any] = json.loads(out)
    return answer


def test_the_command_answers_in_a_fresh_process_before_any_database_exists(tmp_path: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/none.sqlite3", "VAR_DIR": str(tmp_path / "var")}
    arguments = ["due", "--rule", "lead_verification", "--start", "2024-01-29"]

    def fresh(*more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments, *more],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )

    answered = fresh("--json")
    assert answered.returncode == 0, answered.stderr
    assert json.loads(answered.stdout)["due"] == "2024-02-22"
    assert json.loads(answered.stdout)["calendar"] == "files"
    refused = fresh("--extensions", "2", "--json")
    assert refused.returncode == 2
    assert json.loads(refused.stdout)["error"]["code"] == "too_many_extensions"
    assert "Traceback" not in refused.stderr


def test_a_rule_answers_with_its_version_and_its_article() -> None:
    answer = ask("--rule", "lead_verification", "--start", "2024-01-29")
    assert answer["due"] == answer["due_nominal"] == "2024-02-22"
    assert answer["provisional"] is False
    assert answer["rule"] == answer["version"] == "lead_verification"
    assert answer["article"] == "第十八条"
    assert answer["instrument"] == "市场监督管理行政处罚程序规定"
    assert answer["status"] == "law"


def test_the_version_follows_the_trigger_day() -> None:
    old = ask("--rule", "complaint_mediation", "--start", "2026-04-14")
    new = ask("--rule", "complaint_mediation", "--start", "2026-04-15")
    assert (old["version"], old["amount"], old["unit"]) == ("complaint_mediation_v20", 45, "working_day")
    assert (new["version"], new["amount"], new["unit"]) == ("complaint_mediation_v121", 60, "calendar_day")


def test_an_extension_and_several_overlapping_exclusions_add_to_the_count() -> None:
    answer = ask(
        *("--rule", "lead_verification", "--start", "2024-01-29", "--extensions", "1"),
        *("--exclude", "2024-03-06..2024-03-15", "--exclude", "2024-03-10..2024-03-18"),
    )
    assert (answer["amount"], answer["extensions"], answer["due"]) == (30, [15], "2024-03-27")


def test_a_step_without_statutory_length_takes_the_approved_one() -> None:
    answer = ask("--rule", "case_handling", "--start", "2024-05-06", "--extensions", "2", "--extend-by", "60")
    assert (answer["due_nominal"], answer["due"]) == ("2024-11-02", "2024-11-04")


def test_clear_days_before_an_event_by_rule_and_in_raw_form() -> None:
    by_rule = ask("--rule", "hearing_notice_before", "--start", "2024-07-10")
    raw = ask("--before", "7", "--unit", "working_day", "--start", "2024-07-10")
    for answer in (by_rule, raw):
        assert (answer["due"], answer["latest_nth"]) == ("2024-06-28", "2024-07-01")


def test_hours_are_exact_in_beijing_time() -> None:
    for start in ("2024-02-09T22:30", "2024-02-09T22:30+08:00"):
        assert ask("--rule", "emergency_coercive_report", "--start", start)["due"] == "2024-02-10T22:30"
    assert ask("--add", "24", "--unit", "hour", "--start", "2024-09-30T17:20:05")["due"] == "2024-10-01T17:20:05"


def test_a_date_in_an_unpublished_year_is_provisional() -> None:
    assert ask("--rule", "lead_verification", "--start", "2026-12-20")["provisional"] is True
    assert "暂定" in run("--rule", "lead_verification", "--start", "2026-12-20")[1]


def test_a_rule_without_length_has_no_due_day() -> None:
    answer = ask("--rule", "suspension", "--start", "2024-01-10")
    assert (answer["due"], answer["duration_kind"]) == (None, "open_ended")


def test_people_read_chinese_with_the_basis_and_both_days() -> None:
    code, out, _detail = run("--rule", "case_handling", "--start", "2024-07-03")
    assert code == 0
    for words in (
        "普通程序办案期限",
        "市场监督管理行政处罚程序规定第六十四条",
        "90日",
        "2024-10-08 星期二",
        "2024-10-01 星期二，顺延",
    ):
        assert words in out


def test_what_is_not_law_says_so() -> None:
    assert "系统默认值" in run("--rule", "lead_registration", "--start", "2024-07-03")[1]
    assert "未经核对" in run("--rule", "police_decision_econ", "--start", "2024-07-03")[1]


def test_the_law_in_the_database_is_preferred_to_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    calendar, book = load_files()

    def loaded_calendar() -> WorkCalendar:
        return calendar

    def loaded_rules() -> RuleBook:
        return book

    monkeypatch.setattr(calculator, "current_calendar", loaded_calendar)
    monkeypatch.setattr(calculator, "rule_book", loaded_rules)
    assert ask("--rule", "seizure", "--start", "2024-01-31")["calendar"] == "database"


def test_a_database_without_rules_falls_back_to_the_files() -> None:
    RuleSet.objects.all().delete()
    assert ask("--rule", "seizure", "--start", "2024-01-31")["calendar"] == "files"


RULE = ("--rule", "lead_verification")
DAY = ("--start", "2024-01-29")
RAW = ("--add", "15", "--unit", "working_day")


@pytest.mark.parametrize(
    ("arguments", "code", "field"),
    [
        ((*DAY,), "one_form", "rule"),
        ((*RULE, *RAW, *DAY), "one_form", "rule"),
        (RULE, "start_required", "start"),
        (("--rule", "nothing", *DAY), "unknown_rule", "rule"),
        (("--rule", "complaint_acceptance_v121", *DAY), "no_rule_version", "start"),
        (("--rule", "complaint_acceptance", "--start", "2019-12-31"), "no_rule_version", "start"),
        ((*RULE, *DAY, "--unit", "hour"), "fixed_by_rule", "unit"),
        ((*RULE, *DAY, "--roll", "none"), "fixed_by_rule", "roll"),
        ((*RULE, *DAY, "--extensions", "2"), "too_many_extensions", "extensions"),
        ((*RULE, *DAY, "--extensions", "-1"), "negative_amount", "extensions"),
        ((*RULE, *DAY, "--extensions", "one"), "bad_number", "extensions"),
        ((*RULE, *DAY, "--extend-by", "5"), "extension_amount_unused", "extend_by"),
        (("--rule", "case_handling", *DAY, "--extensions", "2"), "extension_amount_required", "extend_by"),
        ((*RULE, "--start", "2024-02-30"), "bad_date", "start"),
        ((*RULE, "--start", "29/01/2024"), "bad_date", "start"),
        ((*RULE, "--start", "2024-01-29T10:00"), "date_expected", "start"),
        ((*RULE, "--start", "Tomorrow"), "bad_date", "start"),
        (("--rule", "emergency_coercive_report", *DAY), "moment_expected", "start"),
        (("--rule", "emergency_coercive_report", "--start", "2024-02-09T22:30+00:00"), "wrong_time_zone", "start"),
        (("--rule", "emergency_coercive_report", "--start", "2024-02-09T25:30"), "bad_date", "start"),
        ((*RULE, *DAY, "--exclude", "2024-03-15..2024-03-06"), "inverted_interval", "exclude"),
        ((*RULE, *DAY, "--exclude", "2024-03-15"), "bad_interval", "exclude"),
        ((*RULE, *DAY, "--exclude", "2024-03-15..x"), "bad_date", "exclude"),
        (("--add", "-1", "--unit", "working_day", *DAY), "negative_amount", "add"),
        (("--add", "1.5", "--unit", "working_day", *DAY), "bad_number", "add"),
        (("--add", "1", *DAY), "bad_unit", "unit"),
        (("--add", "1", "--unit", "week", *DAY), "bad_unit", "unit"),
        ((*RAW, *DAY, "--roll", "sometimes"), "bad_roll", "roll"),
        ((*RAW, *DAY, "--extensions", "1"), "rule_required", "extensions"),
        ((*RAW, "--start", "2046-01-01"), "calendar_out_of_range", "start"),
        (("--add", "99999", "--unit", "working_day", *DAY), "calendar_out_of_range", "start"),
        (("--before", "3", "--unit", "hour", *DAY), "unit_not_allowed", "unit"),
        (("--before", "3", "--unit", "month", *DAY, "--roll", "any_non_working"), "roll_not_allowed", "roll"),
        (
            ("--before", "3", "--unit", "month", *DAY, "--exclude", "2024-01-01..2024-01-02"),
            "exclude_not_allowed",
            "exclude",
        ),
        (
            ("--add", "3", "--unit", "hour", "--start", "2024-01-29T10:00", "--roll", "any_non_working"),
            "roll_not_allowed",
            "roll",
        ),
    ],
)
def test_a_mistake_is_an_error_with_a_code_and_a_field(arguments: tuple[str, ...], code: str, field: str) -> None:
    returncode, out, detail = run(*arguments, "--json")
    error = json.loads(out)["error"]
    assert returncode == 2
    assert (error["code"], error["field"]) == (code, field)
    assert error["detail"] == detail
    assert run(*arguments)[1] == ""
