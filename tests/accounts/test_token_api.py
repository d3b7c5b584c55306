"""Coming in over the API: tokens, sessions, lockout, and going out again."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from accounts.actions import deactivate_user, end_post
from accounts.models import Post
from tests.api_client import Caller, problem_of
from tests.builders import NOW, SYSTEM, City, make_lead

PASSWORD = "Correct-Horse-7"


@pytest.fixture(autouse=True)
def counters() -> Iterator[None]:
    """Attempts are counted in the cache, which no transaction rolls back."""
    cache.clear()
    yield
    cache.clear()


def log_in(username: str = "east_handler", password: str = PASSWORD) -> Any:
    return APIClient().post("/api/v1/auth/token/", {"username": username, "password": password}, format="json")


def test_a_password_buys_a_token_that_opens_the_api_for_thirty_days(city: City) -> None:
    before = timezone.now()
    answer = log_in().json()
    assert set(answer) == {"token", "expiry"}
    stored = AuthToken.objects.get()
    assert answer["token"] not in (stored.digest, stored.token_key)
    assert timedelta(days=30) <= stored.expiry - before < timedelta(days=30, minutes=1)

    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {answer['token']}")
    assert client.get("/api/v1/me/").json()["username"] == "east_handler"
    with time_machine.travel(stored.expiry + timedelta(seconds=1), tick=False):
        problem_of(client.get("/api/v1/me/"), 401, "invalid_token")


@pytest.mark.parametrize(("username", "password"), [("east_handler", "wrong"), ("nobody", PASSWORD)])
def test_a_wrong_password_and_an_unknown_name_are_the_same_refusal(city: City, username: str, password: str) -> None:
    response = log_in(username, password)
    problem_of(response, 401, "wrong_credentials")
    assert response["WWW-Authenticate"] == "Token"
    assert not AuthToken.objects.exists()


@pytest.mark.parametrize(
    "body", [{}, {"username": "x"}, {"username": 1, "password": []}, {"username": "", "password": ""}]
)
def test_a_log_in_without_name_or_password_names_the_field(city: City, body: dict[str, Any]) -> None:
    response = APIClient().post("/api/v1/auth/token/", body, format="json")
    assert response.status_code == 400
    assert response.json()["errors"]


def test_an_old_token_in_the_header_does_not_keep_anybody_from_logging_in(city: City) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION="Token " + "0" * 64)
    body = {"username": "east_handler", "password": PASSWORD}
    assert client.post("/api/v1/auth/token/", body, format="json").status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "Token",
        "Token x",
        "Token a b",
        f"Token {'0' * 64}",
        "Token é",
        "token " + "z" * 128,
        "Token ￿".encode().decode("latin-1"),
    ],
)
def test_a_broken_token_is_refused_and_not_ignored(city: City, header: str) -> None:
    response = APIClient().get("/api/v1/me/", HTTP_AUTHORIZATION=header)
    problem_of(response, 401, "invalid_token")
    assert response["WWW-Authenticate"] == "Token"


def test_a_deactivated_user_is_out_at_once_on_token_and_session(city: City) -> None:
    caller, browser = Caller(city.east_handler), Client()
    browser.force_login(city.east_handler)
    assert caller.get("/me/").status_code == browser.get("/api/v1/me/").status_code == 200
    deactivate_user(user_id=city.east_handler.pk, actor=SYSTEM, at=NOW)
    problem_of(caller.get("/me/"), 401, "invalid_token")
    problem_of(browser.get("/api/v1/me/"), 401, "not_authenticated")
    problem_of(log_in(), 401, "wrong_credentials")


def test_an_ended_post_closes_its_rows_on_the_next_request(city: City) -> None:
    lead = make_lead(city)
    caller = Caller(city.east_handler)
    assert caller.get(f"/leads/{lead.pk}/").status_code == 200
    end_post(post_id=Post.objects.get(user=city.east_handler).pk, ends_on=NOW.date(), actor=SYSTEM, at=NOW)
    problem_of(caller.get(f"/leads/{lead.pk}/"), 404, "not_found")


def test_logging_out_ends_this_token_and_no_other(city: City) -> None:
    one, other = Caller(city.east_handler), Caller(city.east_handler)
    assert one.post("/auth/logout/").status_code == 204
    problem_of(one.get("/me/"), 401, "invalid_token")
    assert other.get("/me/").status_code == 200
    assert other.post("/auth/logout-all/").status_code == 204
    problem_of(other.get("/me/"), 401, "invalid_token")


def test_an_eleventh_token_is_refused_until_one_is_given_back(city: City) -> None:
    callers = [Caller(city.east_handler) for _ in range(10)]
    problem_of(log_in(), 409, "too_many_tokens")
    callers[0].post("/auth/logout/")
    assert log_in().status_code == 200


def test_a_session_reads_freely_and_writes_only_with_its_csrf_token(city: City) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(city.east_handler)
    assert browser.get("/api/v1/leads/").status_code == 200
    problem_of(browser.post("/api/v1/notices/read-all/", content_type="application/json"), 403, "csrf_failed")
    browser.get("/")
    token = browser.cookies["csrftoken"].value
    response = browser.post(
        "/api/v1/notices/read-all/", content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert response.json() == {"marked": 0}


def test_log_in_is_throttled_and_says_when_to_come_back(city: City) -> None:
    for _ in range(10):
        log_in(password="wrong")
    response = log_in()
    problem_of(response, 429, "throttled")
    assert 1 <= int(response["Retry-After"]) <= 60


def test_a_made_up_address_does_not_get_around_the_throttle(city: City) -> None:
    body = {"username": "east_handler", "password": "wrong"}
    for number in range(10):
        APIClient().post("/api/v1/auth/token/", body, format="json", HTTP_X_FORWARDED_FOR=f"10.0.0.{number}")
    problem_of(log_in(), 429, "throttled")


def test_five_wrong_passwords_lock_the_account_even_for_the_right_one(city: City, settings: Any) -> None:
    settings.AXES_ENABLED = True
    for _ in range(4):
        problem_of(log_in(password="wrong"), 401, "wrong_credentials")
    for password in ("wrong", PASSWORD):
        response = log_in(password=password)
        problem_of(response, 429, "locked_out")
        assert response["Retry-After"] == "900"
    assert not AuthToken.objects.exists()


def test_nobody_who_is_locked_out_on_the_pages_comes_in_over_the_api(city: City, settings: Any) -> None:
    settings.AXES_ENABLED = True
    for _ in range(5):
        Client().post("/login/", {"username": "east_handler", "password": "wrong"})
    problem_of(log_in(), 429, "locked_out")


def test_me_tells_posts_and_scope(city: City, django_assert_num_queries: Any) -> None:
    caller = Caller(city.east_handler)
    with django_assert_num_queries(2):  # token, posts
        answer = caller.get("/me/").json()
    assert answer["posts"] == [
        {
            "id": city.east_handler.posts.get().pk,
            "role": "handler",
            "role_label": "办案人员",
            "office": {
                "id": city.east_squad.pk,
                "code": "east-squad",
                "name": "east-squad局",
                "kind": "squad",
            },
            "starts_on": "2024-01-01",
        }
    ]
    assert answer["scope"] == {"whole_city": False, "bureaus": [], "offices": [city.east_squad.pk]}
    assert Caller(city.supervisor).get("/me/").json()["scope"]["whole_city"] is True
    assert Caller(city.east_director).get("/me/").json()["scope"]["bureaus"] == [city.east.pk]


def test_tokens_expire_by_default_after_thirty_days() -> None:
    assert settings.REST_KNOX["TOKEN_TTL"] == timedelta(days=30)
