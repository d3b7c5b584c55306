"""What verification writes down: checks by two officers, corrections that name what they correct, reports attached."""

from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.actions import give_post
from accounts.models import User
from accounts.roles import Role
from clues.actions import custody, decisions, files, intake, verification
from clues.materials import materials_of
from clues.models import Check, Lead
from clues.policies import DECISIONS
from clues.queries import lead_for, legal_moves
from core.errors import Invalid, NotFound, NotPermitted, WrongState
from deadlines.models import Clock
from documents.models import StoredFile
from tests.api_client import Caller, problem_of
from tests.builders import NOW, SINCE, SYSTEM, City, make_lead, make_verified_lead, moment
from tests.documents.made_files import JPEG, MP3, PDF, upload
from tests.refusals import refused

AT = moment("2026-03-04")
SAMPLING = {"report_no": "示检-1", "product": "玩具", "failed_items": "小零件", "laboratory": "示例质检所"}


def verifying(city: City, lead: Lead | None = None) -> Lead:
    lead = lead or make_lead(city)
    custody.assign_lead(
        lead_id=lead.pk, office_id=city.east_squad.pk, owner_id=city.east_handler.pk, actor=city.east_head, at=NOW
    )
    return custody.sign_lead(lead_id=lead.pk, actor=city.east_handler, at=NOW)


def sampled(city: City) -> Lead:
    return verifying(city, intake.log_lead(
        channel="sampling", received_on=NOW.date(), party_name="示例玩具厂", summary="抽检不合格。", facts=SAMPLING,
        office_id=city.east_squad.pk, actor=city.east_handler, at=NOW,
    ))  # fmt: skip


def checked(city: City, lead: Lead, *, actor: User | None = None, at: datetime = AT, **changes: Any) -> Check:
    given: dict[str, Any] = {
        "kind": "site", "checked_at": moment("2026-03-04T09:00"), "place": "示例路1号", "content": "货架上有过期食品。",
        "second_officer_id": city.east_handler2.pk,
    }  # fmt: skip
    return verification.record_check(lead_id=lead.pk, actor=actor or city.east_handler, at=at, **(given | changes))


def reported(city: City, lead: Lead) -> Lead:
    return verification.report_findings(
        lead_id=lead.pk, findings="属实。", proposal="filed", actor=city.east_handler, at=AT
    )


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# ---- the record ---------------------------------------------------------------------------------


def test_a_check_says_who_when_where_and_what_and_keeps_its_files(city: City) -> None:
    lead = verifying(city)
    check = checked(city, lead, upload=[upload(JPEG, "现场.jpg"), upload(MP3, "询问.mp3")])
    assert (check.officer, check.second_officer, check.recorded_by) == (
        city.east_handler, city.east_handler2, city.east_handler,
    )  # fmt: skip
    (record,) = materials_of(lead).checks
    assert [(paper.file.name, paper.kind) for paper in record.files] == [
        ("现场.jpg", "核查记录1附件"), ("询问.mp3", "核查记录1附件"),
    ]  # fmt: skip
    move = lead.moves.latest("id")
    assert (move.name, move.reason) == ("check", "现场检查：货架上有过期食品。")
    lead.refresh_from_db()
    assert lead.state == "verifying"


@pytest.mark.parametrize("kind", ["documents", "remote", "other"])
def test_one_officer_may_read_papers_alone(city: City, kind: str) -> None:
    assert checked(city, verifying(city), kind=kind, second_officer_id=None).second_officer is None


@pytest.mark.parametrize("kind", ["site", "inquiry"])
def test_an_inspection_and_an_inquiry_need_two_officers(city: City, kind: str) -> None:
    lead = verifying(city)
    for second in (None, city.east_handler.pk):
        with refused(Invalid, "two_officers_required", "second_officer"):
            checked(city, lead, kind=kind, second_officer_id=second)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"kind": "guess"}, "unknown_check_kind", "kind"),
        ({"checked_at": moment("2026-03-04T10:01")}, "future_date", "checked_at"),
        ({"checked_at": moment("2026-03-01T23:59")}, "before_receipt", "checked_at"),
        ({"content": " "}, "required", "content"),
        ({"content": "字" * 4001}, "too_long", "content"),
        ({"place": "路" * 201}, "too_long", "place"),
        ({"corrects_id": 999_999}, "unknown_check", "corrects"),
        ({"second_officer_id": 999_999}, "unknown_user", "second_officer"),
    ],
)
def test_a_faulty_check_is_refused(city: City, changes: dict[str, Any], code: str, field: str) -> None:
    lead = verifying(city)
    with refused(Invalid, code, field):
        checked(city, lead, **changes)


def test_the_day_of_a_check_is_the_day_in_shanghai(city: City) -> None:
    """One in the morning of the day of receipt is still the day before in UTC."""
    lead = verifying(city)
    assert checked(city, lead, checked_at=datetime.fromisoformat("2026-03-01T17:00+00:00")).pk


def test_a_second_officer_of_another_office_is_refused(city: City) -> None:
    lead = verifying(city)
    with refused(Invalid, "not_in_office", "second_officer"):
        checked(city, lead, second_officer_id=city.west_handler.pk)


def test_a_check_with_a_file_that_may_not_be_kept_is_not_recorded(city: City) -> None:
    lead = verifying(city)
    with refused(Invalid, "type_mismatch", "upload"):
        checked(city, lead, upload=[upload(PDF, "好.pdf"), upload(PDF, "坏.jpg")])


def test_findings_once_handed_in_no_check_is_added(city: City) -> None:
    lead = make_verified_lead(city)
    with refused(WrongState, "wrong_state"):
        checked(city, lead)


def test_a_wrong_check_stays_and_names_what_corrects_it(city: City) -> None:
    lead = verifying(city)
    wrong = checked(city, lead, content="两箱。")
    right = checked(city, lead, content="十二箱。", corrects_id=wrong.pk)
    assert right.corrects == wrong
    with refused(Invalid, "corrected_already", "corrects"):
        checked(city, lead, content="二十箱。", corrects_id=wrong.pk)
    page = as_(city.east_head).get(reverse("lead_page", args=[lead.pk])).content.decode()
    assert page.count("已更正") == 1
    assert f'href="#check-{right.pk}">以更正后的记录为准' in page
    assert f'href="#check-{wrong.pk}">更正 2026-03-04 09:00 的现场检查记录' in page


def test_a_check_of_another_lead_is_not_corrected_here(city: City) -> None:
    other = checked(city, verifying(city))
    lead = verifying(city)
    with refused(Invalid, "unknown_check", "corrects"):
        checked(city, lead, corrects_id=other.pk)


def test_the_database_holds_two_officers_and_one_correction(city: City) -> None:
    check = checked(city, verifying(city))
    for broken in ({"second_officer": None}, {"second_officer": city.east_handler}, {"corrects": check}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Check.objects.filter(pk=check.pk).update(**broken)


# ---- findings -----------------------------------------------------------------------------------


def test_failed_sampling_is_not_reported_without_its_report(city: City) -> None:
    lead = sampled(city)
    files.attach_files(
        lead_id=lead.pk, upload=[upload(JPEG, "样品.jpg")], purpose="material", actor=city.east_handler, at=AT
    )
    with refused(Invalid, "sampling_report_missing", "findings"):
        reported(city, lead)
    files.attach_files(
        lead_id=lead.pk, upload=[upload(PDF, "报告.pdf")], purpose="test_report", actor=city.east_handler, at=AT
    )
    assert reported(city, lead).state == "verified"


def test_only_a_report_is_proposed_to_be_treated_as_a_complaint(city: City) -> None:
    lead = verifying(city)
    with refused(Invalid, "not_a_report", "proposal"):
        verification.report_findings(
            lead_id=lead.pk, findings="消费纠纷", proposal="as_complaint", actor=city.east_handler, at=AT
        )
    page = as_(city.east_handler).get(reverse("lead_report", args=[lead.pk])).content.decode()
    assert 'value="as_complaint"' not in page


def test_the_form_of_the_findings_begins_with_the_checks_that_stand(city: City) -> None:
    lead = verifying(city)
    wrong = checked(city, lead, content="两箱。")
    checked(city, lead, content="十二箱。", corrects_id=wrong.pk)
    page = as_(city.east_handler).get(reverse("lead_report", args=[lead.pk])).content.decode()
    assert "2026-03-04 09:00 现场检查 East Handler：十二箱。" in page
    assert "两箱。" not in page


def test_days_of_a_test_and_the_extension_move_the_period_once_each(city: City) -> None:
    lead = verifying(city)
    verification.extend_verification(lead_id=lead.pk, reason="案情复杂", actor=city.east_director, at=AT)
    with refused(Invalid):
        verification.extend_verification(lead_id=lead.pk, reason="又", actor=city.east_director, at=AT)
    verification.exclude_test_days(
        lead_id=lead.pk, ground="检验", first_day=date(2026, 3, 3), last_day=date(2026, 3, 4), reason="送检",
        actor=city.east_director, at=AT,
    )  # fmt: skip
    clock = Clock.objects.get(rule="lead_verification", subject_id=lead.pk)
    assert str(clock.due_on) == "2026-04-16"
    with refused(Invalid):
        verification.exclude_test_days(
            lead_id=lead.pk, ground="休假", first_day=date(2026, 3, 3), last_day=date(2026, 3, 4), reason="",
            actor=city.east_director, at=AT,
        )  # fmt: skip


# ---- who verified does not decide ---------------------------------------------------------------


def also_director(city: City, person: User) -> User:
    """The same person with the head's post besides, read afresh."""
    give_post(user=person, office=city.east, role=Role.BUREAU_HEAD, starts_on=SINCE, actor=SYSTEM, at=NOW)
    return User.objects.get(pk=person.pk)


@pytest.mark.parametrize("part", ["owner", "officer", "second_officer", "reporter"])
def test_whoever_verified_does_not_decide(city: City, part: str) -> None:
    lead = verifying(city)
    checked(city, lead, actor=city.east_head, second_officer_id=city.east_handler2.pk)
    verification.report_findings(
        lead_id=lead.pk, findings="属实。", proposal="filed", at=AT,
        actor=city.east_head if part == "reporter" else city.east_handler,
    )  # fmt: skip
    if part == "reporter":
        Check.objects.all().delete()
    verifier = also_director(city, {
        "owner": city.east_handler, "officer": city.east_head, "second_officer": city.east_handler2,
        "reporter": city.east_head,
    }[part])  # fmt: skip
    with refused(NotPermitted, "separation_of_duties"):
        decisions.decline_lead(lead_id=lead.pk, ground="other", reason="证据不足", actor=verifier, at=AT)
    assert not {row.name for row in legal_moves(verifier, lead_for(verifier, lead.pk))} & DECISIONS
    decided = decisions.decline_lead(
        lead_id=lead.pk, ground="other", reason="证据不足", actor=city.east_director, at=AT
    )
    assert decided.decided_by == city.east_director


@pytest.mark.parametrize("field", ["owner", "reported_by"])
def test_the_database_refuses_a_decision_by_who_verified(city: City, field: str) -> None:
    lead = make_verified_lead(city)
    decisions.decline_lead(lead_id=lead.pk, ground="other", reason="证据不足", actor=city.east_director, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Lead.objects.filter(pk=lead.pk).update(**{field: city.east_director})


# ---- pages and API ------------------------------------------------------------------------------

TYPED = {
    "kind": "site", "checked_at": "2026-03-04", "hour": "09:00", "place": "示例路1号", "content": "货架上有过期食品。",
}  # fmt: skip


@time_machine.travel(AT, tick=False)
def test_a_check_is_recorded_through_its_form_with_files(city: City) -> None:
    lead = verifying(city)
    writer, address = as_(city.east_handler), reverse("lead_check", args=[lead.pk])
    assert "第二十二条" in writer.get(address).content.decode()

    alone = writer.post(address, TYPED)
    assert alone.status_code == 400
    assert "货架上有过期食品。" in alone.content.decode()
    assert 'href="#id_second_officer"' in alone.content.decode()
    assert not Check.objects.exists()

    typed = {**TYPED, "second_officer": city.east_handler2.pk, "upload": [upload(JPEG, "现场.jpg")]}
    done = writer.post(address, typed, follow=True).content.decode()
    assert "核查记录已保存，不能修改。" in done
    assert "现场.jpg" in done
    assert Check.objects.get().checked_at == moment("2026-03-04T09:00")


def test_a_check_is_recorded_over_the_api_and_told_with_the_lead(city: City) -> None:
    lead = verifying(city)
    body = {
        "kind": "inquiry", "checked_at": "2026-03-04T09:00:00+08:00", "content": "询问经营者。",
        "second_officer": city.east_handler2.pk,
    }  # fmt: skip
    with time_machine.travel(AT, tick=False):
        answer = Caller(city.east_handler).post(f"/leads/{lead.pk}/check/", body)
    assert answer.status_code == 200
    (told,) = answer.json()["checks"]
    assert (told["kind"], told["second_officer"], told["corrects"]) == ("inquiry", city.east_handler2.pk, None)
    with time_machine.travel(AT, tick=False):
        del body["second_officer"]
        lone = Caller(city.east_handler).post(f"/leads/{lead.pk}/check/", body)
        problem_of(lone, 400, "two_officers_required")
    assert Check.objects.count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_one_check_and_for_three(
    city: City, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lead = verifying(city)
    for number in range(rows):
        checked(city, lead, content=f"第{number}次。", upload=[upload(JPEG, f"{number}.jpg")])
    reported(city, lead)
    reader, address = as_(city.east_director), reverse("lead_page", args=[lead.pk])
    with django_assert_num_queries(33):
        reader.get(address)


# ---- files --------------------------------------------------------------------------------------


@time_machine.travel(AT, tick=False)
def test_files_are_put_to_a_lead_listed_and_served_to_who_sees_it(city: City) -> None:
    lead = make_lead(city)
    writer = as_(city.east_handler)
    done = writer.post(
        reverse("lead_attach", args=[lead.pk]),
        {"purpose": "material", "upload": [upload(PDF, "来信.pdf"), upload(JPEG, "照片.jpg")]}, follow=True,
    ).content.decode()  # fmt: skip
    assert "来信.pdf" in done
    listed = writer.get(reverse("lead_files_page", args=[lead.pk])).content.decode()
    file = StoredFile.objects.get(name="来信.pdf")
    assert file.sha256 in listed
    assert file.sm3 in listed
    served = writer.get(reverse("lead_download", args=[lead.pk, file.pk]))
    assert b"".join(served) == PDF
    assert served["Content-Type"] == "application/pdf"
    assert as_(city.west_handler).get(reverse("lead_download", args=[lead.pk, file.pk])).status_code == 404
    assert writer.get(reverse("lead_download", args=[make_lead(city).pk, file.pk])).status_code == 404


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"upload": []}, "required", "upload"),
        ({"purpose": "secret"}, "unknown_purpose", "purpose"),
        ({"purpose": "check-1"}, "unknown_purpose", "purpose"),
        ({"upload": [upload(PDF, "好.pdf"), upload(b"", "空.pdf")]}, "empty_file", "upload"),
    ],
)
def test_all_files_are_kept_or_none(city: City, changes: dict[str, Any], code: str, field: str) -> None:
    lead = make_lead(city)
    given: dict[str, Any] = {"upload": [upload(PDF, "来信.pdf")], "purpose": "material"} | changes
    with refused(Invalid, code, field):
        files.attach_files(lead_id=lead.pk, actor=city.east_handler, at=AT, **given)


def test_files_are_not_put_to_a_lead_one_does_not_see(city: City) -> None:
    lead = make_lead(city)
    with refused(NotFound, "not_found"):
        files.attach_files(
            lead_id=lead.pk, upload=[upload(PDF, "来信.pdf")], purpose="material", actor=city.west_handler, at=AT
        )


def test_a_file_is_put_to_a_check_over_the_api(city: City) -> None:
    lead = verifying(city)
    check = checked(city, lead)
    caller = Caller(city.east_handler)
    body = {"purpose": check.file_purpose, "upload": upload(PDF, "笔录.pdf")}
    answer = caller.client.post(f"/api/v1/leads/{lead.pk}/attach/", body)
    assert answer.status_code == 200, answer.content.decode()
    (told,) = answer.json()["files"]
    assert (told["purpose"], told["name"], told["media_type"]) == (check.file_purpose, "笔录.pdf", "application/pdf")
    served = caller.client.get(f"/api/v1/leads/{lead.pk}/files/{told['id']}/")
    assert b"".join(served) == PDF
    (record,) = materials_of(lead).checks
    assert [paper.file.name for paper in record.files] == ["笔录.pdf"]
    problem_of(Caller(city.west_handler).get(f"/leads/{lead.pk}/files/{told['id']}/"), 404, "not_found")
