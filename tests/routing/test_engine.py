"""The engine against brute force: coverage, order, overlaps."""

from decimal import Decimal
from itertools import product
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Invalid
from routing import engine
from routing.engine import ANY, DISTRICT_OF_REGION, Cell, Condition, Question, Rule, Space, compare, coverage, decide

CATEGORIES = ("food", "food-sale", "food-label", "ip", "ip-patent")
REGIONS = ("370200", "370202", "370203")
LEVELS = ("city", "district")
EDGES = (Decimal(100), Decimal(1000))
AMOUNTS = (None, Decimal(0), Decimal("99.99"), Decimal(100), Decimal(999), Decimal(1000), Decimal(10**9))
FLAGS = ("a", "b", "c")
FLAG_SETS = [
    frozenset(flag for flag, bit in zip(FLAGS, bits, strict=True) if bit) for bits in product((0, 1), repeat=3)
]
SPACE = Space(CATEGORIES, REGIONS, LEVELS)
QUESTIONS = [Question(*parts) for parts in product(CATEGORIES, REGIONS, LEVELS, AMOUNTS, FLAG_SETS)]

patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no failure
some = st.sampled_from
flags = some(FLAG_SETS[:7])


def rule(number: int) -> st.SearchStrategy[Rule]:
    return st.builds(
        Rule, st.just(f"r{number}"), some([1, 2, 3]), st.just("a rule"), some(["one", "two", DISTRICT_OF_REGION]),
        some([(), ("food",), ("food-sale", "ip"), ("ip-patent",)]),
        some([(), ("370200",), ("370202",), ("370202", "370203")]),
        some([ANY, *LEVELS]), some([None, Decimal(0), EDGES[0]]), some([None, EDGES[1]]), flags, flags,
    )  # fmt: skip


rule_sets = some(range(6)).flatmap(lambda count: st.tuples(*map(rule, range(count))))


def holding(rules: tuple[Rule, ...], question: Question) -> list[Rule]:
    return [each for each in rules if each.why_not(question) is None]


def cells_of(question: Question, cells: tuple[Cell, ...], rules: tuple[Rule, ...]) -> list[Cell]:
    """The cells a question falls into; of flag sets the ones every rule takes alike."""
    return [
        cell
        for cell in cells
        if question.category in cell.categories
        and question.region in cell.regions
        and question.level in cell.levels
        and any(
            (band.low is None) == (question.amount is None)
            and (question.amount is None or (band.low or 0) <= question.amount < (band.high or Decimal("Infinity")))
            for band in cell.bands
        )
        and any(
            all(each.takes_flags(flag_set) == each.takes_flags(question.flags) for each in rules)
            for flag_set in cell.flag_sets
        )
    ]


@patiently
@given(rule_sets)
def test_coverage_agrees_with_asking_every_question(rules: tuple[Rule, ...]) -> None:
    covered = coverage(rules, SPACE)
    for question in QUESTIONS[::7]:
        found, decider = cells_of(question, covered.uncovered, rules), decide(rules, question)
        assert len(found) == (decider is None)
        if decider is not None:
            assert len(cells_of(question, covered.decided[decider.key], rules)) == 1


@patiently
@given(rule_sets)
def test_every_combination_is_counted_once(rules: tuple[Rule, ...]) -> None:
    covered = coverage(rules, SPACE)
    decided = sum(cell.count for cells in covered.decided.values() for cell in cells)
    assert decided + covered.uncovered_count == covered.total
    assert all(decide(rules, cell.sample) is None for cell in covered.uncovered)


@patiently
@given(rule_sets)
def test_two_rules_clash_exactly_where_both_hold_and_neither_goes_first(rules: tuple[Rule, ...]) -> None:
    clashes = coverage(rules, SPACE).clashes
    brute = any(
        len({each.order for each in found}) < len(found)
        for found in (holding(rules, question) for question in QUESTIONS)
    )
    assert bool(clashes) == brute
    for clash in clashes:
        assert clash.first.order == clash.second.order
        assert {clash.first, clash.second} <= set(holding(rules, clash.where.sample))


@patiently
@given(rule_sets, some(QUESTIONS), st.randoms())
def test_the_lowest_order_that_holds_decides_however_the_rules_stand(
    rules: tuple[Rule, ...], question: Question, shuffle: Random
) -> None:
    decided, mixed = decide(rules, question), list(rules)
    shuffle.shuffle(mixed)
    assert decide(mixed, question) == decided
    found = holding(rules, question)
    assert (decided is None) == (not found)
    assert decided is None or decided.order == min(each.order for each in found)


@patiently
@given(rule_sets, some(QUESTIONS))
def test_a_set_without_gaps_always_decides(rules: tuple[Rule, ...], question: Question) -> None:
    whole = (*rules, Rule("last", 99, "last", "one"))
    assert not coverage(whole, SPACE).uncovered
    assert decide(whole, question) is not None


@patiently
@given(rule_sets, rule_sets, st.lists(some(QUESTIONS), max_size=5))
def test_comparing_names_exactly_what_goes_elsewhere(
    first: tuple[Rule, ...], second: tuple[Rule, ...], asked: list[Question]
) -> None:
    changed = [change.question for change in compare(first, second, asked)]
    offices = [
        (getattr(decide(first, each), "office", ""), getattr(decide(second, each), "office", "")) for each in asked
    ]
    assert changed == [each for each, (before, after) in zip(asked, offices, strict=True) if before != after]


def question(**changes: object) -> Question:
    values: dict[str, object] = {
        "category": "food-sale", "region": "370202", "level": "city", "amount": Decimal(500), "flags": frozenset("a"),
    }  # fmt: skip
    return Question(**values | changes)  # type: ignore[arg-type]  # each test names the right types


@pytest.mark.parametrize(
    ("condition", "changes"),
    [
        (Condition.category, {"category": "ip-patent"}),
        (Condition.region, {"region": "370203"}),
        (Condition.level, {"level": "district"}),
        (Condition.amount, {"amount": None}),
        (Condition.amount, {"amount": Decimal("99.99")}),
        (Condition.amount, {"amount": Decimal(1000)}),
        (Condition.flags, {"flags": frozenset()}),
        (Condition.flags, {"flags": frozenset("b")}),
    ],
)
def test_each_condition_is_named_when_it_does_not_hold(condition: Condition, changes: dict[str, object]) -> None:
    asking = Rule(
        "r", 1, "r", "one", ("food",), ("370202",), "city", EDGES[0], EDGES[1], frozenset("abc"), frozenset("a")
    )
    assert asking.why_not(question()) is None
    assert asking.why_not(question(amount=Decimal(100))) is None
    assert asking.why_not(question(**changes)) is condition


def test_the_district_of_a_matter_must_be_known_for_its_bureau_to_take_it() -> None:
    template = Rule("r", 1, "r", DISTRICT_OF_REGION)
    assert template.why_not(question()) is None
    assert template.why_not(question(region="370200")) is Condition.district


def test_a_set_that_tells_too_much_apart_is_refused_and_not_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MOST_CELLS", 20)
    rules = [Rule(f"r{n}", n, "r", "one", amount_from=Decimal(n), any_flags=frozenset(str(n))) for n in range(9)]
    with pytest.raises(Invalid) as caught:
        coverage(rules, SPACE)
    assert caught.value.code == "too_many_combinations"
