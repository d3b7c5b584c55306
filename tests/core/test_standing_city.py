"""The city put back as rows is the city the verbs make."""

import pytest
from django.db import transaction

from accounts.models import Office, User
from tests.builders import City, make_case, make_city
from tests.refusals import everything
from tests.standing_city import standing_city

pytestmark = pytest.mark.usefixtures("law")


def sizes() -> dict[str, int]:
    return {table: len(rows) for table, rows in everything().items()}


def test_the_city_put_back_has_every_row_the_verbs_write() -> None:
    before = sizes()
    with transaction.atomic():
        made, by_verbs = make_city(), sizes()
        names = [str(value) for value in vars(made).values()]
        transaction.set_rollback(True)
    for _again in range(2):
        with transaction.atomic():
            put_back, as_rows = standing_city(), sizes()
            assert [str(value) for value in vars(put_back).values()] == names
            transaction.set_rollback(True)
        assert as_rows == by_verbs
    assert sizes() == before


def test_what_a_test_did_to_the_city_is_not_there_for_the_next() -> None:
    for _again in range(2):
        with transaction.atomic():
            city: City = standing_city()
            assert User.objects.get(pk=city.east_handler.pk).is_active
            make_case(city)
            city.east_handler.is_active = False
            city.east_handler.save()
            assert Office.objects.count() == 9
            transaction.set_rollback(True)
