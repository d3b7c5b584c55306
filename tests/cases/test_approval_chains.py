"""审批顺序: shown as default or as set, set by the head of the authority, kept as versions."""

import pytest
from pytest_django import DjangoAssertNumQueries

from cases.actions.approvals import set_approval_chain
from cases.models import ApprovalChain
from cases.queries.approvals import chain_of
from core.errors import NotPermitted
from tests.api_client import Caller, problem_of
from tests.browsing import as_
from tests.builders import NOW, SYSTEM, City, make_user
from tests.refusals import everything, refused

LIST = "/cases/approvals/chains/"
SET = f"{LIST}suspend/"


def test_the_head_sets_an_order_and_the_one_before_stays_readable(city: City) -> None:
    browser = as_(city.east_director)
    page = browser.get(LIST).content.decode()
    assert page.count("本系统默认") >= 7
    assert "办案机构负责人 → 部门负责人" in page
    assert "已经报请的审批按原来的顺序走完" in browser.get(SET).content.decode()
    answer = browser.post(SET, {"roles": "bureau_head", "confirmed": "on"}, follow=True).content.decode()
    assert "已设定“中止调查”的审批顺序。" in answer
    assert city.east_director.label in answer
    assert chain_of("suspend", city.east) == (["bureau_head"], False)
    assert chain_of("suspend", city.west) == (["unit_head", "bureau_head"], True)
    browser.post(SET, {"roles": "unit_head,bureau_head", "confirmed": "on"})
    first, second = ApprovalChain.objects.order_by("id")
    assert (first.roles, second.roles, second.ended_at) == (["bureau_head"], ["unit_head", "bureau_head"], None)
    assert first.ended_at == second.set_at
    assert SET in browser.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [({"roles": "unit_head", "confirmed": "on"}, "roles"), ({"roles": "bureau_head"}, "请核对后勾选确认")],
)
def test_what_is_wrong_is_said_and_nothing_changes(city: City, typed: dict[str, str], said: str) -> None:
    browser = as_(city.east_director)
    before = everything()
    answer = browser.post(SET, typed)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert everything() == before


def test_only_the_head_of_the_authority_sets_it(city: City) -> None:
    asked = [
        as_(user)
        for user in (city.east_head, city.east_handler, city.supervisor, city.east_reviewer, make_user("none"))
    ]
    unknown = as_(city.east_director)
    before = everything()
    for browser in asked:
        assert browser.get(SET).status_code == 403
        assert browser.post(SET, {"roles": "bureau_head", "confirmed": "on"}).status_code == 403
        page = browser.get(LIST)
        assert page.status_code == 200
        assert SET not in page.content.decode()
    assert unknown.get(f"{LIST}annul/").status_code == 400
    assert everything() == before
    for actor in (city.east_head, city.director):
        with refused(NotPermitted, "not_permitted"):
            set_approval_chain(authority=city.east, kind="suspend", roles=["bureau_head"], actor=actor, at=NOW)


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_costs_the_same_whatever_it_holds(
    city: City, django_assert_num_queries: DjangoAssertNumQueries, many: int
) -> None:
    for kind in ("suspend", "extend", "close")[:many]:
        for _time in range(many):
            set_approval_chain(authority=city.east, kind=kind, roles=["bureau_head"], actor=SYSTEM, at=NOW)
    browser = as_(city.east_director)
    with django_assert_num_queries(11):
        browser.get(LIST)


def test_the_api_tells_and_sets(city: City) -> None:
    caller = Caller(city.east_director)
    rows = caller.get("/approval_chains/").json()
    assert len(rows) == 7
    assert all(row["is_default"] and row["roles"] == ["unit_head", "bureau_head"] for row in rows)
    answer = caller.post("/approval_chains/", {"kind": "file", "roles": ["bureau_head"]}).json()
    row = next(row for row in answer if row["kind"] == "file")
    assert (row["roles"], row["is_default"], row["set_by"]) == (["bureau_head"], False, city.east_director.label)
    assert Caller(city.east_handler).get("/approval_chains/").json() == answer
    assert Caller(city.west_head).get("/approval_chains/").json() == rows
    problem_of(caller.post("/approval_chains/", {"kind": "file", "roles": ["unit_head"]}), 400, "bad_chain")
    body = {"kind": "file", "roles": ["bureau_head"]}
    problem_of(Caller(city.east_head).post("/approval_chains/", body), 403, "not_permitted")
    problem_of(Caller(make_user("none")).post("/approval_chains/", body), 403, "not_permitted")
