"""The carried rules are complete and the reader refuses anything else than its schema."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from core.errors import Invalid
from deadlines.rules import RuleVersion, Status, load_files, parse_rules

OWN_DEFAULTS = ("lead_signing",)
_CALENDAR, BOOK = load_files()

SMALL = """
sources: {S1: the text}
rules:
  reply:
  - id: reply_v1
    name_zh: 答复
    name_en: Reply
    trigger: 收到之日
    amount: 5
    unit: working_day
    basis: {instrument: 办法, article: 第一条, version: 令1}
    effective_from: 2020-01-01
    effective_to: 2020-12-31
    status: law
    sources: [S1]
  - id: reply
    name_zh: 答复
    name_en: Reply
    trigger: 收到之日
    amount: 7
    unit: working_day
    extensions: [{reason: 特殊情况, amount: 3, unit: working_day, approver: 负责人}, {reason: 其他}]
    warnings: [{amount: 1, unit: working_day}]
    basis: {instrument: 办法, article: 第一条, version: 令2}
    effective_from: 2021-01-01
    status: law
    sources: [S1]
"""


def facts(version: RuleVersion) -> str:
    extensions = "+".join("?" if step.amount is None else str(step.amount) for step in version.extensions)
    warnings = ",".join(f"{each.amount}{each.unit[0]}" for each in version.warnings)
    days = (version.effective_from, version.effective_to)
    return " ".join(
        [
            version.id,
            str(version.amount),
            version.unit,
            version.direction,
            version.roll,
            extensions or "-",
            warnings or "-",
            *(day.isoformat() if day else "-" for day in days),
            version.status,
        ]
    )


def refusal(text: str) -> Invalid:
    with pytest.raises(Invalid) as refused:
        parse_rules(text)
    return refused.value


def test_all_124_rules_are_carried_with_the_numbers_as_researched() -> None:
    lines = (Path(__file__).parent / "source_rules.txt").read_text(encoding="utf-8").splitlines()
    researched = {line for line in lines if not line.startswith("#")}
    assert len(researched) == 124
    ours = {version.id for version in BOOK.versions() if version.key in OWN_DEFAULTS}
    assert {facts(version) for version in BOOK.versions() if version.id not in ours} == researched


def test_the_periods_we_added_ourselves_are_labelled_defaults() -> None:
    assert {BOOK.version(name).status for name in OWN_DEFAULTS} == {"local_default"}


def test_every_rule_cites_its_law_and_what_is_not_law_says_so() -> None:
    for version in BOOK.versions():
        assert version.instrument
        assert version.article or version.status is Status.secondary
        assert version.source
        assert (version.effective_from is None) is (version.status is Status.local_default)


def test_a_family_gives_the_version_of_the_trigger_day() -> None:
    for key, before, after, day in (
        ("complaint_acceptance", "complaint_acceptance_v20", "complaint_acceptance_v121", date(2026, 4, 15)),
        ("evidence_registration", "evidence_registration_v2018", "evidence_registration", date(2021, 7, 15)),
        ("statement_defence", "statement_defence_v2018", "statement_defence", date(2021, 7, 15)),
        ("service_by_announcement", "service_by_announcement_v42", "service_by_announcement_v61", date(2022, 11, 1)),
        ("complaint_mediation", "complaint_mediation_v20", "complaint_mediation_v121", date(2026, 4, 15)),
        ("publicity_period_general", "publicity_period_v2021_general", "publicity_period_general", date(2025, 12, 25)),
    ):
        eve = date.fromordinal(day.toordinal() - 1)
        assert BOOK.version_on(key, eve).id == before
        assert BOOK.version_on(key, day).id == after


def test_every_original_key_is_still_answered_in_its_own_time() -> None:
    for version in BOOK.versions():
        day = version.effective_to or version.effective_from or date(2026, 1, 1)
        assert BOOK.version_on(version.id, day) is version
        assert BOOK.version(version.id) is version


def test_an_unknown_rule_is_refused() -> None:
    asks: list[Callable[[], object]] = [
        lambda: BOOK.version_on("nothing", date(2026, 1, 1)),
        lambda: BOOK.version("nothing"),
    ]
    for ask in asks:
        with pytest.raises(Invalid) as refused:
            ask()
        assert (refused.value.code, refused.value.field) == ("unknown_rule", "rule")


@pytest.mark.parametrize(
    ("rule", "day"),
    [
        ("complaint_acceptance", date(2019, 12, 31)),
        ("complaint_acceptance_v20", date(2026, 4, 15)),
        ("report_filing_feedback", date(2026, 4, 15)),
    ],
)
def test_a_trigger_outside_every_version_is_refused_with_the_dates(rule: str, day: date) -> None:
    with pytest.raises(Invalid) as refused:
        BOOK.version_on(rule, day)
    assert (refused.value.code, refused.value.field) == ("no_rule_version", "start")
    assert "2020-01-01" in refused.value.detail


def test_extensions_follow_the_steps_of_the_law() -> None:
    handling = BOOK.version("case_handling")
    assert handling.extension_amounts(0) == ()
    assert handling.extension_amounts(1) == (30,)
    assert handling.extension_amounts(2, [60]) == (30, 60)


@pytest.mark.parametrize(
    ("rule", "count", "given", "code", "field"),
    [
        ("lead_verification", 2, [], "too_many_extensions", "extensions"),
        ("lead_verification", -1, [], "negative_amount", "extensions"),
        ("statement_defence", 1, [], "too_many_extensions", "extensions"),
        ("case_handling", 2, [], "extension_amount_required", "extend_by"),
        ("case_handling", 2, [0], "negative_amount", "extend_by"),
        ("case_handling", 1, [60], "extension_amount_unused", "extend_by"),
    ],
)
def test_an_extension_the_law_does_not_give_is_refused(
    rule: str, count: int, given: list[int], code: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        BOOK.version(rule).extension_amounts(count, given)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_small_rule_file_is_read() -> None:
    book = parse_rules(SMALL)
    assert [version.id for version in book.families()["reply"]] == ["reply_v1", "reply"]
    reply = book.version("reply")
    assert [step.amount for step in reply.extensions] == [3, None]
    assert (reply.direction, reply.roll, reply.duration_kind, reply.note) == ("after", "none", "fixed", "")


@pytest.mark.parametrize(
    ("old", "new", "code", "field"),
    [
        ("    amount: 5\n", "    amount: 5\n    amont: 5\n", "unknown_key", "reply[0].amont"),
        ("    amount: 5\n", "    amount: 5\n    amount: 6\n", "duplicate_key", "amount"),
        ("  reply:\n", "  reply: []\n  reply:\n", "duplicate_key", "reply"),
        ("    amount: 5\n", "", "missing_key", "reply[0].amount"),
        ("    amount: 5\n", "    amount: -5\n", "bad_value", "reply[0].amount"),
        ("    amount: 5\n", "    amount: true\n", "bad_value", "reply[0].amount"),
        ("    amount: 5\n", "    amount: 0\n", "bad_value", "reply[0].amount"),
        ("unit: working_day\n", "unit: workday\n", "bad_value", "reply[0].unit"),
        ("unit: working_day\n", "unit: working_day\n    roll: sometimes\n", "bad_value", "reply[0].roll"),
        ("unit: working_day\n", "unit: hour\n    roll: any_non_working\n", "bad_value", "reply[0].roll"),
        ("effective_from: 2020-01-01", "effective_from: '2020-01-01'", "bad_value", "reply[0].effective_from"),
        ("effective_from: 2020-01-01", "effective_from: 2020-01-01 10:00:00", "bad_value", "reply[0].effective_from"),
        ("    effective_from: 2020-01-01\n", "", "missing_key", "reply[0].effective_from"),
        ("effective_to: 2020-12-31", "effective_to: 2019-12-31", "inverted_interval", "reply[0].effective_to"),
        ("effective_to: 2020-12-31", "effective_to: 2021-01-01", "overlapping_versions", "reply.effective_from"),
        ("    effective_to: 2020-12-31\n", "", "overlapping_versions", "reply.effective_from"),
        ("id: reply_v1", "id: reply", "duplicate_rule", "reply"),
        ("id: reply_v1", "id: Reply v1", "bad_value", "reply[0].id"),
        ("  reply:\n", "  Reply!:\n", "bad_value", "rules.Reply!"),
        ("sources: [S1]\n", "sources: [S9]\n", "unknown_source", "reply[0].sources"),
        ("status: law", "status: rumour", "bad_value", "reply[0].status"),
        ("amount: 3, unit: working_day", "amount: 3, unit: month", "bad_value", "reply[1].extensions[0].unit"),
        ("amount: 3, unit: working_day", "amount: 3, cap: 2", "unknown_key", "reply[1].extensions[0].cap"),
        ("{amount: 1, unit: working_day}", "1 day", "bad_type", "reply[1].warnings[0]"),
        ("article: 第一条, version: 令1", "version: 令1", "missing_key", "reply[0].basis.article"),
        ("name_zh: 答复", "name_zh: ''", "bad_value", "reply[0].name_zh"),
        ("rules:", "rulez:", "missing_key", "rules"),
        ("sources: {S1", "sources: &a {S1", "", ""),
        ("name_en: Reply", "name_en: *a", "malformed_yaml", "file"),
        ("rules:", "rules: [", "malformed_yaml", "file"),
        ("sources: {S1: the text}", "sources: {S1: !!python/name:os.system ''}", "malformed_yaml", "file"),
        ("sources: {S1: the text}", "sources: {1: the text}", "bad_key", "1"),
    ],
)
def test_a_rule_file_that_breaks_the_schema_is_refused_by_place(old: str, new: str, code: str, field: str) -> None:
    assert old in SMALL
    text = SMALL.replace(old, new, 1)
    if not code:
        assert parse_rules(text).versions()
        return
    found = refusal(text)
    assert (found.code, found.field) == (code, field)


def test_a_version_may_not_take_the_name_of_another_family() -> None:
    text = SMALL + SMALL.split("rules:\n")[1].replace("  reply:", "  other:").replace("id: reply_v1", "id: x").replace(
        "id: reply\n", "id: y\n"
    )
    assert len(parse_rules(text).versions()) == 4
    assert refusal(text.replace("id: x", "id: reply_v1")).code == "duplicate_rule"
    assert refusal(text.replace("id: reply_v1", "id: other")).code == "duplicate_rule"


@pytest.mark.parametrize("text", ["", "[]", "a", "rules: 1"])
def test_what_is_no_rule_file_is_refused(text: str) -> None:
    assert refusal(text).code in {"bad_type", "missing_key"}
