"""Whose matter it is: ordered rules over a finite space, the first that holds decides. Pure; knows no office and no row."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import reduce
from itertools import pairwise, product
from math import prod
from operator import and_
from typing import TypeVar

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Invalid
from routing.categories import in_subtree
from routing.regions import is_within

ANY = "*"
DISTRICT_OF_REGION = "district-of-region"
MOST_CELLS = 50_000
DEFAULT_RETURNS = 2  # ours, not law: a division may say otherwise
Value = TypeVar("Value")


class Level(TextChoices):
    """The level of the authority that received the matter: the city's bureau (also what it was assigned from above), or a district's."""

    CITY = "city", gettext_lazy("市级")
    DISTRICT = "district", gettext_lazy("区县级")


class Condition(StrEnum):
    """What a rule may ask, in the order it is told."""

    category = "category"
    region = "region"
    level = "level"
    amount = "amount"
    flags = "flags"
    district = "district"


@dataclass(frozen=True)
class Question:
    """A matter as the division of powers sees it.

    :param category: a code of the category tree.
    :param region: GB/T 2260, six digits: the place of the act; the city's own code when the district is unknown.
    :param level: :class:`Level`.
    :param amount: yuan involved, None when unknown.
    :param flags: codes of key-case tags.
    """

    category: str
    region: str
    level: str
    amount: Decimal | None = None
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rule:
    """One row of the division. An empty condition holds for everything; amounts are [from, to) in yuan.

    A rule with an amount does not hold where the amount is unknown. ``office`` is an office's code, or
    ``district-of-region``: the bureau of the district the matter lies in, which needs a known district.
    """

    key: str
    order: int
    name: str
    office: str
    categories: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    level: str = ANY
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    any_flags: frozenset[str] = frozenset()
    all_flags: frozenset[str] = frozenset()

    @property
    def is_template(self) -> bool:
        return self.office == DISTRICT_OF_REGION

    def takes_category(self, category: str) -> bool:
        return not self.categories or any(in_subtree(category, root) for root in self.categories)

    def takes_region(self, region: str) -> bool:
        return not self.regions or any(is_within(region, outer) for outer in self.regions)

    def has_district(self, region: str) -> bool:
        return not (self.is_template and region.endswith("00"))

    def takes_level(self, level: str) -> bool:
        return self.level in (ANY, level)

    def takes_amount(self, amount: Decimal | None) -> bool:
        if self.amount_from is None and self.amount_to is None:
            return True
        return (
            amount is not None
            and (self.amount_from or 0) <= amount
            and (self.amount_to is None or amount < self.amount_to)
        )

    def takes_flags(self, flags: frozenset[str]) -> bool:
        return self.all_flags <= flags and (not self.any_flags or bool(self.any_flags & flags))

    def why_not(self, question: Question) -> Condition | None:
        """The first condition that does not hold; None when all do."""
        held = {
            Condition.category: self.takes_category(question.category),
            Condition.region: self.takes_region(question.region),
            Condition.level: self.takes_level(question.level),
            Condition.amount: self.takes_amount(question.amount),
            Condition.flags: self.takes_flags(question.flags),
            Condition.district: self.has_district(question.region),
        }
        return next((condition for condition, holds in held.items() if not holds), None)


@dataclass(frozen=True)
class Division:
    """A whole set of rules as a file gives it, for the regions inside ``city``; ``rules`` stand in order."""

    version: str
    name: str
    effective_on: date
    city: str
    returns_allowed: int
    note: str
    rules: tuple[Rule, ...]


def in_order(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    return tuple(sorted(rules, key=lambda rule: (rule.order, rule.key)))


def decide(rules: Iterable[Rule], question: Question) -> Rule | None:
    """The first rule in order whose conditions all hold."""
    return next((rule for rule in in_order(rules) if rule.why_not(question) is None), None)


@dataclass(frozen=True)
class Change:
    """A question that two sets of rules answer differently; '' where none decides."""

    question: Question
    before: str
    after: str


def compare(rules_a: Iterable[Rule], rules_b: Iterable[Rule], questions: Iterable[Question]) -> list[Change]:
    """What the second set would send elsewhere than the first; targets as the rules write them."""
    sets = [in_order(rules_a), in_order(rules_b)]
    changes = []
    for question in questions:
        before, after = (rule.office if (rule := decide(rules, question)) else "" for rules in sets)
        if before != after:
            changes.append(Change(question, before, after))
    return changes


# ---- coverage: the whole space, divided where the rules divide it -----------


@dataclass(frozen=True)
class Band:
    """Amounts [low, high); both None: unknown."""

    low: Decimal | None
    high: Decimal | None


UNKNOWN_AMOUNT = Band(None, None)


@dataclass(frozen=True)
class Space:
    """What may be asked. Amounts and flags are infinite or too many: the rules' own boundaries divide them."""

    categories: tuple[str, ...]
    regions: tuple[str, ...]
    levels: tuple[str, ...] = tuple(Level.values)


@dataclass(frozen=True)
class Cell:
    """Combinations that every rule treats alike."""

    categories: tuple[str, ...]
    regions: tuple[str, ...]
    levels: tuple[str, ...]
    bands: tuple[Band, ...]
    flag_sets: tuple[frozenset[str], ...]

    @property
    def count(self) -> int:
        return len(self.categories) * len(self.regions) * len(self.levels) * len(self.bands) * len(self.flag_sets)

    @property
    def sample(self) -> Question:
        return Question(self.categories[0], self.regions[0], self.levels[0], self.bands[0].low, self.flag_sets[0])


@dataclass(frozen=True)
class Clash:
    """Two rules of the same order that both hold somewhere."""

    first: Rule
    second: Rule
    where: Cell


@dataclass(frozen=True)
class Coverage:
    """``total`` combinations; ``decided`` by rule key, in order, with the cells each rule decides."""

    total: int
    uncovered: tuple[Cell, ...]
    clashes: tuple[Clash, ...]
    decided: Mapping[str, tuple[Cell, ...]] = field(default_factory=dict)

    @property
    def uncovered_count(self) -> int:
        return sum(cell.count for cell in self.uncovered)


def coverage(rules: Iterable[Rule], space: Space) -> Coverage:
    """Who decides every combination of the space, and where nobody or more than one would.

    Values that every rule treats alike are one class, so the work grows with what the rules tell apart and not with
    the number of categories and regions.

    :raises Invalid: ``too_many_combinations``.
    """
    ordered = in_order(rules)
    uncovered: list[Cell] = []
    clashes: dict[tuple[str, str], Clash] = {}
    decided: dict[str, list[Cell]] = {rule.key: [] for rule in ordered}
    total = 0
    for cell, held_by in _cells(ordered, space):
        total += cell.count
        holding = [ordered[number] for number in _bits(held_by)]
        if not holding:
            uncovered.append(cell)
            continue
        decided[holding[0].key].append(cell)
        for first, second in pairwise(holding):
            if first.order == second.order:
                clashes.setdefault((first.key, second.key), Clash(first, second, cell))
    told = {key: tuple(cells) for key, cells in decided.items()}
    return Coverage(total, _joined(uncovered), tuple(clashes.values()), told)


def _joined(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """The same combinations in fewer cells: those alike in all but one respect become one, for people to read."""
    found = list(cells)
    for name in ("bands", "levels", "regions", "categories", "flag_sets"):
        alike: dict[Cell, list[Cell]] = {}
        for cell in found:
            alike.setdefault(replace(cell, **{name: ()}), []).append(cell)
        found = [
            replace(rest, **{name: tuple(value for cell in group for value in getattr(cell, name))})
            for rest, group in alike.items()
        ]
    return tuple(found)


def _cells(rules: Sequence[Rule], space: Space) -> Iterator[tuple[Cell, int]]:
    """Every part of the space with the rules that hold there, one bit each."""
    categories = _classes(space.categories, rules, Rule.takes_category)
    regions = _classes(space.regions, rules, lambda rule, code: rule.takes_region(code) and rule.has_district(code))
    levels = _classes(space.levels, rules, Rule.takes_level)
    bands = _classes(_bands(rules), rules, lambda rule, band: rule.takes_amount(band.low))
    flags = {mask: sets[:1] for mask, sets in _classes(_flag_sets(rules), rules, Rule.takes_flags).items()}
    axes = (categories, regions, levels, bands, flags)
    if prod(len(axis) for axis in axes) > MOST_CELLS:
        raise _too_many()
    for masks in product(*axes):
        in_category, in_region, in_level, in_band, in_flags = masks
        cell = Cell(categories[in_category], regions[in_region], levels[in_level], bands[in_band], flags[in_flags])
        yield cell, reduce(and_, masks)


def _bits(mask: int) -> Iterator[int]:
    """The places of the ones, lowest first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def _classes(
    values: Iterable[Value], rules: Sequence[Rule], takes: Callable[[Rule, Value], bool]
) -> dict[int, tuple[Value, ...]]:
    """The values by the set of rules that take them, one bit each."""
    found: dict[int, list[Value]] = {}
    for value in values:
        mask = sum(takes(rule, value) << number for number, rule in enumerate(rules))
        found.setdefault(mask, []).append(value)
    return {mask: tuple(members) for mask, members in found.items()}


def _bands(rules: Iterable[Rule]) -> list[Band]:
    """The amounts between the rules' boundaries, and the unknown one."""
    edges = {edge for rule in rules for edge in (rule.amount_from, rule.amount_to) if edge is not None}
    points = sorted({Decimal(0), *edges})
    highs: list[Decimal | None] = [*points[1:], None]
    return [UNKNOWN_AMOUNT, *(Band(low, high) for low, high in zip(points, highs, strict=True))]


def _flag_sets(rules: Sequence[Rule]) -> Iterator[frozenset[str]]:
    """Sets of flags that stand for all others.

    Flags named by exactly the same conditions are interchangeable: none of them, one of them and all of them are
    the only cases the conditions can tell apart. Of those no rule tells apart, :func:`coverage` keeps the smallest.
    """
    conditions = [flags for rule in rules for flags in (rule.any_flags, rule.all_flags) if flags]
    alike: dict[tuple[bool, ...], list[str]] = {}
    for flag in sorted(set().union(*conditions)):
        alike.setdefault(tuple(flag in condition for condition in conditions), []).append(flag)
    cases = [{frozenset[str](), frozenset(flags[:1]), frozenset(flags)} for flags in alike.values()]
    if prod(len(each) for each in cases) > MOST_CELLS:
        raise _too_many()
    for chosen in product(*(sorted(each, key=len) for each in cases)):
        yield frozenset[str]().union(*chosen)


def _too_many() -> Invalid:
    return Invalid(
        _("这套规则区分的情形超过%(most)s种，无法逐一检查。请减少重点案件标签的组合或者金额档次。") % {"most": MOST_CELLS},
        code="too_many_combinations", field="rules",
    )  # fmt: skip
