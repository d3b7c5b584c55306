"""The pages: the queue, asking, deciding, reading, rewarding."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from informants.models import Opening, Reading, Reward
from informants.states import OpeningState, RewardState
from tests.builders import City
from tests.informants.people import LATER, NAME, ask, make_informant, opening_in, propose, reward_in

REQUEST = {"ground": "mediation", "wanted": ["name", "phone"], "reason": "约定调解时间和地点。"}


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(LATER, tick=False):
        yield


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(client: Client, address: str, **query: str) -> str:
    page = client.get(address, query)
    assert page.status_code == 200
    return page.content.decode()


def test_from_asking_to_reading_over_the_pages(city: City) -> None:
    informant = make_informant(city)
    handler, head = as_(city.east_handler), as_(city.east_head)
    assert f'href="/informants/{informant.pk}/request/"' in text_of(handler, f"/informants/{informant.pk}/")
    answer = handler.post(f"/informants/{informant.pk}/request/", REQUEST)
    opening = Opening.objects.get()
    here = f"/informants/openings/{opening.pk}/"
    assert (answer.status_code, answer["Location"]) == (302, here)
    assert "等待申请人以外的第二人审批" in text_of(handler, here)
    assert informant.code in text_of(head, "/informants/")
    assert "核实" not in text_of(head, here)
    assert head.post(f"{here}approve/", {"hours": "4", "opinion": "同意"})["Location"] == here
    page = text_of(handler, here)
    assert "剩 4 小时" in page and "/identity/" in page
    assert "/identity/" not in text_of(head, here)
    shown = handler.post(f"{here}identity/").content.decode()
    assert NAME in shown
    assert "查阅了身份信息" in text_of(head, here)
    assert handler.post(f"{here}close/")["Location"] == here
    assert handler.post(f"{here}identity/").status_code == 409
    assert Reading.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [({"reason": "看看"}, "至少五个字"), ({"wanted": []}, "请选择"), ({"ground": "x"}, "不在可用的选项中")],
)
def test_a_request_with_a_mistake_comes_back_with_everything_typed(
    city: City, changed: dict[str, Any], words: str
) -> None:
    informant = make_informant(city)
    page = as_(city.east_handler).post(f"/informants/{informant.pk}/request/", REQUEST | changed)
    assert page.status_code == 400
    assert words in page.content.decode()
    assert not Opening.objects.exists()


def test_a_refusal_is_told_on_the_page_of_the_request(city: City) -> None:
    opening = opening_in(city, OpeningState.PENDING)
    here = f"/informants/openings/{opening.pk}/"
    as_(city.east_head).post(f"{here}refuse/", {"reason": "先从台账核对"})
    page = text_of(as_(city.east_handler), here)
    assert "不同意查阅" in page and "先从台账核对" in page


def test_who_asked_gets_no_form_to_decide(city: City) -> None:
    opening = ask(make_informant(city), city.east_head)
    head = as_(city.east_head)
    page = head.get(f"/informants/openings/{opening.pk}/approve/")
    assert page.status_code == 403
    assert "第二人审批" in page.content.decode()
    assert "没有等待您审批的查阅申请" in text_of(head, "/informants/")


def test_an_expired_consent_says_so_and_offers_nothing(city: City) -> None:
    opening = opening_in(city, OpeningState.APPROVED)
    with time_machine.travel("2026-03-04T10:00:01+08:00", tick=False):
        handler = as_(city.east_handler)
        page = text_of(handler, f"/informants/openings/{opening.pk}/")
        assert "已到期" in page and "/identity/" not in page
        refused = handler.post(f"/informants/openings/{opening.pk}/identity/")
    assert refused.status_code == 409
    assert "时限已过" in refused.content.decode()
    assert not Reading.objects.exists()


def test_the_menu_shows_the_queue_to_those_who_may_read(city: City) -> None:
    for person, shown in ((city.east_handler, True), (city.supervisor, True), (city.east_clerk, False)):
        assert ('href="/informants/"' in text_of(as_(person), "/")) is shown


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("address", ["/informants/", "/informants/rewards/"])
def test_a_list_costs_the_same_whatever_it_holds(
    city: City, rows: int, address: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _n in range(rows):
        informant = make_informant(city)
        ask(informant, city.east_handler)
        propose(informant, city.east_handler)
    client = as_(city.east_head)
    with django_assert_num_queries(11):
        page = client.get(address)
    assert len(page.context["page"].rows) == rows


def test_from_proposing_to_claiming_a_reward_over_the_pages(city: City) -> None:
    informant = make_informant(city)
    handler, director = as_(city.east_handler), as_(city.east_director)
    form = text_of(handler, f"/informants/{informant.pk}/reward/")
    assert "二手来源，条文原文未核对" in form
    sent = {"level": "first", "domain": "food_drug", "base_amount": "236,000", "reason": "线索属实"}
    answer = handler.post(f"/informants/{informant.pk}/reward/", sent)
    reward = Reward.objects.get()
    here = f"/informants/rewards/{reward.pk}/"
    assert answer["Location"] == here
    assert "11,800.00" in text_of(director, here)
    for who, verb, values in (
        (director, "grant", {"opinion": "同意"}),
        (handler, "tell", {"told_on": "20260303"}),
        (handler, "claim", {"claimed_on": "2026-03-03"}),
    ):
        assert who.get(f"{here}{verb}/").status_code == 200
        assert who.post(f"{here}{verb}/", values)["Location"] == here
    reward.refresh_from_db()
    assert reward.state == RewardState.CLAIMED


def test_the_page_of_a_reward_told_shows_the_period_for_claiming(city: City) -> None:
    reward = reward_in(city, RewardState.TOLD, domain="food_drug")
    page = text_of(as_(city.east_handler), f"/informants/rewards/{reward.pk}/")
    assert "剩 30 个工作日" in page
    assert "4月15日" in page


def test_the_link_to_the_matter_leads_there(city: City) -> None:
    informant = make_informant(city)
    assert f'href="/leads/{informant.subject_id}/"' in text_of(as_(city.east_handler), f"/informants/{informant.pk}/")
