from typing import Any

import pytest
import time_machine

from deadlines.api.serializers import ClockOut
from deadlines.models import Clock
from deadlines.queries import rule_book
from tests.api_client import Caller, problem_of
from tests.builders import City, make_case, make_lead, make_notified_case, moment

OF_THE_LEAD = ["lead_signing", "lead_triage", "lead_verification"]


def test_a_clock_tells_its_facts_its_article_and_its_history(city: City) -> None:
    lead = make_lead(city)
    clock = Clock.objects.get(rule="lead_verification")
    answer = Caller(city.east_handler).get(f"/clocks/{clock.pk}/").json()
    assert set(answer) == set(ClockOut().fields)
    assert answer["rule"] == "lead_verification"
    assert answer["rule_name"] == rule_book().version(answer["rule_version"]).name_zh
    assert answer["basis"].startswith("市场监督管理行政处罚程序规定")
    assert (answer["subject_kind"], answer["subject_id"]) == ("lead", lead.pk)
    assert (answer["origin_on"], answer["due_on"], answer["due_at"]) == (
        "2026-03-02",
        "2026-03-23",
        "2026-03-24T00:00:00+08:00",
    )
    assert [move["name"] for move in answer["moves"]] == ["start"]
    assert answer["legal_moves"] == []


def test_a_clock_says_how_it_stands_at_this_moment(city: City) -> None:
    make_notified_case(city, served="2026-03-16")
    caller = Caller(city.east_handler)

    def standing(rule: str, day: str) -> str:
        with time_machine.travel(moment(day), tick=False):
            answer = caller.get(f"/clocks/{Clock.objects.get(rule=rule).pk}/").json()
        assert answer["standing_words"]
        return str(answer["standing"])

    assert standing("case_handling", "2026-03-17") == "running"
    assert standing("case_handling", "2026-06-02") == "overdue"
    # The party's term ends by itself: it lapses, and nobody is late.
    assert standing("statement_defence", "2026-04-02") == "lapsed"
    with time_machine.travel(moment("2026-06-02"), tick=False):
        assert [row["rule"] for row in caller.get("/clocks/", overdue="true").json()["results"]] == ["case_handling"]


def test_a_clock_of_another_office_does_not_exist(city: City) -> None:
    make_lead(city)
    clock = Clock.objects.get(rule="lead_verification")
    west = Caller(city.west_head)
    problem_of(west.get(f"/clocks/{clock.pk}/"), 404, "not_found")
    body = {"due_on": "2026-03-30", "reason": "文书载明"}
    problem_of(west.post(f"/clocks/{clock.pk}/fix/", body), 404, "not_found")
    assert clock.moves.count() == 1


def test_the_head_of_the_authority_fixes_the_last_day_a_document_names(city: City) -> None:
    make_lead(city)
    clock = Clock.objects.get(rule="lead_verification")
    director = Caller(city.east_director)
    (move,) = director.get(f"/clocks/{clock.pk}/").json()["legal_moves"]
    with time_machine.travel(moment("2026-03-10"), tick=False):
        answer = director.client.post(move["url"], {"due_on": "2026-03-30", "reason": "文书载明"}, format="json").json()
    assert (answer["due_on"], answer["fixed_due_on"]) == ("2026-03-30", "2026-03-30")
    assert answer["moves"][-1]["reason"] == "文书载明"


@pytest.mark.parametrize("who", ["east_handler", "east_head", "supervisor", "director", "leader"])
def test_nobody_else_fixes_it(city: City, who: str) -> None:
    make_lead(city)
    clock = Clock.objects.get(rule="lead_verification")
    caller = Caller(getattr(city, who))
    assert caller.get(f"/clocks/{clock.pk}/").json()["legal_moves"] == []
    problem_of(caller.post(f"/clocks/{clock.pk}/fix/", {"due_on": "2026-03-30", "reason": "x"}), 403, "not_permitted")
    clock.refresh_from_db()
    assert (clock.fixed_due_on, str(clock.due_on)) == (None, "2026-03-23")


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"due_on": "2026-03-01", "reason": "x"}, "due_before_origin", "#/due_on"),
        ({"due_on": "2026-03-30", "reason": " "}, "reason_required", "#/reason"),
        ({"due_on": "2026-03-30"}, "required", "#/reason"),
        ({"due_on": "30 March", "reason": "x"}, "invalid", "#/due_on"),
        ({"due_on": "2999-01-01", "reason": "x"}, "calendar_out_of_range", "#/due_on"),
        ({"due_on": "9999-12-31", "reason": "x"}, "calendar_out_of_range", "#/due_on"),
    ],
)
def test_a_wrong_last_day_is_refused(city: City, body: dict[str, str], code: str, pointer: str) -> None:
    make_lead(city)
    clock = Clock.objects.get(rule="lead_verification")
    problem = problem_of(Caller(city.east_director).post(f"/clocks/{clock.pk}/fix/", body), 400, code)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    clock.refresh_from_db()
    assert clock.fixed_due_on is None


def test_an_ended_clock_is_not_fixed(city: City) -> None:
    make_case(city)
    ended = Clock.objects.get(rule="lead_verification")
    body = {"due_on": "2026-03-30", "reason": "x"}
    problem_of(Caller(city.east_director).post(f"/clocks/{ended.pk}/fix/", body), 409, "wrong_state")


def test_overdue_clocks_are_found_by_the_stored_moment(city: City) -> None:
    early, late = make_lead(city, at=moment("2026-03-02")), make_lead(city, at=moment("2026-03-12"))
    caller = Caller(city.east_handler)
    with time_machine.travel(moment("2026-03-24T00:00"), tick=False):
        overdue = caller.get("/clocks/", overdue="true", rule="lead_verification").json()["results"]
        others = caller.get("/clocks/", overdue="false", rule="lead_verification").json()["results"]
    assert [row["subject_id"] for row in overdue] == [early.pk]
    assert [row["subject_id"] for row in others] == [late.pk]
    with time_machine.travel(moment("2026-03-23T23:59"), tick=False):
        assert caller.get("/clocks/", overdue="true", rule="lead_verification").json()["results"] == []


@pytest.mark.parametrize(
    ("query", "rules"),
    [
        ({}, ["case_handling", *OF_THE_LEAD]),
        ({"state": "running"}, ["case_handling"]),
        ({"state": "met"}, OF_THE_LEAD),
        ({"rule": "case_handling"}, ["case_handling"]),
        ({"subject_kind": "lead"}, OF_THE_LEAD),
        ({"due_from": "2026-04-01"}, ["case_handling"]),
        ({"due_until": "2026-04-01"}, OF_THE_LEAD),
        ({"due_from": "2026-03-23", "due_until": "2026-03-23"}, ["lead_verification"]),
    ],
)
def test_a_list_is_filtered_as_declared(city: City, query: dict[str, Any], rules: list[str]) -> None:
    make_case(city)
    rows = Caller(city.east_handler).get("/clocks/", **query).json()["results"]
    assert [row["rule"] for row in rows] == rules


def test_the_clocks_of_one_matter(city: City) -> None:
    case = make_case(city)
    make_case(city)
    rows = Caller(city.east_handler).get("/clocks/", subject_kind="case", subject_id=case.pk).json()["results"]
    assert [row["subject_id"] for row in rows] == [case.pk]


@pytest.mark.parametrize("value", ["yes", "1", "True", "banana"])
def test_a_flag_that_is_neither_true_nor_false_is_refused(city: City, value: str) -> None:
    problem_of(Caller(city.east_handler).get("/clocks/", overdue=value), 400, "invalid_choice")


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_the_same_whatever_it_holds(city: City, rows: int, django_assert_num_queries: Any) -> None:
    for _ in range(rows):
        make_lead(city)
    caller = Caller(city.east_handler)
    for query, statements in (({}, 3), ({"state": "running"}, 3), ({"overdue": "true"}, 4)):
        with django_assert_num_queries(statements):  # token, posts, rows; for overdue, which rules are in force
            assert len(caller.get("/clocks/", rule="lead_verification", **query).json()["results"]) == rows


def test_a_detail_costs_eight_statements(city: City, django_assert_num_queries: Any) -> None:
    make_lead(city)
    clock = Clock.objects.get(rule="lead_verification")
    caller = Caller(city.east_handler)
    with django_assert_num_queries(8):  # token, posts, clock, rules and calendar in force, its facts, its moves
        caller.get(f"/clocks/{clock.pk}/")
