from typing import Any

from accounts.actions import deactivate_user
from tests.api_client import Caller, problem_of
from tests.builders import NOW, SYSTEM, City, make_case


def test_the_offices_one_may_name_are_those_whose_rows_one_sees(city: City, django_assert_num_queries: Any) -> None:
    def codes(user: Any) -> list[str]:
        return [row["code"] for row in Caller(user).get("/offices/").json()["results"]]

    assert codes(city.east_handler) == ["east-squad"]
    assert codes(city.east_director) == ["east", "east-squad"]
    assert len(codes(city.supervisor)) == 9
    caller = Caller(city.supervisor)
    with django_assert_num_queries(3):  # token, posts, rows
        caller.get("/offices/")


def test_the_people_of_an_office_are_those_who_work_there_now(city: City, django_assert_num_queries: Any) -> None:
    deactivate_user(user_id=city.east_handler2.pk, actor=SYSTEM, at=NOW)
    caller = Caller(city.east_director)
    with django_assert_num_queries(4):  # token, posts, office, people
        people = caller.get(f"/offices/{city.east_squad.pk}/people/").json()
    assert [(row["id"], row["role"]) for row in people] == [
        (city.east_head.pk, "unit_head"),
        (city.east_handler.pk, "handler"),
    ]
    assert people[0] == {
        "id": city.east_head.pk,
        "post": city.east_head.posts.get().pk,
        "name": "East Head",
        "role": "unit_head",
        "role_label": "办案机构负责人",
    }


def test_an_office_elsewhere_does_not_exist(city: City) -> None:
    problem_of(Caller(city.west_head).get(f"/offices/{city.east_squad.pk}/people/"), 404, "not_found")


def test_the_reviewers_of_a_case_are_its_authoritys(city: City) -> None:
    case = make_case(city)
    rows = Caller(city.east_handler).get(f"/cases/{case.pk}/reviewers/").json()
    # A case review may also be the unit head's (程序规定第五十二条第二款).
    assert rows == [{"id": person.pk, "name": person.name} for person in (city.east_reviewer, city.east_head)]
