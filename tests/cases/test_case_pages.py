"""The pages of cases: the register, one case, the form of each verb."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from cases.models import Case, CaseMove
from cases.states import CaseState, FilingCondition
from clues.models import Lead
from deadlines.models import Clock
from deadlines.queries import nearest_clocks
from tests.builders import City, make_case, make_notified_case, make_verified_lead, moment
from tests.cases.stages import ROWS, case_in, doer

PEOPLE = ("east_clerk", "east_handler", "east_handler2", "east_head", "east_director", "east_reviewer", "leader")
FILE = {"cause": "经营超过保质期食品", "reason": "", "conditions": FilingCondition.values}
DECIDE = {
    "decision": "罚款5000元，没收违法所得300元。",
    "fine": "5,000",
    "confiscated": "300",
    "defence": "逾期未提出，视为放弃。",
}


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(moment("2026-04-13"), tick=False):
        yield


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(verb: str, case: Case) -> str:
    return reverse(f"case_{verb}", args=[case.pk])


def page_of(user: User, case: Case) -> str:
    return as_(user).get(url("page", case)).content.decode()


def picture(case: Case) -> tuple[Any, ...]:
    """What a refusal must leave as it was."""
    case.refresh_from_db()
    fields = tuple(getattr(case, field.attname) for field in Case._meta.concrete_fields)
    return (*fields, CaseMove.objects.count(), list(Clock.objects.values_list("pk", "due_on", "state")))


# ---- the register -------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_the_register_costs_the_same_for_one_case_and_for_three(
    city: City, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(rows):
        make_case(city)
    reader = as_(city.east_head)
    with django_assert_num_queries(17):
        page = reader.get(reverse("case_list"))
    assert len(page.context["rows"]) == rows


def test_the_register_is_narrowed_by_what_stands_in_the_address(city: City) -> None:
    first, second = make_case(city, at=moment("2026-01-05")), make_case(city)
    reader = as_(city.east_handler2)

    def found(query: str) -> list[int]:
        return [case.pk for case, _clock in reader.get(f"/cases/?{query}").context["rows"]]

    assert found("") == [second.pk, first.pk]
    assert found("state=investigating") == [second.pk, first.pk]
    assert found("state=closed") == []
    assert found("owner=me&state=open") == [second.pk, first.pk]
    assert found("overdue=1") == [first.pk]
    assert found("filed_from=2026-02-01") == [second.pk]
    assert found("filed_to=2026-02-01") == [first.pk]
    assert found("channel=self_found") == [second.pk, first.pk]
    assert found("channel=report") == []
    assert found(f"office={city.east.pk}") == [second.pk, first.pk]
    assert found(f"q={first.number}") == [first.pk]
    assert found("filed_from=never") == []


def test_the_register_shows_only_cases_the_post_opens(city: City) -> None:
    case = make_case(city)
    page = as_(city.west_handler).get("/cases/").content.decode()
    assert case.number not in page
    assert "还没有案件" in page


# ---- one case -----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", CaseState.values)
def test_the_page_offers_exactly_the_moves_each_person_may_make(city: City, state: str) -> None:
    case = case_in(city, state)
    for who in PEOPLE:
        reader = as_(getattr(city, who))
        page = reader.get(url("page", case)).content.decode()
        offered = set(re.findall(r'class="button[^"]*" href="/cases/\d+/([^"]+)/"', page))
        opened = {verb for verb in ROWS if reader.get(url(verb, case)).status_code == 200}
        assert offered == opened, who


@pytest.mark.parametrize("state", [CaseState.INVESTIGATING, CaseState.CLOSED])
def test_the_page_of_a_case_stays_within_its_queries(
    city: City, state: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    case = case_in(city, state)
    reader = as_(city.east_director)
    with django_assert_max_num_queries(25):
        reader.get(url("page", case))


def test_the_page_of_a_closed_case_tells_all_of_it(city: City) -> None:
    case = case_in(city, CaseState.CLOSED)
    page = page_of(city.east_handler, case)
    assert case.decision_number in page
    assert "5,300.00" in page
    assert "伍仟叁佰元整" in page
    assert "East Director（east局）</strong> 作出行政处罚决定" in page
    assert case.lead.number in page
    assert "已办结，没有待办的步骤。" in page
    assert page_of(city.east_handler, case).count("step-done") == 8
    assert as_(city.east_handler).get(reverse("case_of_lead", args=[case.lead_id])).headers["Location"] == url(
        "page", case
    )


def test_before_the_defence_term_ends_the_page_says_from_when_to_decide(city: City) -> None:
    case = make_notified_case(city)
    head = as_(city.east_director)
    with time_machine.travel(moment("2026-03-20"), tick=False):
        before = picture(case)
        page = head.get(url("page", case)).content.decode()
        assert "陈述申辩期至 2026年3月23日，最早 2026年3月24日 可以决定。" in page
        assert f'href="{url("decide", case)}"' not in page
        assert head.get(url("decide", case)).status_code == 409
        answer = head.post(url("decide", case), {**DECIDE, "confirmed": "on"})
        assert answer.status_code == 409
        assert "届满前不得作出处罚决定" in answer.content.decode()
        assert "罚款5000元，没收违法所得300元。" in answer.content.decode()
        assert picture(case) == before


def test_a_defence_term_that_ran_out_is_over_and_nobody_is_late(city: City) -> None:
    case = make_notified_case(city)
    officer = as_(city.east_handler)
    page = officer.get(url("page", case)).content.decode()
    assert "已届满" in page
    assert "逾期" not in page
    assert officer.get("/cases/?overdue=1").context["rows"] == []
    home = officer.get("/")
    assert [section.anchor for section in home.context["sections"]] == ["later"]
    assert "逾期 " not in home.content.decode()


def test_who_may_not_is_told_who_may_and_why(city: City) -> None:
    case = case_in(city, CaseState.UNDER_REVIEW)
    assert "等待审核人员East Reviewer办理“审核同意”。" in page_of(city.east_handler, case)
    case = case_in(city, CaseState.NOTIFIED)
    assert "由east局的部门负责人办理" in page_of(city.east_handler, case)
    assert "先办理“作出行政处罚决定”。" in page_of(city.east_director, case)


def test_a_case_of_another_office_does_not_exist(city: City) -> None:
    case = make_case(city)
    stranger, before = as_(city.west_head), picture(case)
    assert stranger.get(url("page", case)).status_code == 404
    assert stranger.get(reverse("case_of_lead", args=[case.lead_id])).status_code == 404
    for verb in ROWS:
        assert stranger.get(url(verb, case)).status_code == 404, verb
        assert stranger.post(url(verb, case), {"reason": "x"}).status_code == 404, verb
    assert picture(case) == before


@pytest.mark.parametrize("state", CaseState.values)
def test_a_move_the_state_does_not_have_answers_409_in_plain_words(city: City, state: str) -> None:
    case = case_in(city, state)
    before = picture(case)
    for verb, row in ROWS.items():
        if row.starts_from(state) or (verb in ("pass_review", "return_review") and case.reviewer is None):
            continue
        answer = as_(doer(city, verb)).post(url(verb, case), {"reason": "x"})
        assert answer.status_code == 409, verb
        assert f"当前状态为“{case.get_state_display()}”" in answer.content.decode()
    assert picture(case) == before


def test_a_move_of_somebody_else_answers_403_and_says_whose_it_is(city: City) -> None:
    case = make_case(city)
    before = picture(case)
    for verb in ROWS:
        assert as_(city.east_clerk).post(url(verb, case), {"reason": "x"}).status_code == 403, verb
    assert picture(case) == before


# ---- the forms ----------------------------------------------------------------------------------


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
    assert "期限至 2026年8月4日" in post("extend", days="20", reason="2026年4月13日集体讨论决定")
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

    def post(client: Client, verb: str, day: str, **typed: str) -> str:
        with time_machine.travel(moment(day), tick=False):
            answer = client.post(url(verb, case), typed, follow=True)
        assert answer.redirect_chain, answer.content.decode()
        return answer.content.decode()

    assert "已送East Reviewer审核" in post(
        officer, "conclude", "2026-03-10", conclusion="事实清楚。", reviewer=str(city.east_reviewer.pk)
    )
    assert "已退回East Handler" in post(reviewer, "return_review", "2026-03-11", opinion="补充购销票据。")
    post(officer, "conclude", "2026-03-12", conclusion="已补充。", reviewer=str(city.east_reviewer.pk))
    post(reviewer, "pass_review", "2026-03-12", opinion="同意。")
    assert "“陈述申辩”期限至 2026年3月23日。" in post(
        officer, "notify", "2026-03-16", served_on="2026-03-16", confirmed="on"
    )
    assert f"文号 east{'penalty'}〔2026〕1号" in post(head, "decide", "2026-03-24", confirmed="on", **DECIDE)
    assert "“缴纳罚没款”期限至 2026年4月10日。" in post(
        officer, "serve", "2026-03-26", served_on="2026-03-26", confirmed="on"
    )
    assert "尚欠 300.00 元" in post(officer, "record_payment", "2026-04-01", amount="5000", paid_on="2026-04-01")
    assert "罚没款已缴清。“结案审批”期限至 2026年4月24日。" in post(
        officer, "record_payment", "2026-04-02", amount="300", paid_on="2026-04-02"
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
        (CaseState.REVIEWED, "notify", {"served_on": "2026-04-14"}, "不能晚于今天"),
        (CaseState.REVIEWED, "notify", {"served_on": "2026-02-01"}, "不能早于"),
        (CaseState.DECIDED, "serve", {"served_on": "20260301"}, "不能早于"),
        (CaseState.SERVED, "record_payment", {"amount": "6000", "paid_on": "2026-04-01"}, "不超过尚欠的"),
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
