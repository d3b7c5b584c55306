"""The pages and the API of the complaint procedure."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from clues.actions import intake
from clues.models import Lead
from clues.states import COMPLAINT_TABLE, LeadState
from tests.api_client import Caller, problem_of
from tests.builders import City
from tests.clues.complaint_stages import LATER, VERBS, WHO, accepted, complaint_in, in_hand, paper, verified_report

FORMS: dict[str, tuple[str, dict[str, Any], str]] = {
    "accept": (LeadState.ACCEPTING, {"accepted_on": "2026-05-05", "told_on": "2026-05-06"}, "已受理并告知投诉人。"),
    "refuse": (
        LeadState.ACCEPTING,
        {"ground": "not_consumer", "reason": "批量购买", "told_on": "2026-05-06", "other_ways_told": "on", "confirmed": "on"},
        "已登记不予受理。",
    ),
    "exclude_mediation": (
        LeadState.MEDIATING,
        {"first_day": "2026-05-06", "last_day": "2026-05-12", "reason": "送检"},
        "已扣除不计入调解期限的时间。",
    ),
    "settle": (
        LeadState.MEDIATING,
        {"settled_on": "2026-05-06", "agreement": "退款一百元", "made_document": "no", "reason": "当场退款"},
        "已登记达成调解协议",
    ),
    "end": (
        LeadState.MEDIATING,
        {"ended_on": "2026-05-06", "ground": "absent", "reason": "多次不到场", "confirmed": "on"},
        "已终止调解，请告知投诉人和被投诉人。",
    ),
    "tell": (LeadState.ENDED, {"told_on": "2026-05-06", "way": "短信"}, "已登记告知双方。"),
    "found": (LeadState.SETTLED, {"found_on": "2026-04-20", "summary": "无证经营"}, "已登记线索"),
    "split": (LeadState.ASSIGNED, {"summary": "过期食品"}, "已另行登记举报"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(LATER, tick=False):
        yield


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(user: User, lead: Lead) -> str:
    return browser(user).get(reverse("lead_page", args=[lead.pk])).content.decode()


@pytest.mark.parametrize("verb", FORMS)
def test_each_form_does_what_it_says(city: City, verb: str) -> None:
    state, typed, said = FORMS[verb]
    lead = complaint_in(city, state)
    client, url = browser(city.east_handler), reverse(f"lead_{verb}", args=[lead.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {}).status_code == 400
    lead.refresh_from_db()
    assert lead.state == state
    answer = client.post(url, typed, follow=True)
    assert said in answer.content.decode()
    row = next(row for row in COMPLAINT_TABLE if row.name == verb)
    lead.refresh_from_db()
    assert lead.state == (row.target or state)


def test_a_report_is_treated_as_a_complaint_by_the_head(city: City) -> None:
    lead = verified_report(city)
    url = reverse("lead_treat_as_complaint", args=[lead.pk])
    typed = {"claim": "退货退款", "claimed_on": "2026-04-28", "reason": "请求解决争议", "confirmed": "on"}
    assert browser(city.east_handler).post(url, typed).status_code == 403
    page = browser(city.east_director).post(url, typed, follow=True).content.decode()
    complaint = Lead.objects.get(origin=lead)
    assert f"已转为投诉 {complaint.number}" in page and "关联线索" in page
    assert lead.number in page_of(city.east_director, complaint)


@pytest.mark.parametrize("state", [each for each in LeadState.values if each in (
    "registered", "assigned", "accepting", "mediating", "settled", "ended", "refused")])  # fmt: skip
def test_the_page_of_a_complaint_tells_where_it_stands_and_never_who_complained(city: City, state: str) -> None:
    lead = complaint_in(city, state)
    for user in (city.east_handler, city.east_director, city.east_clerk, city.supervisor):
        page = page_of(user, lead)
        assert lead.number in page and "投诉处理" in page
        assert not any(mark in page for mark in (WHO.name, WHO.phone, WHO.address))
        assert re.search(r"举-[2-9A-Z]{6}</a> · 实名", page)


def test_two_periods_are_told_with_the_one_that_binds(city: City) -> None:
    lead = accepted(city, "2026-03-30", "2026-04-10")
    assert "调解期限有两个，以先届满者为准" in page_of(city.east_handler, lead)
    form = browser(city.east_handler).get(reverse("lead_settle", args=[lead.pk])).content.decode()
    assert re.findall(r'named-clock"><span>([^<]+)</span>\s*<details class="clock', form) == [
        "投诉调解期限（旧）", "消费争议调解60日",
    ]  # fmt: skip
    assert "以先届满者为准" not in page_of(city.east_handler, accepted(city, "2026-04-20", "2026-04-27"))


def test_the_grounds_offered_are_those_of_the_day_named(city: City) -> None:
    lead = in_hand(city, paper(city, received_on=date(2026, 4, 8)))
    client, url = browser(city.east_handler), reverse("lead_refuse", args=[lead.pk])
    assert "（七）法律、法规、规章规定不予受理的其他情形" in client.get(url).content.decode()
    typed = {"ground": "false_identity", "reason": "冒名", "told_on": "2026-04-14", "confirmed": "on"}
    page = client.post(url, typed | {"other_ways_told": "on"}).content.decode()
    assert "（六）法律、法规、规章规定不予受理的其他情形" in page and "投诉举报处理暂行办法第十五条" in page
    assert "冒名" in page


def test_what_is_done_is_not_offered_again(city: City) -> None:
    lead = intake.split_lead(lead_id=complaint_in(city, LeadState.ACCEPTING).pk, actor=city.east_handler, at=LATER)
    assert "这份材料已经分别登记，另一件是" in page_of(city.east_handler, lead)
    assert browser(city.east_handler).get(reverse("lead_split", args=[lead.pk])).status_code == 409


@pytest.mark.parametrize("verb", FORMS)
def test_the_api_has_each_verb(city: City, verb: str) -> None:
    state, typed, _said = FORMS[verb]
    lead = complaint_in(city, state)
    body = {name: value for name, value in typed.items() if name != "confirmed"}
    body |= {name: body[name] in ("on", "yes") for name in ("other_ways_told", "made_document") if name in body}
    problem_of(Caller(city.east_handler).post(f"/leads/{lead.pk}/{verb}/", body | {"rumour": 1}), 400, "unknown_field")
    answer = Caller(city.east_handler).post(f"/leads/{lead.pk}/{verb}/", body)
    assert answer.status_code == 200, answer.content
    row = next(row for row in COMPLAINT_TABLE if row.name == verb)
    assert answer.json()["state"] == (row.target or state)
    assert WHO.name not in answer.content.decode()


def test_a_page_with_more_links_costs_no_more_statements(city: City) -> None:
    lead = complaint_in(city, LeadState.MEDIATING)
    client, url = browser(city.east_handler), reverse("lead_page", args=[lead.pk])

    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        return len(asked)

    VERBS["found"](lead, city.east_handler, LATER)
    one = statements()
    for _n in range(2):
        VERBS["found"](lead, city.east_handler, LATER)
    assert statements() == one
