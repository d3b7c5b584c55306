"""Texts and queries as tokens: overlapping pairs of characters for Chinese, whole words for everything else.

``海风食品`` becomes 海风 风食 食品 品. The last character stands alone, so that every character of a text begins a token
and a single one is found by prefix. What is neither a letter nor a digit leaves a gap in the sequence. A query is a
phrase: its pairs must follow one another, which holds exactly where the text contains it.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

GAP = "␟"  # neither a letter nor a digit, so no text makes one
MARK = "§"  # likewise: begins the tokens that say whose text it is
MOST_TOKENS = 16_000  # PostgreSQL keeps positions up to 16,383
LONGEST_TOKEN = 64
LONGEST_QUERY = 200
HAN = r"\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # with 々 and 〇
RUN = re.compile(rf"(?P<han>[{HAN}]+)|(?P<word>(?:(?![{HAN}_])\w)+)")


@dataclass(frozen=True)
class Phrase:
    """Tokens that must follow one another; with ``is_open`` the last one is only a beginning."""

    tokens: tuple[str, ...]
    is_open: bool


def tokens_of(texts: Iterable[str]) -> list[str]:
    """The tokens of several texts, which no phrase can span."""
    found: list[str] = []
    for text in texts:
        tokens = list(_tokens(_normal(text)))
        found += [GAP, GAP, *tokens] if found and tokens else tokens
    return found[:MOST_TOKENS]


def phrases_of(query: str) -> list[Phrase]:
    """What a person typed, one phrase for each part between blanks; of a very long query the beginning."""
    parts = (list(_tokens(part)) for part in _normal(query[:LONGEST_QUERY]).split())
    return [_phrase(tokens) for tokens in parts if tokens]


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _tokens(text: str) -> Iterator[str]:
    end = None
    for run in RUN.finditer(text):
        if end not in (None, run.start()):
            yield GAP
        end = run.end()
        if han := run["han"]:
            yield from (han[place : place + 2] for place in range(len(han)))
        else:
            yield run["word"][:LONGEST_TOKEN]


def _phrase(tokens: Sequence[str]) -> Phrase:
    """The closing character of a Chinese run is already the second half of the pair before it."""
    closes_pair = len(tokens) > 1 and re.fullmatch(f"[{HAN}]{{2}}", tokens[-2])
    return Phrase(tuple(tokens[:-1]), False) if closes_pair else Phrase(tuple(tokens), True)


def scope_tokens(kind: str, office_id: int, bureau_id: int | None) -> list[str]:
    """What a text carries so that a query can ask for its kind, its office or its bureau inside the index."""
    return [whole(kind), of_office(kind, office_id), *([of_bureau(kind, bureau_id)] if bureau_id else [])]


def whole(kind: str) -> str:
    return f"{MARK}{kind}"


def of_office(kind: str, office_id: int) -> str:
    return f"{MARK}{kind}{MARK}o{office_id}"


def of_bureau(kind: str, bureau_id: int) -> str:
    return f"{MARK}{kind}{MARK}b{bureau_id}"


def postgresql_vector(tokens: Sequence[str], scope: Iterable[str]) -> str:
    """The text form of a tsvector; the scope has no positions, so it can be exchanged without moving the words."""
    places: dict[str, list[str]] = {}
    for place, token in enumerate(tokens, start=1):
        if token != GAP:
            places.setdefault(token, []).append(str(place))
    words = [f"'{token}':{','.join(at)}" for token, at in places.items()]
    return " ".join([*words, *(f"'{token}'" for token in scope)])


def postgresql_query(phrases: Iterable[Phrase], any_scope: Collection[str]) -> str:
    """The text form of a tsquery."""
    scope = " | ".join(f"'{token}'" for token in any_scope)
    return " & ".join([f"({scope})", *(f"({_followed(phrase)})" for phrase in phrases)])


def _followed(phrase: Phrase) -> str:
    parts, distance = [], 0
    for token in phrase.tokens:
        distance += 1
        if token != GAP:
            parts += [f"<{distance}>", f"'{token}'"]
            distance = 0
    return " ".join(parts[1:]) + (":*" if phrase.is_open else "")


def sqlite_match(phrases: Iterable[Phrase], any_scope: Collection[str]) -> str:
    """The right side of an FTS5 MATCH."""
    scope = " OR ".join(f'"{token}"' for token in any_scope)
    words = [f'"{" ".join(phrase.tokens)}"{" *" if phrase.is_open else ""}' for phrase in phrases]
    return " AND ".join([f"({scope})", *words])
