"""The lists beneath a case are read page by page, whatever they hold, and cost the same; the API bounds them too."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.actions import duties
from cases.actions.measures import order_measure
from cases.actions.recordings import index_recording
from cases.api import decision as decision_api
from cases.api import duties as duties_api
from cases.api import evidence as evidence_api
from cases.api import measures as measures_api
from cases.models import Case, Recusal, Review
from cases.pages import duties as duties_pages
from cases.pages import evidence as evidence_pages
from cases.pages import measures as measures_pages
from cases.pages.sections import PAGE
from tests.api_client import Caller
from tests.browsing import as_
from tests.builders import City, make_case, make_proposal, moment
from tests.cases.evidence_builders import LAW, make_evidence
from tests.cases.hearing_builders import deputies
from tests.cases.stages import VERBS

AT = moment("2026-03-04")
PAGES = (duties_pages, evidence_pages, measures_pages)


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(moment("2026-03-05T12:00"), tick=False):
        yield


@pytest.fixture
def two_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    for pages in PAGES:
        monkeypatch.setattr(pages, "PAGE", 2)


def turned(client: Client, address: str, place: str, row: str) -> list[list[str]]:
    """What ``row`` finds on each page in turn, following the link onwards that moves ``place`` of the address."""
    found, query = [], ""
    while True:
        answer = client.get(address + query)
        assert answer.status_code == 200
        page = answer.content.decode()
        found.append(re.findall(row, page))
        links = [unescape(link) for link in re.findall(r'rel="next" href="([^"]+)"', page)]
        here = QueryDict(query[1:]).get(place)
        onwards = [link for link in links if QueryDict(link[1:]).get(place) != here]
        if not onwards:
            return found
        (query,) = onwards


def statements(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def record(city: City, case: Case, number: int) -> None:
    begun = AT - timedelta(hours=10 - number)
    index_recording(
        case_id=case.pk, act="inspection", title=f"记录之{number}", started_at=begun,
        ended_at=begun + timedelta(minutes=9), device="仪07", operator_id=city.east_handler.pk, medium=f"硬盘{number}",
        actor=city.east_handler, at=AT,
    )  # fmt: skip


def order(city: City, case: Case) -> None:
    order_measure(case_id=case.pk, kind="seizure", reason="可能转移", basis=LAW, actor=city.east_director, at=AT)


def ask(city: City, case: Case, person: Any) -> None:
    duties.ask_recusal(
        case_id=case.pk, person_id=person.pk, interest="direct", reason="亲属", asked_on=AT.date(),
        actor=city.east_handler, at=AT,
    )  # fmt: skip


def reviewed(city: City, case: Case, rounds: int) -> Case:
    """Sent for review and sent back so many times."""
    for _round in range(rounds):
        case = VERBS["conclude"](city, make_proposal(case, at=AT), city.east_handler, AT)
        case = VERBS["return_review"](city, case, city.east_reviewer, AT)
    return case


def test_a_hundred_rows_are_a_page() -> None:
    assert PAGE == 100
    assert all(pages.PAGE == PAGE for pages in PAGES)


def test_the_catalogue_and_the_recordings_are_turned_each_on_its_own(city: City, two_a_page: None) -> None:
    case, reader = make_case(city), as_(city.east_handler)
    address = reverse("case_evidence_page", args=[case.pk])
    for number in range(1, 6):
        make_evidence(city, case, at=AT, title=f"证据之{number}")
        record(city, case, number)
    titles = r">\d+ (证据之\d)</a>"
    assert turned(reader, address, "after", titles) == [["证据之1", "证据之2"], ["证据之3", "证据之4"], ["证据之5"]]
    assert turned(reader, address, "recordings", r">(记录之\d)<") == [
        ["记录之1", "记录之2"], ["记录之3", "记录之4"], ["记录之5"],
    ]  # fmt: skip
    second = re.search(r'href="(\?after=[^"]+)"', reader.get(address).content.decode())
    assert second is not None
    page = reader.get(address + second[1]).content.decode()
    assert re.findall(titles, page) + re.findall(r">(记录之\d)<", page) == ["证据之3", "证据之4", "记录之1", "记录之2"]
    assert re.search(r'rel="next" href="\?after=[^"]+&amp;recordings=', page), "the place in the catalogue is kept"


def test_the_measures_of_a_case_are_turned_in_the_order_of_their_numbers(city: City, two_a_page: None) -> None:
    case = make_case(city)
    for _number in range(3):
        order(city, case)
    address = reverse("case_measures_page", args=[case.pk])
    assert turned(as_(city.east_handler), address, "after", r">扣押(\d)</a>") == [["1", "2"], ["3"]]


def test_declarations_withdrawals_and_reviews_are_turned_each_on_its_own(city: City, two_a_page: None) -> None:
    case = reviewed(city, make_case(city), 3)
    people = [city.east_handler, city.east_handler2, city.east_director]
    for person in people:
        ask(city, case, person)
    address, reader = reverse("case_duties", args=[case.pk]), as_(city.east_handler)
    rounds = r'<th scope="row">(\d) \w*审核</th>'
    assert turned(reader, address, "reviews", rounds) == [["3", "2"], ["1"]]
    names = [person.name for person in reversed(people)]
    assert turned(reader, address, "recusals", r'<th scope="row">(East [^<]+)</th>') == [names[:2], names[2:]]
    said = [len(each) for each in turned(reader, address, "declarations", "没有应当回避的情形")]
    assert said == [2, 1], "both officers and the reviewer"


def test_a_place_that_is_none_is_refused(city: City) -> None:
    case, reader = make_case(city), as_(city.east_handler)
    for name, place in (
        ("case_evidence_page", "after"), ("case_evidence_page", "recordings"), ("case_measures_page", "after"),
        ("case_duties", "declarations"), ("case_duties", "recusals"), ("case_duties", "reviews"),
    ):  # fmt: skip
        assert reader.get(reverse(name, args=[case.pk]), {place: "nowhere"}).status_code == 400


@pytest.mark.parametrize("name", ["case_evidence_page", "case_measures_page", "case_duties"])
def test_a_page_beneath_a_case_takes_as_many_statements_with_many_rows_as_with_one(city: City, name: str) -> None:
    case, reader = reviewed(city, make_case(city), 1), as_(city.east_director)
    address = reverse(name, args=[case.pk])

    def grow(person: Any, number: int) -> None:
        make_evidence(city, case, at=AT)
        record(city, case, number)
        order(city, case)
        ask(city, case, person)

    grow(city.east_handler, 1)
    reader.get(address)
    few = statements(reader, address)
    for number, person in enumerate([city.east_handler2, city.east_director, *deputies(city)], start=2):
        grow(person, number)
    reviewed(city, case, 2)
    assert (Recusal.objects.filter(state="pending").count(), Review.objects.count()) == (5, 3)
    assert statements(reader, address) == few


def test_the_lists_of_a_case_are_bounded_over_the_api(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    case = reviewed(city, make_case(city), 3)
    for number, person in enumerate([city.east_handler, city.east_handler2, city.east_director], start=1):
        make_evidence(city, case, at=AT)
        record(city, case, number)
        order(city, case)
        ask(city, case, person)
    caller = Caller(city.east_handler)
    lists = ("evidence", "recordings", "measures", "recusals", "reviews", "proposals")
    assert {name: len(caller.get(f"/cases/{case.pk}/{name}/").json()) for name in lists} == dict.fromkeys(lists, 3)
    for views in (decision_api, duties_api, evidence_api, measures_api):
        assert views.MOST == 500
        monkeypatch.setattr(views, "MOST", 2)
    assert {name: len(caller.get(f"/cases/{case.pk}/{name}/").json()) for name in lists} == dict.fromkeys(lists, 2)
