"""The pages of evidence and of measures: what they show to whom, and the forms of their verbs."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from cases.actions.evidence import attach_evidence
from cases.models import Custody, Evidence, Measure, Recording
from cases.pages import evidence, measures
from cases.states.measures import MeasureState
from clues.actions.files import attach_files
from documents.models import StoredFile
from tests.browsing import as_
from tests.builders import City, make_case, moment
from tests.cases.evidence_builders import LAW, make_evidence, make_measure, make_urgent, measure_in
from tests.documents.made_files import MP4, PDF, PNG, upload

AT = moment("2026-03-04")


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(moment("2026-03-05T12:00"), tick=False):
        yield


def sent(client: Client, name: str, number: int, body: dict[str, Any]) -> str:
    """Send a form that is taken; the page it leads to."""
    answer = client.post(reverse(name, args=[number]), body)
    assert answer.status_code == 302, answer.context["form"].errors
    shown = client.get(answer["Location"])
    assert shown.status_code == 200
    return shown.content.decode()


def described(city: City, **changes: Any) -> dict[str, Any]:
    return {
        "kind": "document", "title": "进货单", "proves": "购进数量", "source": "示例商店", "obtained_on": "2026-03-02",
        "officer": city.east_handler.pk, "second_officer": city.east_handler2.pk, "is_original": "yes",
        "copy_note": "", "storage": "证物室", "pages": "3", **changes,
    }  # fmt: skip


def test_evidence_goes_through_all_its_forms(city: City) -> None:
    case = make_case(city)
    attach_files(
        lead_id=case.lead_id or 0, upload=[upload(PDF, "来信.pdf")], purpose="material", actor=city.east_handler, at=AT
    )
    officer, keeper = as_(city.east_handler), as_(city.east_head)
    page = sent(officer, "case_add_evidence", case.pk, described(city, upload=[upload(PNG, "单据.png")]))
    assert "已登记为证据1" in page
    assert StoredFile.objects.get(subject_kind="evidence").sm3 in page
    lead_file = StoredFile.objects.get(subject_kind="lead").pk
    sent(officer, "case_adopt_evidence", case.pk, described(city, title="来信", lead_file=lead_file))
    first, second = Evidence.objects.order_by("number")
    sent(officer, "evidence_attach", first.pk, {"upload": [upload(PNG, "背面.png")]})
    sent(officer, "evidence_correct", first.pk, described(city, title="送货单", reason="名称写错"))
    after = Evidence.objects.get(version=2)
    page = sent(officer, "evidence_verify", after.pk, {"opinion": "与原件一致"})
    assert "背面.png" in page
    sent(officer, "evidence_exclude", second.pk, {"reason": "来源不明", "confirmed": "on"})
    sent(
        officer, "evidence_hand_over", after.pk,
        {"taken_by": city.east_head.pk, "place": "保管室", "condition": "完好", "seal_number": "封1"},
    )  # fmt: skip
    assert "待确认" not in sent(keeper, "evidence_confirm", after.pk, {"confirmed": "on"})
    listing = officer.get(reverse("case_evidence_page", args=[case.pk])).content.decode()
    assert "送货单" in listing
    assert "进货单" not in listing
    assert StoredFile.objects.get(subject_kind="lead").sha256[:12] in listing
    file = officer.get(reverse("evidence_download", args=[second.pk, lead_file]))
    assert b"".join(file) == PDF
    assert officer.get(reverse("evidence_download", args=[after.pk, lead_file])).status_code == 404


def test_a_refused_form_keeps_what_was_typed_and_names_the_field(city: City) -> None:
    case = make_case(city)
    body = described(city, is_original="no", upload=[upload(b"", "空.png")])
    answer = as_(city.east_handler).post(reverse("case_add_evidence", args=[case.pk]), body)
    assert answer.status_code == 400
    assert "copy_note" in answer.context["form"].errors
    assert "进货单" in answer.content.decode()
    assert not Evidence.objects.exists()


def test_a_recording_is_indexed_and_served(city: City) -> None:
    case = make_case(city)
    make_measure(city, case, at=moment("2026-03-03"))
    officer = as_(city.east_handler)
    body = {
        "act": "measure", "title": "扣押现场", "day": "2026-03-03", "starts": "09:00", "ends": "09:40",
        "device": "仪07", "operator": city.east_handler2.pk, "measure": "",
    }  # fmt: skip
    sent(officer, "case_index_recording", case.pk, {**body, "upload": [upload(MP4, "现场.mp4")]})
    sent(officer, "case_index_recording", case.pk, {**body, "medium": "硬盘3"})
    stored, outside = Recording.objects.order_by("id")
    assert b"".join(officer.get(reverse("recording_download", args=[stored.pk]))) == MP4
    assert officer.get(reverse("recording_download", args=[outside.pk])).status_code == 404


def test_a_changed_custody_is_told_on_the_page(city: City) -> None:
    it = make_evidence(city, make_case(city), at=AT)
    reader, url = as_(city.east_head), reverse("evidence_page", args=[it.pk])
    assert "被改动" not in reader.get(url).content.decode()
    Custody.objects.filter(evidence=it).update(place="别处")
    assert "保管链第 1 步" in reader.get(url).content.decode()


TAKING = {
    "day": "2026-03-05", "hour": "11:00", "place": "仓库", "presence": "当事人到场签名",
    "items": "饼干 | 12.5 | 箱 | 500g | 完好 | 证物室 | 封1 | 1,200.50\n牛奶\t3\t箱",
}  # fmt: skip


def test_measures_go_through_all_their_forms(city: City) -> None:
    case = make_case(city)
    officer, head = as_(city.east_handler), as_(city.east_director)
    people = {"officer": city.east_handler.pk, "second_officer": city.east_handler2.pk}
    sent(head, "case_order_measure", case.pk, {"kind": "seizure", "reason": "可能转移", "basis": LAW})
    first = Measure.objects.get()
    with time_machine.travel(moment("2026-03-05T12:30"), tick=False):
        bad = officer.post(reverse("measure_take", args=[first.pk]), {**TAKING, **people, "items": "饼干 | 三 | 箱"})
        assert "items" in bad.context["form"].errors
        page = sent(officer, "measure_take", first.pk, {**TAKING, **people, "hour": "12:10"})
    assert "饼干" in page
    assert "1,200.50" in page
    assert "12.5 箱" in page
    told = {"told_on": "2026-03-05", "reason": "复杂"}
    sent(head, "measure_extend", first.pk, told)
    sent(head, "measure_exclude", first.pk, {**told, "first_day": "2026-03-06", "last_day": "2026-03-08"})
    one, two = first.items.order_by("number")
    sent(head, "measure_dispose", first.pk, {
        "items": [two.pk], "basis": "consent", "proceeds": "30", "kept_proof": "留样", "confirmed": "on",
    })  # fmt: skip
    sent(head, "measure_release", first.pk, {
        "items": [one.pk, two.pk], "ground": "unrelated", "reason": "无关", "confirmed": "on",
    })  # fmt: skip
    sent(officer, "measure_return_items", first.pk, {
        "items": [one.pk], "returned_on": "2026-03-05", "received_by": "张某某",
    })  # fmt: skip
    sent(officer, "measure_announce", first.pk, {
        "items": [two.pk], "announced_on": "2026-03-05", "reason": "下落不明",
    })  # fmt: skip
    early = head.post(
        reverse("measure_treasury", args=[first.pk]), {"items": [two.pk], "reason": "无人领取", "confirmed": "on"}
    )
    assert early.status_code == 409
    with time_machine.travel(moment("2026-04-20"), tick=False):
        sent(as_(city.east_director), "measure_treasury", first.pk, {
            "items": [two.pk], "reason": "无人领取", "confirmed": "on",
        })  # fmt: skip
    assert sorted(first.items.values_list("state", flat=True)) == ["returned", "to_treasury"]

    urgent = {**TAKING, **people, "kind": "registration", "reason": "正在销毁", "basis": LAW, "confirmed": "on"}
    sent(officer, "case_take_urgent_measure", case.pk, urgent)
    sent(officer, "case_take_urgent_measure", case.pk, urgent)
    kept, dropped = Measure.objects.filter(is_urgent=True).order_by("number")
    sent(head, "measure_approve_urgent", kept.pk, {"reason": "同意"})
    sent(head, "measure_refuse_urgent", dropped.pk, {"reason": "不当", "confirmed": "on"})
    offered = officer.get(reverse("measure_handle", args=[kept.pk])).content.decode()
    assert "决定采取查封、扣押" not in offered
    sent(head, "measure_handle", kept.pk, {
        "handling": "seize", "reason": "涉案", "kind": "sealing", "basis": LAW, "confirmed": "on",
    })  # fmt: skip
    sealed = Measure.objects.get(kind="sealing")
    sent(head, "measure_hand_over", sealed.pk, {
        "items": list(sealed.items.values_list("pk", flat=True)), "receiver": "示例市公安局", "reason": "涉嫌犯罪",
        "confirmed": "on",
    })  # fmt: skip
    assert Measure.objects.get(pk=sealed.pk).state == "handled"
    listing = officer.get(reverse("case_measures_page", args=[case.pk])).content.decode()
    assert all(each.label in listing for each in Measure.objects.all())


@pytest.mark.slow
@pytest.mark.parametrize("state", MeasureState.values)
def test_a_measure_offers_exactly_the_forms_that_open(city: City, state: str) -> None:
    kind = "registration" if state in ("lapsed", "handled") else "seizure"
    it = measure_in(city, make_case(city), state, kind)
    verbs = {
        "take", "approve_urgent", "refuse_urgent", "handle", "extend", "exclude", "release", "return_items",
        "confiscate", "dispose", "hand_over", "announce", "treasury",
    }  # fmt: skip
    of_items = {"return_items", "confiscate", "dispose", "hand_over", "announce", "treasury"}
    for who in ("east_handler", "east_head", "east_director", "east_reviewer", "supervisor"):
        reader = as_(getattr(city, who))
        page = reader.get(reverse("measure_page", args=[it.pk])).content.decode()
        offered = set(re.findall(r'class="button[^"]*" href="/cases/measures/\d+/([^"/]+)/"', page))
        opened = {verb for verb in verbs if reader.get(reverse(f"measure_{verb}", args=[it.pk])).status_code == 200}
        assert offered - of_items == opened - of_items, who
        assert offered <= opened


def test_the_page_of_the_case_shows_both_in_few_statements_whatever_their_number(
    city: City, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    case = make_case(city)
    for number in range(4):
        it = make_evidence(city, case, at=AT, title=f"证据之{number}")
        make_measure(city, case, at=moment("2026-03-03"), lines=4)
    attach_evidence(evidence_id=it.pk, upload=[upload(PNG, "一.png")], actor=city.east_handler, at=AT)
    make_urgent(city, case, "registration", at=moment("2026-03-05T11:00"))
    reader = as_(city.east_handler)
    with django_assert_max_num_queries(2):
        parts = [section(city.east_handler, case) for section in (evidence.section, measures.section)]
        for part in parts:
            assert part is not None
            render_to_string(part.template, {"given": part.given})
    page = reader.get(reverse("case_page", args=[case.pk])).content.decode()
    assert "证据之3" in page
    assert "先行登记保存5" in page
    assert "2026-04-02" in page, "the term of a seizure"
    for name in ("case_evidence_page", "case_measures_page"):
        with django_assert_max_num_queries(16):
            assert reader.get(reverse(name, args=[case.pk])).status_code == 200
    with django_assert_max_num_queries(24):
        reader.get(reverse("measure_page", args=[Measure.objects.order_by("id")[0].pk]))
