"""Is everything somebody's: what a division does to every combination there can be."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from core.errors import Invalid
from routing.engine import Cell, Coverage, Division, Rule, coverage
from routing.queries import Offices, space_of


@dataclass(frozen=True)
class Trouble:
    """A rule that decides ``count`` combinations for an office that cannot take them; ``region`` '' for all of the rule's."""

    rule: Rule
    region: str
    count: int
    refusal: Invalid


@dataclass(frozen=True)
class Examination:
    """What a division does to every combination there can be."""

    division: Division
    coverage: Coverage
    troubles: tuple[Trouble, ...]

    @property
    def unowned(self) -> int:
        """Combinations nobody takes: no rule, or a rule whose office cannot."""
        return self.coverage.uncovered_count + sum(trouble.count for trouble in self.troubles)

    @property
    def idle_rules(self) -> list[Rule]:
        """Rules that earlier ones never let decide."""
        return [rule for rule in self.division.rules if not self.coverage.decided[rule.key]]


def examine(division: Division) -> Examination:
    """Every combination of a division, in force or not; the offices are as they stand now.

    :raises Invalid: ``too_many_combinations``.
    """
    covered = _coverage_of(division)
    offices = Offices()
    troubles = []
    for rule in division.rules:
        for region, count in _deciding(rule, covered.decided[rule.key]).items():
            try:
                offices.target_of(rule, region)
            except Invalid as refusal:
                if count or refusal.code == "unknown_office":  # an idle rule does no harm, but a misspelt one is wrong
                    troubles.append(Trouble(rule, region, count, refusal))
    return Examination(division, covered, tuple(troubles))


def _deciding(rule: Rule, cells: Iterable[Cell]) -> dict[str, int]:
    """How many combinations a rule decides, by region where its office depends on the region."""
    counts: dict[str, int] = {}
    for cell in cells:
        for region in cell.regions if rule.is_template else [""]:
            counts[region] = counts.get(region, 0) + cell.count // (len(cell.regions) if rule.is_template else 1)
    if not cells and not rule.is_template:
        counts[""] = 0
    return counts


@lru_cache(maxsize=8)
def _coverage_of(division: Division) -> Coverage:
    return coverage(division.rules, space_of(division))
