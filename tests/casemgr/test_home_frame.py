from datetime import timedelta

import pytest
import time_machine
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from casemgr.frame import MENU, Frame
from core.paging import capped
from deadlines.models import CalendarNotice, CalendarReport, Heartbeat, RuleSet
from tests.builders import City, make_lead, make_routing, moment


def test_the_menu_holds_only_what_the_post_may_open(client: Client, city: City) -> None:
    client.force_login(city.leader)
    assert "登记线索" not in client.get("/notices/").content.decode()
    client.force_login(city.east_clerk)
    assert 'href="/leads/new/"' in client.get("/notices/").content.decode()


def test_every_icon_of_the_menu_is_drawn() -> None:
    sprite = render_to_string("core/components/sprite.html")
    assert [place.icon for group in MENU for place in group.places if f'id="i-{place.icon}"' not in sprite] == []


@pytest.mark.parametrize("who", ["east_clerk", "east_handler", "east_head", "east_reviewer", "supervisor", "leader"])
def test_every_place_of_the_menu_opens_for_whom_it_is_shown_to(client: Client, city: City, who: str) -> None:
    make_routing(city)
    client.force_login(getattr(city, who))
    shown = Frame(client.get("/").wsgi_request, getattr(city, who), timezone.now()).groups
    refused = [
        place.url for group in shown for place in group.places if client.get(place.url, follow=True).status_code != 200
    ]
    assert refused == []


def test_the_menu_says_where_one_is(client: Client, city: City) -> None:
    client.force_login(city.handler)
    assert '<a href="/rules/" aria-current="page">' in client.get("/rules/").content.decode()
    assert '<a href="/calendar/" aria-current="page">' in client.get("/calendar/2026/").content.decode()


def test_every_page_has_a_title_a_time_and_a_language(client: Client, city: City) -> None:
    client.force_login(city.handler)
    page = client.get("/rules/").content.decode()
    assert "<title>期限规则 · 市场监管案件管理</title>" in page
    assert '<html lang="zh-hans">' in page
    assert "时区 Asia/Shanghai" in page
    assert "跳到正文" in page


def test_the_language_can_be_switched_by_everybody(client: Client, city: City) -> None:
    client.post("/language/", {"language": "en", "next": "/login/"})
    assert '<html lang="en">' in client.get("/login/").content.decode()


def test_nothing_on_a_page_comes_from_elsewhere_or_stands_inline(client: Client, city: City) -> None:
    client.force_login(city.handler)
    make_lead(city)
    for path in ("/", "/notices/", "/rules/", "/calculator/", "/calendar/2026/", "/search/?q=示例"):
        page = client.get(path)
        body = page.content.decode()
        assert "default-src 'self'" in page["Content-Security-Policy"]
        assert " style=" not in body
        assert "onclick=" not in body
        assert "<script>" not in body
        assert 'src="http' not in body


def test_a_silent_sweep_alarms_everybody(client: Client, city: City) -> None:
    client.force_login(city.handler)
    now = timezone.now()
    heartbeat = Heartbeat.objects.create(name="sweep", beat_at=now - timedelta(minutes=40))
    assert "提醒服务已停 40 分钟" in client.get("/notices/").content.decode()
    assert client.get("/healthz").status_code == 503
    heartbeat.beat_at = now
    heartbeat.save()
    assert "提醒服务已停" not in client.get("/notices/").content.decode()


def test_a_system_without_its_law_says_so_on_every_page(client: Client, city: City) -> None:
    client.force_login(city.handler)
    CalendarReport.objects.all().delete()
    CalendarNotice.objects.all().delete()
    RuleSet.objects.all().delete()
    assert "尚未加载工作日历" in client.get("/notices/").content.decode()
    refused = client.get("/calculator/")
    assert refused.status_code == 400
    assert "manage.py load_law" in refused.content.decode()


def test_health_says_what_runs_and_nothing_about_anybody(client: Client, city: City) -> None:
    now = timezone.now()
    Heartbeat.objects.create(name="sweep", beat_at=now - timedelta(seconds=30))
    answer = client.get("/healthz")
    assert answer.status_code == 200
    report = answer.json()
    assert 30 <= report.pop("sweep_age_seconds") < 60
    assert report == {
        "status": "ok",
        "database": "ok",
        "pending_reminders_overdue": 0,
        "stuck": 0,
        "dead_deliveries": 0,
    }


@pytest.mark.django_db
def test_health_of_an_empty_system_is_good(client: Client) -> None:
    assert client.get("/healthz").json()["sweep_age_seconds"] is None
    assert client.post("/healthz").status_code == 405


def test_health_counts_reminders_left_behind(client: Client, city: City) -> None:
    with time_machine.travel(moment("2026-03-02"), tick=False):
        make_lead(city)
    Heartbeat.objects.create(name="sweep", beat_at=timezone.now())
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "alarm"
    assert answer.json()["pending_reminders_overdue"] > 0


def test_a_page_that_does_not_exist_says_so_in_words(client: Client, city: City) -> None:
    assert client.get("/nowhere/").status_code == 404
    client.force_login(city.handler)
    page = client.get("/nowhere/").content.decode()
    assert "没有这个页面" in page
    assert "Traceback" not in page


def test_a_refusal_says_what_happened_and_what_to_do(client: Client, city: City) -> None:
    client.force_login(city.handler)
    page = client.post("/notices/999/read/")
    assert page.status_code == 404
    body = page.content.decode()
    assert "没有找到这条通知" in body
    assert "没有改动任何内容" in body
    assert "not_found" in body


def test_a_stale_form_is_explained(city: City) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(city.handler)
    page = client.post("/notices/read/")
    assert page.status_code == 403
    assert "页面已失效" in page.content.decode()


def test_counts_stop_at_a_thousand() -> None:
    assert [capped(1), capped(1000), capped(1001)] == ["1", "1000", "1000+"]
