"""Categories, regions and the division of powers over the API."""

from typing import Any

import pytest

from accounts.models import Office
from routing.categories import category_tree
from tests.api_client import Caller, problem_of
from tests.builders import City, make_routing
from tests.refusals import everything

ASKED = {"category": "food-sale", "region": "370203", "level": "district", "on": "2026-03-02"}


@pytest.fixture
def caller(city: City) -> Caller:
    return Caller(city.east_handler)


def test_all_categories_and_tags_are_told_in_one_page(caller: Caller) -> None:
    answer = caller.get("/categories/").json()
    assert answer["next"] is None
    assert [row["code"] for row in answer["results"]] == list(category_tree())
    assert answer["results"][1] == {
        "code": "food-production",
        "parent": "food",
        "zh": "食品生产",
        "en": "Food production",
    }
    assert {"key8", "key8-8"} <= {row["code"] for row in caller.get("/flags/").json()["results"]}


def test_regions_are_told_one_step_down(caller: Caller) -> None:
    assert len(caller.get("/regions/").json()["results"]) == 31
    by_prefix, by_code = (caller.get("/regions/", under=code).json() for code in ("3702", "370200"))
    assert by_prefix == by_code
    assert by_prefix["results"][0] == {"code": "370202", "parent": "370200", "name": "市南区"}
    problem = problem_of(caller.get("/regions/", under="9999"), 400, "unknown_region")
    assert problem["errors"][0]["parameter"] == "under"
    problem_of(caller.get("/regions/", above="3702"), 400, "unknown_parameter")


def test_the_rules_of_a_day_are_told_in_order(caller: Caller, city: City) -> None:
    problem_of(caller.get("/routing/rules/"), 400, "division_not_loaded")
    loaded = make_routing(city)
    answer = caller.get("/routing/rules/", on="2026-03-02").json()
    assert (answer["id"], answer["version"], answer["returns_allowed"]) == (loaded.pk, "tests-1", 2)
    assert [rule["order"] for rule in answer["rules"]] == [10, 20, 30, 90]
    assert answer["rules"][1]["amount_from"] == "1000000.00"
    assert caller.get("/routing/rules/").json() == answer
    problem_of(caller.get("/routing/rules/", on="2019-12-31"), 400, "division_not_loaded")


def test_a_question_is_answered_with_rule_and_reasons(caller: Caller, city: City) -> None:
    loaded = make_routing(city)
    before = everything()
    answer = caller.get("/routing/decide/", **ASKED).json()
    assert (answer["office"], answer["office_code"], answer["rule"]) == (city.west.pk, "west", "west_region")
    assert (answer["rule_set"], answer["version"]) == (loaded.pk, "tests-1")
    assert answer["reason"] == "按《测试市权力划分》（tests-1）：市北区由西区局承办。"
    assert [passed["key"] for passed in answer["passed_over"]] == ["squad_antitrust", "squad_large"]
    assert everything() == before, "asking leaves nothing behind"


def test_amount_and_several_flags_are_part_of_the_question(caller: Caller, city: City) -> None:
    make_routing(city)
    answer = caller.get("/routing/decide/", **ASKED, amount="1000000", flags=["key8-1", "concern-cross"]).json()
    assert answer["office_code"] == "squad"


@pytest.mark.parametrize(
    ("changes", "code", "parameter"),
    [
        ({"category": "fod"}, "unknown_category", "category"),
        ({"region": "999999"}, "unknown_region", "region"),
        ({"level": "province"}, "invalid_choice", "level"),
        ({"amount": "-1"}, "negative_amount", "amount"),
        ({"amount": "much"}, "invalid", "amount"),
        ({"flags": "key9-1"}, "unknown_flag", "flags"),
        ({"on": "2026"}, "invalid", "on"),
        ({"region": "110101"}, "no_route", "office"),
    ],
)
def test_a_wrong_question_is_a_problem_naming_its_parameter(
    caller: Caller, city: City, changes: dict[str, Any], code: str, parameter: str
) -> None:
    make_routing(city)
    response = caller.get("/routing/decide/", **{**ASKED, **changes})
    assert response.status_code == 400
    assert [(each["code"], each["parameter"]) for each in response.json()["errors"]] == [(code, parameter)]


def test_what_is_missing_is_named(caller: Caller, city: City) -> None:
    make_routing(city)
    names = [each["parameter"] for each in caller.get("/routing/decide/").json()["errors"]]
    assert names == ["category", "region", "level"]
    problem_of(caller.get("/routing/decide/", **ASKED, city="x"), 400, "unknown_parameter")


def test_a_closed_office_is_a_problem(caller: Caller, city: City) -> None:
    make_routing(city)
    Office.objects.filter(pk=city.west.pk).update(is_open=False)
    problem_of(caller.get("/routing/decide/", **ASKED), 400, "office_closed")
