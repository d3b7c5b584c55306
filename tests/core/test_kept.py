"""What is put back as rows is what the verbs make, and only where nothing else was written before."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction

from accounts.models import Office, User
from cases.models import Case
from core.errors import Refusal
from tests.builders import City, make_case, make_city, make_lead, make_notified_case
from tests.cases.money_stages import served_case
from tests.kept import watched
from tests.refusals import everything

pytestmark = pytest.mark.usefixtures("law")


@contextmanager
def in_a_test_of_its_own(*, is_watched: bool = True) -> Iterator[City]:
    """A city, gone afterwards."""
    with transaction.atomic():
        if is_watched:
            with watched():
                yield make_city()
        else:
            yield make_city()
        transaction.set_rollback(True)


def sizes() -> dict[str, int]:
    return {table: len(rows) for table, rows in everything().items()}


@pytest.mark.parametrize("build", [make_lead, make_case, make_notified_case, served_case])
def test_what_is_put_back_is_what_the_verbs_write(build: Callable[[City], object]) -> None:
    before = sizes()
    with in_a_test_of_its_own(is_watched=False) as city:
        made, by_verbs = str(build(city)), sizes()
    for _again in range(3):
        with in_a_test_of_its_own() as city:
            assert str(build(city)) == made
            assert sizes() == by_verbs
    assert sizes() == before


def test_rows_that_building_changed_are_put_back_as_they_became() -> None:
    for _again in range(3):
        with in_a_test_of_its_own() as city:
            assert [make_case(city).number[-2] for _case in range(3)] == ["1", "2", "3"]


def test_what_a_test_did_is_not_there_for_the_next() -> None:
    for _again in range(3):
        with in_a_test_of_its_own() as city:
            case = make_case(city)
            assert User.objects.get(pk=city.east_handler.pk).is_active
            assert (case.cause, Case.objects.get().cause) == ("经营超过保质期食品",) * 2
            case.cause = "无照经营"
            case.save()
            city.east_handler.is_active = False
            city.east_handler.save()
            assert Office.objects.count() == 9


def test_after_anything_else_was_written_the_verbs_are_asked() -> None:
    for _again in range(3):
        with in_a_test_of_its_own() as city:
            make_lead(city)
        with in_a_test_of_its_own() as city:
            User.objects.filter(pk=city.east_handler.pk).update(is_active=False)
            with pytest.raises(Refusal):
                make_case(city)


def test_what_was_taken_back_is_built_again() -> None:
    for _again in range(3):
        with in_a_test_of_its_own() as city:
            with transaction.atomic():
                make_case(city)
                transaction.set_rollback(True)
            assert not Case.objects.exists()
            assert make_case(city) == Case.objects.get()
