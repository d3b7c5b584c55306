from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from audit.models import Entry
from cases.actions.term import suspend_case
from cases.models import Case, CaseMove
from cases.states.duties import ReviewHead
from cases.states.matter import TRANSITIONS, FilingCondition
from clues.models import Lead
from tests.api_client import Caller, problem_of
from tests.builders import NOW, City, decide, make_case, make_notified_case, make_verified_lead, moment
from tests.cases import outcome_stages


def test_a_lead_walks_from_intake_to_a_closed_case_over_the_api(city: City) -> None:
    """The whole first path, each step by whoever it belongs to; what may be done next is always in the answer."""
    handler, head, director = Caller(city.east_handler), Caller(city.east_head), Caller(city.east_director)
    reviewer = Caller(city.east_reviewer)

    def on(day: str, caller: Caller, path: str, body: dict[str, Any], status: int = 200) -> dict[str, Any]:
        with time_machine.travel(moment(day), tick=False):
            response = caller.post(path, body)
        assert response.status_code == status, response.content.decode()
        answer: dict[str, Any] = response.json()
        return answer

    lead = on("2026-03-02", handler, "/leads/", {
        "channel": "self_found", "received_on": "2026-03-02", "party_name": "示例商店", "summary": "货架上有过期食品。",
        "office": city.east_squad.pk,
    }, 201)  # fmt: skip
    assert lead["state"] == "registered"
    assert {clock["rule"]: clock["due_on"] for clock in lead["clocks"]}["lead_verification"] == "2026-03-23"
    at = f"/leads/{lead['id']}"
    lead = on("2026-03-02", head, f"{at}/assign/", {"office": city.east_squad.pk, "owner": city.east_handler.pk})
    assert [(move["name"], move["from_state"], move["to_state"]) for move in lead["moves"]] == [
        ("log", "", "registered"),
        ("assign", "registered", "assigned"),
    ]
    on("2026-03-02", handler, f"{at}/sign/", {})
    on("2026-03-04", handler, f"{at}/report/", {"findings": "核查属实。", "proposal": "filed"})
    case = on("2026-03-05", director, f"{at}/file/", {
        "cause": "经营超过保质期食品", "owner": city.east_handler.pk, "second_officer": city.east_handler2.pk,
        "conditions": FilingCondition.values,
    }, 201)  # fmt: skip
    at = f"/cases/{case['id']}"
    on("2026-03-10", handler, f"{at}/propose/", {
        "facts": "货架上有过期食品。", "basis": "依据示例法第一条。", "penalties": ["fine", "confiscate_income"],
        "fine": "5000.00", "confiscated": 300,
    })  # fmt: skip
    for officer in (handler, Caller(city.east_handler2)):
        on("2026-03-10", officer, f"{at}/declare/", {})
    on("2026-03-10", handler, f"{at}/conclude/", {"conclusion": "事实清楚。", "reviewer": city.east_reviewer.pk})
    on("2026-03-12", reviewer, f"{at}/pass_review/", {"opinion": "同意。", "heads": ReviewHead.values})
    on("2026-03-13", director, f"{at}/approve_notice/", {"version": 1})
    on("2026-03-16", handler, f"{at}/notify/", {"served_on": "2026-03-16"})
    case = on("2026-03-24", director, f"{at}/decide/", {
        "decision": "罚款。", "fine": "5000.00", "confiscated": 300, "defence": "逾期未提出，视为放弃。",
    })  # fmt: skip
    assert (case["fine"], case["confiscated"], case["decided_on"]) == ("5000.00", "300.00", "2026-03-24")
    on("2026-03-26", handler, f"{at}/serve/", {"served_on": "2026-03-26"})
    case = on("2026-04-02", handler, f"{at}/record_payment/", {"amount": "5300", "paid_on": "2026-04-02"})
    assert case["state"] == "performed"
    assert case["legal_moves"] == []
    case = on("2026-04-10", director, f"{at}/close/", {"reason": "执行完毕"})

    assert case["state"] == "closed"
    assert {clock["state"] for clock in case["clocks"]} == {"met"}
    assert director.get(f"/cases/{case['id']}/").json() == case


def test_filing_a_lead_answers_with_the_case_and_where_it_is(city: City) -> None:
    lead = make_verified_lead(city)
    body = {
        "cause": "案由", "owner": city.east_handler.pk, "second_officer": city.east_handler2.pk,
        "conditions": FilingCondition.values,
    }  # fmt: skip
    response = Caller(city.east_director).post(f"/leads/{lead.pk}/file/", body)

    assert response.status_code == 201
    case = Case.objects.get()
    assert response["Location"] == f"http://testserver/api/v1/cases/{case.pk}/"
    assert response.json()["lead"] == lead.pk


def test_one_officer_is_not_two(city: City) -> None:
    lead = make_verified_lead(city)
    body = {
        "cause": "案由", "owner": city.east_handler.pk, "second_officer": city.east_handler.pk,
        "conditions": FilingCondition.values,
    }  # fmt: skip
    problem = problem_of(Caller(city.east_director).post(f"/leads/{lead.pk}/file/", body), 400, "two_officers_required")

    assert problem["errors"][0]["pointer"] == "#/second_officer"
    assert not Case.objects.exists()
    assert Lead.objects.get().state == "verified"


def test_the_moves_offered_are_the_legal_ones_each_with_its_article_and_address(city: City) -> None:
    case = make_case(city)
    moves = Caller(city.east_director).get(f"/cases/{case.pk}/").json()["legal_moves"]

    assert [move["name"] for move in moves] == [
        "suspend", "extend", "exclude", "reassign", "discuss", "transfer", "refer", "terminate", "withdraw", "merge",
        "split",
    ]  # fmt: skip
    assert moves[0] == {
        "name": "suspend",
        "label": "中止调查",
        "basis": "市场监督管理行政处罚程序规定第四十六条第一款",
        "url": f"http://testserver/api/v1/cases/{case.pk}/suspend/",
    }


def test_of_a_long_history_the_last_moves_are_told_oldest_first(city: City) -> None:
    case = make_case(city)
    CaseMove.objects.bulk_create(
        CaseMove(case=case, at=NOW, name="reassign", target="investigating", reason=f"{number}")
        for number in range(501)
    )
    moves = Caller(city.east_handler).get(f"/cases/{case.pk}/").json()["moves"]
    assert [move["reason"] for move in moves] == [f"{number}" for number in range(1, 501)]


def test_every_verb_of_the_state_table_has_its_address() -> None:
    from cases.api.views import CaseViewSet

    actions = map(vars, CaseViewSet.get_extra_actions())
    verbs = {action["url_path"] for action in actions if "post" in action["mapping"]}
    # A case begins by filing its lead or by a split, and what nobody is offered follows from something else.
    assert {row.name for row in TRANSITIONS if row.roles} - {"file", "split_off"} <= verbs


BODIES: dict[str, dict[str, Any]] = {
    "declare": {"interest": "other", "note": "同学"},
    "extend_review": {"days": 5, "reason": "复杂"},
    "suspend": {"ground": "missing_party", "starts_on": "2026-03-03", "reason": "下落不明"},
    "resume": {"resumes_on": "2026-03-04", "reason": "找到"},
    "extend": {"reason": "复杂"},
    "exclude": {"ground": "检验", "first_day": "2026-03-03", "last_day": "2026-03-04", "reason": "检验"},
    "reassign": {"owner": 1, "second_officer": 2, "reason": "调离"},
    "propose": {"facts": "事实", "basis": "依据", "penalties": ["warning"]},
    "conclude": {"conclusion": "清楚", "reviewer": 1},
    "approve_notice": {"version": 1},
    "revise": {"reason": "变更"},
    "pass_review": {"opinion": "同意", "heads": ReviewHead.values},
    "return_review": {"outcome": "supplement", "objections": {"facts": "不清"}, "opinion": "补充"},
    "notify": {"served_on": "2026-03-03"},
    "record_defence": {
        "made_on": "2026-03-03",
        "way": "oral",
        "content": "整改",
        "adopted": "none",
        "reply": "理由不成立",
    },
    "decide": {"decision": "罚款", "fine": "1", "confiscated": "0", "defence": "无"},
    "serve": {"served_on": "2026-03-03"},
    "record_payment": {"amount": "1", "paid_on": "2026-03-03"},
    "defer": {"applied_on": "2026-03-03", "reason": "困难", "instalments": [{"due_on": "2026-06-01", "amount": "1"}]},
    "urge": {"served_on": "2026-03-03"},
    "apply_court": {"court": "示例法院", "applied_on": "2026-03-03"},
    "end_execution": {"ended_on": "2026-03-03", "reason": "裁定终结"},
    "cease_execution": {"ground": "object_gone", "reason": "标的灭失"},
    "close": {"reason": "办结"},
    **outcome_stages.BODIES,
}


@pytest.mark.parametrize("verb", BODIES)
def test_a_case_of_another_office_does_not_exist_for_any_verb(city: City, verb: str) -> None:
    case = make_case(city)
    before = (CaseMove.objects.count(), Entry.objects.count())
    problem_of(Caller(city.west_head).post(f"/cases/{case.pk}/{verb}/", BODIES[verb]), 404, "not_found")
    assert (CaseMove.objects.count(), Entry.objects.count()) == before


@pytest.mark.parametrize("verb", BODIES)
def test_a_supervisor_sees_a_case_and_moves_nothing(city: City, verb: str) -> None:
    case = make_case(city)
    supervisor = Caller(city.supervisor)
    assert supervisor.get(f"/cases/{case.pk}/").json()["legal_moves"] == []
    before = CaseMove.objects.count()
    problem_of(supervisor.post(f"/cases/{case.pk}/{verb}/", BODIES[verb]), 403, "not_permitted")
    assert CaseMove.objects.count() == before


def test_a_move_illegal_in_this_state_is_a_conflict_that_names_the_legal_ones(city: City) -> None:
    case = make_case(city)
    problem = problem_of(
        Caller(city.east_director).post(f"/cases/{case.pk}/close/", BODIES["close"]), 409, "wrong_state"
    )
    assert "中止调查" in problem["detail"]
    case.refresh_from_db()
    assert case.state == "investigating"


def test_a_decision_inside_the_defence_term_is_a_conflict(city: City) -> None:
    case = make_notified_case(city)
    with time_machine.travel(moment("2026-03-23"), tick=False):
        response = Caller(city.east_director).post(f"/cases/{case.pk}/decide/", BODIES["decide"])
    problem_of(response, 409, "defence_term_running")
    case.refresh_from_db()
    assert case.decision_number == ""


@pytest.mark.parametrize(
    ("fine", "code"),
    [(0.1, "inexact"), (True, "inexact"), ("1.234", "max_decimal_places"), ("abc", "invalid"), ("NaN", "invalid"),
     ("Infinity", "invalid"), (None, "null"), ([], "invalid"), ("-1", "negative_amount"), (10**13, "max_whole_digits")],
)  # fmt: skip
def test_money_is_exact_or_refused(city: City, fine: object, code: str) -> None:
    case = make_notified_case(city)
    with time_machine.travel(moment("2026-03-24"), tick=False):
        response = Caller(city.east_director).post(f"/cases/{case.pk}/decide/", BODIES["decide"] | {"fine": fine})
    problem = problem_of(response, 400, code)
    assert problem["errors"][0]["pointer"] == "#/fine"
    assert Case.objects.get().fine is None


def test_money_comes_back_with_two_places(city: City) -> None:
    told = make_notified_case(city, fine="1234567890.5")
    case = decide(city, told, at=moment("2026-03-24"), fine="1234567890.5")
    answer = Caller(city.east_handler).get(f"/cases/{case.pk}/").json()
    assert (answer["fine"], answer["paid"]) == ("1234567890.50", "0.00")
    assert Decimal(answer["fine"]) == Decimal("1234567890.5")


def test_a_suspended_case_has_a_clock_without_a_due_day(city: City) -> None:
    case = make_case(city)
    suspend_case(
        case_id=case.pk, ground="missing_party", starts_on=date(2026, 3, 31), reason="下落不明",
        actor=city.east_director, at=moment("2026-03-31"),
    )  # fmt: skip
    (clock,) = Caller(city.east_handler).get(f"/cases/{case.pk}/").json()["clocks"]
    assert (clock["state"], clock["due_on"], clock["due_at"]) == ("suspended", None, None)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_the_same_whatever_it_holds(city: City, rows: int, django_assert_num_queries: Any) -> None:
    for _ in range(rows):
        make_case(city)
    caller = Caller(city.east_handler)
    with django_assert_num_queries(3):  # token, posts, rows
        answer = caller.get("/cases/").json()
    assert len(answer["results"]) == rows
    assert answer["next"] is None


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, [3, 2, 1]),
        ({"state": "investigating"}, [3, 1]),
        ({"state": ["investigating", "suspended"]}, [3, 2, 1]),
        ({"filed_from": "2026-03-03"}, [3, 2]),
        ({"filed_until": "2026-03-03"}, [2, 1]),
        ({"filed_from": "2026-03-03", "filed_until": "2026-03-03"}, [2]),
        ({"party_code": "none"}, []),
    ],
)
def test_a_list_is_filtered_as_declared(city: City, query: dict[str, Any], numbers: list[int]) -> None:
    cases = [make_case(city, at=moment(f"2026-03-0{day}")) for day in (2, 3, 4)]
    suspend_case(
        case_id=cases[1].pk, ground="missing_party", starts_on=date(2026, 3, 4), reason="下落不明",
        actor=city.east_director, at=moment("2026-03-04"),
    )  # fmt: skip
    rows = Caller(city.east_handler).get("/cases/", **query).json()["results"]
    assert [row["id"] for row in rows] == [cases[number - 1].pk for number in numbers]


def test_cases_are_found_by_number_lead_owner_and_office(city: City) -> None:
    case = make_case(city)
    make_case(city)
    caller = Caller(city.east_handler)
    for query in ({"number": case.number}, {"lead": case.lead_id}):
        assert [row["id"] for row in caller.get("/cases/", **query).json()["results"]] == [case.pk]
    assert len(caller.get("/cases/", owner=city.east_handler.pk, office=city.east_squad.pk).json()["results"]) == 2
    assert caller.get("/cases/", bureau=city.west.pk).json()["results"] == []


def test_a_list_shows_the_rows_of_ones_own_offices_only(city: City) -> None:
    make_case(city)
    assert Caller(city.west_handler).get("/cases/").json()["results"] == []
    assert len(Caller(city.supervisor).get("/cases/").json()["results"]) == 1


def test_a_detail_costs_the_same_whatever_happened(city: City, django_assert_num_queries: Any) -> None:
    case = make_case(city)
    caller = Caller(city.east_handler)
    with django_assert_num_queries(5):  # token, posts, case, clocks, moves
        caller.get(f"/cases/{case.pk}/")
    decided = decide(city, make_notified_case(city), at=moment("2026-03-24"))
    with django_assert_num_queries(5):
        caller.get(f"/cases/{decided.pk}/")
