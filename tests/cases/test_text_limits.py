"""How long a text may be: the verb says so itself, and its form and the API say the same number."""

import ast
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from accounts.models import User
from cases.actions import (
    approvals,
    decision,
    defence,
    discussion,
    duties,
    execution,
    filing,
    hearing,
    hearing_session,
    joining,
    legal_review,
    outcomes,
    performance,
    plans,
    proposal,
    remedies,
    review,
    term,
)
from cases.actions.approvable import APPROVABLE, plain
from cases.api.serializers import approvals as approvals_in
from cases.api.serializers import decision as decision_in
from cases.api.serializers import duties as duties_in
from cases.api.serializers import hearing as hearing_in
from cases.api.serializers import matter as matter_in
from cases.api.serializers import money as money_in
from cases.api.serializers import outcomes as outcomes_in
from cases.models import Approval, Case
from cases.pages.forms import approvals as approval_forms
from cases.pages.forms import decision as decision_forms
from cases.pages.forms import discussion as discussion_forms
from cases.pages.forms import duties as duty_forms
from cases.pages.forms import hearing as hearing_forms
from cases.pages.forms import matter as forms
from cases.pages.forms import money as money_forms
from cases.pages.forms import outcomes as outcome_forms
from cases.states.approvals import ApprovalKind
from cases.states.hearing import HearingState
from cases.states.matter import CaseState as S
from core.errors import Invalid
from tests.builders import NOW, City, make_case
from tests.cases import hearing_builders as heard
from tests.cases import money_stages as money
from tests.cases.duties_builders import ask_to_suspend, seen
from tests.cases.outcome_stages import fined_on_spot
from tests.cases.stages import LATER, VERBS, case_in, doer
from tests.refusals import refused


@dataclass(frozen=True)
class Verb:
    """A verb with the longest its texts may be, and where they are typed and posted."""

    act: Callable[..., Any]
    state: str
    form: Any
    body: Any
    most: dict[str, int]


REASON_500, REASON_1000, REASON_4000 = {"reason": 500}, {"reason": 1000}, {"reason": 4000}
HANDED = {"recipient": 120, "handed_over": 4000, "reason": 4000}
# fmt: off
LIMITS: dict[str, Verb] = {
    "declare": Verb(duties.declare, S.INVESTIGATING, duty_forms.DeclareForm, duties_in.DeclareIn, {"note": 500}),
    "suspend": Verb(term.suspend_case, S.INVESTIGATING, forms.SuspendForm, matter_in.SuspendIn, REASON_500),
    "resume": Verb(term.resume_case, S.SUSPENDED, forms.ResumeForm, matter_in.ResumeIn, REASON_500),
    "extend": Verb(term.extend_case, S.INVESTIGATING, forms.ExtendForm, matter_in.ExtendIn, REASON_500),
    "exclude": Verb(
        term.exclude_case_days, S.INVESTIGATING, forms.ExcludeForm, matter_in.CaseExcludeIn, REASON_500
    ),
    "reassign": Verb(filing.reassign_case, S.INVESTIGATING, forms.ReassignForm, matter_in.ReassignIn, REASON_1000),
    "propose": Verb(
        proposal.propose, S.INVESTIGATING, decision_forms.ProposeForm, decision_in.PenaltyProposeIn,
        {"facts": 8000, "basis": 4000, "content": 4000, "discretion_reason": 2000},
    ),
    "approve_notice": Verb(
        proposal.approve_notice, S.REVIEWED, decision_forms.ApproveNoticeForm, decision_in.ApproveNoticeIn,
        {"opinion": 1000},
    ),
    "revise": Verb(
        proposal.revise_proposal, S.NOTIFIED, decision_forms.ReviseForm, decision_in.ReviseIn, REASON_500
    ),
    "conclude": Verb(
        review.conclude_case, S.INVESTIGATING, duty_forms.ConcludeForm, duties_in.ConcludeIn, {"conclusion": 8000}
    ),
    "pass_review": Verb(
        review.pass_review, S.UNDER_REVIEW, duty_forms.PassReviewForm, duties_in.PassReviewIn, {"opinion": 2000}
    ),
    "return_review": Verb(
        review.return_review, S.UNDER_REVIEW, duty_forms.ReturnReviewForm, duties_in.ReturnReviewIn, {"opinion": 2000}
    ),
    "extend_review": Verb(
        review.extend_review, S.UNDER_REVIEW, duty_forms.ExtendReviewForm, duties_in.ExtendReviewIn, REASON_500
    ),
    "record_defence": Verb(
        defence.record_defence, S.NOTIFIED, decision_forms.DefenceForm, decision_in.DefenceIn,
        {"content": 4000, "evidence": 2000, "reply": 4000},
    ),
    "decide": Verb(
        decision.decide_case, S.NOTIFIED, decision_forms.DecideForm, decision_in.PenaltyDecideIn,
        {"decision": 4000, "defence": 4000},
    ),
    "record_payment": Verb(
        performance.record_payment, S.SERVED, money_forms.PaymentForm, money_in.PaymentIn,
        {"receipt_number": 60, "payer": 120},
    ),
    "defer": Verb(plans.defer_payment, S.SERVED, money_forms.DeferForm, money_in.DeferIn, REASON_1000),
    "urge": Verb(execution.urge_party, S.SERVED, money_forms.UrgeForm, money_in.UrgeIn, {"said": 2000}),
    "cease_execution": Verb(
        execution.cease_execution, S.SERVED, money_forms.CeaseExecutionForm, money_in.CeaseExecutionIn, REASON_1000
    ),
    "close": Verb(performance.close_case, S.PERFORMED, forms.CloseForm, matter_in.CloseIn, {"reason": 900}),
    "spare": Verb(
        outcomes.spare_party, S.NOTIFIED, outcome_forms.SpareForm, outcomes_in.SpareIn,
        {"reason": 4000, "education": 2000},
    ),
    "transfer": Verb(
        outcomes.transfer_case, S.INVESTIGATING, outcome_forms.TransferForm, outcomes_in.CaseTransferIn, HANDED
    ),
    "refer": Verb(outcomes.refer_case, S.INVESTIGATING, outcome_forms.ReferForm, outcomes_in.ReferIn, HANDED),
    "terminate": Verb(
        outcomes.terminate_case, S.INVESTIGATING, outcome_forms.TerminateForm, outcomes_in.TerminateIn, REASON_4000
    ),
    "withdraw": Verb(
        outcomes.withdraw_case, S.INVESTIGATING, outcome_forms.WithdrawCaseForm, outcomes_in.WithdrawIn, REASON_4000
    ),
    "merge": Verb(joining.merge_case, S.INVESTIGATING, outcome_forms.MergeForm, outcomes_in.CaseMergeIn, REASON_1000),
    "split": Verb(
        joining.split_case, S.INVESTIGATING, outcome_forms.SplitForm, outcomes_in.CaseSplitIn,
        {"cause": 200, "party_name": 120, "party_code": 18, "address": 200, "reason": 900},
    ),
    "annul": Verb(
        outcomes.annul_decision, S.SERVED, outcome_forms.AnnulForm, outcomes_in.AnnulIn, {"paper": 120, "reason": 4000}
    ),
    "request_hearing": Verb(
        hearing.request_hearing, S.NOTIFIED, hearing_forms.RequestHearingForm, hearing_in.RequestHearingIn, {"request": 2000}
    ),
    "report_hearing": Verb(
        hearing_session.report_hearing, S.HEARING, hearing_forms.ReportForm, hearing_in.HearingReportIn,
        {"summary": 8000, "advice": 4000, "remarks": 4000},
    ),
    "end_hearing": Verb(
        hearing_session.end_hearing, S.HEARING, hearing_forms.EndForm, hearing_in.EndHearingIn, REASON_1000
    ),
    "pass_legal_review": Verb(
        legal_review.pass_legal_review, S.LEGAL_REVIEW, duty_forms.PassReviewForm, duties_in.PassReviewIn,
        {"opinion": 2000},
    ),
    "discuss": Verb(
        discussion.discuss_case, S.NOTIFIED, discussion_forms.DiscussForm, hearing_in.DiscussIn,
        {"place": 200, "others": 500, "minutes": 20000, "resolution": 4000},
    ),
}
# fmt: on


def typing(monkeypatch: pytest.MonkeyPatch, act: Callable[..., Any], field: str, text: str) -> None:
    """Whoever calls the verb from now on has typed this text into this field."""
    module, name = sys.modules[act.__module__], act.__name__
    monkeypatch.setattr(module, name, lambda **given: act(**given | {field: text}))


@pytest.mark.parametrize("verb", LIMITS)
def test_a_verb_refuses_what_is_longer_than_its_place_and_cuts_nothing(
    city: City, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    what = LIMITS[verb]
    case = case_in(city, what.state)
    if verb == "discuss":
        heard.clerk_of_hearing(city)
    for field, most in what.most.items():
        typing(monkeypatch, what.act, field, "字" * (most + 1))
        with refused(Invalid, "too_long", field):
            VERBS[verb](city, case, doer(city, verb), LATER)
        typing(monkeypatch, what.act, field, "字" * most)
        with transaction.atomic():
            assert VERBS[verb](city, case, doer(city, verb), LATER)
            transaction.set_rollback(True)


@pytest.mark.parametrize("verb", LIMITS)
def test_the_form_and_the_api_take_as_much_as_the_verb(verb: str) -> None:
    what = LIMITS[verb]
    for field, most in what.most.items():
        typed, posted = what.form.base_fields[field].max_length, what.body().fields[field].max_length
        assert (typed, posted) == (most, most), field


def test_every_text_of_these_verbs_is_tried() -> None:
    untried = {
        verb: {name for name, field in what.body().fields.items() if is_free(field) and name not in what.most}
        for verb, what in LIMITS.items()
    }
    assert {verb: names for verb, names in untried.items() if names} == {
        "propose": {"deviation_reason"},  # asked for where a fine lies outside its standard alone
        "exclude": {"ground"},  # one of the rule's
        "annul": {"body"},  # asked for where another body annuls alone
    }


def is_free(field: Any) -> bool:
    return type(field).__name__ == "Text"


Beside = tuple[Callable[..., Any], dict[str, int], Callable[[City], Any], Any, Any]
# fmt: off
BESIDE: dict[str, Beside] = {
    "schedule_hearing": (
        hearing.schedule_hearing, {"third_party": 120, "interpreter": 60},
        lambda city: partial(heard.schedule, city, heard.hearing_in(city, HearingState.MATERIALS_RECEIVED)),
        hearing_forms.ScheduleForm, hearing_in.ScheduleIn,
    ),
    "hold_hearing": (
        hearing_session.hold_hearing, {"refused_to_sign": 500},
        lambda city: partial(heard.hold, city, heard.hearing_in(city, HearingState.SCHEDULED)),
        hearing_forms.HoldForm, hearing_in.HoldIn,
    ),
    "court_step": (
        execution.record_court_step, {"number": 80, "remark": 500},
        lambda city: partial(money.step, city, applied(city), "court_accepts", "2026-10-14"),
        money_forms.CourtStepForm, money_in.CourtStepIn,
    ),
    "file_remedy": (
        remedies.file_remedy, {"body": 120, "number": 80}, lambda city: partial(money.file, city, money.served_case(city)),
        money_forms.FileRemedyForm, money_in.FileRemedyIn,
    ),
    "end_remedy": (
        remedies.end_remedy, {"opinion": 4000},
        lambda city: partial(money.end, city, money.file(city, money.served_case(city))),
        money_forms.EndRemedyForm, money_in.EndRemedyIn,
    ),
    "sign_approval": (
        approvals.sign_approval, {"opinion": 1000},
        lambda city: partial(sign_through, ask_to_suspend(city, make_case(city)), city.east_head),
        approval_forms.SignForm, approvals_in.ApprovalSignIn,
    ),
}
# fmt: on


def applied(city: City) -> Case:
    case = money.served_case(city)
    money.urged(city, case)
    return money.court(city, case)


def sign_through(approval: Approval, actor: User) -> Approval:
    return approvals.sign_approval(approval_id=approval.pk, seen=seen(approval, actor), actor=actor, at=NOW)


@pytest.mark.parametrize("verb", BESIDE)
def test_a_verb_of_what_lies_beside_a_case_cuts_nothing_either(
    city: City, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    act, limits, staged, form, body = BESIDE[verb]
    go = staged(city)
    for field, most in limits.items():
        typing(monkeypatch, act, field, "字" * (most + 1))
        with refused(Invalid, "too_long", field):
            go()
        typing(monkeypatch, act, field, "字" * most)
        with transaction.atomic():
            assert go()
            transaction.set_rollback(True)
        assert (form.base_fields[field].max_length, body().fields[field].max_length) == (most, most)


def test_an_objection_is_as_long_as_the_form_and_the_api_let_it_be(city: City) -> None:
    case = case_in(city, S.UNDER_REVIEW)
    with refused(Invalid, "too_long", "objections"):
        review.return_review(
            case_id=case.pk, outcome="supplement", objections={"facts": "字" * 501}, opinion="退回",
            actor=city.east_reviewer, at=LATER,
        )  # fmt: skip
    assert duties_in.ReturnReviewIn().fields["objections"].child.max_length == 500  # type: ignore[attr-defined]  # a dictionary of texts
    assert duty_forms.ReturnReviewForm().fields["facts"].max_length == 500  # type: ignore[attr-defined]  # a text field


@pytest.mark.parametrize("given", [{"name": "名" * 121}, {"name": "李某", "mandate": "托" * 501}])
def test_who_comes_to_a_hearing_is_written_whole(city: City, given: dict[str, Any]) -> None:
    case = heard.hearing_in(city, HearingState.SCHEDULED)
    people = [*heard.EVERYBODY, hearing_session.Attending("agent", **given)]
    with refused(Invalid, "too_long", "attendance"):
        heard.hold(city, case, attendance=people)


@pytest.mark.parametrize("given", [{"opinion": "言" * 4001, "stance": "for"}, {"absence": "因" * 201}])
def test_what_a_head_said_is_written_whole(city: City, given: dict[str, str]) -> None:
    case = heard.make_told_case(city)
    voices = [*heard.speaking(city)[:2], discussion.Speaking(heard.deputies(city)[1].pk, **given)]
    with refused(Invalid, "too_long", "voices"):
        heard.discuss(city, case, at=LATER, voices=voices)


@pytest.mark.parametrize(
    ("field", "most"),
    [("party_name", 120), ("party_code", 18), ("address", 200), ("cause", 200), ("place", 200), ("facts", 4000),
     ("basis", 2000), ("said", 2000), ("receipt_number", 60)],
)  # fmt: skip
def test_a_decision_on_the_spot_keeps_every_text_whole_or_not_at_all(city: City, field: str, most: int) -> None:
    typed: dict[str, Any] = {field: "字" * (most + 1)}
    with refused(Invalid, "too_long", field):
        fined_on_spot(city, **typed)
    assert outcome_forms.SpotForm.base_fields[field].max_length == most  # type: ignore[attr-defined]  # a text field
    assert outcomes_in.SpotIn().fields[field].max_length == most  # type: ignore[attr-defined]  # a text field


@pytest.mark.parametrize("kind", [kind for kind in ApprovalKind if kind in APPROVABLE])
def test_what_a_head_could_not_carry_out_for_its_length_is_not_asked_for(kind: ApprovalKind) -> None:
    """The form one asks with has the same numbers as the verb it ends in."""
    asked: dict[ApprovalKind, Any] = {
        ApprovalKind.FILE: approval_forms.AskFileForm,
        ApprovalKind.SUSPEND: forms.SuspendForm,
        ApprovalKind.EXTEND: forms.ExtendForm,
        ApprovalKind.EXCLUDE: forms.ExcludeForm,
        ApprovalKind.EXTEND_REVIEW: duty_forms.ExtendReviewForm,
        ApprovalKind.TERMINATE: outcome_forms.AskTerminateForm,
        ApprovalKind.CLOSE: approval_forms.AskCloseForm,
    }
    given: dict[str, Any] = {
        "cause": "案由", "conditions": ["x"], "reason": "理由", "ground": "听证", "starts_on": "2026-03-03", "days": 5,
        "first_day": "2026-03-03", "last_day": "2026-03-04",
    }  # fmt: skip
    known = APPROVABLE[kind].arguments
    arguments = {name: given[name] for name in known}
    assert plain(kind, arguments)
    for name in {"cause", "reason"} & set(known):
        most = known[name].limit
        assert asked[kind].base_fields[name].max_length == most
        assert most is not None
        with pytest.raises(Invalid) as caught:
            plain(kind, arguments | {name: "字" * (most + 1)})
        assert (caught.value.code, caught.value.field) == ("too_long", name)
        assert name != "reason" or (Approval._meta.get_field("reason").max_length or 0) >= most


def test_no_verb_cuts_what_somebody_typed() -> None:
    cut = [
        f"{path.name}:{node.lineno}"
        for app in ("cases", "clues")
        for path in sorted(Path(settings.BASE_DIR, app, "actions").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Subscript)
        and isinstance(node.slice, ast.Slice)
        and node.slice.upper is not None
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Attribute)
        and node.value.func.attr in ("strip", "upper")
    ]
    assert cut == []
