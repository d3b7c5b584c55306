"""Numbers without a gap per office, kind and year, whoever asks at once and whatever is rolled back."""

import random
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Office
from core.errors import Invalid
from documents.actions.numbers import bind_number, draw_numbers, issue_number, keep_numbers
from documents.models import IssuedNumber, NumberSeries
from tests.builders import City
from tests.refusals import refused
from tests.threads import at_once

ON = date(2026, 3, 2)


def issue(office: Office, kind: str = "case", on: date = ON) -> str:
    return issue_number(office=office, kind=kind, on=on, subject_kind="case").text


def test_each_office_kind_and_year_counts_for_itself(city: City) -> None:
    assert [issue(city.east), issue(city.east), issue(city.west)] == [
        "eastcase〔2026〕1号",
        "eastcase〔2026〕2号",
        "westcase〔2026〕1号",
    ]
    assert issue(city.east, "lead") == "eastlead〔2026〕1号"
    assert issue(city.east, on=date(2027, 1, 1)) == "eastcase〔2027〕1号"
    assert issue(city.east, on=date(2026, 12, 31)) == "eastcase〔2026〕3号", "the old year goes on where it stood"


def test_a_number_taken_back_is_given_out_again(city: City) -> None:
    issue(city.east)
    with transaction.atomic():
        assert issue(city.east) == "eastcase〔2026〕2号"
        transaction.set_rollback(True)
    assert issue(city.east) == "eastcase〔2026〕2号"


def test_a_kind_without_a_format_is_refused(city: City) -> None:
    with refused(Invalid, "no_number_format", "kind"):
        issue(city.east, "summons")


def test_decisions_are_numbered_in_the_order_of_their_days(city: City) -> None:
    issue(city.east, "penalty_decision")
    with refused(Invalid, "number_date_backwards", "on"):
        issue(city.east, "penalty_decision", ON - timedelta(days=1))
    assert issue(city.east, "penalty_decision") == "eastpenalty_decision〔2026〕2号"


def test_a_number_knows_what_it_went_to(city: City) -> None:
    number = issue_number(office=city.east, kind="case", on=ON, subject_kind="case")
    bind_number(number, subject_id=77)
    assert IssuedNumber.objects.get(pk=number.pk).subject_id == 77


def test_the_database_gives_no_number_twice(city: City) -> None:
    issue(city.east)
    series = NumberSeries.objects.get()
    for serial, constraint in ((1, "issued_number_once_in_series|UNIQUE"), (0, "issued_number_starts_at_one")):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            IssuedNumber.objects.create(series=series, serial=serial, text="x", subject_kind="case", issued_on=ON)


@pytest.mark.usefixtures("transactional_db")
def test_eight_at_once_with_three_in_ten_taken_back_leave_no_gap(city: City) -> None:
    def take(seed: int) -> int:
        chance, kept = random.Random(seed), 0
        for _ in range(12):
            with transaction.atomic():
                issue(city.east)
                if chance.random() < 0.3:
                    transaction.set_rollback(True)
                else:
                    kept += 1
        return kept

    kept = at_once([lambda seed=seed: take(seed) for seed in range(8)])  # type: ignore[misc]  # each its own seed
    assert all(isinstance(each, int) for each in kept), kept
    total = sum(each for each in kept if isinstance(each, int))
    assert 40 < total < 96
    serials = list(IssuedNumber.objects.order_by("serial").values_list("serial", flat=True))
    assert serials == list(range(1, total + 1))
    assert NumberSeries.objects.get().last_serial == total


def test_a_block_of_numbers_is_what_one_after_the_other_would_be(city: City) -> None:
    issue(city.east)
    with transaction.atomic():
        numbers = draw_numbers(office=city.east, kind="case", on=ON, subject_kind="case", count=3)
        for subject_id, number in enumerate(numbers, start=70):
            number.subject_id = subject_id
        keep_numbers(numbers)

    assert issue(city.east) == "eastcase〔2026〕5号"
    rows = IssuedNumber.objects.order_by("serial").values_list("text", "subject_id")
    assert list(rows)[1:4] == [(f"eastcase〔2026〕{serial}号", serial + 68) for serial in (2, 3, 4)]


def test_a_block_taken_back_leaves_no_gap(city: City) -> None:
    with transaction.atomic():
        keep_numbers(draw_numbers(office=city.east, kind="case", on=ON, subject_kind="case", count=3))
        transaction.set_rollback(True)

    assert issue(city.east) == "eastcase〔2026〕1号"
