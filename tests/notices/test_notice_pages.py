import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from notices.actions import NewNotice, post_notices
from notices.models import Notice
from tests.builders import City, moment


@pytest.fixture
def reader(client: Client, city: City) -> Client:
    client.force_login(city.handler)
    return client


def tell(user: User, *titles: str, is_late: bool = False) -> None:
    post_notices(
        [
            NewNotice(
                recipient_id=user.pk, kind="reminder", key=f"key {title}", subject_kind="calendar", subject_id=1,
                title=title, is_late=is_late,
            )
            for title in titles
        ],
        at=moment("2026-03-02"),
    )  # fmt: skip


def test_the_inbox_is_ones_own(reader: Client, city: City) -> None:
    tell(city.handler, "给我的")
    tell(city.handler2, "给别人的")
    page = reader.get("/notices/").content.decode()
    assert "给我的" in page
    assert "给别人的" not in page


def test_read_notices_stay_under_all(reader: Client, city: City) -> None:
    tell(city.handler, "第一条", "第二条")
    first = Notice.objects.get(title="第一条")

    answer = reader.post(f"/notices/{first.pk}/read/", {"back": "/notices/?show=all"})

    assert (answer.status_code, answer["Location"]) == (302, "/notices/?show=all")
    assert "第一条" not in reader.get("/notices/").content.decode()
    assert "第一条" in reader.get("/notices/?show=all").content.decode()


def test_all_can_be_read_at_once(reader: Client, city: City) -> None:
    tell(city.handler, "第一条", "第二条")
    tell(city.handler2, "别人的")
    page = reader.post("/notices/read/", follow=True).content.decode()
    assert "已把 2 条通知标为已读" in page
    assert "没有未读的通知" in page
    assert Notice.objects.filter(read_at__isnull=True).count() == 1


def test_a_notice_of_somebody_else_does_not_exist(reader: Client, city: City) -> None:
    tell(city.handler2, "别人的")
    page = reader.post(f"/notices/{Notice.objects.get().pk}/read/")
    assert page.status_code == 404
    assert "没有找到这条通知" in page.content.decode()
    assert Notice.objects.get().read_at is None


def test_reading_by_a_link_changes_nothing(reader: Client, city: City) -> None:
    tell(city.handler, "第一条")
    assert reader.get(f"/notices/{Notice.objects.get().pk}/read/").status_code == 405
    assert reader.get("/notices/read/").status_code == 405
    assert Notice.objects.get().read_at is None


def test_the_way_back_never_leaves_the_site(reader: Client, city: City) -> None:
    for back in ("https://example.org/", "//example.org", "javascript:alert(1)", ""):
        assert reader.post("/notices/read/", {"back": back})["Location"] == "/notices/"


def test_a_late_notice_says_so(reader: Client, city: City) -> None:
    tell(city.handler, "晚到的", is_late=True)
    assert "迟到" in reader.get("/notices/").content.decode()


def test_an_empty_inbox_is_said_with_warmth(reader: Client) -> None:
    assert "没有未读的通知" in reader.get("/notices/").content.decode()
    assert "还没有通知" in reader.get("/notices/?show=all").content.decode()


def test_a_long_inbox_has_pages(reader: Client, city: City) -> None:
    tell(city.handler, *[f"第{number:03}条" for number in range(60)])
    page = reader.get("/notices/")
    assert "第059条" in page.content.decode()
    assert "第009条" not in page.content.decode()
    after = page.context["page"].after
    assert "第009条" in reader.get("/notices/", {"after": after}).content.decode()
    assert reader.get("/notices/?after=nonsense").status_code == 400


def test_the_inbox_costs_the_same_for_one_and_for_three(
    reader: Client, city: City, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tell(city.handler, "一")
    with django_assert_num_queries(10):
        reader.get("/notices/")
    tell(city.handler, "二", "三")
    with django_assert_num_queries(10):
        reader.get("/notices/")
