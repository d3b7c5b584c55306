from typing import Any

from django.test import Client

from tests.api_client import problem_of


def test_every_code_is_listed_once_with_its_status_for_everybody(db: None) -> None:
    listed = Client().get("/api/v1/problems/").json()
    codes = {(row["status"], row["code"]) for row in listed["results"]}
    assert len(codes) == len(listed["results"])
    assert {(409, "wrong_state"), (404, "not_found"), (400, "unknown_field"), (401, "invalid_token")} <= codes


def test_the_type_of_a_problem_leads_to_its_explanation(db: None, django_assert_num_queries: Any) -> None:
    refused = problem_of(Client().get("/api/v1/leads/"), 401, "not_authenticated")
    with django_assert_num_queries(0):
        told = Client().get(refused["type"]).json()
    assert told == {"code": "not_authenticated", "status": 401, "title": "需要登录"}


def test_a_code_made_with_the_name_of_a_field_is_explained_too(db: None) -> None:
    assert Client().get("/api/v1/problems/bad_unit/").json()["code"] == "bad_unit"
    problem_of(Client().get("/api/v1/problems/no_such_code/"), 404, "not_found")
