"""The pages of cases: the register and one case."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from cases.states.hearing import STEPS
from cases.states.matter import CaseState
from tests.browsing import as_
from tests.builders import City, lead_of, make_case, make_notified_case, moment
from tests.cases.case_pages import DECIDE, page_of, picture, url
from tests.cases.stages import ROWS, STATES, case_in, doer

PEOPLE = ("east_clerk", "east_handler", "east_handler2", "east_head", "east_director", "east_reviewer", "leader")


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(moment("2026-04-13"), tick=False):
        yield


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


# Whom the verbs themselves refuse is proved for every state in test_case_tables; the pages of all states take minutes.
OFTEN = (CaseState.INVESTIGATING, CaseState.HEARING, CaseState.SERVED)
in_every_state = pytest.mark.parametrize(
    "state", [state if state in OFTEN else pytest.param(state, marks=pytest.mark.slow) for state in STATES]
)


@in_every_state
def test_the_page_offers_exactly_the_moves_each_person_may_make(city: City, state: str) -> None:
    case = case_in(city, state)
    for who in PEOPLE:
        reader = as_(getattr(city, who))
        page = reader.get(url("page", case)).content.decode()
        offered = set(re.findall(r'class="button[^"]*" href="/cases/\d+/([a-z_]+)/"', page))
        steps = [row.name for row in STEPS] if state == CaseState.HEARING else []
        opened = {verb for verb in (*ROWS, *steps) if reader.get(url(verb, case)).status_code == 200}
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
    assert lead_of(case).number in page
    assert "登记决定被撤销" in page
    assert page_of(city.east_handler, case).count("step-done") == 8
    assert as_(city.east_handler).get(reverse("case_of_lead", args=[case.lead_id])).headers["Location"] == url(
        "page", case
    )


def test_a_case_without_a_proposal_says_so_on_the_page_of_proposals(city: City) -> None:
    assert (
        "还没有处理意见"
        in as_(city.east_handler).get(reverse("case_proposals", args=[make_case(city).pk])).content.decode()
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


@in_every_state
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
