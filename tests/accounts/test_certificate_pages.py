"""执法证件: seen by the person and their offices, entered and taken back by the roles the authority names."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.actions import issue_certificate, revoke_certificate
from accounts.models import Certificate, User
from core.errors import NotFound, NotPermitted
from tests.api_client import Caller, problem_of
from tests.browsing import as_
from tests.builders import NOW, City, certify, make_user
from tests.refusals import everything, refused

LIST = "/certificates/"
TYPED = {"number": "示执-新-1", "issued_by": "示例省人民政府", "starts_on": "2026-01-01", "ends_on": "20301231"}


def of(user: User) -> str:
    return f"{LIST}people/{user.pk}/"


def names(city: City, **query: Any) -> set[str]:
    page = as_(city.east_director).get(LIST, query)
    assert page.status_code == 200
    return {row.person.username for row in page.context["rows"]}


def test_the_head_and_the_legal_reviewer_enter_and_take_back(city: City) -> None:
    person = make_user("newcomer", city.east_squad, "unit_head")
    browser = as_(city.east_reviewer)
    page = browser.get(LIST).content.decode()
    assert f"{of(person)}issue/" in page
    assert "本系统默认" in page
    assert "没有证件" in page
    answer = browser.post(f"{of(person)}issue/", TYPED, follow=True).content.decode()
    assert "已登记执法证示执-新-1。" in answer
    made = Certificate.objects.get(number="示执-新-1")
    assert (made.user, made.ends_on, made.entered_by_label) == (person, date(2030, 12, 31), city.east_reviewer.label)
    assert made.entered_at is not None
    browser = as_(city.east_director)
    assert city.east_reviewer.label in browser.get(of(person)).content.decode()
    revoke = f"{LIST}{made.pk}/revoke/"
    assert f'value="{timezone.localdate()}"' in browser.get(revoke).content.decode()
    answer = browser.post(revoke, {"revoked_on": "2026-02-01", "confirmed": "on"}, follow=True).content.decode()
    assert "已收回执法证示执-新-1。" in answer
    assert revoke not in answer
    made.refresh_from_db()
    assert (made.revoked_on, made.revoked_by_label) == (date(2026, 2, 1), city.east_director.label)
    assert browser.post(revoke, {"revoked_on": "2026-02-01", "confirmed": "on"}).status_code == 400


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"number": "  "}, "请填写。"),
        ({"ends_on": "2020-01-01"}, "有效期的截止日期早于起始日期。"),
        ({"starts_on": "bald"}, "不是日期"),
        ({"number": "taken"}, "已登记，请核对"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_rest_is_kept(city: City, change: dict[str, Any], said: str) -> None:
    given = TYPED | change
    if given["number"] == "taken":
        given["number"] = city.east_handler2.certificates.get().number
    browser = as_(city.east_director)
    before = everything()
    answer = browser.post(f"{of(city.east_handler)}issue/", given)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert "示例省人民政府" in answer.content.decode()
    assert everything() == before


def test_a_certificate_is_not_taken_back_before_its_first_day(city: City) -> None:
    browser, held = as_(city.east_director), city.east_handler.certificates.get()
    before = everything()
    answer = browser.post(f"{LIST}{held.pk}/revoke/", {"revoked_on": "2010-01-01", "confirmed": "on"})
    assert answer.status_code == 400
    assert "收回日期早于有效期的起始日期。" in answer.content.decode()
    assert 'value="2010-01-01"' in answer.content.decode()
    assert everything() == before


def test_a_person_sees_their_own_and_sets_nothing(city: City) -> None:
    browser = as_(city.east_handler)
    page = browser.get(of(city.east_handler)).content.decode()
    assert city.east_handler.certificates.get().number in page
    assert "issue/" not in page
    assert "/revoke/" not in page
    lonely = make_user("lonely")  # without any post
    certify(lonely)
    assert as_(lonely).get(of(lonely)).status_code == 200
    assert browser.get(of(lonely)).status_code == 404


def test_who_may_not_is_told_so_and_a_stranger_finds_nothing(city: City) -> None:
    held = city.east_handler2.certificates.get()
    asked = ((city.east_head, 403), (city.director, 403), (city.supervisor, 403), (city.west_head, 404))
    browsers = [(as_(user), status) for user, status in asked]
    before = everything()
    for path in (f"{of(city.east_handler2)}issue/", f"{LIST}{held.pk}/revoke/"):
        for browser, status in browsers:
            assert {browser.get(path).status_code, browser.post(path, TYPED).status_code} == {status}
    assert everything() == before


def test_the_verbs_refuse_a_user_whatever_the_edge(city: City, settings: Settings) -> None:
    given: dict[str, Any] = {
        "user": city.east_handler, "number": "X1", "issued_by": "省政府", "starts_on": NOW.date(), "ends_on": NOW.date(),
        "at": NOW,
    }  # fmt: skip
    with refused(NotPermitted, "not_permitted"):
        issue_certificate(actor=city.east_head, **given)
    with refused(NotPermitted, "not_permitted"):
        issue_certificate(actor=city.director, **given)  # the head of the city is not the head of the district
    with refused(NotFound, "not_found"):
        issue_certificate(actor=city.west_head, **given)
    held = city.east_handler.certificates.get()
    with refused(NotPermitted, "not_permitted"):
        revoke_certificate(certificate_id=held.pk, revoked_on=NOW.date(), actor=city.east_handler, at=NOW)
    with refused(NotFound, "not_found"):
        revoke_certificate(certificate_id=held.pk, revoked_on=NOW.date(), actor=city.west_head, at=NOW)
    settings.CERTIFICATE_ROLES = ["unit_head"]
    assert issue_certificate(actor=city.east_head, **given).user == city.east_handler


def test_the_menu_has_it_for_those_who_set_it(city: City) -> None:
    entry = f'href="{LIST}"'
    assert entry in as_(city.east_director).get("/notices/").content.decode()
    page = as_(city.east_handler).get("/notices/").content.decode()
    assert entry not in page
    assert of(city.east_handler) in page, "one's own, from the user menu"


def test_the_filters_pick_by_how_the_certificates_stand(city: City) -> None:
    today = timezone.localdate()

    def days(first: int, last: int) -> dict[str, date]:
        return {"starts_on": today + timedelta(days=first), "ends_on": today + timedelta(days=last)}

    for username, spans in {
        "soon": [days(-9, 10)],
        "followed": [days(-9, 10), days(11, 800)],
        "gap": [days(-9, 10), days(12, 800)],
        "ended": [days(-9, -1)],
        "later": [days(5, 800)],
    }.items():
        person = make_user(username, city.east_squad, "unit_head")
        for span in spans:
            certify(person, **span)
    taken = certify(make_user("taken", city.east_squad, "unit_head"), **days(-9, 800))
    revoke_certificate(certificate_id=taken.pk, revoked_on=today, actor=city.east_director, at=NOW)
    assert names(city, state="ending") == {"soon", "gap"}
    assert names(city, state="ending", days=5) == set()
    assert names(city, state="ended") == {"ended", "taken"}
    assert names(city, state="valid") == {"soon", "followed", "gap", "east_handler", "east_handler2"}
    assert names(city, state="none", role="unit_head") == {"later", "east_head"}
    assert names(city, q="east handler") == {"east_handler", "east_handler2"}
    assert names(city, office=city.east.pk) == {"east_clerk", "east_director", "east_reviewer"}
    assert names(city, office=city.west_squad.pk) == set()
    assert names(city, days="many") == set()
    page = as_(city.east_director).get(LIST).content.decode()
    assert "有效，还有 10 天" in page
    assert f"已于{today}收回" in page


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_costs_the_same_whatever_it_holds(
    city: City, django_assert_num_queries: DjangoAssertNumQueries, many: int
) -> None:
    for number in range(many):
        person = make_user(f"officer{number}", city.east_squad)
        for year in range(2100, 2100 + many):
            certify(person, starts_on=date(year, 1, 1), ends_on=date(year, 12, 31))
    browser = as_(city.east_director)
    with django_assert_num_queries(15):
        browser.get(LIST, {"state": "valid"})
    with django_assert_num_queries(13):
        browser.get(of(city.east_handler))


def test_the_api_reads_enters_and_takes_back(city: City, django_assert_num_queries: Any) -> None:
    caller = Caller(city.east_reviewer)
    body = TYPED | {"ends_on": "2030-12-31", "user": city.east_head.pk}
    made = caller.post("/certificates/", body)
    assert made.status_code == 201
    row = made.json()
    assert (row["user_name"], row["number"], row["entered_by"]) == ("East Head", "示执-新-1", city.east_reviewer.label)
    problem_of(caller.post("/certificates/", body), 400, "certificate_number_taken")
    problem_of(caller.post("/certificates/", body | {"user": city.west_head.pk}), 400, "unknown_user")
    problem_of(Caller(city.east_head).post("/certificates/", body), 403, "not_permitted")
    with django_assert_num_queries(3):  # token, posts, rows
        listed = caller.get("/certificates/", user=city.east_head.pk).json()["results"]
    assert listed == [row]
    path = f"/certificates/{row['id']}/"
    assert Caller(city.east_head).get(path).json() == row
    problem_of(Caller(city.west_head).get(path), 404, "not_found")
    problem_of(Caller(city.east_head).post(f"{path}revoke/", {"revoked_on": "2026-02-01"}), 403, "not_permitted")
    problem_of(caller.post(f"{path}revoke/", {"revoked_on": "2025-02-01"}), 400, "ends_before_start")
    assert caller.post(f"{path}revoke/", {"revoked_on": "2026-02-01"}).json()["revoked_on"] == "2026-02-01"
    numbers = [each["number"] for each in caller.get("/certificates/", valid_on="2026-02-01").json()["results"]]
    assert "示执-新-1" not in numbers
    assert len(numbers) == 2
    assert (
        caller.get("/certificates/", ends_until="2030-12-31", number="示执-新-1").json()["results"][0]["id"]
        == row["id"]
    )
