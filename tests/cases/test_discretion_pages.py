"""裁量基准和听证标准: what is in force on a day, older versions by the day, examples called examples."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from cases.actions.discretion import load_discretion
from cases.queries.discretion import local_amounts
from deadlines.yearplans import DATA
from tests.api_client import Caller, problem_of
from tests.browsing import as_
from tests.builders import NOW, SYSTEM, City, make_case
from tests.cases.test_discretion import STANDARDS, load

PAGE = "/cases/standards/"
EXAMPLES = Path(DATA / "discretion/example.yaml")


def test_the_page_shows_tiers_ranges_source_and_the_sums_of_the_law(city: City) -> None:
    load_discretion(text=EXAMPLES.read_text(encoding="utf-8"), source="example", actor=SYSTEM, at=NOW)
    page = as_(city.east_handler).get(PAGE).content.decode()
    for words in (
        "经营超过保质期的食品（示例）", "示例，非法定基准，须由本机关替换", "配合查处，货值金额不足一千元",
        "5,000.00至15,000.00元", "违法经营额的1.50至3.50倍", "市场监督管理行政处罚听证办法第五条第三项", "100,000.00",
        "市场监督管理行政处罚程序规定第六十六条", "3,000.00", "法定", "不论数额",
    ):  # fmt: skip
        assert words in page, words


def test_what_an_authority_and_its_province_set_takes_the_place_of_examples_and_sums(city: City) -> None:
    load_discretion(text=EXAMPLES.read_text(encoding="utf-8"), source="example", actor=SYSTEM, at=NOW)
    load()
    east = as_(city.east_handler).get(PAGE, {"on": "2026-03-02"}).content.decode()
    assert "（示例）" not in east
    assert "示例市裁量基准第一条" in east
    assert "本省规定，代替规章的数额：示例省规定第一条" in east
    assert "50,000.00" in east
    west = as_(city.west_handler).get(PAGE, {"on": "2026-03-02"}).content.decode()
    assert "经营超过保质期的食品（示例）" in west, "the standards of another district are not the west's"
    assert local_amounts(city.west, date(2026, 3, 2)) is not None, "what was set for the city holds for its districts"


def test_older_versions_are_reached_by_the_day(city: City) -> None:
    load()
    load(
        STANDARDS.replace("effective_from: 2026-01-01\n    tiers", "effective_from: 2026-03-01\n    tiers").replace(
            "初次", "初犯"
        )
    )
    browser = as_(city.east_handler)
    new = browser.get(PAGE, {"on": "2026-03-01"}).content.decode()
    assert "初犯" in new
    assert "?on=2026-01-01" in new
    old = browser.get(PAGE, {"on": "20260228"}).content.decode()
    assert "初次" in old
    assert "初犯" not in old
    before = browser.get(PAGE, {"on": "2020-01-01"}).content.decode()
    assert "这一天的规定没有载入，系统不判断是否应当告知听证权利。" in before
    assert "没有这一天适用的裁量基准" in before


def test_a_wrong_day_is_said_and_a_word_narrows(city: City) -> None:
    load()
    browser = as_(city.east_handler)
    wrong = browser.get(PAGE, {"on": "gestern"}).content.decode()
    assert "不是日期" in wrong
    assert "示例市裁量基准第一条" not in wrong
    assert "示例市裁量基准第一条" not in browser.get(PAGE, {"q": "商标"}).content.decode()
    assert "示例市裁量基准第一条" in browser.get(PAGE, {"q": "保质期"}).content.decode()


def test_the_proposal_leads_to_it(city: City) -> None:
    case = make_case(city)
    assert f'href="{PAGE}"' in as_(city.east_handler).get(f"/cases/{case.pk}/propose/").content.decode()


def many_standards(many: int) -> str:
    head, rest = STANDARDS.split("  - key", 1)
    one, tail = rest.split("hearing_thresholds", 1)
    rows = ["  - key" + one.replace("expired_food", f"food_{number}") for number in range(many)]
    return head + "".join(rows) + "hearing_thresholds" + tail


@pytest.mark.parametrize("many", [1, 3, 25])
def test_the_page_costs_the_same_whatever_it_holds(
    city: City, django_assert_num_queries: DjangoAssertNumQueries, many: int
) -> None:
    load(many_standards(many))
    browser = as_(city.east_handler)
    browser.get(PAGE)
    with django_assert_num_queries(14):
        page = browser.get(PAGE, {"on": "2026-03-02"}).content.decode()
    assert ("after=" in page) is (many == 25)


def test_the_api_tells_standards_and_thresholds_of_a_day(city: City, django_assert_num_queries: Any) -> None:
    load()
    caller = Caller(city.east_handler)
    with django_assert_num_queries(5):  # token, posts, is there any of its own, standards, tiers
        answer = caller.get("/discretion_standards/", on="2026-03-02").json()
    row = answer["results"][0]
    assert (answer["after"], row["key"], row["basis"], row["is_default"]) == (
        "",
        "expired_food",
        "示例市裁量基准第一条",
        False,
    )
    assert [(tier["kind"], tier["least"], tier["most"]) for tier in row["tiers"]] == [
        ("none", None, None), ("lighter", "1000.00", "5000.00"), ("heavier", "2.00", "5.00"),
    ]  # fmt: skip
    assert caller.get("/discretion_standards/", on="2025-12-31").json()["results"] == []
    sums = caller.get("/thresholds/", on="2026-03-02").json()
    assert [(limb["basis"][-3:], limb["person"], limb["local_basis"]) for limb in sums["hearing"]] == [
        ("第一项", None, ""), ("第二项", None, ""), ("第三项", "5000.00", "示例省规定第一条"),
        ("第四项", "5000.00", "示例省规定第一条"),
    ]  # fmt: skip
    assert [limb["organisation"] for limb in sums["on_spot"]] == ["3000.00"]
    assert caller.get("/thresholds/", on="2020-01-01").json()["hearing"] == []
    for path in ("/discretion_standards/", "/thresholds/"):
        problem_of(caller.get(path, on="morgen"), 400, "invalid")
        problem_of(caller.get(path, day="2026-03-02"), 400, "unknown_field")
