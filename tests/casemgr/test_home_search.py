import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.builders import City, make_case, make_lead


def found(client: Client, query: str) -> str:
    page = client.get("/search/", {"q": query})
    assert page.status_code == 200
    return page.content.decode()


def test_a_lead_is_found_by_the_beginning_of_its_number_and_by_its_party(client: Client, city: City) -> None:
    lead = make_lead(city, party="海风食品有限公司")
    client.force_login(city.east_handler)
    for query in (lead.number, lead.number[:8], "海风", "食品有限", f" {lead.number} "):
        assert lead.number in found(client, query).split("<main")[1]


def test_a_case_is_found_too(client: Client, city: City) -> None:
    case = make_case(city)
    client.force_login(city.east_handler)
    page = found(client, case.number)
    assert f'href="/cases/{case.pk}/"' in page


def test_leads_and_cases_are_found_by_what_they_say(client: Client, city: City) -> None:
    case = make_case(city)
    client.force_login(city.east_handler)
    for query in ("过期食品", "货架 过期"):
        assert f'href="/leads/{case.lead_id}/"' in found(client, query).split("<main")[1]
    for query in ("超过保质期", "经营 食品"):
        assert f'href="/cases/{case.pk}/"' in found(client, query).split("<main")[1]
    assert "没有找到" in found(client, "货架 面粉")


def test_what_one_may_not_see_is_not_found(client: Client, city: City) -> None:
    lead = make_lead(city, party="海风食品有限公司")
    client.force_login(city.west_handler)
    page = found(client, "海风")
    assert lead.number not in page
    assert "没有找到" in page


@pytest.mark.parametrize("query", ["", "一", " ", "\0", "\0\0\0"])
def test_too_little_finds_nothing(client: Client, city: City, query: str) -> None:
    make_lead(city, party="一一一")
    client.force_login(city.east_handler)
    assert "请至少输入两个字" in found(client, query)


@pytest.mark.parametrize("query", ["%%", "__", "'; drop table", "<script>alert(1)</script>", "\\\\", "a" * 5000])
def test_hostile_words_are_only_words(client: Client, city: City, query: str) -> None:
    make_lead(city)
    client.force_login(city.east_handler)
    page = found(client, query)
    assert "没有找到" in page
    assert "<script>alert" not in page


def test_a_list_that_was_cut_says_so(client: Client, city: City) -> None:
    for number in range(21):
        make_lead(city, party=f"海风{number}")
    client.force_login(city.east_handler)
    assert "每类最多列出 20 条" in found(client, "海风")


def test_searching_costs_the_same_for_one_and_for_three(
    client: Client, city: City, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(city.east_handler)
    make_lead(city)
    with django_assert_num_queries(13):
        found(client, "示例")
    make_lead(city)
    make_lead(city)
    with django_assert_num_queries(13):
        found(client, "示例")
