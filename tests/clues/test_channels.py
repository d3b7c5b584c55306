"""What each channel asks for, and how a lead comes in by form and by API: what is wrong is named and nothing is lost."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from clues.actions import intake
from clues.channels import FACTS, fact_errors
from clues.models import Lead
from clues.pages.forms.intake import form_for
from clues.states import Channel
from core.errors import Invalid, NotPermitted
from documents.models import StoredFile
from informants.queries import informant_of
from routing.queries import decisions_of, tags
from tests.api_client import Caller, problem_of
from tests.builders import NOW, City, make_routing, moment
from tests.clues.complaint_stages import WHO
from tests.documents.made_files import PDF, PNG, upload
from tests.refusals import refused

FULL: dict[str, dict[str, str]] = {
    "complaint": {"claim": "退货退款", "paid": "128.50", "purchased_on": "2026-03-01"},
    "report": {"ticket_no": "12315-1"},
    "inspection": {"inspected_on": "2026-03-02"},
    "sampling": {"report_no": "检1", "product": "酱油", "failed_items": "苯甲酸", "laboratory": "检验院"},
    "transfer_in": {"from_body": "公安局", "letter_no": "函1号"},
    "assigned": {"from_body": "省局"},
    "opinion": {"medium": "某平台"},
    "data": {"system": "价格监测"},
    "procuratorate": {"from_body": "检察院", "letter_no": "检意1号"},
    "self_found": {},
}


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(moment("2026-03-04"), tick=False):
        yield


def log(city: City, channel: str = "self_found", **changed: Any) -> Lead:
    given: dict[str, Any] = {
        "channel": channel, "received_on": date(2026, 3, 2), "party_name": "示例商店", "summary": "过期食品",
        "office_id": city.east_squad.pk, "facts": FULL[channel], "actor": city.east_handler, "at": NOW,
        "informant": WHO if channel == "complaint" else intake.NOBODY,
    }  # fmt: skip
    return intake.log_lead(**(given | changed))


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# ---- channels ---------------------------------------------------------------


def test_every_channel_has_its_facts_and_its_form(city: City) -> None:
    assert set(FACTS) == set(Channel.values) == set(FULL)
    for channel in Channel:
        form = form_for(channel)(user=city.east_clerk, today=date(2026, 3, 4))
        own = {fact.name for fact in FACTS[channel]}
        others = {fact.name for facts in FACTS.values() for fact in facts} - own
        assert own <= set(form.fields) and not others & set(form.fields), channel
        assert ("informant_name" in form.fields) is (channel in ("complaint", "report"))
        assert ("is_mixed" in form.fields) is (channel == "complaint")
        assert {field.name for _title, fields in form.parts() for field in fields} == set(form.fields)


@pytest.mark.parametrize("channel", FULL)
def test_every_channel_comes_in_by_its_form(city: City, channel: str) -> None:
    told = {f"informant_{name}": getattr(WHO, name) for name in ("name", "phone", "address")}
    typed = {
        "received_on": "2026-03-02", "party_name": "示例商店", "summary": "过期食品", "office": city.east_squad.pk,
        "informant_is_real_name": "yes", **(told if channel in ("complaint", "report") else {}), **FULL[channel],
    }  # fmt: skip
    answer = browser(city.east_clerk).post(f"/leads/new/?channel={channel}", typed, follow=True)
    page = answer.content.decode()
    lead = Lead.objects.get()
    assert (lead.channel, lead.channel_facts, lead.region_code) == (channel, FULL[channel], lead.office.region_code)
    assert answer.redirect_chain, page
    for fact in FACTS[channel]:
        assert (str(fact.label) in page) is (fact.name in FULL[channel]), fact.name
    assert WHO.name not in page and WHO.phone not in page
    informant = informant_of("lead", lead.pk)
    assert (informant is not None and informant.code in page) is (channel in ("complaint", "report"))


def test_the_channel_is_chosen_first(city: City) -> None:
    page = browser(city.east_clerk).get("/leads/new/").content.decode()
    for channel in Channel:
        card = page.split(f'href="/leads/new/?channel={channel}"')[1].split("</a>")[0]
        asked = [str(fact.label) for fact in FACTS[channel] if fact.is_required]
        assert (f"须填：{'、'.join(asked)}" if asked else "没有另外必填的项目") in card, channel
    assert '<form class="form"' not in browser(city.east_clerk).get("/leads/new/?channel=rumour").content.decode()


def test_tags_of_this_system_say_that_the_office_renames_them(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    words, address = "本系统默认名称，由本机关替换。", "/leads/new/?channel=report"
    assert words in browser(city.east_clerk).get(address).content.decode()
    own = [replace(tag, is_default=False) for tag in tags()]
    monkeypatch.setattr("clues.pages.forms.intake.tags", lambda: own)
    assert words not in browser(city.east_clerk).get(address).content.decode()


@pytest.mark.parametrize(
    ("channel", "facts", "code", "field"),
    [
        ("complaint", {}, "required", "claim"),
        ("complaint", {"claim": "字" * 501}, "too_long", "claim"),
        ("complaint", {"claim": "退", "paid": "12,8"}, "amount_out_of_range", "paid"),
        ("complaint", {"claim": "退", "paid": "-1"}, "amount_out_of_range", "paid"),
        ("complaint", {"claim": "退", "paid": "1.234"}, "amount_out_of_range", "paid"),
        ("complaint", {"claim": "退", "purchased_on": "2026-03-03"}, "future_date", "purchased_on"),
        ("complaint", {"claim": "退", "purchased_on": "20260301"}, "not_a_day", "purchased_on"),
        ("complaint", {"claim": "退", "purchased_on": "2026-W09-1"}, "not_a_day", "purchased_on"),
        ("sampling", {"report_no": "1", "product": "酱油", "failed_items": " ", "laboratory": "院"}, "required", "failed_items"),
        ("report", {"claim": "退"}, "unknown_field", "claim"),
        ("self_found", {"whatever": "x"}, "unknown_field", "whatever"),
    ],
)  # fmt: skip
def test_a_faulty_fact_is_refused(city: City, channel: str, facts: dict[str, str], code: str, field: str) -> None:
    with refused(Invalid, code, field):
        log(city, channel, facts=facts)
    assert {error.field for error in fact_errors(channel, facts, date(2026, 3, 2))} == {field}


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"region_code": "379999"}, "unknown_region", "region_code"),
        ({"category": "magic"}, "unknown_category", "category"),
        ({"flags": ["magic"]}, "unknown_flag", "flags"),
        ({"amount": Decimal("-1")}, "amount_out_of_range", "amount"),
        ({"amount": Decimal("1.001")}, "amount_out_of_range", "amount"),
        ({"amount": Decimal("1e12")}, "amount_out_of_range", "amount"),
        ({"amount": Decimal("NaN")}, "amount_out_of_range", "amount"),
        ({"address": "路" * 201}, "too_long", "address"),
        ({"informant": intake.InformantInput(name="名" * 61)}, "too_long", "informant_name"),
        ({"office_id": None}, "required", "office"),
    ],
)
def test_a_faulty_lead_is_refused(city: City, changed: dict[str, Any], code: str, field: str) -> None:
    with refused(Invalid, code, field):
        log(city, **changed)


@pytest.mark.parametrize("missing", ["name", "phone", "address"])
def test_a_complaint_names_its_complainant(city: City, missing: str) -> None:
    told = {name: getattr(WHO, name) for name in ("name", "phone", "address") if name != missing}
    with refused(Invalid, "required", f"informant_{missing}"):
        log(city, "complaint", informant=intake.InformantInput(**told))


def test_an_anonymous_report_names_nobody_and_a_nameless_one_is_not_by_real_name(city: City) -> None:
    nameless = log(city, "report", informant=intake.InformantInput(phone="13800000417"))
    informant = informant_of("lead", nameless.pk)
    assert log(city, "report").is_anonymous and not nameless.is_anonymous
    assert informant is not None and not informant.is_real_name and informant.subject_number == nameless.number


# ---- whose it is ------------------------------------------------------------


def test_without_an_office_the_division_decides(city: City) -> None:
    make_routing(city)
    lead = log(city, category="food-sale", office_id=None, actor=city.east_clerk)
    (decision,) = decisions_of("lead", lead.pk)
    assert (lead.office, decision.rule_key, decision.is_override) == (city.east, "east_rest", False)


def test_an_office_below_the_one_the_division_names_needs_no_reason(city: City) -> None:
    make_routing(city)
    lead = log(city, category="food-sale")
    assert (lead.office, decisions_of("lead", lead.pk)[0].reason) == (
        city.east_squad, "在按权力划分承办的机关内部确定",
    )  # fmt: skip


def test_another_office_than_the_divisions_needs_a_reason(city: City) -> None:
    make_routing(city)
    changed: dict[str, Any] = {
        "category": "food-sale",
        "region_code": "370203",
        "office_id": city.east.pk,
        "actor": city.east_clerk,
    }
    with refused(Invalid, "route_reason_required", "route_reason"):
        log(city, **changed)
    with refused(Invalid, "too_long", "route_reason"):
        log(city, **changed, route_reason="由" * 501)
    lead = log(city, **changed, route_reason="同一当事人的线索正在本局办理")
    (decision,) = decisions_of("lead", lead.pk)
    assert (decision.rule_key, decision.is_override, decision.reason) == (
        "west_region", True, "同一当事人的线索正在本局办理",
    )  # fmt: skip


@pytest.mark.parametrize("is_loaded", [False, True])
def test_an_office_somebody_chose_is_not_blocked_by_a_missing_rule(city: City, is_loaded: bool) -> None:
    changed: dict[str, Any] = {"category": "food-sale", "region_code": "110101"}
    if is_loaded:
        make_routing(city)
    with refused(Invalid, "no_route" if is_loaded else "division_not_loaded"):
        log(city, **changed, office_id=None)
    (decision,) = decisions_of("lead", log(city, **changed).pk)
    assert (decision.rule_key, decision.is_override) == ("", True)


def test_what_another_office_should_have_stays_until_it_is_handed_over(city: City) -> None:
    make_routing(city)
    lead = log(city, category="food-sale", region_code="370203", office_id=None)
    (decision,) = decisions_of("lead", lead.pk)
    assert (lead.office, decision.is_override) == (city.east_squad, True)
    page = browser(city.east_handler).get(f"/leads/{lead.pk}/").content.decode()
    assert "按权力划分应由west局承办，" in page and "请移交" in page
    assert "测试市权力划分 tests-1：市北区由西区局承办" in page and "west_region" not in page


def test_who_may_act_for_neither_logs_nothing(city: City) -> None:
    with refused(NotPermitted, "not_permitted"):
        log(city, actor=city.west_handler)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"category": "food-sale", "region_code": "370202"}, "（tests-1）：其余由东区局承办。"),
        ({"category": "food-sale", "region_code": "370203"}, "您的岗位不在该机构"),
        ({"category": "food-sale", "region_code": "370203", "office": "east"}, "请在下面写明理由"),
        ({"category": "antitrust"}, "：反垄断由支队承办。"),
        ({"category": "food-sale", "amount": "1,000,000"}, "：一百万元以上由支队承办。"),
        ({"category": "food-sale", "amount": "许多"}, "不是金额"),
        ({"category": "food-sale", "region_code": "110101"}, "不在《"),
        ({}, "请选择承办机构"),
    ],
)
def test_the_form_says_before_saving_which_office_would_get_it(city: City, typed: dict[str, str], words: str) -> None:
    make_routing(city)
    if typed.get("office") == "east":
        typed = {**typed, "office": str(city.east.pk)}
    given = {**typed, "summary": "写了一半", "flags": ["key8-1", "key8-2"], "refresh": "yes"}
    page = browser(city.east_clerk).post("/leads/new/?channel=report", given).content.decode()
    assert words in page
    assert "写了一半" in page and page.count(" checked") == 3
    assert not Lead.objects.exists()


# ---- form and API -----------------------------------------------------------


def test_a_refused_form_keeps_what_was_typed(city: City) -> None:
    typed = {
        "received_on": "2026-03-05", "party_name": "示例商店", "party_code": "91370202MA0000000X", "summary": "写了一半",
        "category": "magic", "claim": "退货", "paid": "许多", "informant_name": "示例人", "office": city.east_squad.pk,
    }  # fmt: skip
    answer = browser(city.east_clerk).post("/leads/new/?channel=complaint", typed)
    page = answer.content.decode()
    assert answer.status_code == 400 and not Lead.objects.exists()
    for name in ("paid", "informant_phone"):
        assert f'href="#id_{name}"' in page
    for text in ("写了一半", "退货", "许多", "示例人", "91370202MA0000000X", "2026-03-05"):
        assert text in page


def test_files_come_with_the_lead_or_not_at_all(city: City) -> None:
    typed = {
        "received_on": "2026-03-02", "party_name": "示例商店", "summary": "过期", "office": city.east_squad.pk,
        "informant_is_real_name": "no",
    }  # fmt: skip
    bad = [upload(b"not a picture", "照片.png")]
    answer = browser(city.east_clerk).post("/leads/new/?channel=report", {**typed, "uploads": bad})
    assert answer.status_code == 400 and 'href="#id_uploads"' in answer.content.decode()
    assert not Lead.objects.exists() and not StoredFile.objects.exists()
    good = [upload(PNG, "货架.png"), upload(PDF, "材料.pdf")]
    answer = browser(city.east_clerk).post("/leads/new/?channel=report", {**typed, "uploads": good})
    assert answer.status_code == 302
    assert {(file.subject_id, file.purpose) for file in StoredFile.objects.all()} == {
        (Lead.objects.get().pk, "material")
    }
    assert StoredFile.objects.count() == 2


BODY = {
    "channel": "complaint", "received_on": "2026-03-02", "party_name": "示例商店", "summary": "过期食品",
    "facts": {"claim": "退货退款"}, "informant_name": WHO.name, "informant_phone": WHO.phone,
    "informant_address": WHO.address,
}  # fmt: skip


def test_the_api_takes_every_field(city: City) -> None:
    make_routing(city)
    more = {
        "category": "food-sale", "region_code": "370202", "address": "示例路1号", "amount": "88.50",
        "flags": ["key8-1"], "is_mixed": True,
    }  # fmt: skip
    answer = Caller(city.east_clerk).post("/leads/", BODY | more)
    assert answer.status_code == 201, answer.content
    found = answer.json()
    assert (found["office"], found["category"], found["amount"], found["flags"]) == (
        city.east.pk, "food-sale", "88.50", ["key8-1"],
    )  # fmt: skip
    assert found["channel_facts"] == {"claim": "退货退款"} and not found["is_anonymous"]
    assert WHO.name not in answer.content.decode()
    twin = Lead.objects.get(origin_id=found["id"])
    assert twin.channel == "report"


@pytest.mark.parametrize(
    ("changed", "pointer", "code"),
    [
        ({"facts": {}}, "#/facts/claim", "required"),
        ({"facts": {"claim": "退", "order": "1"}}, "#/facts/order", "unknown_field"),
        ({"informant_phone": ""}, "#/informant_phone", "required"),
        ({"region_code": "379999"}, "#/region_code", "unknown_region"),
        ({"amount": "-1"}, "#/amount", "amount_out_of_range"),
        ({"amount": 1.5}, "#/amount", "inexact"),
        ({"received_on": "2026-03-05"}, "#/received_on", "future_origin"),
        ({"summary": "字" * 4001}, "#/summary", "max_length"),
        ({"party_code": "9" * 19}, "#/party_code", "too_long"),
        ({"rumour": 1}, "#/rumour", "unknown_field"),
    ],
)
def test_the_api_names_what_is_wrong(city: City, changed: dict[str, Any], pointer: str, code: str) -> None:
    answer = Caller(city.east_clerk).post("/leads/", BODY | {"office": city.east.pk} | changed)
    problem = problem_of(answer, 400, answer.json()["code"])
    assert (pointer, code) in [(error["pointer"], error["code"]) for error in problem["errors"]]
    assert not Lead.objects.exists()
