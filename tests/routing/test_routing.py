"""Whose matter it is: the answer, its refusals, what is kept of it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from accounts.models import Office
from audit.models import Entry
from core.errors import Invalid
from routing.actions import keep_decision
from routing.engine import Level, Question
from routing.models import RouteDecision
from routing.queries import (
    Router,
    category_named,
    city_of,
    decisions_of,
    dry_run,
    level_of,
    region_name,
    region_named,
    route,
    tag_named,
)
from tests.builders import NOW, ROUTING, City, make_routing
from tests.refusals import refused

ON = date(2026, 3, 2)
FOOD = Question("food-sale", "370202", "district")


@pytest.mark.parametrize(
    ("changes", "office", "rule"),
    [
        ({}, "east", "east_rest"),
        ({"region": "370203"}, "west", "west_region"),
        ({"region": "370203", "category": "antitrust-agreement"}, "squad", "squad_antitrust"),
        ({"region": "370203", "amount": Decimal(1_000_000)}, "squad", "squad_large"),
        ({"region": "370203", "amount": Decimal("999999.99")}, "west", "west_region"),
        ({"region": "370200"}, "east", "east_rest"),
        ({"flags": frozenset({"key8-1"}), "level": "city"}, "east", "east_rest"),
    ],
)
def test_the_first_rule_that_holds_decides(city: City, changes: dict[str, object], office: str, rule: str) -> None:
    loaded = make_routing(city)
    found = route(replace(FOOD, **changes), on=ON)  # type: ignore[arg-type]  # each row names the right types
    assert (found.office.code, found.rule_key, found.rule_set_id) == (office, rule, loaded.pk)


def test_the_reason_is_a_chinese_sentence_whatever_the_reader_reads(city: City) -> None:
    make_routing(city)
    with translation.override("en"):
        assert route(FOOD, on=ON).reason == "按《测试市权力划分》（tests-1）：其余由东区局承办。"


def test_any_number_of_questions_costs_two_queries(
    city: City, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_routing(city)
    route(FOOD, on=ON)  # the set's text is read once per process
    for asked in ([FOOD], [FOOD] * 3):
        with django_assert_num_queries(2):
            router = Router(ON)
            assert {router.route(question).office.code for question in asked} == {"east"}


def test_what_no_rule_takes_is_refused_naming_the_combination(city: City) -> None:
    make_routing(city, ROUTING.replace("order: 90,", "order: 90, categories: [food],"), allow_gaps=True)
    with refused(Invalid, "no_route", "office"):
        route(replace(FOOD, category="ip-patent"), on=ON)
    with pytest.raises(Invalid, match="专利；市南区；区县级；金额不明；无标签"):
        route(replace(FOOD, category="ip-patent"), on=ON)


def test_a_matter_outside_the_city_is_refused_by_name(city: City) -> None:
    make_routing(city)
    with pytest.raises(Invalid, match="北京市东城区") as caught:
        route(replace(FOOD, region="110101"), on=ON)
    assert (caught.value.code, caught.value.field) == ("no_route", "office")


def test_a_closed_office_is_refused_naming_rule_and_office(city: City) -> None:
    make_routing(city)
    Office.objects.filter(pk=city.east.pk).update(is_open=False)
    with refused(Invalid, "office_closed", "office"):
        route(FOOD, on=ON)
    with pytest.raises(Invalid, match=r"east_rest.*east局"):
        route(FOOD, on=ON)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"category": ""}, "unknown_category", "category"),
        ({"category": "fod"}, "unknown_category", "category"),
        ({"region": "3702"}, "unknown_region", "region"),
        ({"region": ""}, "unknown_region", "region"),
        ({"level": "*"}, "unknown_level", "level"),
        ({"amount": Decimal(-1)}, "negative_amount", "amount"),
        ({"flags": frozenset({"key8"})}, "unknown_flag", "flags"),
    ],
)
def test_a_question_of_unknown_words_is_refused(city: City, changes: dict[str, object], code: str, field: str) -> None:
    make_routing(city)
    with refused(Invalid, code, field):
        route(replace(FOOD, **changes), on=ON)  # type: ignore[arg-type]  # each row names the right types


def test_an_explanation_says_why_each_earlier_rule_does_not_hold(city: City) -> None:
    make_routing(city)
    told = Router(ON).explain(FOOD)
    assert told.route is not None
    assert told.rule is not None
    assert told.rule.key == told.route.rule_key == "east_rest"
    assert [(each.rule.key, each.why) for each in told.passed_over] == [
        ("squad_antitrust", "类别不符：规则要求反垄断，本件为食品销售"),
        ("squad_large", "金额不符：规则要求1,000,000元以上，本件为金额不明"),
        ("west_region", "地区不符：规则要求市北区，本件为市南区"),
    ]


def test_names_and_levels(city: City) -> None:
    assert (category_named("food").zh, region_named("370202").name) == ("食品", "市南区")
    assert (region_name("370202"), tag_named("key8-1").parent) == ("山东省青岛市市南区", "key8")
    offices = (city.root, city.squad, city.legal, city.east, city.east_squad)
    assert [level_of(office) for office in offices] == [Level.CITY] * 3 + [Level.DISTRICT] * 2


@pytest.mark.parametrize(
    ("code", "city"),
    [
        ("370202", "370200"),
        ("370200", "370200"),
        ("110101", "110000"),
        ("500229", "500000"),
        ("441900", "441900"),
        ("", ""),
    ],
)
def test_the_city_of_a_region(code: str, city: str) -> None:
    assert city_of(code) == city


def test_a_dry_run_names_only_what_would_go_elsewhere(city: City) -> None:
    other = ROUTING.replace("office: west}", "office: squad}")
    matters = [
        ("甲", FOOD, "east"),
        ("乙", replace(FOOD, region="370203"), "west"),
        ("丙", replace(FOOD, category="ip"), "west"),
        ("丁", replace(FOOD, amount=Decimal(5_000_000)), "squad"),
    ]
    moves = dry_run(other, matters)
    assert [(move.label, move.office_before, move.office and move.office.code, move.rule_key) for move in moves] == [
        ("乙", "west", "squad", "west_region"),
        ("丙", "west", "east", "east_rest"),
    ]
    Office.objects.filter(pk=city.east.pk).update(is_open=False)
    closed = dry_run(other, matters[:1])
    assert (closed[0].office, "已停用" in closed[0].refusal) == (None, True)
    with refused(Invalid, "malformed_yaml"):
        dry_run("rules: [", matters)


def keep(city: City, office: Office, reason: str = "", *, routed: bool = True) -> RouteDecision:
    return keep_decision(
        subject_kind="lead", subject_id=7, route=route(FOOD, on=ON) if routed else None,
        question=replace(FOOD, amount=Decimal("12.50"), flags=frozenset({"key8-2", "key8-1"})), office=office,
        reason=reason, actor=city.clerk, at=NOW,
    )  # fmt: skip


def test_a_decision_keeps_rule_question_and_reason(city: City) -> None:
    loaded = make_routing(city)
    kept = keep(city, city.east, "不需要的理由")
    assert (kept.rule_set_id, kept.rule_key, kept.is_override) == (loaded.pk, "east_rest", False)
    assert kept.reason == route(FOOD, on=ON).reason
    assert kept.question == {
        "category": "food-sale", "region": "370202", "level": "district", "amount": "12.50", "flags": ["key8-1", "key8-2"],
    }  # fmt: skip
    assert kept.actor_label == city.clerk.label
    entry = Entry.objects.order_by("-id")[0]
    assert (entry.verb, entry.subject_kind, entry.subject_id) == ("routing.keep_decision", "lead", 7)


def test_deciding_against_the_rules_or_without_one_needs_a_reason(city: City) -> None:
    make_routing(city)
    for routed in (True, False):
        with refused(Invalid, "reason_required", "reason"):
            keep(city, city.west, "  ", routed=routed)
    against = keep(city, city.west, "案情需要")
    without = keep(city, city.west, "规则未覆盖", routed=False)
    assert (against.is_override, against.rule_key, against.reason) == (True, "east_rest", "案情需要")
    assert (without.is_override, without.rule_key, without.rule_set_id) == (True, "", None)
    assert [row.pk for row in decisions_of("lead", 7)] == [without.pk, against.pk]
    assert not decisions_of("lead", 8).exists()
