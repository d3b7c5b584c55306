"""The arithmetic of rewards: worked examples, and what must hold for every penalty."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from informants.rewards import FILE, carried_rules, parse_rules, reward_of, rule_on
from informants.states import RewardLevel

RULE = rule_on(carried_rules(), date(2026, 3, 2))
MONEY = st.decimals(0, 10**12 - 1, places=2)


@pytest.mark.parametrize(
    ("level", "penalty", "amount", "limits"),
    [
        ("first", "200000", "10000.00", ""),
        ("first", "100000", "5000.00", ""),
        ("first", "99999.99", "5000", ""),
        ("first", "99000", "5000", "least"),
        ("first", "0", "5000", "least"),
        ("second", "200000", "6000.00", ""),
        ("second", "50000", "3000", "least"),
        ("third", "1234567.89", "12345.68", ""),
        ("third", "100", "1000", "least"),
        ("first", "9999999.99", "500000.00", "finance"),
        ("first", "10000000", "500000.00", "finance"),
        ("first", "20000000", "1000000.00", "finance"),
        ("first", "20000001", "1000000", "finance most"),
        ("third", "999999999999.99", "1000000", "finance most"),
    ],
)
def test_the_worked_examples_come_out_to_the_cent(level: str, penalty: str, amount: str, limits: str) -> None:
    earned = reward_of(level, Decimal(penalty), RULE)
    found = [("finance", earned.needs_finance), ("least", earned.is_least), ("most", earned.is_most)]
    assert (earned.amount, " ".join(name for name, holds in found if holds)) == (Decimal(amount), limits)


@given(level=st.sampled_from(RewardLevel.values), low=MONEY, high=MONEY)
def test_a_larger_penalty_never_earns_less(level: str, low: Decimal, high: Decimal) -> None:
    low, high = sorted((low, high))
    assert reward_of(level, low, RULE).amount <= reward_of(level, high, RULE).amount


@given(penalty=MONEY)
def test_every_reward_lies_between_the_least_of_its_level_and_the_most(penalty: Decimal) -> None:
    first, second, third = (reward_of(level, penalty, RULE) for level in RewardLevel.values)
    assert first.amount >= second.amount >= third.amount
    for earned in (first, second, third):
        assert RULE.levels[earned.level].least <= earned.amount <= RULE.most
        assert earned.amount == round(earned.amount, 2)
        assert earned.needs_finance is (earned.amount >= 500_000)


def test_the_computation_is_told_with_its_source() -> None:
    source = "（市场监管领域重大违法行为举报奖励暂行办法，国市监稽规〔2021〕4号）"
    assert reward_of("first", Decimal(200_000), RULE).basis == f"罚没款的5%{source}"
    assert reward_of("third", Decimal(1), RULE).basis == f"罚没款的1%，不足1,000元的按1,000元{source}"
    assert reward_of("first", Decimal(10**11), RULE).basis == f"罚没款的5%，最高1,000,000元{source}"


@pytest.mark.parametrize("penalty", ["-1", "NaN", "Infinity", "1000000000000"])
def test_a_penalty_that_is_no_amount_is_refused(penalty: str) -> None:
    with pytest.raises(Invalid) as caught:
        reward_of("first", Decimal(penalty), RULE)
    assert (caught.value.code, caught.value.field) == ("amount_out_of_range", "base_amount")


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        reward_of("zeroth", Decimal(1), RULE)
    assert caught.value.code == "unknown_level"


def test_before_the_instrument_there_is_no_rule() -> None:
    assert rule_on(carried_rules(), date(2021, 12, 1)).id == "reward_2021"
    with pytest.raises(Invalid) as caught:
        rule_on(carried_rules(), date(2021, 11, 30))
    assert caught.value.code == "no_reward_rule"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("level: third", "level: second", "bad_value"),
        ("level: third", "level: fourth", "bad_value"),
        ("[R1]", "[R2]", "unknown_source"),
        ("status: secondary", "status: certain", "bad_value"),
        ("effective_from: 2021-12-01", "effective_from: soon", "bad_value"),
        ("most: 1000000", "mots: 1000000", "missing_key"),
        ("percent: 5", "percent: five", "bad_value"),
    ],
)
def test_a_file_of_rules_with_a_mistake_is_refused(old: str, new: str, code: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(Invalid) as caught:
        parse_rules(text.replace(old, new))
    assert caught.value.code == code


def test_the_source_was_read_at_second_hand_and_says_so() -> None:
    assert RULE.status == "secondary"
