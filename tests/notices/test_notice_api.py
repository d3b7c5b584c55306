from typing import Any

import pytest
import time_machine

from notices.actions import NewNotice, post_notices
from notices.models import Notice
from tests.api_client import Caller, problem_of
from tests.builders import NOW, City, moment


def tell(city: City, count: int = 1) -> list[Notice]:
    """So many notices to the east handler, oldest first."""
    new = [
        NewNotice(city.east_handler.pk, "deadline_due", f"clock:{number}", "lead", number, f"今日届满 {number}")
        for number in range(1, count + 1)
    ]
    post_notices(new, at=NOW)
    return list(Notice.objects.order_by("id"))


def test_an_inbox_is_ones_own_newest_first(city: City) -> None:
    notices = tell(city, 2)
    rows = Caller(city.east_handler).get("/notices/").json()["results"]
    assert [row["id"] for row in rows] == [notices[1].pk, notices[0].pk]
    assert rows[0]["title"] == "今日届满 2"
    assert rows[0]["created_at"] == "2026-03-02T10:00:00+08:00"
    assert Caller(city.east_head).get("/notices/").json()["results"] == []


def test_reading_a_notice_says_when_and_only_the_first_time(city: City) -> None:
    (notice,) = tell(city)
    caller = Caller(city.east_handler)
    with time_machine.travel(moment("2026-03-03"), tick=False):
        assert caller.post(f"/notices/{notice.pk}/read/").json()["read_at"] == "2026-03-03T10:00:00+08:00"
    with time_machine.travel(moment("2026-03-04"), tick=False):
        assert caller.post(f"/notices/{notice.pk}/read/").json()["read_at"] == "2026-03-03T10:00:00+08:00"


def test_somebody_elses_notice_does_not_exist(city: City) -> None:
    (notice,) = tell(city)
    problem_of(Caller(city.east_director).post(f"/notices/{notice.pk}/read/"), 404, "not_found")
    notice.refresh_from_db()
    assert notice.read_at is None


def test_reading_all_reads_ones_own(city: City) -> None:
    tell(city, 3)
    assert Caller(city.east_head).post("/notices/read-all/").json() == {"marked": 0}
    assert Notice.objects.filter(read_at__isnull=True).count() == 3
    assert Caller(city.east_handler).post("/notices/read-all/").json() == {"marked": 3}
    assert Caller(city.east_handler).post("/notices/read-all/").json() == {"marked": 0}


def test_unread_and_read_are_told_apart(city: City) -> None:
    first, second = tell(city, 2)
    caller = Caller(city.east_handler)
    caller.post(f"/notices/{first.pk}/read/")
    assert [row["id"] for row in caller.get("/notices/", unread="true").json()["results"]] == [second.pk]
    assert [row["id"] for row in caller.get("/notices/", unread="false").json()["results"]] == [first.pk]
    assert caller.get("/notices/", urgent="true").json()["results"] == []
    assert len(caller.get("/notices/", subject_kind="lead", subject_id=2).json()["results"]) == 1


def test_a_body_with_a_field_is_refused_where_none_is_wanted(city: City) -> None:
    tell(city)
    problem_of(Caller(city.east_handler).post("/notices/read-all/", {"unread": True}), 400, "unknown_field")
    assert Notice.objects.get().read_at is None


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_the_same_whatever_it_holds(city: City, rows: int, django_assert_num_queries: Any) -> None:
    tell(city, rows)
    caller = Caller(city.east_handler)
    with django_assert_num_queries(2):  # token, rows: an inbox needs no posts
        assert len(caller.get("/notices/").json()["results"]) == rows
