"""Which proposed penalties carry the right to a hearing, and which may be decided on the spot: data by day, no database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from django.utils.translation import gettext as _

from cases.states.decision import PenaltyKind
from cases.states.matter import PartyKind
from deadlines.rules import Status
from deadlines.strict_yaml import Record, load_strictly
from deadlines.yearplans import DATA

FILE = DATA / "law" / "thresholds.yaml"
NOTHING = Decimal()


@dataclass(frozen=True)
class Amounts:
    """Yuan, by kind of party; the figure itself counts as reached."""

    person: Decimal
    organisation: Decimal

    def of(self, party_kind: str) -> Decimal:
        return self.person if party_kind == PartyKind.PERSON else self.organisation


@dataclass(frozen=True)
class HearingRule:
    """One version of 听证办法第五条: limbs such as 第三项, each with the kinds or the amounts that reach it."""

    id: str
    basis: str
    effective_from: date
    effective_to: date | None
    kinds: tuple[tuple[str, frozenset[str]], ...]
    fine: tuple[str, Amounts]
    confiscation: tuple[str, Amounts]
    status: Status
    note: str


@dataclass(frozen=True)
class SummaryRule:
    """One version of 程序规定第六十六条: the kinds, and the most a fine may be."""

    id: str
    basis: str
    effective_from: date
    effective_to: date | None
    penalties: frozenset[str]
    most: Amounts
    status: Status
    note: str


Rule = TypeVar("Rule", HearingRule, SummaryRule)


def needs_hearing_right(
    kinds: Collection[str],
    fine: Decimal,
    confiscated: Decimal,
    goods_value: Decimal | None,
    party_kind: str,
    on: date,
    *,
    local: Amounts | None = None,
) -> str:
    """The limb of 听证办法第五条第一款 that is reached, such as ``第三项``; '' when none is, or no version is in force.

    :param kinds: of :class:`cases.states.decision.PenaltyKind`; sums in yuan.
    :param local: what the province set instead of the amounts of limbs 三 and 四 (第五条第二款).
    """
    rule = in_force(carried().hearing, on)
    if rule is None:
        return ""
    for limb, penalties in rule.kinds:
        if penalties.intersection(kinds):
            return limb
    taken = confiscated + (goods_value or NOTHING)
    for amount, (limb, amounts) in ((fine, rule.fine), (taken, rule.confiscation)):
        if amount >= (local or amounts).of(party_kind):
            return limb
    return ""


def fits_summary(kinds: Collection[str], fine: Decimal, party_kind: str, on: date) -> bool:
    """Whether the penalty may be decided on the spot (程序规定第六十六条); never where no version is in force."""
    rule = in_force(carried().summary, on)
    return rule is not None and bool(kinds) and rule.penalties.issuperset(kinds) and fine <= rule.most.of(party_kind)


def summary_limit(party_kind: str, on: date) -> Decimal | None:
    """The highest fine decided on the spot, in yuan; None where no version is in force."""
    rule = in_force(carried().summary, on)
    return None if rule is None else rule.most.of(party_kind)


@dataclass(frozen=True)
class Thresholds:
    hearing: tuple[HearingRule, ...]
    summary: tuple[SummaryRule, ...]


def in_force(rules: Sequence[Rule], on: date) -> Rule | None:
    for rule in rules:
        if rule.effective_from <= on and (rule.effective_to is None or on <= rule.effective_to):
            return rule
    return None


@lru_cache(maxsize=1)
def carried(path: Path = FILE) -> Thresholds:
    """The versions in ``data/law/thresholds.yaml``."""
    return parse_thresholds(path.read_text(encoding="utf-8"))


def parse_thresholds(text: str) -> Thresholds:
    """:raises Invalid: names the place in the file and what is wrong there."""
    file = Record(load_strictly(text), "")
    sources = set(file.mapping("sources"))
    found = Thresholds(
        tuple(_hearing(row, sources) for row in file.records("hearing")),
        tuple(_summary(row, sources) for row in file.records("summary")),
    )
    file.done()
    return found


def _hearing(row: Record, sources: set[str]) -> HearingRule:
    kinds = []
    for each in row.records("kinds"):
        kinds.append((each.text("limb"), _penalties(each)))
        each.done()
    rule = HearingRule(
        id=row.text("id"), basis=_basis(row), effective_from=_start(row), effective_to=row.day("effective_to"),
        kinds=tuple(kinds), fine=_limb(row.record("fine")), confiscation=_limb(row.record("confiscation")),
        status=row.choice("status", Status), note=row.text("note", ""),
    )  # fmt: skip
    _check_sources(row, sources)
    row.done()
    return rule


def _summary(row: Record, sources: set[str]) -> SummaryRule:
    rule = SummaryRule(
        id=row.text("id"), basis=_basis(row), effective_from=_start(row), effective_to=row.day("effective_to"),
        penalties=_penalties(row), most=amounts_of(row), status=row.choice("status", Status), note=row.text("note", ""),
    )  # fmt: skip
    _check_sources(row, sources)
    row.done()
    return rule


def _penalties(row: Record) -> frozenset[str]:
    names = row.texts("penalties")
    if not set(names) <= set(PenaltyKind.values):
        raise row.wrong("penalties", _("只能是：%(choices)s。") % {"choices": " ".join(PenaltyKind.values)})
    return frozenset(names)


def _limb(row: Record) -> tuple[str, Amounts]:
    limb = row.text("limb"), amounts_of(row)
    row.done()
    return limb


def amounts_of(row: Record) -> Amounts:
    """Whole yuan by kind of party.

    :raises Invalid:
    """
    return Amounts(Decimal(row.whole("person")), Decimal(row.whole("organisation")))


def _basis(row: Record) -> str:
    basis = row.record("basis")
    words = f"{basis.text('instrument')}{basis.text('article')}"
    basis.text("version", "")
    basis.done()
    return words


def _start(row: Record) -> date:
    starts_on = row.day("effective_from")
    if starts_on is None:
        raise row.wrong("effective_from", _("须写明施行日。"))
    return starts_on


def _check_sources(row: Record, sources: set[str]) -> None:
    used = row.texts("sources")
    if not used or not sources.issuperset(used):
        raise row.wrong("sources", _("应引用文件sources中列出的来源。"), "unknown_source")
