from datetime import date
from typing import Any

import pytest
import time_machine

from audit.models import Entry
from cases.states.matter import FilingCondition
from clues.api.serializers import LeadOut
from clues.models import Lead, LeadMove
from clues.states import TRANSITIONS
from deadlines.models import Clock
from tests.api_client import Caller, problem_of
from tests.builders import City, make_lead, make_verified_lead, moment
from tests.documents.made_files import PDF, upload

BODIES: dict[str, dict[str, Any]] = {
    "assign": {"office": 1, "owner": 1},
    "sign": {},
    "return": {"reason": "不属本队"},
    "hand_over": {"office": 1, "reason": "在西区"},
    "take_over": {"office": 1, "reason": "重大"},
    "hand_down": {"office": 1, "reason": "可以"},
    "raise_dispute": {"office": 1, "reason": "在西区"},
    "merge": {"original": 1, "facts": "other_person", "reason": "同一事实"},
    "unmerge": {"reason": "不是同一事实"},
    "extend": {"reason": "案情复杂"},
    "exclude": {"ground": "检验", "first_day": "2026-03-03", "last_day": "2026-03-04", "reason": "送检"},
    "report": {"findings": "属实", "proposal": "filed"},
    "send_back": {"reason": "补充"},
    "decline": {"ground": "minor", "reason": "轻微"},
    "split": {"summary": "另一件"},
    "treat_as_complaint": {"claim": "退货退款", "reason": "请求解决争议"},
    "accept": {"told_on": "2026-03-04"},
    "refuse": {"ground": "no_power", "reason": "不属职责", "told_on": "2026-03-04", "other_ways_told": True},
    "exclude_mediation": {"first_day": "2026-03-03", "last_day": "2026-03-04", "reason": "送检"},
    "settle": {"settled_on": "2026-03-04", "agreement": "退款", "made_document": True},
    "end": {"ended_on": "2026-03-04", "ground": "withdrawn", "reason": "撤回"},
    "tell": {"told_on": "2026-03-04", "way": "短信"},
    "found": {"found_on": "2026-03-04", "summary": "无证经营"},
    "transfer": {"transferred_to": "公安", "reason": "涉罪"},
    "check": {"kind": "remote", "checked_at": "2026-03-04T09:00:00+08:00", "content": "电话核实"},
    "attach": {"purpose": "material", "upload": upload(PDF, "来信.pdf")},
    "record_receipt": {"receipt_no": "1号", "receipt_on": "2026-03-04"},
    "give_feedback": {"told_on": "2026-03-04", "way": "函告"},
    "file": {"cause": "案由", "owner": 1, "second_officer": 2, "conditions": FilingCondition.values},
}


def new_lead(city: City, **changes: Any) -> dict[str, Any]:
    body = {
        "channel": "self_found", "received_on": "2026-03-02", "party_name": "示例商店", "summary": "货架上有过期食品。",
        "office": city.east_squad.pk,
    }  # fmt: skip
    return body | changes


def untouched() -> tuple[int, int, int]:
    return LeadMove.objects.count(), Entry.objects.count(), Clock.objects.filter(state="running").count()


def test_logging_a_lead_answers_with_it_and_where_it_is(city: City) -> None:
    with time_machine.travel(moment("2026-03-03"), tick=False):
        response = Caller(city.east_handler).post("/leads/", new_lead(city, party_code="91350211m0000xuf46"))
    assert response.status_code == 201
    answer = response.json()
    assert response["Location"] == f"http://testserver/api/v1/leads/{answer['id']}/"
    assert answer["party_code"] == "91350211M0000XUF46"
    assert answer["has_party_code_doubt"] is True
    assert (answer["state"], answer["state_label"]) == ("registered", "待分派")
    assert (answer["owner"], answer["office"]) == (city.east_handler.pk, city.east_squad.pk)
    assert {clock["rule"]: clock["due_on"] for clock in answer["clocks"]} == {
        "lead_verification": "2026-03-23", "lead_triage": "2026-03-05",
    }  # fmt: skip
    assert answer["clocks"][0]["due_at"] == "2026-03-24T00:00:00+08:00"
    assert answer["created_at"] == "2026-03-03T10:00:00+08:00"


def test_an_answer_holds_exactly_what_the_reference_says(city: City) -> None:
    lead = make_lead(city)
    answer = Caller(city.east_handler).get(f"/leads/{lead.pk}/").json()
    assert set(answer) == set(LeadOut().fields)


def test_a_lead_received_tomorrow_is_refused(city: City) -> None:
    with time_machine.travel(moment("2026-03-01"), tick=False):
        response = Caller(city.east_handler).post("/leads/", new_lead(city))
    problem = problem_of(response, 400, "invalid")
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [("#/received_on", "future_origin")]
    assert not Lead.objects.exists()


def test_a_lead_is_logged_for_ones_own_office_only(city: City) -> None:
    problem_of(Caller(city.west_handler).post("/leads/", new_lead(city)), 403, "not_permitted")
    assert not Lead.objects.exists()


def test_every_verb_of_the_state_table_has_its_address(city: City) -> None:
    lead = make_lead(city)
    caller = Caller(city.east_director)
    for row in TRANSITIONS:
        if row.sources:
            assert caller.client.get(f"/api/v1/leads/{lead.pk}/{row.name}/").status_code == 405
    assert {row.name for row in TRANSITIONS if row.sources} == set(BODIES)


@pytest.mark.parametrize("verb", BODIES)
def test_a_lead_of_another_office_does_not_exist_for_any_verb(city: City, verb: str) -> None:
    lead = make_verified_lead(city)
    before = untouched()
    problem_of(Caller(city.west_head).post(f"/leads/{lead.pk}/{verb}/", BODIES[verb]), 404, "not_found")
    assert untouched() == before


@pytest.mark.parametrize("verb", BODIES)
def test_a_supervisor_sees_a_lead_and_moves_nothing(city: City, verb: str) -> None:
    lead = make_verified_lead(city)
    supervisor = Caller(city.supervisor)
    assert supervisor.get(f"/leads/{lead.pk}/").json()["legal_moves"] == []
    before = untouched()
    problem_of(supervisor.post(f"/leads/{lead.pk}/{verb}/", BODIES[verb]), 403, "not_permitted")
    assert untouched() == before


@pytest.mark.parametrize("verb", ["extend", "exclude", "send_back", "decline", "transfer", "file"])
def test_a_verb_of_another_state_is_a_conflict(city: City, verb: str) -> None:
    lead = make_lead(city)
    before = untouched()
    problem_of(Caller(city.east_director).post(f"/leads/{lead.pk}/{verb}/", BODIES[verb]), 409, "wrong_state")
    assert untouched() == before


def test_the_moves_offered_lead_where_they_say(city: City) -> None:
    lead = make_verified_lead(city)
    caller = Caller(city.east_director)
    moves = {move["name"]: move["url"] for move in caller.get(f"/leads/{lead.pk}/").json()["legal_moves"]}
    assert list(moves) == [
        "hand_over", "raise_dispute", "extend", "exclude", "send_back", "file", "decline", "transfer", "attach",
    ]  # fmt: skip
    answer = caller.client.post(moves["decline"], BODIES["decline"], format="json").json()
    assert (answer["state"], answer["decline_ground"]) == ("not_filed", "minor")
    assert [move["name"] for move in answer["legal_moves"]] == ["give_feedback", "attach"]


def test_verification_is_extended_once(city: City) -> None:
    lead = make_verified_lead(city)
    caller = Caller(city.east_director)
    with time_machine.travel(moment("2026-03-10"), tick=False):
        answer = caller.post(f"/leads/{lead.pk}/extend/", BODIES["extend"]).json()
        assert [clock["due_on"] for clock in answer["clocks"] if clock["state"] == "running"] == ["2026-04-14"]
        problem_of(caller.post(f"/leads/{lead.pk}/extend/", BODIES["extend"]), 400, "no_extension_left")
    assert Clock.objects.get(rule="lead_verification").due_on == date(2026, 4, 14)


@pytest.mark.parametrize(
    ("verb", "change", "code", "pointer"),
    [
        ("exclude", {"first_day": "2026-03-05"}, "inverted_suspension", "#/last_day"),
        ("exclude", {"last_day": "9999-12-31"}, "date_out_of_range", "#/last_day"),
        ("exclude", {"last_day": "9999-12-30"}, "calendar_out_of_range", "#/start"),
        ("exclude", {"first_day": "0001-01-01"}, "before_origin", "#/starts_on"),
        ("exclude", {"ground": "检" * 61}, "max_length", "#/ground"),
        ("decline", {"ground": "mercy"}, "invalid_choice", "#/ground"),
        ("decline", {"reason": "  "}, "required", "#/reason"),
        ("transfer", {"transferred_to": ""}, "required", "#/transferred_to"),
        ("extend", {"reason": ""}, "required", "#/reason"),
    ],
)
def test_bad_input_of_a_verb_is_named_and_changes_nothing(
    city: City, verb: str, change: dict[str, Any], code: str, pointer: str
) -> None:
    lead = make_verified_lead(city)
    before = untouched()
    with time_machine.travel(moment("2026-03-06"), tick=False):
        response = Caller(city.east_director).post(f"/leads/{lead.pk}/{verb}/", BODIES[verb] | change)
    assert [error["pointer"] for error in problem_of(response, 400, code)["errors"]] == [pointer]
    assert untouched() == before


def test_assigning_to_somebody_elsewhere_or_gone_is_refused(city: City) -> None:
    lead = make_lead(city)
    caller = Caller(city.east_head)
    elsewhere = {"office": city.east_squad.pk, "owner": city.west_handler.pk}
    problem_of(caller.post(f"/leads/{lead.pk}/assign/", elsewhere), 400, "not_in_office")
    nobody = {"office": city.east_squad.pk, "owner": 999_999}
    problem = problem_of(caller.post(f"/leads/{lead.pk}/assign/", nobody), 400, "unknown_user")
    assert problem["errors"][0]["pointer"] == "#/owner"
    assert Lead.objects.get().owner == city.east_handler


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_the_same_whatever_it_holds(city: City, rows: int, django_assert_num_queries: Any) -> None:
    for _ in range(rows):
        make_lead(city)
    caller = Caller(city.east_handler)
    with django_assert_num_queries(3):  # token, posts, rows
        assert len(caller.get("/leads/").json()["results"]) == rows


def test_a_detail_costs_eight_statements(city: City, django_assert_num_queries: Any) -> None:
    lead = make_verified_lead(city)
    caller = Caller(city.east_handler)
    with django_assert_num_queries(8):  # token, posts, lead, checks, files, clocks, moves, checks of the verified
        caller.get(f"/leads/{lead.pk}/")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, [2, 1, 0]),
        ({"channel": "self_found"}, [2, 1, 0]),
        ({"channel": ["report", "complaint"]}, []),
        ({"state": "verified"}, [1]),
        ({"received_from": "2026-03-03"}, [2, 1]),
        ({"received_until": "2026-03-02"}, [0]),
    ],
)
def test_a_list_is_filtered_as_declared(city: City, query: dict[str, Any], found: list[int]) -> None:
    leads = [
        make_lead(city, at=moment("2026-03-02")),
        make_verified_lead(city, at=moment("2026-03-03")),
        make_lead(city, at=moment("2026-03-04")),
    ]
    rows = Caller(city.east_handler).get("/leads/", **query).json()["results"]
    assert [row["id"] for row in rows] == [leads[index].pk for index in found]


def test_everybody_sees_the_leads_of_their_own_offices(city: City) -> None:
    make_lead(city)
    seen = {
        name: len(Caller(getattr(city, name)).get("/leads/").json()["results"])
        for name in ("east_handler", "east_director", "west_handler", "supervisor", "handler")
    }
    assert seen == {"east_handler": 1, "east_director": 1, "west_handler": 0, "supervisor": 1, "handler": 0}
