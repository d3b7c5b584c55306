"""The pages of the division of powers, open to everybody logged in."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Office
from tests.builders import ROUTING, City, make_routing

REST = "  - {key: east_rest, order: 90, name: 其余由东区局承办, office: east}\n"
ASKED = "/routing/try/?category=food-sale&region=370202&level=district"


@pytest.fixture
def reader(client: Client, city: City) -> Client:
    client.force_login(city.east_handler)
    return client


def text_of(reader: Client, path: str, status: int = 200) -> str:
    response = reader.get(path)
    assert response.status_code == status
    return response.content.decode()


def test_the_rules_stand_in_order_with_conditions_and_office(reader: Client, city: City) -> None:
    make_routing(city)
    page = text_of(reader, "/routing/")
    assert [
        page.index(f'id="{key}"') for key in ("squad_antitrust", "squad_large", "west_region", "east_rest")
    ] == sorted(page.index(f'id="{key}"') for key in ("squad_antitrust", "squad_large", "west_region", "east_rest"))
    for words in ("1,000,000元以上", "市北区", "反垄断", "不限", "east局", "本系统默认值，不是法定限制"):
        assert words in page


def test_another_day_shows_the_rules_of_that_day(reader: Client, city: City) -> None:
    make_routing(city)
    make_routing(city, ROUTING.replace("tests-1", "tests-2").replace("2020-01-01", "2026-07-01"))
    assert "版本 tests-1" in text_of(reader, "/routing/?on=2026-06-30")
    assert "版本 tests-2" in text_of(reader, "/routing/?on=20260701")
    page = text_of(reader, "/routing/?on=2019-01-01")
    assert "这一天没有施行的权力划分" in page
    assert 'href="?on=2026-07-01"' in page
    assert "不是日期" in text_of(reader, "/routing/?on=someday")


def test_without_any_division_the_pages_say_what_to_do(reader: Client) -> None:
    assert "load_routing" in text_of(reader, "/routing/")
    for path in ("/routing/coverage/", "/routing/try/"):
        assert "load_routing" in text_of(reader, path, 400)


def test_a_closed_office_is_marked_on_the_table(reader: Client, city: City) -> None:
    make_routing(city)
    Office.objects.filter(pk=city.west.pk).update(is_open=False)
    page = text_of(reader, "/routing/")
    assert page.count("不能承办") == 1
    assert "west局已停用" in page


def test_the_coverage_page_has_the_finding_as_its_heading(reader: Client, city: City) -> None:
    make_routing(city)
    assert "种组合都有唯一承办机构</h1>" in text_of(reader, "/routing/coverage/")


def test_gaps_and_closed_offices_are_named_and_lead_to_the_try_page(reader: Client, city: City) -> None:
    make_routing(city, ROUTING.replace(REST, ""), allow_gaps=True)
    Office.objects.filter(pk=city.west.pk).update(is_open=False)
    page = text_of(reader, "/routing/coverage/")
    assert "无人承办</h1>" in page
    assert "没有规则的组合" in page
    assert "west局已停用" in page
    link = page.partition('href="/routing/try/?category')[2].partition('"')[0]
    answer = text_of(reader, "/routing/try/?category" + link.replace("&amp;", "&"))
    assert "没有规定这种情形由谁承办" in answer


def test_the_try_page_names_the_office_the_rule_and_why_the_others_do_not_hold(reader: Client, city: City) -> None:
    make_routing(city)
    page = text_of(reader, ASKED)
    assert "east局" in page
    assert "#east_rest" in page
    assert "类别不符：规则要求反垄断，本件为食品销售" in page
    page = text_of(reader, ASKED + "&amount=1,000,000&flags=key8-1&on=2026-01-05")
    assert "#squad_large" in page
    assert '<details class="more" open>' in page


def test_a_wrong_question_comes_back_with_what_was_typed(reader: Client, city: City) -> None:
    make_routing(city)
    page = text_of(reader, "/routing/try/?category=nothing&region=370202&level=district&amount=viel")
    assert "error-summary" in page
    assert 'value="viel"' in page
    assert "answer-due" not in page
    assert "error-summary" not in text_of(reader, "/routing/try/")


def test_the_category_page_shows_every_code_and_calls_defaults_defaults(reader: Client) -> None:
    page = text_of(reader, "/routing/categories/")
    for words in ("food-sale", "餐饮服务", "key8-8", "key2-2", "本系统默认值"):
        assert words in page


def test_the_menu_leads_here(reader: Client) -> None:
    assert 'href="/routing/"' in text_of(reader, "/")


@pytest.mark.parametrize(
    "path", ["/routing/", "/routing/coverage/", "/routing/try/?category=food&region=370202&level=city"]
)
def test_more_rules_and_more_sets_cost_no_more_queries(reader: Client, city: City, path: str) -> None:
    make_routing(city)
    text_of(reader, path)  # the set's text is read once per process
    with CaptureQueriesContext(connection) as few:
        text_of(reader, path)
    more = ROUTING.replace("tests-1", "tests-2") + "".join(
        f"  - {{key: more_{number}, order: {number}, name: 更多, regions: ['370203'], office: west}}\n"
        for number in (1, 2, 3)
    )
    make_routing(city, more)
    make_routing(city, ROUTING.replace("tests-1", "tests-3").replace("2020-01-01", "2099-01-01"))
    text_of(reader, path)
    with CaptureQueriesContext(connection) as many:
        text_of(reader, path)
    assert len(many) == len(few)
