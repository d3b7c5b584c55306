import re

import pytest
from django.contrib.auth import get_user
from django.test import Client, override_settings
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from accounts.actions import deactivate_user
from tests.builders import NOW, SYSTEM, City

PASSWORD = "Correct-Horse-7"


def log_in(client: Client, username: str, password: str = PASSWORD) -> int:
    return client.post("/login/", {"username": username, "password": password}).status_code


def test_a_user_comes_in_and_goes_out(client: Client, city: City) -> None:
    assert log_in(client, "handler") == 302
    assert get_user(client) == city.handler
    assert client.post("/logout/")["Location"] == "/login/"
    assert client.get("/").status_code == 302


def test_after_logging_in_one_is_where_one_wanted_to_go(client: Client, city: City) -> None:
    wanted = client.get("/notices/?show=all")
    assert wanted["Location"] == "/login/?next=/notices/%3Fshow%3Dall"
    answer = client.post("/login/", {"username": "handler", "password": PASSWORD, "next": "/notices/?show=all"})
    assert answer["Location"] == "/notices/?show=all"


def test_one_is_not_sent_to_another_site(client: Client, city: City) -> None:
    answer = client.post("/login/", {"username": "handler", "password": PASSWORD, "next": "https://example.org/"})
    assert answer["Location"] == "/"


def test_a_wrong_password_says_what_to_do_and_not_which_was_wrong(client: Client, city: City) -> None:
    wrong = client.post("/login/", {"username": "handler", "password": "x"}).content.decode()
    unknown = client.post("/login/", {"username": "nobody", "password": "x"}).content.decode()
    for page in (wrong, unknown):
        assert "用户名或者密码不正确" in page


def test_the_session_of_a_deactivated_user_dies_at_once(client: Client, city: City) -> None:
    log_in(client, "handler")
    assert client.get("/").status_code == 200
    deactivate_user(user_id=city.handler.pk, actor=SYSTEM, at=NOW)
    assert client.get("/").status_code == 302
    assert log_in(client, "handler") == 200


@override_settings(AXES_ENABLED=True)
def test_after_five_wrong_passwords_the_door_stays_shut_for_a_while(client: Client, city: City) -> None:
    for _ in range(4):
        assert log_in(client, "handler", "wrong") == 200
    page = client.post("/login/", {"username": "handler", "password": "wrong"})
    assert page.status_code == 429
    assert "连续 5 次输错密码" in page.content.decode()
    assert log_in(client, "handler") == 429


def test_leaving_by_a_link_is_not_possible(client: Client, city: City) -> None:
    client.force_login(city.handler)
    assert client.get("/logout/").status_code == 405
    assert client.get("/").status_code == 200


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> list[str]:
    found: list[str] = []
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        found += routes(pattern.url_patterns, route) if isinstance(pattern, URLResolver) else [route]
    return found


OPEN = {"healthz", "login/", "language/"}


@pytest.mark.django_db
def test_nothing_but_the_door_opens_to_a_stranger(client: Client) -> None:
    pages = [route for route in routes(get_resolver().url_patterns) if not route.startswith("api/")]
    assert len(pages) > 10
    for route in pages:
        if route in OPEN:
            continue
        path = "/" + "".join("1" if part.startswith("<") else part for part in re.split(r"(<[^>]+>)", route))
        answer = client.get(path)
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/login/"), path
