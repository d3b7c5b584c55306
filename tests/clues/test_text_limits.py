"""How long a text about a lead may be: the verb says so itself, and its form and the API say the same number."""

import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from cases.actions import filing
from cases.api.serializers.matter import FileIn
from cases.pages.forms.matter import FileForm
from cases.states.matter import FilingCondition
from clues.actions import complaints, custody, decisions, intake, verification
from clues.api import bulk
from clues.api import complaints as complaints_in
from clues.api import custody as custody_in
from clues.api import decisions as decisions_in
from clues.api import verification as verification_in
from clues.api.serializers import ReasonIn
from clues.pages import bulk as bulk_page
from clues.pages.forms import complaints as complaint_forms
from clues.pages.forms import custody as custody_forms
from clues.pages.forms import decisions as decision_forms
from clues.pages.forms import verification as forms
from clues.states import LeadState
from core.errors import Invalid
from tests.builders import NOW, City, make_routing, make_verified_lead
from tests.clues.complaint_stages import LATER as THEN
from tests.clues.complaint_stages import complaint_in, verified_report
from tests.clues.stages import LATER, VERBS, doer, lead_in
from tests.refusals import refused

Row = tuple[Callable[..., Any], str, Any, Any, dict[str, int]]
# fmt: off
LIMITS: dict[str, Row] = {
    "assign": (
        custody.assign_lead, LeadState.REGISTERED, custody_forms.AssignForm, custody_in.AssignIn, {"reason": 1000}
    ),
    "return": (
        custody.return_lead, LeadState.ASSIGNED, custody_forms.ReturnForm, custody_in.ReturnIn, {"reason": 1000}
    ),
    "hand_over": (
        custody.hand_over_lead, LeadState.ASSIGNED, custody_forms.PassOnForm, custody_in.OfficeIn, {"reason": 1000}
    ),
    "check": (
        verification.record_check, LeadState.VERIFYING, forms.CheckForm, verification_in.CheckIn,
        {"place": 200, "content": 4000},
    ),
    "extend": (
        verification.extend_verification, LeadState.VERIFYING, forms.ExtendForm, ReasonIn, {"reason": 500}
    ),
    "exclude": (
        verification.exclude_test_days, LeadState.VERIFYING, forms.ExcludeForm, verification_in.LeadExcludeIn,
        {"reason": 500},
    ),
    "report": (
        verification.report_findings, LeadState.VERIFYING, forms.ReportForm, verification_in.ReportIn,
        {"findings": 4000},
    ),
    "send_back": (
        verification.send_back_lead, LeadState.VERIFIED, forms.SendBackForm, verification_in.SendBackIn,
        {"reason": 1000},
    ),
    "decline": (
        decisions.decline_lead, LeadState.VERIFIED, decision_forms.DeclineForm, decisions_in.DeclineIn,
        {"reason": 1000},
    ),
    "transfer": (
        decisions.transfer_lead, LeadState.VERIFIED, decision_forms.TransferForm, decisions_in.TransferIn,
        {"transferred_to": 120, "reason": 1000},
    ),
    "record_receipt": (
        decisions.record_receipt, LeadState.TRANSFERRED, decision_forms.ReceiptForm, decisions_in.ReceiptIn,
        {"receipt_no": 80},
    ),
}
# fmt: on


@pytest.mark.parametrize("verb", LIMITS)
def test_a_verb_of_a_lead_refuses_what_is_longer_than_its_place_and_cuts_nothing(
    city: City, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    act, state, form, body, limits = LIMITS[verb]
    lead = lead_in(city, state)
    for field, most in limits.items():
        typing(monkeypatch, act, field, "字" * (most + 1))
        with refused(Invalid, "too_long", field):
            VERBS[verb](city, lead, doer(city, verb), LATER)
        typing(monkeypatch, act, field, "字" * most)
        with transaction.atomic():
            assert VERBS[verb](city, lead, doer(city, verb), LATER)
            transaction.set_rollback(True)
        assert (form.base_fields[field].max_length, body().fields[field].max_length) == (most, most), field


def typing(monkeypatch: pytest.MonkeyPatch, act: Callable[..., Any], field: str, text: str) -> None:
    """Whoever calls the verb from now on has typed this text into this field."""
    monkeypatch.setattr(sys.modules[act.__module__], act.__name__, lambda **given: act(**given | {field: text}))


def test_the_word_of_the_head_who_files_is_written_whole(city: City) -> None:
    lead = make_verified_lead(city)
    with refused(Invalid, "too_long", "reason"):
        filing.file_case(
            lead_id=lead.pk, cause="过期食品", owner_id=city.east_handler.pk, second_officer_id=city.east_handler2.pk,
            conditions=FilingCondition.values, reason="字" * 1001, actor=city.east_director, at=NOW,
        )  # fmt: skip
    assert FileForm.base_fields["reason"].max_length == 1000  # type: ignore[attr-defined]  # a text field
    assert FileIn().fields["reason"].max_length == 1000  # type: ignore[attr-defined]  # a text field


def test_many_leads_are_assigned_with_as_many_words_as_one() -> None:
    assert bulk.AssignManyIn().fields["reason"].max_length == 1000  # type: ignore[attr-defined]  # a text field
    assert bulk_page.BulkAssignForm.base_fields["reason"].max_length == 1000  # type: ignore[attr-defined]  # a text field


def test_the_other_half_of_a_lead_is_told_within_the_limits_of_any_lead(city: City) -> None:
    lead = complaint_in(city, "verifying")
    with refused(Invalid, "too_long", "summary"):
        intake.split_lead(lead_id=lead.pk, summary="字" * 4001, actor=city.east_handler, at=THEN)
    assert complaints_in.SplitIn().fields["summary"].max_length == 4000  # type: ignore[attr-defined]  # a text field
    assert complaint_forms.SplitForm.base_fields["summary"].max_length == 4000  # type: ignore[attr-defined]  # a text field


def test_what_a_complainant_asks_for_is_written_whole(city: City) -> None:
    report = verified_report(city)
    with refused(Invalid, "too_long", "claim"):
        complaints.treat_as_complaint(
            lead_id=report.pk, claim="字" * 501, reason="要求退款", actor=city.east_director, at=THEN
        )
    assert complaints_in.TreatAsComplaintIn().fields["claim"].max_length == 500  # type: ignore[attr-defined]  # a text field
    assert complaint_forms.TreatForm.base_fields["claim"].max_length == 500  # type: ignore[attr-defined]  # a text field


def test_why_an_office_of_ones_own_was_named_is_written_whole(city: City) -> None:
    make_routing(city)
    with refused(Invalid, "too_long", "route_reason"):
        intake.log_lead(
            channel="self_found", received_on=NOW.date(), party_name="示例商店", summary="过期食品", category="food-sale",
            office_id=city.east_squad.pk, route_reason="字" * 501, actor=city.east_handler, at=NOW,
        )  # fmt: skip
