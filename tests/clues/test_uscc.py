"""Credit codes against an independent implementation of GB 32100-2015."""

import random

import pytest
from stdnum.cn import uscc as oracle

from clues.uscc import ALPHABET, LENGTH, doubt_about, normalised

# The example of the oracle's own documentation, and three more it accepts.
VALID = ("91110000600037341L", "91110000802100433B", "91440300708461136T", "91330100799655058B")


@pytest.mark.parametrize("code", VALID)
def test_a_valid_code_is_not_doubted(code: str) -> None:
    assert oracle.is_valid(code)
    assert doubt_about(code) is None


def test_the_published_code_that_fails_its_own_check_is_doubted_with_the_reason() -> None:
    assert not oracle.is_valid("91350211M0000XUF46")
    assert doubt_about("91350211M0000XUF46") == "校验位应为“R”，现为“6”"


@pytest.mark.parametrize(
    ("code", "doubt"),
    [
        ("9111000060003734", "应为18位，现为16位"),
        ("91110000600037341I", "含有代码中不使用的字符“I”"),
        ("9111000060003734１L", "含有代码中不使用的字符“１”"),
    ],
)
def test_a_malformed_code_is_doubted_with_the_reason(code: str, doubt: str) -> None:
    assert doubt_about(code) == doubt


def test_ten_thousand_random_codes_are_judged_as_by_the_oracle() -> None:
    """The oracle also wants the registration authority it knows, so its letters are drawn from those."""
    chance = random.Random(31)
    valid = 0
    for _ in range(10_000):
        body = chance.choice(["91", "92", "93", "12"]) + "".join(chance.choices("0123456789", k=6))
        code = body + "".join(chance.choices(ALPHABET, k=LENGTH - 8))
        if chance.random() < 0.5:
            code = code[:-1] + oracle.calc_check_digit(code[:-1])
        assert (doubt_about(code) is None) is (oracle.calc_check_digit(code[:-1]) == code[-1])
        valid += doubt_about(code) is None
    assert 4500 < valid < 6000


def test_one_wrong_character_is_always_noticed() -> None:
    code = VALID[0]
    for position in range(LENGTH):
        for character in ALPHABET:
            changed = code[:position] + character + code[position + 1 :]
            assert (doubt_about(changed) is None) is (changed == code)


def test_a_code_is_kept_as_it_is_printed() -> None:
    assert normalised(" 9111 0000 6000 37341l ") == "91110000600037341L"
