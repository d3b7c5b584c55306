"""The form of each verb of a case, filled in as a person would."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cases.models import Case
from cases.states.duties import ReviewHead
from cases.states.matter import CaseState, FilingCondition
from clues.models import Lead
from deadlines.models import Clock
from deadlines.queries import nearest_clocks
from tests.browsing import as_
from tests.builders import City, make_case, make_notified_case, make_verified_lead, moment
from tests.cases.case_pages import DECIDE, picture, url
from tests.cases.hearing_builders import discuss
from tests.cases.stages import case_in, doer

FILE = {"cause": "经营超过保质期食品", "reason": "", "conditions": FilingCondition.values}
PROPOSE: dict[str, Any] = {
    "facts": "货架上有超过保质期的食品在售。", "basis": "依据示例法第一条。", "outcome": "penalty", "party_kind": "organisation",
    "penalties": ["fine", "confiscate_income"], "fine": "5,000", "confiscated": "300",
}  # fmt: skip


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(moment("2026-04-13"), tick=False):
        yield


def test_a_lead_is_filed_with_two_officers_once_the_consequence_is_ticked(city: City) -> None:
    lead = make_verified_lead(city, at=moment("2026-04-10"))
    head, address = as_(city.east_director), reverse("case_file", args=[lead.pk])
    form = head.get(address).content.decode()
    assert f'<option value="{city.east_handler.pk}" selected>' in form
    assert "由办案机构负责人指定两名以上具有行政执法资格的办案人员负责调查处理" in form

    alone = {**FILE, "owner": city.east_handler.pk, "second_officer": city.east_handler.pk, "confirmed": "on"}
    answer = head.post(address, alone)
    assert answer.status_code == 400
    assert 'href="#id_second_officer"' in answer.content.decode()
    assert "经营超过保质期食品" in answer.content.decode()

    both = {**alone, "second_officer": city.east_handler2.pk}
    assert head.post(address, {**both, "confirmed": ""}).status_code == 400
    assert not Case.objects.exists()
    assert Lead.objects.get().state == "verified"

    filed = head.post(address, both, follow=True)
    case = Case.objects.get()
    assert f"已立案，立案号 {case.number}。“普通程序办案期限”期限至 2026年7月13日。" in filed.content.decode()
    assert "查看立案后的案件" in head.get(reverse("lead_page", args=[lead.pk])).content.decode()


def test_a_person_of_another_office_cannot_be_made_officer(city: City) -> None:
    lead = make_verified_lead(city, at=moment("2026-04-10"))
    typed = {**FILE, "owner": city.east_handler.pk, "second_officer": city.west_handler.pk, "confirmed": "on"}
    answer = as_(city.east_director).post(reverse("case_file", args=[lead.pk]), typed)
    assert answer.status_code == 400
    assert "不是east-squad局的办案人员" in answer.content.decode()
    assert not Case.objects.exists()


def test_an_investigation_is_suspended_resumed_extended_and_days_left_out(city: City) -> None:
    case = make_case(city)
    head = as_(city.east_director)

    def post(verb: str, **typed: str) -> str:
        answer = head.post(url(verb, case), typed, follow=True)
        assert answer.status_code == 200, answer.content.decode()
        return answer.content.decode()

    assert "“普通程序办案期限”期限中止计算。" in post(
        "suspend", ground="missing_party", starts_on="2026-04-01", reason="下落不明"
    )
    assert "期限至 2026年6月10日" in post("resume", resumes_on="2026-04-11", reason="已找到")
    assert "期限至 2026年7月10日" in post("extend", reason="案情复杂")
    assert "期限至 2026年7月15日" in post(
        "exclude", ground="检验", first_day="2026-03-16", last_day="2026-03-20", reason="送检"
    )
    again = head.get(url("extend", case)).content.decode()
    assert "集体讨论" in again
    assert "集体讨论" in head.post(url("extend", case), {"reason": "案情特别复杂"}).content.decode(), (
        "no days without it"
    )
    discuss(city, case, at=moment("2026-04-13"), topic="extension", days=20)
    assert "期限至 2026年8月4日" in post("extend", reason="案情特别复杂")
    assert head.get(url("extend", case)).status_code == 409


def test_overlapping_days_are_refused_at_their_field(city: City) -> None:
    case = make_case(city)
    head = as_(city.east_director)
    typed = {"ground": "检验", "first_day": "2026-03-16", "last_day": "2026-03-20", "reason": "送检"}
    head.post(url("exclude", case), typed)
    before = picture(case)
    answer = head.post(url("exclude", case), typed)
    assert answer.status_code == 400
    assert "重叠" in answer.content.decode()
    assert 'value="2026-03-16"' in answer.content.decode()
    assert picture(case) == before


def test_a_case_is_driven_to_its_close_through_the_forms(city: City) -> None:
    with time_machine.travel(moment("2026-03-02"), tick=False):
        case = make_case(city)
    officer, reviewer, head = as_(city.east_handler), as_(city.east_reviewer), as_(city.east_director)

    def post(client: Client, verb: str, day: str, **typed: Any) -> str:
        with time_machine.travel(moment(day), tick=False):
            answer = client.post(url(verb, case), typed, follow=True)
        assert answer.redirect_chain, answer.content.decode()
        return answer.content.decode()

    def page_at(client: Client, address: str, day: str) -> str:
        with time_machine.travel(moment(day), tick=False):
            return client.get(address).content.decode()

    assert "已拟定处理意见第 1 版。" in post(officer, "propose", "2026-03-10", **PROPOSE)
    assert "已送East Reviewer审核" in post(
        officer, "conclude", "2026-03-10", conclusion="事实清楚。", reviewer=str(city.east_reviewer.pk)
    )
    shown = page_at(reviewer, url("pass_review", case), "2026-03-11")
    assert all(words in shown for words in ("事实清楚。", "依据示例法第一条。", "5,000.00", "处理意见第 1 版"))
    assert "已退回East Handler" in post(
        reviewer, "return_review", "2026-03-11", outcome="supplement", facts="缺少购销票据", opinion="补充购销票据。"
    )
    post(officer, "conclude", "2026-03-12", conclusion="已补充。", reviewer=str(city.east_reviewer.pk))
    post(reviewer, "pass_review", "2026-03-12", opinion="同意。", heads=ReviewHead.values)
    assert "已批准告知" in post(head, "approve_notice", "2026-03-13", version="1", confirmed="on")
    assert "“陈述申辩”期限至 2026年3月23日。" in post(
        officer, "notify", "2026-03-16", served_on="2026-03-16", confirmed="on"
    )
    assert "文号 eastpenalty_decision〔2026〕1号" in post(head, "decide", "2026-03-24", confirmed="on", **DECIDE)
    assert "“缴纳罚没款”期限至 2026年4月10日。" in post(
        officer, "serve", "2026-03-26", served_on="2026-03-26", confirmed="on"
    )
    assert "尚欠 300.00 元" in post(
        officer, "record_payment", "2026-04-01", amount="5000", paid_on="2026-04-01", kind="bank", purpose="due"
    )
    assert "罚没款已缴清。“结案审批”期限至 2026年4月24日。" in post(
        officer, "record_payment", "2026-04-02", amount="300", paid_on="2026-04-02", kind="bank", purpose="due"
    )
    assert "已于 2026年4月10日结案。" in post(head, "close", "2026-04-10", reason="执行完毕", confirmed="on")
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED
    assert case.paid == Decimal(5300)


def test_officers_change_and_the_clocks_go_with_the_case(city: City) -> None:
    case = make_case(city)
    typed = {"owner": city.east_handler2.pk, "second_officer": city.east_handler.pk, "reason": "调岗"}
    answer = as_(city.east_head).post(url("reassign", case), typed, follow=True)
    assert "主办人员现为East Handler2，协办人员现为East Handler。" in answer.content.decode()
    assert Clock.objects.get(rule="case_handling").owner == city.east_handler2


@pytest.mark.parametrize(
    ("state", "verb", "typed", "words"),
    [
        (CaseState.APPROVED, "notify", {"served_on": "2026-04-14"}, "不能晚于今天"),
        (CaseState.APPROVED, "notify", {"served_on": "2026-02-01"}, "不能早于"),
        (CaseState.DECIDED, "serve", {"served_on": "20260301"}, "不能早于"),
        (
            CaseState.SERVED,
            "record_payment",
            {"amount": "6000", "paid_on": "2026-04-01", "kind": "bank", "purpose": "due"},
            "不超过尚欠的",
        ),
        (CaseState.SERVED, "record_payment", {"amount": "much", "paid_on": "2026-04-01"}, "不是金额"),
        (CaseState.NOTIFIED, "decide", {**DECIDE, "fine": "-1"}, "不小于零"),
        (CaseState.INVESTIGATING, "suspend", {"ground": "other", "starts_on": "2026-02-30", "reason": "x"}, "不是日期"),
    ],
)
def test_a_wrong_value_is_refused_at_its_field_and_everything_typed_kept(
    city: City, state: str, verb: str, typed: dict[str, str], words: str
) -> None:
    case = case_in(city, state)
    before = picture(case)
    answer = as_(doer(city, verb)).post(url(verb, case), {**typed, "confirmed": "on"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert words in page
    assert "error-summary" in page
    for value in typed.values():
        assert value in page
    assert picture(case) == before


def test_an_irreversible_act_asks_once(city: City) -> None:
    case = case_in(city, CaseState.PERFORMED)
    before = picture(case)
    answer = as_(city.east_director).post(url("close", case), {"reason": "执行完毕"})
    assert answer.status_code == 400
    assert "请核对后勾选确认" in answer.content.decode()
    assert picture(case) == before
    as_(city.east_director).post(url("close", case), {"reason": "执行完毕", "confirmed": "on"})
    case.refresh_from_db()
    assert case.closed_on == date(2026, 4, 13)


def test_a_term_that_has_lapsed_does_not_hide_the_one_that_runs(city: City) -> None:
    # Notified on 2026-03-16: five working days end on 03-23, ninety days from 03-02 (rolled) on 06-01.
    case = make_notified_case(city)
    nearest = {
        day: nearest_clocks("case", [case.pk], moment(day))[case.pk].rule for day in ("2026-03-23", "2026-03-24")
    }
    assert nearest == {"2026-03-23": "statement_defence", "2026-03-24": "case_handling"}
