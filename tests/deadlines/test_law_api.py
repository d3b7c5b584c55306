"""The rules and the calculator over the API: the same answers as the command."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from deadlines.queries import rule_book
from tests.api_client import Caller, problem_of
from tests.builders import City


def test_every_version_of_every_rule_is_told_in_one_page(city: City) -> None:
    answer = Caller(city.east_handler).get("/rules/").json()
    assert answer["next"] is None
    assert [row["id"] for row in answer["results"]] == [version.id for version in rule_book().versions()]
    assert len(answer["results"]) >= 124


def test_the_versions_of_a_family_are_chosen_by_the_day_of_the_trigger(city: City) -> None:
    caller = Caller(city.east_handler)
    both = caller.get("/rules/", key="complaint_acceptance").json()["results"]
    one = caller.get("/rules/", key="complaint_acceptance", on="2024-01-02").json()["results"]
    assert len(both) > len(one) == 1
    assert caller.get(f"/rules/{one[0]['id']}/").json() == one[0]


def test_an_unknown_rule_does_not_exist(city: City) -> None:
    problem_of(Caller(city.east_handler).get("/rules/nothing/"), 404, "not_found")
    problem_of(Caller(city.east_handler).get("/rules/", on="2024"), 400, "bad_date")
    problem_of(Caller(city.east_handler).get("/rules/", name="x"), 400, "unknown_parameter")


@pytest.mark.parametrize(
    "options",
    [
        {"rule": "lead_verification", "start": "2024-01-29", "extensions": "1"},
        {"rule": "case_handling", "start": "2026-03-02", "exclude": ["2026-03-31..2026-05-15"]},
        {"add": "15", "unit": "working_day", "start": "2024-01-15", "roll": "none"},
        {"before": "7", "unit": "working_day", "start": "2024-07-10"},
    ],
)
def test_the_calculator_answers_as_the_command_does(city: City, options: dict[str, Any]) -> None:
    arguments = []
    for name, value in options.items():
        for each in value if isinstance(value, list) else [value]:
            arguments += [f"--{name}", each]
    printed = StringIO()
    call_command("due", *arguments, "--json", stdout=printed)
    assert Caller(city.east_handler).get("/due/", **options).json() == json.loads(printed.getvalue())


def test_a_period_in_hours_wants_a_moment_with_its_offset(city: City) -> None:
    caller = Caller(city.east_handler)
    question = {"add": "24", "unit": "hour"}
    assert caller.get("/due/", start="2024-09-30T17:20+08:00", **question).json()["due"] == "2024-10-01T17:20"
    problem = problem_of(caller.get("/due/", start="2024-09-30T17:20", **question), 400, "naive_datetime")
    assert problem["errors"] == [{"parameter": "start", "code": "naive_datetime", "detail": problem["detail"]}]
    problem_of(caller.get("/due/", start="2024-09-30T17:20+00:00", **question), 400, "wrong_time_zone")
    problem_of(caller.get("/due/", start="2024-09-30T17:20Z", **question), 400, "wrong_time_zone")


@pytest.mark.parametrize(
    ("query", "code", "parameter"),
    [
        ({"start": "2024-01-29"}, "one_form", "rule"),
        ({"rule": "lead_verification"}, "start_required", "start"),
        ({"rule": "nothing", "start": "2024-01-29"}, "unknown_rule", "rule"),
        ({"rule": "lead_verification", "start": "1990-01-01"}, "no_rule_version", "start"),
        ({"add": "-1", "unit": "working_day", "start": "2024-01-29"}, "negative_amount", "add"),
        ({"add": "1", "unit": "week", "start": "2024-01-29"}, "bad_unit", "unit"),
        ({"add": "1", "unit": "working_day", "start": "2024-02-30"}, "bad_date", "start"),
        ({"add": "1", "unit": "working_day", "start": "2024-01-29", "exclude": "x"}, "bad_interval", "exclude"),
        ({"add": "999999999", "unit": "year", "start": "2024-01-29"}, "calendar_out_of_range", None),
        ({"rule": "lead_verification", "start": "2024-01-29", "extensions": "2"}, "too_many_extensions", "extensions"),
        ({"rule": "lead_verification", "start": "2024-01-29", "days": "2"}, "unknown_parameter", "days"),
    ],
)
def test_what_the_calculator_refuses_names_the_parameter(
    city: City, query: dict[str, str], code: str, parameter: str | None
) -> None:
    problem = problem_of(Caller(city.east_handler).get("/due/", **query), 400, code)
    if parameter is not None:
        assert [error["parameter"] for error in problem["errors"]] == [parameter]
