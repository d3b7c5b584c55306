"""The extra fine for paying late and the parts of a plan, as arithmetic."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.money import Part, Schedule, cash_allowed, filled, late_fine, late_fine_by_day, next_due
from deadlines.arithmetic import Interval
from tests.deadlines.test_worked_examples import EXAMPLES

START = date(2026, 4, 10)
DAYS = st.integers(0, 400).map(lambda days: START + timedelta(days=days))
YUAN = st.integers(1, 10**9).map(lambda cents: Decimal(cents) / 100)
PARTS = st.lists(st.tuples(DAYS, YUAN), min_size=1, max_size=6).map(lambda rows: tuple(Part(*row) for row in rows))
INTERVALS = st.lists(
    st.tuples(DAYS, st.integers(1, 60)).map(lambda row: Interval(row[0], row[0] + timedelta(days=row[1]))), max_size=4
)


def by_day(schedules: Sequence[Schedule], until: date, paid: Sequence[tuple[date, Decimal]] = (), **more: Any) -> Any:
    return late_fine_by_day(schedules=schedules, payments=paid, until=until, **{"cap": Decimal(10**10), **more})


@pytest.mark.parametrize("example", [each for each in EXAMPLES if each["calc"]["op"] == "late_fine"])
def test_the_worked_examples_come_out_by_day_as_well(example: dict[str, Any]) -> None:
    calc, expected = example["calc"], example["expected"]
    principal, first = Decimal(calc["principal"]), date.fromisoformat(calc["start"])
    due = first - timedelta(days=1)
    excluded = [
        Interval(date.fromisoformat(a), date.fromisoformat(b) + timedelta(days=1)) for a, b in calc.get("excluded", [])
    ]
    found = late_fine_by_day(
        schedules=[Schedule(due, (Part(due, principal),))], payments=[], until=date.fromisoformat(calc["paid"]),
        cap=principal, rate=Decimal(str(calc["rate"])), excluded=excluded,
    )  # fmt: skip
    assert (found.amount, sum(each.days for each in found.stretches)) == (expected["late_fine"], expected["days"])


@given(principal=YUAN, paid=DAYS, excluded=INTERVALS)
def test_one_part_paid_once_is_what_the_simple_count_says(
    principal: Decimal, paid: date, excluded: list[Interval]
) -> None:
    whole = late_fine(
        principal=principal, start=START + timedelta(days=1), paid=paid, rate=Decimal("0.03"), excluded=excluded
    )
    schedules = [Schedule(START, (Part(START, principal),))]
    for payments, until in (([], paid), ([(paid, principal)], paid + timedelta(days=50))):
        assert by_day(schedules, until, payments, cap=principal, excluded=excluded).amount == whole.amount


@given(parts=PARTS, payments=st.lists(st.tuples(DAYS, YUAN), max_size=5), until=DAYS, excluded=INTERVALS)
def test_it_never_exceeds_the_fine_never_falls_with_the_days_and_is_what_each_day_adds(
    parts: tuple[Part, ...], payments: list[tuple[date, Decimal]], until: date, excluded: list[Interval]
) -> None:
    schedules, cap = [Schedule(START, parts)], sum((part.amount for part in parts), Decimal())
    found = by_day(schedules, until, payments, cap=cap, excluded=excluded)
    assert 0 <= found.amount <= cap
    assert by_day(schedules, until + timedelta(days=1), payments, cap=cap, excluded=excluded).amount >= found.amount
    exact = Decimal()
    for shift in range((until - START).days + 1):
        day = START + timedelta(days=shift)
        overdue = schedules[0].due_before(day) - sum((paid for on, paid in payments if on < day), Decimal())
        if overdue > 0 and not any(each.start <= day < each.stop for each in excluded):
            exact += overdue * Decimal("0.03")
    assert sum((each.amount for each in found.stretches), Decimal()) == exact


def test_a_plan_charges_each_part_from_its_own_day_and_nothing_before() -> None:
    fine = Decimal(5000)
    schedules = [
        Schedule(date(2026, 3, 26), (Part(START, fine),)),
        Schedule(date(2026, 4, 13), (Part(date(2026, 5, 8), Decimal(2000)), Part(date(2026, 6, 8), Decimal(3000)))),
    ]
    found = by_day(schedules, date(2026, 6, 10), [(date(2026, 5, 10), Decimal(2000))], cap=fine)
    told = [(str(each.first), str(each.last), each.days, each.overdue) for each in found.stretches]
    assert told == [
        ("2026-04-11", "2026-04-12", 2, fine),
        ("2026-05-09", "2026-05-10", 2, Decimal(2000)),
        ("2026-06-09", "2026-06-10", 2, Decimal(3000)),
    ]
    assert found.amount == Decimal(600)
    assert not found.is_capped


@given(parts=PARTS, paid=YUAN)
def test_the_next_day_to_pay_is_that_of_the_first_part_not_covered(parts: tuple[Part, ...], paid: Decimal) -> None:
    total = sum((part.amount for part in parts), Decimal())
    found = next_due(parts, paid)
    assert (found is None) == (paid >= total)
    if found is not None:
        assert sum((part.amount for part in parts if part.due_on < found), Decimal()) <= paid
        assert paid < sum((part.amount for part in parts if part.due_on <= found), Decimal())


@given(rooms=st.lists(YUAN, min_size=3, max_size=3), share=st.integers(0, 100))
def test_a_payment_fills_the_first_sum_first_and_loses_nothing(rooms: list[Decimal], share: int) -> None:
    amount = (sum(rooms, Decimal()) * share / 100).quantize(Decimal("0.01"))
    parts = filled(amount, rooms)
    assert sum(parts, Decimal()) == amount
    assert all(part <= room for part, room in zip(parts, rooms, strict=True))
    assert all(parts[i] == rooms[i] or not any(parts[i + 1 :]) for i in range(3))


@pytest.mark.parametrize(
    ("small", "on_the_spot", "person", "fine", "allowed"),
    [
        (True, True, True, "100", True), (True, True, True, "100.01", False), (True, False, True, "50", False),
        (False, True, True, "200", True), (False, True, True, "200.01", False),
        (False, True, False, "3000", True), (False, True, False, "3000.01", False), (False, False, False, "3000", False),
    ],
)  # fmt: skip
def test_cash_is_taken_up_to_the_amounts_of_the_article(
    small: bool, on_the_spot: bool, person: bool, fine: str, allowed: bool
) -> None:
    given_: dict[str, Any] = {
        "is_small": small,
        "is_on_the_spot": on_the_spot,
        "is_person": person,
        "fine": Decimal(fine),
    }
    assert cash_allowed(is_remote=False, **given_) is allowed
    assert cash_allowed(is_remote=True, **given_)
