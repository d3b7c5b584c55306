import json

import pytest
from django.test import Client
from django.utils import timezone

from deadlines.actions.law import publish_calendar
from deadlines.models import Clock
from deadlines.queries import rule_book
from deadlines.yearplans import DATA
from tests.builders import SYSTEM, City, make_lead, moment


@pytest.fixture
def reader(client: Client, city: City) -> Client:
    client.force_login(city.east_handler)
    return client


def test_every_rule_version_stands_on_the_reference_page(reader: Client) -> None:
    page = reader.get("/rules/").content.decode()
    for version in rule_book().versions():
        assert f'id="{version.id}"' in page
    assert "本地默认值（非法律规定）" in page
    assert "二手来源，待核实" in page


def test_rules_are_found_by_words_and_by_status(reader: Client) -> None:
    page = reader.get("/rules/?q=核查 第十八条").content.decode()
    assert 'id="lead_verification"' in page
    assert 'id="case_handling"' not in page
    page = reader.get("/rules/?status=local_default").content.decode()
    assert 'id="lead_verification"' not in page
    assert "没有符合条件的规则" in reader.get("/rules/?q=没有这种规则").content.decode()


def test_an_unknown_status_shows_everything_and_says_why(reader: Client) -> None:
    page = reader.get("/rules/?status=gossip").content.decode()
    assert "error-summary" in page
    assert 'id="lead_verification"' in page


def test_the_calendar_shows_days_off_and_make_up_days_with_their_source(reader: Client) -> None:
    page = reader.get("/calendar/2026/").content.decode()
    assert "春节" in page
    assert "day-make_up" in page
    assert "2026.json" in page
    assert "没有加载" not in page


def test_a_year_not_published_is_flagged(reader: Client) -> None:
    page = reader.get("/calendar/2027/").content.decode()
    assert "暂定" in page
    assert "还没有加载过" in page


def test_the_calendar_leads_to_this_year(reader: Client) -> None:
    page = reader.get("/calendar/")
    assert page.status_code == 302


@pytest.mark.parametrize("year", [2014, 2046, 1, 999999])
def test_a_year_outside_the_calendar_does_not_exist(reader: Client, year: int) -> None:
    page = reader.get(f"/calendar/{year}/")
    assert page.status_code == 404
    assert "2015" in page.content.decode()


def test_a_calendar_report_shows_only_clocks_the_reader_may_see(client: Client, city: City) -> None:
    """A new notice makes 2026-04-07 a day off too; the lead due that day is re-dated."""
    lead = make_lead(city, at=moment("2026-03-16"))
    assert str(Clock.objects.get(rule="lead_verification").due_on) == "2026-04-07"
    notice = json.loads((DATA / "calendars/2026.json").read_text())
    festival = next(row["name"] for row in notice["days"] if row["date"] == "2026-04-06")
    notice["days"].append({"name": festival, "date": "2026-04-07", "isOffDay": True})
    notice["papers"].append("https://www.gov.cn/amended")
    publish_calendar(raw=json.dumps(notice).encode(), source="amended", actor=SYSTEM, at=timezone.now())
    assert str(Clock.objects.get(rule="lead_verification").due_on) == "2026-04-08"

    client.force_login(city.east_handler)
    assert lead.label in client.get("/calendar/2026/").content.decode()
    client.force_login(city.west_handler)
    other = client.get("/calendar/2026/").content.decode()
    assert lead.number not in other
    assert "都不在您的可见范围内" in other
