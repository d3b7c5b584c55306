"""Tokens: whatever a text contains is found in it, and nothing else is."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis.strategies import DrawFn, characters, composite, integers, lists, sampled_from, text

from search.words import (
    GAP,
    HAN,
    LONGEST_QUERY,
    LONGEST_TOKEN,
    MOST_TOKENS,
    Phrase,
    phrases_of,
    postgresql_query,
    postgresql_vector,
    sqlite_match,
    tokens_of,
)

LETTERS = rf"(?:(?!_)[\w{HAN}])+"
HANS = sampled_from("海风食品有限公司过期々〇𠮷")
MIXED = sampled_from("海风食品公司aA1Ｂ２ é-，。 \"'*:&|!()<>\\\0")


def found_in(tokens: list[str], phrase: Phrase) -> bool:
    """What both databases do: the tokens stand there one after another."""
    *whole, last = phrase.tokens
    for start in range(len(tokens) - len(whole)):
        there = tokens[start + len(whole)]
        fits = there.startswith(last) if phrase.is_open else there == last
        if fits and tokens[start : start + len(whole)] == whole:
            return True
    return False


def finds(query: str, *texts: str) -> bool:
    phrases = phrases_of(query)
    return bool(phrases) and all(found_in(tokens_of(texts), phrase) for phrase in phrases)


@composite
def text_and_part(draw: DrawFn) -> tuple[str, str]:
    whole = draw(text(HANS, min_size=2, max_size=30))
    start = draw(integers(0, len(whole) - 1))
    return whole, whole[start : draw(integers(start + 1, len(whole)))]


@given(text_and_part())
def test_every_part_of_a_chinese_text_is_found(whole_and_part: tuple[str, str]) -> None:
    whole, part = whole_and_part
    assert finds(part, whole)


@given(text(HANS, min_size=1, max_size=20), text(HANS, min_size=1, max_size=4))
def test_what_a_chinese_text_does_not_contain_is_not_found(whole: str, query: str) -> None:
    assert finds(query, whole) == (query in whole)


def plain(words: str) -> str:
    """Without case, width and punctuation, one blank for each gap."""
    return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", words).lower())


@given(text(MIXED, max_size=20), text(MIXED, max_size=6))
def test_whatever_is_found_is_there(whole: str, query: str) -> None:
    if finds(query, whole):
        assert all(plain(part).strip() in plain(whole) for part in unicodedata.normalize("NFKC", query).split())


@given(lists(text(MIXED, max_size=8), max_size=4), text(HANS, min_size=2, max_size=4))
def test_nothing_is_found_across_two_texts(texts: list[str], query: str) -> None:
    assert finds(query, *texts) == any(finds(query, each) for each in texts)


@pytest.mark.parametrize(
    ("query", "whole", "is_found"),
    [
        ("海风", "青岛海风食品", True), ("风食", "青岛海风食品", True), ("海食", "青岛海风食品", False), ("品", "海风食品", True),
        ("ABC-12", "型号abc-12345", True), ("bc", "型号abc", False), ("12号", "第12号", True), ("2号", "第12号", False),
        ("第12", "第123号", True), ("号楼12", "3号楼12室", True), ("楼12", "3号楼12室", True), ("楼 12", "12号楼", True),
        ("市监〔2026〕1", "市监〔2026〕12号", True), ("市监2026", "市监〔2026〕12号", False), ("ＡＢ", "ab", True), ("", "海", False),
        ("？！", "海", False), ("食品，海风", "食品。海风", True), ("食品海风", "食品。海风", False),
    ],
)  # fmt: skip
def test_what_people_type_finds_what_they_mean(query: str, whole: str, is_found: bool) -> None:
    assert finds(query, whole) is is_found


@given(text(characters(), max_size=60))
def test_a_token_is_letters_and_digits_or_a_gap_and_short(whole: str) -> None:
    for token in tokens_of([whole]):
        assert token == GAP or (re.fullmatch(LETTERS, token) and len(token) <= LONGEST_TOKEN)


@given(text(characters(), max_size=60))
def test_no_word_reaches_the_database_as_syntax(query: str) -> None:
    phrases = phrases_of(query)
    assert re.fullmatch(rf"\('§lead'\)( & \(('{LETTERS}'|<\d+>| )+(:\*)?\))*", postgresql_query(phrases, ["§lead"]))
    assert re.fullmatch(rf'\("§lead"\)( AND "({LETTERS}|[ {GAP}])+"( \*)?)*', sqlite_match(phrases, ["§lead"]))
    assert re.fullmatch(rf"('{LETTERS}':[\d,]+ ?)*", postgresql_vector(tokens_of([query]), []))


def test_the_forms_the_databases_read() -> None:
    assert tokens_of(["海风食品-A1"]) == ["海风", "风食", "食品", "品", GAP, "a1"]
    assert postgresql_vector(["海风", "风", GAP, "海风"], ["§lead"]) == "'海风':1,4 '风':2 '§lead'"
    (phrase,) = phrases_of("海风-a")
    assert (
        postgresql_query([phrase], ["§lead§b1", "§lead§o2"])
        == "('§lead§b1' | '§lead§o2') & ('海风' <1> '风' <2> 'a':*)"
    )
    assert sqlite_match([phrase], ["§lead"]) == f'("§lead") AND "海风 风 {GAP} a" *'


def test_long_texts_and_queries_are_cut() -> None:
    assert len(tokens_of(["海" * (MOST_TOKENS + 9)])) == MOST_TOKENS
    assert phrases_of("a" * LONGEST_QUERY + " b") == phrases_of("a" * LONGEST_TOKEN)
    assert re.fullmatch(f"[{HAN}]", "𠮷")
