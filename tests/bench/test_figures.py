"""How a figure is judged and printed; nothing here is timed."""

import json

import pytest

from bench import arithmetic
from bench.figures import Figure, Goal, Patience

AT_MOST, AT_LEAST = Goal(at_most=3), Goal(at_least=0.5)


@pytest.mark.parametrize(
    ("goal", "ratio", "is_met", "is_missed"),
    [
        (AT_MOST, 3.0, True, False),
        (AT_MOST, 3.5, False, False),
        (AT_MOST, 4.0, False, True),
        (AT_LEAST, 0.5, True, False),
        (AT_LEAST, 0.4, False, False),
        (AT_LEAST, 0.3, False, True),
        (None, 99.0, True, False),
    ],
)
def test_a_goal_is_met_or_missed_and_between_lies_the_tolerance(
    goal: Goal | None, ratio: float, is_met: bool, is_missed: bool
) -> None:
    figure = Figure("a", ratio * 7, "ms", 7, goal)
    assert (figure.is_met, figure.is_missed) == (is_met, is_missed)


def test_a_figure_without_a_baseline_is_judged_by_its_value() -> None:
    assert Figure("idle", 4, "ms", goal=Goal(at_most=5)).is_met
    assert Figure("idle", 7, "ms", goal=Goal(at_most=5)).is_missed


def test_a_figure_is_one_line_of_json_with_these_keys() -> None:
    row = json.loads(Figure("sweep", 2.0, "rows/s", 3.0, AT_LEAST, busy=0.4).as_json())
    assert row == {
        "name": "sweep", "value": 2.0, "unit": "rows/s", "baseline": 3.0, "ratio": 0.6667, "goal": ">= 0.5", "ok": True,
    }  # fmt: skip


def test_what_is_missed_on_a_busy_machine_is_measured_again_and_the_best_counts() -> None:
    answers = iter([_ratio(9, busy=0.5), _ratio(2, busy=0.5)])
    assert Patience(60).settled(lambda: [next(answers)])[0].ratio == 2


def test_what_is_missed_on_a_quiet_machine_is_missed() -> None:
    answers = iter([_ratio(9, busy=0.0), _ratio(2, busy=0.0)])
    assert Patience(60).settled(lambda: [next(answers)])[0].ratio == 9


def test_nobody_waits_longer_than_their_patience() -> None:
    answers = iter([_ratio(9, busy=0.5), _ratio(2, busy=0.5)])
    assert Patience(-1).settled(lambda: [next(answers)])[0].ratio == 9


def _ratio(ratio: float, busy: float) -> Figure:
    return Figure("a", ratio, "ms", 1.0, AT_MOST, busy)


def test_the_arithmetic_is_measured_against_lists_and_packages() -> None:
    figures = arithmetic.figures(calls=20, rounds=1)
    assert len(figures) == 4
    assert all(figure.value > 0 and figure.baseline for figure in figures)
