"""The head's decisions: declining by the lists, transfer and its receipt, telling the outcome, filing with everything."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from cases.actions.filing import file_case
from cases.models import Case
from cases.states.matter import FilingCondition
from clues.actions import custody, decisions, files, intake, verification
from clues.actions.no_penalty import load_no_penalty_items
from clues.models import Lead, NoPenaltyItem
from clues.queries import no_penalty_items
from core.errors import Invalid, NotPermitted, WrongState
from deadlines.models import Clock
from documents.models import StoredFile
from tests.api_client import Caller, problem_of
from tests.builders import NOW, SYSTEM, City, make_verified_lead, moment
from tests.documents.made_files import PDF, upload
from tests.refusals import refused

AT = moment("2026-03-04")
TODAY = AT.date()
INFORMANT = intake.InformantInput(name="示例举报人", phone="13900000000", address="示例路9号")


def item(**changes: Any) -> str:
    fields = {
        "key": "label", "kind": "minor", "title": "标签缺项", "condition": "及时改正", "basis": "行政处罚法第三十三条",
        "effective_from": "2025-01-01",
    } | changes  # fmt: skip
    return "  - " + "\n    ".join(f"{name}: {value}" for name, value in fields.items())


def load(*items: str) -> int:
    return load_no_penalty_items(text="items:\n" + "\n".join(items), source="tests", actor=SYSTEM, at=AT)


def verified(city: City, channel: str = "report", *, at: datetime = NOW, **more: Any) -> Lead:
    facts = {
        "procuratorate": {"from_body": "示例区检察院", "letter_no": "示检意〔2026〕1号"},
        "assigned": {"from_body": "示例省局"},
    }.get(channel, {})
    lead = intake.log_lead(
        channel=channel, received_on=at.date(), party_name="示例商店", summary="货架上有过期食品。", facts=facts,
        office_id=city.east_squad.pk, actor=city.east_handler, at=at, **more,
    )  # fmt: skip
    custody.assign_lead(
        lead_id=lead.pk, office_id=city.east_squad.pk, owner_id=city.east_handler.pk, actor=city.east_head, at=at
    )
    custody.sign_lead(lead_id=lead.pk, actor=city.east_handler, at=at)
    return verification.report_findings(
        lead_id=lead.pk, findings="核查属实。", proposal="filed", actor=city.east_handler, at=at
    )


def decline(city: City, lead: Lead, *, at: datetime = AT, ground: str = "minor", item_id: int | None = None) -> Lead:
    return decisions.decline_lead(
        lead_id=lead.pk, ground=ground, item_id=item_id, reason="已改正", actor=city.east_director, at=at
    )


def transfer(city: City, lead: Lead, *, at: datetime = AT) -> Lead:
    return decisions.transfer_lead(
        lead_id=lead.pk, transferred_to="示例区农业农村局", reason="不属本部门", actor=city.east_director, at=at
    )


def file(city: City, lead: Lead, *, at: datetime = AT, **changes: Any) -> Case:
    given: dict[str, Any] = {
        "cause": "涉嫌经营超过保质期食品", "owner_id": city.east_handler.pk,
        "second_officer_id": city.east_handler2.pk, "conditions": FilingCondition.values, "actor": city.east_director,
    }  # fmt: skip
    return file_case(lead_id=lead.pk, at=at, **(given | changes))


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# ---- declining by the lists ---------------------------------------------------------------------


def test_a_lead_is_declined_by_an_item_whose_words_stay_when_the_list_changes(city: City) -> None:
    load(item())
    lead = decline(city, make_verified_lead(city), item_id=NoPenaltyItem.objects.get().pk)
    load(item(title="标签缺少多项", effective_from="2026-03-05"))
    lead.refresh_from_db()
    assert lead.decline_item_text == "标签缺项；依据：行政处罚法第三十三条"
    page = as_(city.east_head).get(reverse("lead_page", args=[lead.pk])).content.decode()
    assert "标签缺项；依据：行政处罚法第三十三条" in page


def test_a_ground_without_an_item_needs_none(city: City) -> None:
    lead = decline(city, make_verified_lead(city), ground="no_fault")
    assert (lead.decline_item, lead.decline_item_text) == (None, "")


@pytest.mark.parametrize("fault", ["other_ground", "not_yet", "no_more", "other_office", "not_there"])
def test_an_item_that_does_not_apply_is_refused(city: City, fault: str) -> None:
    load({
        "other_ground": item(kind="first"), "not_yet": item(effective_from="2026-03-05"),
        "no_more": item(effective_to="2026-03-03"), "other_office": item(office="west"), "not_there": item(),
    }[fault])  # fmt: skip
    lead = make_verified_lead(city)
    chosen = NoPenaltyItem.objects.get().pk + (fault == "not_there")
    with refused(Invalid, "unknown_no_penalty_item", "item"):
        decline(city, lead, item_id=chosen)


def test_an_item_belongs_to_its_ground_in_the_database_too(city: City) -> None:
    load(item())
    lead = decline(city, make_verified_lead(city), item_id=NoPenaltyItem.objects.get().pk)
    for broken in ({"decline_ground": "other"}, {"decline_item_text": ""}, {"decline_item": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Lead.objects.filter(pk=lead.pk).update(**broken)


@time_machine.travel(AT, tick=False)
def test_the_form_shows_the_lists_in_force_and_marks_examples(city: City) -> None:
    load(item(is_default="true"), item(key="gone", title="旧事项", effective_to="2026-03-03"))
    lead = make_verified_lead(city)
    writer, address = as_(city.east_director), reverse("lead_decline", args=[lead.pk])
    page = writer.get(address).content.decode()
    assert "标签缺项" in page
    assert "示例，非法定清单，须由本机关替换" in page
    assert "旧事项" not in page
    chosen = {
        "ground": "first",
        "item": NoPenaltyItem.objects.get(key="label").pk,
        "reason": "已改正",
        "confirmed": "on",
    }
    wrong = writer.post(address, chosen)
    assert wrong.status_code == 400
    assert 'href="#id_item"' in wrong.content.decode()
    assert writer.post(address, {**chosen, "ground": "minor"}).status_code == 302
    lead.refresh_from_db()
    assert lead.decline_item_text.startswith("标签缺项（示例，非法定清单）")


# ---- loading the lists --------------------------------------------------------------------------


def test_a_list_loaded_twice_is_loaded_once(db: None) -> None:
    assert load(item(), item(key="other")) == 2
    assert load(item(), item(key="other")) == 0
    assert NoPenaltyItem.objects.count() == 2


def test_a_new_version_ends_the_one_before_on_its_eve(city: City) -> None:
    load(item())
    load(item(title="标签缺少多项", effective_from="2026-03-05"))
    assert [each.title for each in no_penalty_items(city.east, date(2026, 3, 4))] == ["标签缺项"]
    assert [each.title for each in no_penalty_items(city.east, date(2026, 3, 5))] == ["标签缺少多项"]


def test_an_item_is_told_its_last_day_once(db: None) -> None:
    load(item())
    assert load(item(effective_to="2026-06-30")) == 1
    with refused(Invalid, "item_changed", "label"):
        load(item(effective_to="2026-07-31"))


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"title": "另一标题"}, "item_changed", "label"),
        ({"effective_from": "2024-01-01"}, "item_overlaps", "label"),
        ({"key": "new", "office": "nowhere"}, "unknown_office", "office"),
        ({"kind": "other"}, "bad_value", "items[0].kind"),
        ({"key": "Über"}, "bad_value", "items[0].key"),
        ({"title": "长" * 201}, "too_long", "items[0].title"),
        ({"effective_to": "2024-12-31"}, "inverted_interval", "items[0].effective_to"),
        ({"colour": "red"}, "unknown_key", "items[0].colour"),
    ],
)
def test_a_faulty_list_is_refused_whole(db: None, changes: dict[str, Any], code: str, field: str) -> None:
    load(item())
    with refused(Invalid, code, field):
        load(item(**changes))


def test_examples_stand_aside_once_an_authority_has_its_own(city: City) -> None:
    load(item(key="example", is_default="true"), item(key="east_own", office="east"))
    assert [each.key for each in no_penalty_items(city.east_squad, TODAY)] == ["east_own"]
    assert [each.key for each in no_penalty_items(city.west_squad, TODAY)] == ["example"]


# ---- transfer and receipt -----------------------------------------------------------------------


def test_a_missing_receipt_is_counted_and_then_recorded(city: City) -> None:
    lead = transfer(city, make_verified_lead(city))
    address = reverse("lead_page", args=[lead.pk])
    with time_machine.travel(moment("2026-03-09"), tick=False):
        assert "回执未收到，已 5 天" in as_(city.east_clerk).get(address).content.decode()
        typed = {"receipt_no": "农回〔2026〕3号", "receipt_on": "20260309"}
        done = as_(city.east_clerk).post(reverse("lead_record_receipt", args=[lead.pk]), typed, follow=True)
    page = done.content.decode()
    assert "农回〔2026〕3号，2026年3月9日" in page
    assert "回执未收到" not in page


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"receipt_no": ""}, "required", "receipt_no"),
        ({"receipt_no": "号" * 81}, "too_long", "receipt_no"),
        ({"receipt_on": date(2026, 3, 3)}, "before_decision", "receipt_on"),
        ({"receipt_on": date(2026, 3, 6)}, "future_date", "receipt_on"),
    ],
)
def test_a_faulty_receipt_is_refused(city: City, changes: dict[str, Any], code: str, field: str) -> None:
    lead = transfer(city, make_verified_lead(city))
    given: dict[str, Any] = {"receipt_no": "1号", "receipt_on": date(2026, 3, 5)} | changes
    with refused(Invalid, code, field):
        decisions.record_receipt(lead_id=lead.pk, actor=city.east_clerk, at=moment("2026-03-05"), **given)


def test_only_what_was_transferred_has_a_receipt(city: City) -> None:
    lead = decline(city, make_verified_lead(city))
    with refused(WrongState, "wrong_state"):
        decisions.record_receipt(lead_id=lead.pk, receipt_no="1号", receipt_on=TODAY, actor=city.east_clerk, at=AT)


# ---- telling the outcome ------------------------------------------------------------------------

OLD, NEW = moment("2026-03-04"), moment("2026-05-06")


def feedback_clocks(lead: Lead) -> dict[str, str]:
    rules = ("report_filing_feedback", "lead_result_feedback", "prosecutor_opinion_reply")
    return dict(Clock.objects.filter(subject_id=lead.pk, rule__in=rules).values_list("rule", "state"))


@pytest.mark.parametrize(
    ("channel", "decide", "at", "told", "expected"),
    [
        ("report", decline, OLD, INFORMANT, {"report_filing_feedback"}),
        ("report", decline, NEW, INFORMANT, set()),
        ("report", transfer, OLD, INFORMANT, set()),
        ("report", decline, OLD, intake.NOBODY, set()),
        ("report", decline, OLD, intake.InformantInput(phone="13900000000", is_real_name=False), set()),
        ("assigned", transfer, NEW, intake.NOBODY, {"lead_result_feedback"}),
        ("procuratorate", decline, NEW, intake.NOBODY, {"prosecutor_opinion_reply"}),
        ("self_found", decline, OLD, intake.NOBODY, set()),
    ],
)
def test_the_duty_to_tell_follows_channel_and_day(
    city: City, channel: str, decide: Callable[..., Lead], at: datetime, told: intake.InformantInput, expected: set[str]
) -> None:
    lead = decide(city, verified(city, channel, at=at, informant=told), at=at)
    assert set(feedback_clocks(lead)) == expected
    decisions.give_feedback(lead_id=lead.pk, told_on=at.date(), way="书面告知结果", actor=city.east_clerk, at=at)
    assert set(feedback_clocks(lead).values()) <= {"met"}
    lead.refresh_from_db()
    assert lead.outcome_told_on == at.date()


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"way": " "}, "required", "way"),
        ({"told_on": date(2026, 3, 3)}, "before_decision", "told_on"),
        ({"told_on": date(2026, 3, 5)}, "future_date", "told_on"),
    ],
)
def test_a_faulty_feedback_is_refused(city: City, changes: dict[str, Any], code: str, field: str) -> None:
    lead = decline(city, make_verified_lead(city))
    given: dict[str, Any] = {"told_on": TODAY, "way": "电话"} | changes
    with refused(Invalid, code, field):
        decisions.give_feedback(lead_id=lead.pk, actor=city.east_clerk, at=AT, **given)


def test_receipt_and_feedback_go_through_the_api(city: City) -> None:
    lead = transfer(city, make_verified_lead(city))
    caller = Caller(city.east_clerk)
    with time_machine.travel(moment("2026-03-05"), tick=False):
        body = {"receipt_no": "1号", "receipt_on": "2026-03-05"}
        answer = caller.post(f"/leads/{lead.pk}/record_receipt/", body).json()
        assert (answer["receipt_no"], answer["receipt_on"]) == ("1号", "2026-03-05")
        answer = caller.post(f"/leads/{lead.pk}/give_feedback/", {"told_on": "2026-03-05", "way": "函告"}).json()
        assert answer["outcome_told_on"] == "2026-03-05"


# ---- filing -------------------------------------------------------------------------------------


def rich(city: City) -> Lead:
    lead = verified(
        city, informant=INFORMANT, party_code="91350211M0000XUF46", address="示例路1号", amount=Decimal("1500.00"),
        category="food-sale",
    )  # fmt: skip
    files.attach_files(
        lead_id=lead.pk, upload=[upload(PDF, "来信.pdf")], purpose="material", actor=city.east_handler, at=AT
    )
    return lead


def test_filing_takes_over_everything_the_lead_says(city: City) -> None:
    lead = rich(city)
    case = file(city, lead)
    for field in ("party_name", "party_code", "category", "region_code", "address", "amount", "flags"):
        assert getattr(case, field) == getattr(lead, field), field
    assert case.filing_conditions == ["evidence", "punishable", "jurisdiction", "within_term"]


def test_the_page_of_the_case_shows_what_came_with_it_and_who_told_by_code_only(city: City) -> None:
    lead = rich(city)
    case = file(city, lead)
    stored = StoredFile.objects.get()
    reader = as_(city.east_head)
    page = reader.get(reverse("case_page", args=[case.pk])).content.decode()
    page += reader.get(reverse("case_evidence_page", args=[case.pk])).content.decode()
    for words in (
        "来自线索的材料",
        "来信.pdf",
        "食品销售",
        "1,500.00 元",
        "示例路1号",
        "在给予行政处罚的法定期限内",
        "举-",
    ):
        assert words in page, words
    assert INFORMANT.name not in page
    assert INFORMANT.phone not in page
    address = reverse("case_download", args=[case.pk, stored.pk])
    assert address in page
    assert b"".join(reader.get(address)) == PDF
    assert as_(city.west_head).get(address).status_code == 404


def test_a_case_serves_no_file_of_another_lead(city: City) -> None:
    case = file(city, make_verified_lead(city))
    rich(city)
    address = reverse("case_download", args=[case.pk, StoredFile.objects.get().pk])
    assert as_(city.east_head).get(address).status_code == 404


@pytest.mark.parametrize("missing", FilingCondition.values)
def test_a_case_is_not_filed_unless_all_four_conditions_are_confirmed(city: City, missing: str) -> None:
    lead = make_verified_lead(city)
    with refused(Invalid, "condition_not_confirmed", "conditions"):
        file(city, lead, conditions=[each for each in FilingCondition.values if each != missing])


def test_the_form_asks_for_each_condition(city: City) -> None:
    lead = make_verified_lead(city)
    writer, address = as_(city.east_director), reverse("case_file", args=[lead.pk])
    typed = {
        "cause": "涉嫌经营超过保质期食品", "owner": city.east_handler.pk, "second_officer": city.east_handler2.pk,
        "conditions": ["evidence", "punishable"], "confirmed": "on",
    }  # fmt: skip
    with time_machine.travel(AT, tick=False):
        answer = writer.post(address, typed)
        assert answer.status_code == 400
        assert "尚未确认：属于本部门管辖；在给予行政处罚的法定期限内" in answer.content.decode()
        assert not Case.objects.exists()
        assert writer.post(address, {**typed, "conditions": FilingCondition.values}).status_code == 302


def test_conditions_over_the_api_are_named_one_by_one(city: City) -> None:
    lead = make_verified_lead(city)
    body = {"cause": "案由", "owner": city.east_handler.pk, "second_officer": city.east_handler2.pk}
    caller = Caller(city.east_director)
    problem_of(caller.post(f"/leads/{lead.pk}/file/", {**body, "conditions": []}), 400, "condition_not_confirmed")
    assert not Case.objects.exists()


def test_an_officer_of_a_check_does_not_file(city: City) -> None:
    """Nor decide anything else: see test_verification; here through the verb of the app above."""
    lead = make_verified_lead(city)
    with refused(NotPermitted):
        file(city, lead, actor=city.east_handler)
