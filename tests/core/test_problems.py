"""Whatever the API refuses, it refuses as a problem with a stable code."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from clues.models import Lead
from tests.api_client import Caller, problem_of
from tests.builders import City

LEAD: dict[str, Any] = {
    "channel": "self_found",
    "received_on": "2026-03-02",
    "party_name": "示例商店",
    "summary": "货架上有过期食品。",
}


@pytest.mark.parametrize(
    "path", ["/api/", "/api/v1/", "/api/v1/nothing/", "/api/v2/leads/", "/api/v1/leads/x/", "/api/v1/%0a/"]
)
def test_an_unknown_address_is_a_problem_for_everybody(db: None, path: str) -> None:
    for method in ("get", "post", "delete"):
        problem_of(getattr(Client(enforce_csrf_checks=True), method)(path), 404, "unknown_address")


def test_an_address_without_its_slash_says_so_instead_of_redirecting(db: None) -> None:
    assert "以“/”结尾" in problem_of(Client().get("/api/v1/leads"), 404, "unknown_address")["detail"]


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_a_method_the_address_does_not_know_is_a_problem(city: City, method: str) -> None:
    response = getattr(Caller(city.east_handler).client, method)("/api/v1/leads/")
    problem_of(response, 405, "method_not_allowed")
    assert response["Allow"].startswith("GET, POST")


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"nonsense", b'{"a": NaN}', b'{"a": 1, "a": 2}', b"\xff\xfe", b"[" * 100_000, b"{}{}",
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
)  # fmt: skip
def test_a_body_that_is_not_json_is_a_problem(city: City, body: bytes) -> None:
    response = Caller(city.east_handler).post_raw("/leads/", body or b" ")
    problem_of(response, 400, "parse_error")
    assert not Lead.objects.exists()


@pytest.mark.parametrize("body", ["[]", '"text"', "1", "null", "true"])
def test_a_body_that_is_not_an_object_is_a_problem(city: City, body: str) -> None:
    problem = problem_of(Caller(city.east_handler).post_raw("/leads/", body), 400, "invalid")
    assert "期待为字典类型" in problem["detail"]


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "text/plain", "application/xml"])
def test_another_content_type_is_a_problem(city: City, content_type: str) -> None:
    problem_of(Caller(city.east_handler).post_raw("/leads/", "a=1", content_type), 415, "unsupported_media_type")


def test_a_body_too_large_is_a_problem_before_it_is_understood(city: City) -> None:
    response = Caller(city.east_handler).post_raw("/leads/", b'"' + b"x" * 2_500_001 + b'"')
    problem_of(response, 413, "too_large")


def test_a_format_we_do_not_speak_is_a_problem(city: City) -> None:
    response = Caller(city.east_handler).client.get("/api/v1/leads/", HTTP_ACCEPT="application/xml")
    problem_of(response, 406, "not_acceptable")


def test_every_wrong_field_is_pointed_at(city: City) -> None:
    body = LEAD | {"channel": "rumour", "received_on": "2026-13-01", "office": "1"}
    problem = problem_of(Caller(city.east_handler).post("/leads/", body), 400, "invalid")
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [
        ("#/channel", "invalid_choice"),
        ("#/received_on", "invalid"),
        ("#/office", "invalid"),
    ]
    assert re.fullmatch(r"channel：.+[^。]；received_on：.+[^。]；office：.+。", problem["detail"]), problem["detail"]
    assert not Lead.objects.exists()


def test_a_missing_field_is_pointed_at(city: City) -> None:
    problem = problem_of(Caller(city.east_handler).post("/leads/", LEAD), 400, "required")
    assert [error["pointer"] for error in problem["errors"]] == ["#/office"]


def test_a_field_nobody_declared_is_refused_and_the_known_ones_named(city: City) -> None:
    body = LEAD | {"office": city.east_squad.pk, "recieved_on": "2026-03-02", "state": "filed"}
    problem = problem_of(Caller(city.east_handler).post("/leads/", body), 400, "unknown_field")
    assert [error["pointer"] for error in problem["errors"]] == ["#/recieved_on", "#/state"]
    assert "received_on" in problem["errors"][0]["detail"]
    assert not Lead.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("party_name", 5), ("party_name", None), ("party_name", ["a"]), ("party_name", "a\x00b"),
        ("party_name", "长" * 121), ("summary", {}), ("office", True), ("office", 1.0), ("office", 0),
        ("office", 2**63), ("received_on", 20260302), ("received_on", "2026-03-02T00:00"), ("received_on", "02/03/2026"),
        ("received_on", "2026-3-2"), ("channel", 1), ("channel", {"a": 1}), ("channel", None),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_type_names_its_field(city: City, field: str, value: object) -> None:
    body = LEAD | {"office": city.east_squad.pk, field: value}
    response = Caller(city.east_handler).post("/leads/", body)
    assert response.status_code == 400
    assert [error["pointer"] for error in response.json()["errors"]] == [f"#/{field}"]
    assert not Lead.objects.exists()


def test_half_a_character_is_refused(city: City) -> None:
    body = json.dumps(LEAD | {"office": city.east_squad.pk}).replace("{", '{"party_code": "\\ud800", ', 1)
    response = Caller(city.east_handler).post_raw("/leads/", body)
    assert [error["pointer"] for error in response.json()["errors"]] == ["#/party_code"]


def test_what_a_verb_finds_wrong_is_one_sentence_however_many_fields(city: City) -> None:
    body = LEAD | {"channel": "complaint", "office": city.east_squad.pk}
    for language, sentence in (("zh-hans", r"(请填写[^。；]+；)+请填写[^。；]+。"), ("en", r"([^.;]+; )+[^.;]+\.")):
        caller = Caller(city.east_handler)
        answer = caller.client.post("/api/v1/leads/", body, format="json", headers={"accept-language": language})
        problem = problem_of(answer, 400, "invalid")
        assert len(problem["errors"]) == 4
        assert re.fullmatch(sentence, problem["detail"]), problem["detail"]


def test_what_a_verb_refuses_names_the_field_as_the_caller_sent_it(city: City) -> None:
    body = LEAD | {"office": 999_999}
    problem = problem_of(Caller(city.east_handler).post("/leads/", body), 400, "unknown_office")
    assert problem["errors"][0]["pointer"] == "#/office"


@pytest.mark.parametrize(
    ("query", "code", "parameter"),
    [
        ({"stat": "filed"}, "unknown_parameter", "stat"),
        ({"format": "api"}, "unknown_parameter", "format"),
        ({"state": "lost"}, "invalid_choice", "state"),
        ({"office": "east"}, "invalid", "office"),
        ({"office": str(2**70)}, "max_value", "office"),
        ({"received_from": "yesterday"}, "invalid", "received_from"),
        ({"received_from": "2026-02-30"}, "invalid", "received_from"),
        ({"number": "a\x00"}, "null_characters_not_allowed", "number"),
        ({"page_size": "0"}, "invalid_page_size", "page_size"),
        ({"page_size": "201"}, "invalid_page_size", "page_size"),
        ({"page_size": "-1"}, "invalid_page_size", "page_size"),
        ({"page_size": "٣"}, "invalid_page_size", "page_size"),
        ({"after": "x"}, "invalid_cursor", "after"),
        ({"after": "2026-03-02~x"}, "invalid_cursor", "after"),
        ({"after": f"2026-03-02~{2**64}"}, "invalid_cursor", "after"),
    ],
)
def test_a_wrong_parameter_of_a_list_is_named(city: City, query: dict[str, str], code: str, parameter: str) -> None:
    problem = problem_of(Caller(city.east_handler).get("/leads/", **query), 400, code)
    assert [error["parameter"] for error in problem["errors"]] == [parameter]


def test_nobody_is_401_and_told_how_to_log_in(city: City) -> None:
    response = APIClient().get("/api/v1/leads/")
    problem_of(response, 401, "not_authenticated")
    assert response["WWW-Authenticate"] == "Token"


def test_a_number_no_database_can_hold_is_404(city: City) -> None:
    problem_of(Caller(city.east_handler).get(f"/leads/{2**64}/"), 404, "not_found")


def test_the_words_follow_the_language_asked_for_and_are_chinese_by_default(db: None) -> None:
    assert Client().get("/api/v1/nothing/").json()["title"] == "未找到"
