"""我的代理: seen by both and their heads, lent and taken back on the page and over the API by those who may."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.actions import delegate_post
from accounts.models import Delegation, User
from tests.api_client import Caller, problem_of
from tests.browsing import as_
from tests.builders import NOW, SYSTEM, City, make_user
from tests.refusals import everything

LIST = "/delegations/"


def lend(city: City, user: User, to: User, *, first: int = 0, last: int = 2) -> Delegation:
    today = timezone.localdate()
    return delegate_post(
        post_id=user.posts.get().pk, to_user_id=to.pk, starts_on=today + timedelta(days=first),
        ends_on=today + timedelta(days=last), reason="休假", actor=user, at=NOW,
    )  # fmt: skip


def new(user: User) -> str:
    return f"{LIST}posts/{user.posts.get().pk}/new/"


def typed(to: User, **change: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "office": to.posts.get().office_id, "to_user": to.pk, "starts_on": today, "ends_on": today + timedelta(days=3),
        "reason": "出差开会", "confirmed": "on", **change,
    }  # fmt: skip


def test_the_holder_lends_a_post_and_takes_it_back(city: City) -> None:
    browser = as_(city.east_head)
    page = browser.get(LIST).content.decode()
    assert new(city.east_head) in page
    assert "本人履行" in page
    form = browser.get(new(city.east_head)).content.decode()
    assert "受托人也不能办" in form
    assert city.east_handler.label in form
    assert city.east_head.label not in form.split('name="to_user"')[1], "nobody lends to themselves"
    answer = browser.post(new(city.east_head), typed(city.east_handler), follow=True).content.decode()
    assert "已委托East Handler代行职责" in answer
    lent = Delegation.objects.get()
    assert (lent.from_user, lent.to_user, lent.made_by_label) == (
        city.east_head, city.east_handler, city.east_head.label,
    )  # fmt: skip
    assert f"{LIST}{lent.pk}/revoke/" in answer
    held = as_(city.east_handler).get(LIST).content.decode()
    assert "生效中" in held
    assert f"{LIST}{lent.pk}/revoke/" not in held, "who holds the duties does not hand them back for the holder"
    answer = browser.post(f"{LIST}{lent.pk}/revoke/", {"confirmed": "on"}, follow=True).content.decode()
    assert "已收回委托。" in answer
    lent.refresh_from_db()
    assert lent.revoked_at is not None and lent.revoked_by_label == city.east_head.label
    again = browser.post(f"{LIST}{lent.pk}/revoke/", {"confirmed": "on"})
    assert again.status_code == 400
    assert "这项委托已经收回。" in again.content.decode()


def test_the_list_of_people_is_that_of_the_chosen_office_of_the_authority(city: City) -> None:
    browser = as_(city.east_head)
    given = typed(city.east_director, refresh="yes")
    page = browser.post(new(city.east_head), given).content.decode()
    assert city.east_director.label in page
    assert city.east_handler.label not in page
    assert "出差开会" in page
    assert city.west.name not in page
    assert not Delegation.objects.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"reason": " "}, "请填写。"),
        ({"ends_on": "2020-01-01"}, "结束日早于开始日。"),
        ({"to_user": "999999"}, "没有这个人员"),
        ({"to_user": ""}, "请选择。"),
        ({"starts_on": "morgen"}, "不是日期"),
        ({"confirmed": ""}, "请核对后勾选确认"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_rest_is_kept(city: City, change: dict[str, Any], said: str) -> None:
    browser = as_(city.east_head)
    before = everything()
    answer = browser.post(new(city.east_head), typed(city.east_handler) | change)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert said in page
    assert ("出差开会" in page) is ("reason" not in change)
    assert everything() == before


def test_a_post_already_lent_is_refused_at_the_first_day(city: City) -> None:
    lend(city, city.east_head, city.east_handler)
    browser = as_(city.east_head)
    before = everything()
    answer = browser.post(new(city.east_head), typed(city.east_handler2))
    assert answer.status_code == 400
    assert "这一岗位在这些日期已有委托" in answer.content.decode()
    assert everything() == before


def test_a_head_lends_for_those_below_and_takes_back_what_they_lent(city: City) -> None:
    browser = as_(city.east_director)
    page = browser.get(f"{LIST}?show=posts").content.decode()
    for person in (city.east_head, city.east_handler, city.east_reviewer):
        assert new(person) in page
    assert new(city.west_head) not in page
    assert "已委托" in browser.post(new(city.east_head), typed(city.east_handler), follow=True).content.decode()
    assert Delegation.objects.get().from_user == city.east_head
    lent = lend(city, city.east_handler, city.east_handler2)
    assert f"{LIST}{lent.pk}/revoke/" in browser.get(f"{LIST}?show=office").content.decode()
    assert f"{LIST}{lent.pk}/revoke/" not in browser.get(LIST).content.decode(), "not the director's own"
    browser.post(f"{LIST}{lent.pk}/revoke/", {"confirmed": "on"})
    lent.refresh_from_db()
    assert lent.revoked_by_label == city.east_director.label


def test_who_may_not_is_told_so_and_a_stranger_finds_nothing(city: City) -> None:
    lent = lend(city, city.east_head, city.east_handler)
    browsers = [(as_(city.east_handler2), 403), (as_(city.supervisor), 403), (as_(city.west_head), 404)]
    before = everything()
    for path in (new(city.east_head), f"{LIST}{lent.pk}/revoke/"):
        for browser, status in browsers:
            assert {browser.get(path).status_code, browser.post(path, {"confirmed": "on"}).status_code} == {status}
    assert everything() == before
    assert "替下属委托" not in as_(city.east_handler2).get(f"{LIST}?show=posts").content.decode()


def test_the_list_says_what_became_of_each(city: City) -> None:
    lend(city, city.east_head, city.east_handler, first=5, last=6)
    lend(city, city.east_handler2, city.east_handler, first=-6, last=-5)
    page = as_(city.east_handler).get(LIST).content.decode()
    assert "尚未开始" in page
    assert "已结束" in page
    assert "没有委托" in as_(city.west_handler).get(LIST).content.decode()


@pytest.mark.parametrize("many", [1, 3])
@pytest.mark.parametrize("show", ["mine", "office", "posts"])
def test_the_list_costs_the_same_whatever_it_holds(
    city: City, django_assert_num_queries: DjangoAssertNumQueries, many: int, show: str
) -> None:
    for number in range(many):
        lend(
            city, city.east_director, make_user(f"deputy{number}", city.east_squad), first=10 * number, last=10 * number
        )
    browser = as_(city.east_director)
    browser.get(LIST)
    with django_assert_num_queries({"mine": 12, "office": 11, "posts": 12}[show]):
        browser.get(LIST, {"show": show})


def test_the_api_lends_lists_and_takes_back(city: City, django_assert_num_queries: Any) -> None:
    caller = Caller(city.east_head)
    post = caller.get("/me/").json()["posts"][0]["id"]
    body = {
        "post": post, "to_user": city.east_handler.pk, "starts_on": "2026-03-02", "ends_on": "2026-03-04",
        "reason": "出差",
    }  # fmt: skip
    made = caller.post("/delegations/", body)
    assert made.status_code == 201
    row = made.json()
    assert made["Location"].endswith(f"/delegations/{row['id']}/")
    assert (row["from_user"], row["to_user_name"], row["role"], row["office"]) == (
        city.east_head.pk, "East Handler", "unit_head", city.east_squad.pk,
    )  # fmt: skip
    problem_of(caller.post("/delegations/", body), 400, "already_delegated")
    problem_of(caller.post("/delegations/", body | {"post": 999_999}), 400, "unknown_post")
    problem_of(Caller(city.east_handler2).post("/delegations/", body), 403, "not_the_delegator")
    problem_of(Caller(city.west_head).post("/delegations/", body), 400, "unknown_post")
    with django_assert_num_queries(3):  # token, posts, rows
        listed = caller.get("/delegations/", in_force_on="2026-03-04").json()["results"]
    assert listed == [row]
    assert caller.get("/delegations/", in_force_on="2026-03-05").json()["results"] == []
    assert Caller(city.west_head).get("/delegations/").json()["results"] == []
    answer = caller.post(f"/delegations/{row['id']}/revoke/").json()
    assert (answer["revoked_by"], answer["starts_on"]) == (city.east_head.label, "2026-03-02")
    problem_of(caller.post(f"/delegations/{row['id']}/revoke/"), 400, "delegation_revoked")
    assert Delegation.objects.get(made_by_label=city.east_head.label).ends_on == date(2026, 3, 4)


def test_a_post_that_ended_is_refused_and_the_system_acts_for_anybody(city: City) -> None:
    held = city.east_handler2.posts.get()
    body: dict[str, Any] = {"to_user": city.east_handler.pk, "starts_on": "2026-03-02", "ends_on": "2026-03-02"}
    held.ends_on = date(2026, 3, 1)
    held.save()
    answer = Caller(city.east_head).post("/delegations/", body | {"post": held.pk, "reason": "病假"})
    problem_of(answer, 400, "post_already_ended")
    made = delegate_post(
        post_id=city.east_head.posts.get().pk, to_user_id=city.east_handler.pk, starts_on=NOW.date(),
        ends_on=NOW.date(), reason="病假", actor=SYSTEM, at=NOW,
    )  # fmt: skip
    assert made.made_by_label == "tests"
