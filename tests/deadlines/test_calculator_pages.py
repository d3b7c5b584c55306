from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from deadlines.arithmetic import Unit
from deadlines.calculator import answer_to
from deadlines.queries import rule_book
from tests.builders import City


@pytest.fixture
def reader(client: Client, city: City) -> Client:
    client.force_login(city.handler)
    return client


def asked(reader: Client, **question: str) -> str:
    page = reader.get(f"/calculator/?{urlencode(question)}")
    assert page.status_code == 200
    return page.content.decode()


def test_the_calculator_asks_before_it_answers(reader: Client) -> None:
    page = reader.get("/calculator/").content.decode()
    assert "期限规则" in page
    assert "逐日计数" not in page
    assert "error-summary" not in page


def test_a_rule_is_counted_day_by_day_with_its_article(reader: Client) -> None:
    page = asked(reader, rule="lead_verification", start="20260302")
    assert "2026年3月23日" in page
    assert "市场监督管理行政处罚程序规定第十八条" in page
    assert "第15日" in page
    assert "第16日" not in page
    assert "2026年3月24日" in page  # the first day after
    assert "法律依据" in page


def test_extensions_and_days_excluded_push_the_day_on(reader: Client) -> None:
    page = asked(reader, rule="lead_verification", start="2026-03-02", extensions="1", exclude="2026-03-09..2026-03-13")
    assert "第30日" in page
    assert "2026年4月21日" in page
    assert "不计" in page


def test_a_year_not_published_is_marked_provisional(reader: Client) -> None:
    page = asked(reader, start="2026-12-25", amount="10", unit="working_day")
    assert "暂定" in page
    assert "日历未公布" in page


def test_clear_days_are_counted_back_from_the_day(reader: Client) -> None:
    page = asked(reader, start="2024-07-10", amount="7", unit="working_day", direction="before")
    assert "2024年6月28日" in page
    assert "2024年7月1日" in page


def test_hours_are_exact(reader: Client) -> None:
    page = asked(reader, rule="referral_transfer", start="2024-09-30 17:20")
    assert "2024-10-01 17:20" in page
    assert "逐日计数" not in page


def test_a_long_period_is_not_drawn(reader: Client) -> None:
    page = asked(reader, start="2024-01-01", amount="5", unit="year")
    assert "2029年1月1日" in page
    assert "不逐日画出" in page


@pytest.mark.parametrize(
    ("question", "field", "words"),
    [
        ({"start": ""}, "start", "该字段是必填项"),
        ({"start": "2026-02-30", "amount": "3"}, "start", "不是日期或者时刻"),
        ({"start": "2026-03-02"}, "amount", "请选一条规则"),
        ({"start": "2026-03-02", "amount": "-1"}, "amount", "0"),
        ({"start": "2026-03-02", "amount": "3", "unit": "week"}, "unit", "week"),
        ({"start": "2026-03-02", "rule": "nothing"}, "rule", "nothing"),
        ({"start": "2010-03-02", "rule": "lead_verification"}, "start", "没有施行的版本"),
        ({"start": "2026-03-02", "rule": "lead_verification", "extensions": "2"}, "extensions", "最多延长1次"),
        (
            {"start": "2026-03-02", "rule": "lead_verification", "extensions": "1", "extend_by": "9"},
            "extend_by",
            "不能另行指定",
        ),
        ({"start": "2026-03-02", "amount": "3", "extensions": "1"}, "extensions", "只用于按规则"),
        ({"start": "2026-03-02", "amount": "3", "extend_by": "x"}, "extend_by", "只写数字"),
        ({"start": "2026-03-02", "amount": "3", "exclude": "2026-03-05..2026-03-04"}, "exclude", "早于开始日"),
        ({"start": "2026-03-02", "amount": "3", "exclude": "明天"}, "exclude", "看不懂"),
        ({"start": "2026-03-02", "amount": "3", "exclude": "9999-12-31"}, "exclude", "太远"),
        ({"start": "2026-03-02T10:00", "amount": "3"}, "start", "按日计算"),
        ({"start": "2026-03-02", "amount": "3", "unit": "hour"}, "start", "时刻"),
        ({"start": "2026-03-02T10:00", "amount": "3", "unit": "hour", "roll": "any_non_working"}, "roll", "不顺延"),
        ({"start": "2026-03-02", "amount": "3", "direction": "before", "roll": "notice_holiday"}, "roll", "不顺延"),
        ({"start": "2044-12-31", "amount": "9999"}, "start", "超出工作日历"),
        ({"start": "1999-12-31", "amount": "1"}, "start", "超出工作日历"),
    ],
)
def test_a_wrong_question_names_the_field(reader: Client, question: dict[str, str], field: str, words: str) -> None:
    page = asked(reader, **question)
    assert f'href="#id_{field}"' in page
    assert words in page
    assert "answer-due" not in page


def test_the_longest_drawing_stays_inside_the_calendar(reader: Client) -> None:
    assert "answer-due" in asked(reader, start="2015-01-01", amount="1", unit="working_day")
    assert "answer-due" in asked(reader, start="2045-12-01", amount="20", unit="calendar_day")
    assert "answer-due" in asked(reader, start="2026-03-02", amount="0", unit="calendar_day")


def test_the_calculator_costs_the_same_whatever_is_asked(
    reader: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    asked(reader, start="2026-03-02", amount="3")
    for question in (
        {"start": "2026-03-02", "amount": "3"},
        {"start": "2026-03-02", "amount": "350", "unit": "calendar_day"},
    ):
        with django_assert_num_queries(10):
            asked(reader, **question)


def test_the_page_and_the_command_answer_alike_for_every_rule(reader: Client) -> None:
    for key, versions in rule_book().families().items():
        rule = versions[-1]
        day = rule.effective_to or date(2026, 5, 6)
        if rule.duration_kind == "open_ended":
            assert "没有固定期限" in asked(reader, rule=key, start=day.isoformat())
            continue
        start = f"{day}T16:20" if rule.unit is Unit.hour else day.isoformat()
        options: dict[str, Any] = {"rule": key, "start": start, "extensions": None, "extend_by": [], "exclude": []}
        told, _lines = answer_to(options | dict.fromkeys(("add", "before", "unit", "roll")))
        answer = reader.get("/calculator/", {"rule": key, "start": start}).context["answer"]
        assert told["due"] == (f"{answer.moment:%Y-%m-%dT%H:%M}" if answer.moment else answer.due.isoformat()), key
        assert (told["provisional"], told["version"]) == (answer.is_provisional, answer.rule.id)
