"""One measured figure, the goal it is held to, and how it is printed."""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TextIO

TOLERANCE = 0.30  # a shared machine moves the ratios by this much; a miss beyond it is a miss
ATTEMPTS = 3
BUSY = 0.15


@dataclass(frozen=True)
class Goal:
    """A bound: ``at_most`` or ``at_least``, on the ratio, or on the value itself where there is no baseline."""

    at_most: float | None = None
    at_least: float | None = None

    def met_by(self, number: float, tolerance: float = 0.0) -> bool:
        if self.at_most is not None:
            return number <= self.at_most * (1 + tolerance)
        return self.at_least is None or number >= self.at_least * (1 - tolerance)

    def __str__(self) -> str:
        return f"<= {self.at_most:g}" if self.at_most is not None else f">= {self.at_least:g}"


@dataclass(frozen=True)
class Figure:
    """``value`` and ``baseline`` in ``unit``; ``ratio`` is value over baseline; both are None for a bare reading.

    ``busy`` is the share of the machine others used meanwhile; above a few tenths a miss may be theirs.
    """

    name: str
    value: float
    unit: str
    baseline: float | None = None
    goal: Goal | None = None
    busy: float = 0.0

    @property
    def ratio(self) -> float | None:
        return self.value / self.baseline if self.baseline else None

    @property
    def judged(self) -> float:
        """The number the goal speaks of."""
        return self.value if self.ratio is None else self.ratio

    @property
    def is_met(self) -> bool:
        return self.goal is None or self.goal.met_by(self.judged)

    @property
    def is_missed(self) -> bool:
        """Beyond the tolerance: this fails the run."""
        return self.goal is not None and not self.goal.met_by(self.judged, TOLERANCE)

    def as_json(self) -> str:
        row = {key: _rounded(value) for key, value in asdict(self).items() if key not in ("goal", "busy")}
        row |= {"ratio": _rounded(self.ratio), "goal": str(self.goal) if self.goal else None, "ok": self.is_met}
        return json.dumps(row, ensure_ascii=False)


class Patience:
    """How long a run may go on measuring again what neighbours disturbed."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    def settled(self, measure: Callable[[], list[Figure]]) -> list[Figure]:
        """Measure, and again while a figure is missed and others kept the machine busy; the best of each is taken."""
        best = measure()
        for _ in range(ATTEMPTS - 1):
            disturbed = any(figure.is_missed and figure.busy > BUSY for figure in best)
            if not disturbed or time.monotonic() > self._until:
                break
            say("missed on a busy machine, measuring again")
            best = [_better(one, other) for one, other in zip(best, measure(), strict=True)]
        return best


def _better(one: Figure, other: Figure) -> Figure:
    if one.goal is None:
        return one
    choose = max if one.goal.at_most is None else min
    return choose(one, other, key=lambda figure: figure.judged)


def _rounded(value: object) -> object:
    return float(f"{value:.4g}") if isinstance(value, float) else value


def say(words: str, stream: TextIO | None = None) -> None:
    """Progress, kept apart from the figures."""
    print(words, file=stream or sys.stderr, flush=True)
