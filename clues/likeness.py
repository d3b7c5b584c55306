"""How much two leads look like one matter, by arithmetic alone."""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from math import prod

LEFT_OUT = re.compile(r"[\W_]+")
MOST_LETTERS = 1000  # a summary says what it is about at its beginning
ENOUGH = 20  # pairs from which a text that lies wholly inside another says the same


class Sign(StrEnum):
    """What two leads have in common."""

    SAME_CODE = "same_code"
    SAME_NAME = "same_name"
    NEAR_NAME = "near_name"
    SAME_INFORMANT = "same_informant"
    LIKE_TEXT = "like_text"


# How far each sign alone speaks for one matter. These weights and limits are the system's own, no rule of law.
WEIGHTS = {Sign.SAME_CODE: 0.5, Sign.SAME_NAME: 0.4, Sign.NEAR_NAME: 0.2, Sign.SAME_INFORMANT: 0.3, Sign.LIKE_TEXT: 0.6}
WORTH_SHOWING = 0.4
TEXT_IS_LIKE, NAME_IS_NEAR = 0.5, 0.6


def pairs_of(text: str) -> frozenset[str]:
    """The overlapping pairs of letters and digits, whatever stands between; a single letter is a pair of its own."""
    plain = LEFT_OUT.sub("", unicodedata.normalize("NFKC", text[:MOST_LETTERS]).lower())
    return frozenset(plain[place : place + 2] for place in range(max(len(plain) - 1, min(len(plain), 1))))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """From 0 to 1: the share of pairs two texts have in common; of two long ones the share of the shorter.

    Symmetric, 1 for equal texts, 0 where either says nothing.
    """
    if not one or not other:
        return 0.0
    common, shorter = len(one & other), min(len(one), len(other))
    whole = shorter if shorter >= ENOUGH else len(one | other)
    return common / whole


def score_of(signs: Iterable[Sign], text: float = 0.0) -> float:
    """From 0 to 1: each further sign takes its share of what is still in doubt.

    :param text: the likeness of the texts, by which their sign counts.
    """
    return 1 - prod(1 - WEIGHTS[sign] * (text if sign is Sign.LIKE_TEXT else 1) for sign in signs)
