"""What is refused in a division's file, each at its place."""

from decimal import Decimal

import pytest

from core.errors import Invalid
from deadlines.yearplans import DATA
from routing.engine import DISTRICT_OF_REGION
from routing.rule_files import parse_division

HEAD = 'version: v1\nname: 划分\neffective_on: 2026-01-01\ncity: "370200"\n'


def division_text(*rules: str, head: str = HEAD) -> str:
    return head + "rules:\n" + "".join(f"  - {{{rule}}}\n" for rule in rules)


def test_the_carried_division_reads() -> None:
    division = parse_division((DATA / "routing" / "demo_division.yaml").read_text(encoding="utf-8"))
    assert division.returns_allowed == 2
    assert [rule.order for rule in division.rules] == sorted(rule.order for rule in division.rules)
    assert any(rule.office == DISTRICT_OF_REGION for rule in division.rules)


def test_a_rule_reads_with_all_its_conditions_and_rules_come_in_order() -> None:
    division = parse_division(
        division_text(
            "key: late, order: 2, name: 后, office: b",
            "key: first, order: 1, name: 先, office: a, categories: [food], regions: ['370202'], level: city, "
            "amount_from: '100', amount_to: '1000.50', any_flags: [key8-1, key8-2], all_flags: [concern-cross]",
        )
    )
    first, late = division.rules
    assert (first.key, first.categories, first.regions, first.level) == ("first", ("food",), ("370202",), "city")
    assert (first.amount_from, first.amount_to) == (Decimal(100), Decimal("1000.50"))
    assert (first.any_flags, first.all_flags) == (frozenset({"key8-1", "key8-2"}), frozenset({"concern-cross"}))
    assert (late.categories, late.level, late.amount_from) == ((), "*", None)
    assert division.returns_allowed == 2  # the default of the system


@pytest.mark.parametrize(
    ("rule", "code", "field"),
    [
        ("key: Bad, order: 1, name: n, office: a", "bad_value", "rules[0].key"),
        ("key: k, order: -1, name: n, office: a", "bad_value", "rules[0].order"),
        ("key: k, name: n, office: a", "missing_key", "rules[0].order"),
        ("key: k, order: 1, name: n", "missing_key", "rules[0].office"),
        ("key: k, order: 1, name: n, office: a, when: x", "unknown_key", "rules[0].when"),
        ("key: k, order: 1, name: n, office: a, categories: [fod]", "unknown_code", "rules[0].categories"),
        ("key: k, order: 1, name: n, office: a, categories: []", "bad_value", "rules[0].categories"),
        ("key: k, order: 1, name: n, office: a, regions: ['379999']", "unknown_code", "rules[0].regions"),
        ("key: k, order: 1, name: n, office: a, regions: ['370302']", "region_outside_city", "rules[0].regions"),
        ("key: k, order: 1, name: n, office: a, level: province", "bad_value", "rules[0].level"),
        ("key: k, order: 1, name: n, office: a, amount_from: '1e3'", "bad_value", "rules[0].amount_from"),
        ("key: k, order: 1, name: n, office: a, amount_from: 1000.5", "bad_value", "rules[0].amount_from"),
        ("key: k, order: 1, name: n, office: a, amount_from: '5', amount_to: '5'", "inverted_interval", "rules[0].amount_to"),
        ("key: k, order: 1, name: n, office: a, any_flags: [key8]", "unknown_code", "rules[0].any_flags"),
    ],
)  # fmt: skip
def test_a_wrong_rule_is_refused_at_its_place(rule: str, code: str, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_division(division_text(rule))
    assert (caught.value.code, caught.value.field) == (code, field)
    assert caught.value.detail


@pytest.mark.parametrize(
    ("before", "after", "code", "field"),
    [
        ("version: v1", "version: 第一版", "bad_value", "version"),
        ("version: v1\n", "", "missing_key", "version"),
        ("2026-01-01", "soon", "bad_value", "effective_on"),
        ("effective_on: 2026-01-01\n", "", "missing_key", "effective_on"),
        ('"370200"', '"370202"', "unknown_region", "city"),
        ('"370200"', '"379900"', "unknown_region", "city"),
        ("name: 划分", "name: 划分\nreturns_allowed: 99", "bad_value", "returns_allowed"),
        ("name: 划分", "name: 划分\nsign_within: 2", "unknown_key", "sign_within"),
    ],
)
def test_a_wrong_head_is_refused_at_its_place(before: str, after: str, code: str, field: str) -> None:
    text = division_text("key: k, order: 1, name: n, office: a", head=HEAD.replace(before, after))
    with pytest.raises(Invalid) as caught:
        parse_division(text)
    assert (caught.value.code, caught.value.field) == (code, field)


def test_no_rules_and_a_repeated_key_are_refused() -> None:
    with pytest.raises(Invalid, match="rules"):
        parse_division(HEAD + "rules: []\n")
    with pytest.raises(Invalid) as caught:
        parse_division(division_text(*["key: k, order: 1, name: n, office: a"] * 2))
    assert caught.value.code == "duplicate_key"
