"""Rules and combinations in words."""

from decimal import Decimal

import pytest

from routing.engine import UNKNOWN_AMOUNT, Band, Cell, Rule, Space, coverage
from routing.wording import bands_words, category_words, cell_line, flag_words, rule_conditions

LOW, MIDDLE, HIGH = (Band(Decimal(low), None if high is None else Decimal(high)) for low, high in ((0, 500), (500, 1000), (1000, None)))  # fmt: skip


@pytest.mark.parametrize(
    ("bands", "words"),
    [
        ([UNKNOWN_AMOUNT], "金额不明"),
        ([LOW], "不满500元"),
        ([HIGH], "1,000元以上"),
        ([MIDDLE], "500元以上、不满1,000元"),
        ([UNKNOWN_AMOUNT, MIDDLE, LOW], "金额不明或者不满1,000元"),
        ([LOW, HIGH], "不满500元或者1,000元以上"),
        ([LOW, MIDDLE, HIGH], "金额已知"),
        ([UNKNOWN_AMOUNT, LOW, MIDDLE, HIGH], "不限"),
        ([Band(Decimal("0.50"), None)], "0.50元以上"),
    ],
)
def test_neighbouring_amounts_read_as_one(bands: list[Band], words: str) -> None:
    assert bands_words(bands) == words


def test_a_whole_subject_and_a_whole_group_go_by_their_own_name() -> None:
    assert category_words(["direct-selling", "direct-pyramid", "direct", "ip-patent"]) == "专利、直销和传销"
    assert category_words(["direct", "ip-patent"]) == "专利、直销和传销（未细分）"
    assert flag_words(["key2-2", "key2-1", "concern-crime"]) == "重点案件（两类）、涉嫌犯罪"
    assert flag_words([]) == "无标签"


def test_a_long_list_is_cut_and_counted() -> None:
    codes = ["food-sale", "drug-sale", "device-sale", "cosmetic-sale", "ip-patent", "price-fraud", "direct-pyramid"]
    assert category_words(codes).endswith("等7项")


def test_a_rule_says_each_of_its_conditions() -> None:
    rule = Rule(
        "k",
        1,
        "n",
        "a",
        ("food",),
        ("370202",),
        "city",
        Decimal(100),
        None,
        frozenset({"key8-1"}),
        frozenset({"key8-2"}),
    )
    assert list(rule_conditions(rule).values()) == [
        "食品", "市南区", "市级", "100元以上", "有其一：八类重点案件之一；都有：八类重点案件之二",
    ]  # fmt: skip


def test_gaps_alike_in_all_but_one_respect_are_told_as_one() -> None:
    """The edge of a rule that does not hold there anyway does not cut a gap in two."""
    rules = [
        Rule("one", 1, "n", "a", categories=("ip",)),
        Rule("two", 2, "n", "a", categories=("ip",), amount_from=Decimal(500)),
    ]
    (gap,) = coverage(rules, Space(("food", "ip"), ("370200", "370202"))).uncovered
    assert gap == Cell(("food",), ("370200", "370202"), ("city", "district"), gap.bands, (frozenset(),))
    assert cell_line(gap) == "食品（未细分）；青岛市（区县不明）、市南区；市级、区县级；不限；无标签"
