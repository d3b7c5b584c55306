"""The worklists: what is narrowed, kept under a name, and assigned in one go."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.actions import close_office
from accounts.models import SavedView, User
from clues.actions import custody
from clues.models import Lead
from tests.api_client import Caller
from tests.builders import SYSTEM, City, make_lead, make_verified_lead, moment

NOW = moment("2026-03-04")


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def listed(user: User, **filters: str) -> set[int]:
    page = as_(user).get(reverse("lead_list"), filters)
    return {lead.pk for lead, _clock in page.context["rows"]}


def given(city: City) -> Lead:
    """A lead given to the second east handler, who has not signed for it."""
    return custody.assign_lead(
        lead_id=make_lead(city).pk, office_id=city.east_squad.pk, owner_id=city.east_handler2.pk, actor=city.east_head,
        at=moment("2026-03-03"),
    )  # fmt: skip


def test_each_worklist_holds_what_its_name_says(city: City) -> None:
    fresh, unsigned, decided = make_lead(city), given(city), make_verified_lead(city)
    back = custody.return_lead(lead_id=given(city).pk, reason="不属本队管辖", actor=city.east_handler2, at=NOW)
    overdue = make_lead(city, received_on=moment("2026-01-05").date())
    head = city.east_head
    assert listed(head, state="registered") == {fresh.pk, back.pk, overdue.pk}
    assert listed(head, state="assigned") == {unsigned.pk}
    assert listed(head, state="verified") == {decided.pk}
    assert listed(head, returned="1") == {back.pk}
    assert listed(head, due="overdue") == {overdue.pk}
    assert {fresh.pk, unsigned.pk} <= listed(head, due="soon")
    assert listed(city.east_handler2, owner="me", state="open") == {unsigned.pk}
    assert listed(city.west_head) == set()


def test_the_tab_of_the_list_one_is_on_is_marked(city: City) -> None:
    page = as_(city.east_head).get(reverse("lead_list"), {"state": "assigned"}).content.decode()
    assert '<a href="/leads/?state=assigned" aria-current="page">待签收</a>' in page


def test_what_waits_for_a_signature_stands_on_the_home_page_and_in_the_menu(city: City) -> None:
    lead = given(city)
    page = as_(city.east_handler2).get("/").content.decode()
    assert lead.label in page.split("待我签收")[1]
    assert "待签收 1" in page
    assert "待签收 1" not in as_(city.east_handler).get("/").content.decode()


def test_a_filter_kept_under_a_name_comes_back_and_is_ones_own(city: City) -> None:
    reader = as_(city.east_head)
    reader.post(reverse("lead_view_save"), {"name": "我的周报", "query": "state=open&channel=report&nonsense=1"})
    (view,) = SavedView.objects.all()
    assert (view.user, view.name, view.query) == (city.east_head, "我的周报", "state=open&channel=report")
    assert "我的周报" in reader.get(reverse("lead_list")).content.decode()
    assert "我的周报" not in as_(city.east_handler).get(reverse("lead_list")).content.decode()
    assert as_(city.east_handler).post(reverse("lead_view_forget", args=[view.pk])).status_code == 404
    reader.post(reverse("lead_view_save"), {"name": "我的周报", "query": "state=open"})
    assert SavedView.objects.get().query == "state=open"
    reader.post(reverse("lead_view_forget", args=[view.pk]))
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(("name", "query"), [("", "state=open"), ("名" * 31, "state=open"), ("空的", "")])
def test_a_view_without_name_or_filter_is_not_kept(city: City, name: str, query: str) -> None:
    page = as_(city.east_head).post(reverse("lead_view_save"), {"name": name, "query": query}, follow=True)
    assert not SavedView.objects.exists()
    assert "筛选" in page.content.decode()


def bulk(user: User, leads: list[Lead], **form: Any) -> Any:
    return as_(user).post(reverse("lead_bulk_assign"), {"lead": [lead.pk for lead in leads], **form})


def test_many_are_assigned_in_one_go_each_with_its_own_answer(city: City) -> None:
    fresh, closed = make_lead(city), make_verified_lead(city)
    page = bulk(city.east_head, [fresh, closed], office=city.east_squad.pk, owner=city.east_handler2.pk, reason="")
    assert page.status_code == 200
    outcomes = {outcome.lead.pk: outcome.refusal for outcome in page.context["outcomes"]}
    assert outcomes[fresh.pk] is None
    assert outcomes[closed.pk].code == "wrong_state"
    fresh.refresh_from_db()
    closed.refresh_from_db()
    assert (fresh.owner, fresh.state) == (city.east_handler2, "assigned")
    assert (closed.owner, closed.state) == (city.east_handler, "verified")
    assert "分派成功 1 条，未成功 1 条" in page.content.decode()


def test_without_a_person_the_office_s_receiver_gets_them(city: City) -> None:
    fresh = make_lead(city)
    bulk(city.clerk, [fresh], office=city.east_squad.pk, owner="", reason="")
    fresh.refresh_from_db()
    assert fresh.owner == city.east_head


def test_what_the_reader_does_not_see_is_not_touched(city: City) -> None:
    fresh = make_lead(city)
    page = bulk(city.west_head, [fresh], office=city.west_squad.pk, owner="")
    assert page.status_code == 302
    fresh.refresh_from_db()
    assert fresh.state == "registered"


def test_the_marked_leads_stay_marked_when_the_form_is_refused(city: City) -> None:
    fresh = make_lead(city)
    page = bulk(city.east_head, [fresh], office="", owner="", reason="急")
    assert page.status_code == 400
    assert f'name="lead" value="{fresh.pk}"' in page.content.decode()
    assert "急" in page.content.decode()


def test_a_closed_office_gets_nothing(city: City) -> None:
    fresh = make_lead(city)
    close_office(office_id=city.east_squad.pk, actor=SYSTEM, at=NOW)
    answer = Caller(city.clerk).post("/leads/assign/", {"leads": [fresh.pk], "office": city.east_squad.pk})
    (row,) = answer.json()
    assert (row["code"], row["state"]) == ("office_closed", "registered")


def test_the_api_answers_for_each_lead(city: City) -> None:
    fresh, closed = make_lead(city), make_verified_lead(city)
    body = {"leads": [fresh.pk, closed.pk], "office": city.east_squad.pk, "owner": city.east_handler2.pk}
    rows = {row["lead"]: row for row in Caller(city.east_head).post("/leads/assign/", body).json()}
    assert (rows[fresh.pk]["state"], rows[fresh.pk]["code"]) == ("assigned", None)
    assert rows[closed.pk]["code"] == "wrong_state"


@pytest.mark.parametrize("rows", [1, 3])
def test_a_worklist_costs_the_same_for_one_lead_and_for_three(
    city: City, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(rows):
        make_lead(city)
    reader = as_(city.east_head)
    with django_assert_num_queries(18):
        page = reader.get(reverse("lead_list"), {"due": "soon"})
    assert len(page.context["rows"]) == rows


def test_the_api_narrows_by_the_same_words_categories_and_periods(city: City) -> None:
    fresh, unsigned = make_lead(city, party="海风食品商行"), given(city)
    overdue = make_lead(city, received_on=moment("2026-01-05").date())
    caller = Caller(city.east_head)

    def found(query: str) -> set[int]:
        return {row["id"] for row in caller.get(f"/leads/?{query}").json()["results"]}

    assert found("q=海风") == {fresh.pk}
    assert found("q=海风&state=assigned") == set()
    assert found("due=overdue") == {overdue.pk}
    assert unsigned.pk in found("due=soon")
    assert found("returned=true") == set()
    assert found("category=food") == set()
    problem = caller.get("/leads/?due=never")
    assert problem.status_code == 400


def test_words_alone_page_through_in_the_order_of_the_list(city: City) -> None:
    made = [make_lead(city, party=f"海风食品{number}店").pk for number in range(3)]
    page = as_(city.east_head).get(reverse("lead_list"), {"q": "海风"})
    assert [lead.pk for lead, _clock in page.context["rows"]] == made[::-1]
    assert listed(city.east_head, q="海风", after=f"2026-03-02~{made[2]}") == set(made[:2])
    assert listed(city.west_head, q="海风") == set()
