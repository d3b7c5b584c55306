"""Keyset pages: every row once, whatever is inserted meanwhile."""

from typing import Any

import pytest

from tests.api_client import Caller
from tests.builders import City, make_lead, moment


def walk(caller: Caller, path: str, **query: Any) -> list[list[int]]:
    """The numbers of all rows, page by page, following ``next``."""
    pages = []
    answer = caller.get(path, **query).json()
    while True:
        pages.append([row["id"] for row in answer["results"]])
        if answer["next"] is None:
            return pages
        answer = caller.client.get(answer["next"]).json()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 200])
def test_following_next_meets_every_row_once_in_order(city: City, size: int) -> None:
    leads = [make_lead(city, at=moment(f"2026-03-0{day}")) for day in (4, 2, 2, 3, 2, 4, 3)]
    expected = [lead.pk for lead in sorted(leads, key=lambda lead: (lead.received_on, lead.pk), reverse=True)]
    pages = walk(Caller(city.east_handler), "/leads/", page_size=size)
    assert [number for page in pages for number in page] == expected
    assert [len(page) for page in pages[:-1]] == [size] * (len(pages) - 1)


def test_a_row_that_arrives_meanwhile_moves_nobody_to_another_page(city: City) -> None:
    leads = [make_lead(city, at=moment("2026-03-02")) for _ in range(4)]
    caller = Caller(city.east_handler)
    first = caller.get("/leads/", page_size=2).json()
    make_lead(city, at=moment("2026-03-03"))
    second = caller.client.get(first["next"]).json()
    assert [row["id"] for row in first["results"] + second["results"]] == [lead.pk for lead in reversed(leads)]


def test_the_next_page_keeps_the_filters(city: City) -> None:
    for day in (2, 3, 3, 3):
        make_lead(city, at=moment(f"2026-03-0{day}"))
    pages = walk(Caller(city.east_handler), "/leads/", page_size=2, received_from="2026-03-03", state="registered")
    assert [len(page) for page in pages] == [2, 1]


def test_running_clocks_come_by_what_ends_first(city: City) -> None:
    leads = [make_lead(city, at=moment(f"2026-03-0{day}")) for day in (4, 2, 3, 2)]
    caller = Caller(city.east_handler)
    by_due = [lead.pk for lead in sorted(leads, key=lambda lead: (lead.received_on, lead.pk))]
    for query in ({"state": "running"}, {"overdue": "true"}):
        answer = caller.get("/clocks/", page_size=3, rule="lead_verification", **query).json()
        rest = caller.client.get(answer["next"]).json()
        assert [row["subject_id"] for row in answer["results"] + rest["results"]] == by_due
