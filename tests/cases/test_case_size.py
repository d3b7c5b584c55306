"""However large a case grows, its page stays what it was."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.case_rows import enlarge
from cases.models import Case
from tests.builders import City, make_case

MOST_STATEMENTS = 25


@pytest.fixture
def case(city: City) -> Case:
    return make_case(city)


def page_of(client: Client, case: Case) -> tuple[str, int]:
    """The page, and how many statements of the case it took (the frame's and the session's are left out)."""
    with CaptureQueriesContext(connection) as queries:
        page = client.get(f"/cases/{case.pk}/").content.decode()
    return page, len(queries)


def test_the_page_of_a_large_case_takes_no_more_statements_than_that_of_a_small_one(
    client: Client, city: City, case: Case
) -> None:
    client.force_login(city.east_handler)
    page_of(client, case)
    small, few = page_of(client, case)
    enlarge(case)
    large, many = page_of(client, case)
    assert many <= few + 2, "evidence and payments were not there at all before"
    assert large.count("<li>") + large.count("<tr>") < small.count("<li>") + small.count("<tr>") + 120


def test_older_history_is_on_a_page_of_its_own(client: Client, city: City, case: Case) -> None:
    client.force_login(city.east_handler)
    assert "全部日志" not in page_of(client, case)[0]
    enlarge(case)
    assert "全部日志" in page_of(client, case)[0]
    page = client.get(f"/cases/{case.pk}/history/").content.decode()
    assert page.count("次送检") == 50
    behind = re.search(r'href="(\?after=[^"]+)"', page)
    assert behind is not None
    assert "次送检" in client.get(f"/cases/{case.pk}/history/{behind[1]}").content.decode()
