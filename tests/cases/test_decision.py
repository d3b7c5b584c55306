"""From the proposal to the decision: versions, approval, notice, defence, and nothing heavier than was told."""

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
from cases.actions import decision, defence, proposal, review
from cases.models import Case, Proposal, ProposalApproval
from cases.queries.decision import approval_in_force, current_proposal
from cases.states.decision import PenaltyKind
from cases.states.matter import CaseState
from core.errors import Invalid, NotPermitted, WrongState
from deadlines.models import Clock
from tests.browsing import as_
from tests.builders import (
    City,
    decide,
    make_approved_case,
    make_case,
    make_notified_case,
    make_proposal,
    make_reviewed_case,
    make_user,
    moment,
)
from tests.cases.stages import VERBS
from tests.cases.test_case_duties import also
from tests.refusals import refused
from tests.threads import at_once

AT = moment("2026-03-12")
AFTER = moment("2026-03-24")


def proposed(case: Case, at: datetime = AT, **changes: Any) -> Case:
    fields: dict[str, Any] = {
        "facts": "货架上有过期食品。", "basis": "依据示例法第一条。", "penalties": [PenaltyKind.FINE], "fine": Decimal(5000),
    }  # fmt: skip
    return proposal.propose(case_id=case.pk, **{**fields, **changes}, actor=case.owner, at=at)


def approved(case: Case, actor: User, version: int = 1, **more: Any) -> Case:
    return proposal.approve_notice(case_id=case.pk, version=version, actor=actor, at=AT, **more)


def notified(case: Case, on: str = "2026-03-16") -> Case:
    return decision.notify_party(case_id=case.pk, served_on=date.fromisoformat(on), actor=case.owner, at=moment(on))


def heard(case: Case, on: str, at: str, **changes: Any) -> Case:
    fields = {"way": "written", "content": "已经整改。", "adopted": "part", "reply": "整改已经从轻考虑。", **changes}
    return defence.record_defence(
        case_id=case.pk, made_on=date.fromisoformat(on), **fields, actor=case.owner, at=moment(at)
    )


def decided(case: Case, actor: User, **changes: Any) -> Case:
    fields: dict[str, Any] = {
        "decision": "罚款",
        "fine": Decimal(5000),
        "confiscated": Decimal(300),
        "defence": "未提出",
    }
    return decision.decide_case(case_id=case.pk, **{**fields, **changes}, actor=actor, at=AFTER)


# ---- proposals ----------------------------------------------------------------------------------


def test_a_proposal_is_a_new_version_and_the_one_before_stays(city: City) -> None:
    case = proposed(make_case(city))
    first = Proposal.objects.get()
    before = (first.said(), first.sha256)
    proposed(case, fine=Decimal(4000))
    first.refresh_from_db()
    second = current_proposal(case)
    assert second is not None
    assert (first.said(), first.sha256) == before
    assert (second.version, second.fine, second.sha256) == (2, Decimal(4000), second.digest())
    assert second.sha256 != first.sha256
    assert [move.reason for move in case.moves.filter(name="propose")] == ["第1版", "第2版"]


FAULTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "no facts": ({"facts": " "}, "required", "facts"),
    "no basis": ({"basis": ""}, "required", "basis"),
    "no kind": ({"penalties": [], "fine": Decimal()}, "required", "penalties"),
    "a kind of another law": ({"penalties": ["detention"]}, "unknown_penalty", "penalties"),
    "a sum without its kind": ({"confiscated": Decimal(1)}, "kind_not_chosen", "penalties"),
    "a kind without its sum": ({"fine": Decimal()}, "amount_missing", "fine"),
    "goods of no value": ({"penalties": ["fine", "confiscate_goods"]}, "amount_missing", "goods_value"),
    "a fine below zero": ({"fine": Decimal(-1)}, "negative_amount", "fine"),
    "goods below zero": ({"goods_value": Decimal(-1)}, "negative_amount", "goods_value"),
    "a fine that is no number": ({"fine": Decimal("NaN")}, "bad_amount", "fine"),
    "an outcome nobody proposes": ({"outcome": "merged"}, "unknown_outcome", "outcome"),
    "exempt and fined": ({"outcome": "exempt"}, "no_penalty_here", "penalties"),
    "a party of no kind": ({"party_kind": "robot"}, "unknown_party_kind", "party_kind"),
    "a tier from nowhere": ({"tier_id": 999}, "unknown_tier", "tier"),
    "a large fine without the right to be heard": ({"fine": Decimal(100_000)}, "hearing_right_required", "hearing_right"),
    "a licence without it": ({"penalties": ["fine", "revoke_licence"]}, "hearing_right_required", "hearing_right"),
    "a person's fine without it": (
        {"party_kind": "person", "fine": Decimal(10_000)}, "hearing_right_required", "hearing_right",
    ),
}  # fmt: skip


def test_a_faulty_proposal_is_refused_at_its_field(city: City) -> None:
    case = make_case(city)
    for changes, code, field in FAULTS.values():
        with refused(Invalid, code, field):
            proposed(case, **changes)
    with refused(Invalid, "hearing_right_required"):
        proposed(case, penalties=["suspend_business"], fine=Decimal())
    proposed(case, fine=Decimal("99999.99"))
    proposed(case, fine=Decimal(100_000), hearing_right=True)


def test_the_refusal_names_the_limb_that_demands_the_hearing(city: City) -> None:
    case = make_case(city)
    with pytest.raises(Invalid, match="听证办法第五条第一款第二项"):
        proposed(case, penalties=["fine", "downgrade"])
    with pytest.raises(Invalid, match="听证办法第五条第一款第三项"):
        proposed(case, fine=Decimal(100_000))


def test_without_a_proposal_no_case_is_sent_for_review(city: City) -> None:
    case = make_case(city)
    with refused(WrongState, "no_proposal"):
        VERBS["conclude"](city, case, city.east_handler, AT)
    page = Client()
    page.force_login(city.east_handler)
    with time_machine.travel(AT, tick=False):
        assert "先办理“拟定处理意见”。" in page.get(reverse("case_page", args=[case.pk])).content.decode()
        assert page.get(reverse("case_conclude", args=[case.pk])).status_code == 409


# ---- approval and notice ------------------------------------------------------------------------


def test_what_the_head_approved_is_kept_with_its_hash(city: City) -> None:
    case = approved(make_reviewed_case(city), city.east_director, opinion="同意告知。")
    approval = approval_in_force(case)
    assert approval is not None
    assert (approval.sha256, approval.proposal.version, approval.approved_by) == (
        approval.proposal.digest(), 1, city.east_director,
    )  # fmt: skip
    assert case.state == CaseState.APPROVED
    assert notified(case).notified_proposal == approval.proposal


def test_a_head_approves_the_version_they_read_and_only_a_penalty(city: City) -> None:
    case = make_reviewed_case(city)
    with refused(WrongState, "version_changed"):
        approved(case, city.east_director, version=2)
    spared = proposed(make_case(city), outcome="exempt", penalties=[], fine=Decimal())
    VERBS["conclude"](city, spared, city.east_handler, AT)
    spared = VERBS["pass_review"](city, spared, city.east_reviewer, AT)
    with refused(WrongState, "not_a_penalty"):
        approved(spared, city.east_director)
    with time_machine.travel(AT, tick=False):
        page = as_(city.east_director).get(reverse("case_page", args=[spared.pk])).content.decode()
    assert "不需要告知行政处罚" in page


@pytest.mark.parametrize("who", ["east_handler", "east_handler2", "east_reviewer"])
def test_whoever_investigated_or_reviewed_does_not_approve(city: City, who: str) -> None:
    case = make_reviewed_case(city)
    both = also(getattr(city, who), city, "bureau_head")
    with refused(NotPermitted, "separation_of_duties"):
        approved(case, both)


def test_an_officer_of_another_case_does_not_take_this_one_back(city: City) -> None:
    case, other = make_approved_case(city), make_user("east_handler3", city.east_squad)
    with refused(NotPermitted, "separation_of_duties"):
        VERBS["revise"](city, case, other, AT)


def test_words_changed_behind_the_approval_are_not_served(city: City) -> None:
    case = make_approved_case(city)
    Proposal.objects.filter(case=case).update(fine=1)
    with refused(WrongState, "not_approved"):
        notified(case)


def test_a_notice_is_refused_when_its_party_turns_out_to_be_a_person(city: City) -> None:
    case = make_approved_case(city, fine="20000")
    Case.objects.filter(pk=case.pk).update(party_kind="person")
    with refused(Invalid, "hearing_right_required", "hearing_right"):
        notified(case)


def test_the_right_to_a_hearing_has_its_own_term(city: City) -> None:
    plain, offered = make_notified_case(city), make_notified_case(city, hearing_right=True)
    rules = [set(Clock.objects.filter(subject_kind="case", subject_id=each.pk).values_list("rule", flat=True))
             for each in (plain, offered)]  # fmt: skip
    assert rules[1] - rules[0] == {"hearing_request"}
    assert decide(city, offered, at=AFTER).state == CaseState.DECIDED
    assert not Clock.objects.filter(subject_id=offered.pk, rule="hearing_request", state="running").exists()


def test_a_change_begins_review_approval_and_notice_anew_and_deletes_nothing(city: City) -> None:
    case = make_notified_case(city, hearing_right=True)
    case = proposal.revise_proposal(
        case_id=case.pk, reason="当事人补交了证据", actor=city.east_handler, at=moment("2026-03-18")
    )
    assert (case.state, case.notified_on, case.notified_proposal) == (CaseState.INVESTIGATING, None, None)
    old = ProposalApproval.objects.get()
    assert (old.is_void, old.void_reason, old.voided_by) == (True, "当事人补交了证据", city.east_handler)
    terms = Clock.objects.filter(
        subject_kind="case", subject_id=case.pk, rule__in=["statement_defence", "hearing_request"]
    )
    assert {clock.state for clock in terms} == {"cancelled"}
    assert case.moves.filter(name="revise", source="notified", target="investigating").exists()
    with refused(WrongState, "wrong_state"):
        notified(case, "2026-03-19")

    at = moment("2026-03-19")
    proposed(case, at, fine=Decimal(8000))
    review.conclude_case(
        case_id=case.pk, conclusion="已补充。", reviewer_id=city.east_reviewer.pk, actor=city.east_handler, at=at
    )
    review.pass_review(case_id=case.pk, opinion="同意。", actor=city.east_reviewer, at=at)
    with refused(WrongState, "version_changed"):
        proposal.approve_notice(case_id=case.pk, version=1, actor=city.east_director, at=at)
    proposal.approve_notice(case_id=case.pk, version=2, actor=city.east_director, at=at)
    case = decision.notify_party(case_id=case.pk, served_on=at.date(), actor=city.east_handler, at=at)
    assert case.notified_proposal is not None
    assert case.notified_proposal.version == 2
    assert ProposalApproval.objects.filter(is_void=True).count() == 1


def test_of_two_heads_who_approve_at_once_one_wins_and_the_other_is_told(transactional_db: None, city: City) -> None:
    case = make_reviewed_case(city)
    outcome = at_once([lambda: approved(case, city.east_director), lambda: approved(case, city.east_director)])
    lost = [each for each in outcome if isinstance(each, Exception)]
    assert len(lost) == 1
    assert isinstance(lost[0], WrongState)
    assert lost[0].code == "wrong_state"
    assert ProposalApproval.objects.count() == 1


# ---- defence and decision -----------------------------------------------------------------------


def test_what_the_party_says_is_recorded_and_weighed_late_or_not(city: City) -> None:
    case = make_notified_case(city)
    heard(case, "2026-03-18", "2026-03-18", evidence="整改照片两张")
    heard(case, "2026-03-24", "2026-03-25", way="oral", adopted="none")
    assert [(str(each.made_on), each.is_late) for each in case.defences.order_by("id")] == [
        ("2026-03-18", False),
        ("2026-03-24", True),
    ]
    for changes, code, field in (
        ({"way": "smoke"}, "unknown_way", "way"), ({"adopted": "maybe"}, "unknown_adoption", "adopted"),
        ({"content": " "}, "required", "content"), ({"reply": ""}, "required", "reply"),
    ):  # fmt: skip
        with refused(Invalid, code, field):
            heard(case, "2026-03-18", "2026-03-18", **changes)
    for on, code in (("2026-03-15", "date_too_early"), ("2026-03-26", "future_date")):
        with refused(Invalid, code, "made_on"):
            heard(case, on, "2026-03-25")


HEAVIER: tuple[tuple[dict[str, Any], str], ...] = (
    ({"fine": Decimal("5000.01")}, "fine"),
    ({"confiscated": Decimal("300.01")}, "confiscated"),
    ({"penalties": ["fine", "confiscate_income", "revoke_licence"]}, "penalties"),
    ({"penalties": ["criticism"], "fine": Decimal(), "confiscated": Decimal()}, "penalties"),
)


def test_a_decision_is_never_heavier_than_what_was_told(city: City) -> None:
    case = heard(make_notified_case(city), "2026-03-18", "2026-03-18")
    for changes, field in HEAVIER:
        with refused(Invalid, "aggravated", field):
            decided(case, city.east_director, **changes)
    nothing = {"penalties": [], "fine": Decimal(), "confiscated": Decimal()}
    with refused(Invalid, "no_penalty_left", "penalties"):
        decided(case, city.east_director, **nothing)
    after = decided(case, city.east_director, fine=Decimal(3000), confiscated=Decimal())
    assert (after.penalties, after.fine, after.outcome) == (["warning", "fine"], Decimal(3000), "penalty")


def test_a_case_told_under_an_older_ledger_is_told_again(city: City) -> None:
    case = make_notified_case(city)
    Case.objects.filter(pk=case.pk).update(notified_proposal=None)
    with refused(WrongState, "not_notified"):
        decided(case, city.east_director)
    with refused(WrongState, "not_notified"):
        heard(case, "2026-03-18", "2026-03-18")


BROKEN: dict[str, Callable[[Proposal], object]] = {
    "proposal_version_once": lambda row: Proposal.objects.filter(pk=row.pk).update(version=1),
    "proposal_money_not_negative": lambda row: Proposal.objects.filter(pk=row.pk).update(fine=-1),
    "proposal_versions_count_from_one": lambda row: Proposal.objects.filter(pk=row.pk).update(version=0),
    "proposal_only_a_penalty_costs": lambda row: Proposal.objects.filter(pk=row.pk).update(outcome="exempt"),
    "proposal_deviation_has_reason": lambda row: Proposal.objects.filter(pk=row.pk).update(is_deviation=True),
    "proposal_approval_not_by_the_proposer": lambda row: ProposalApproval.objects.update(approved_by=row.made_by),
    "proposal_approval_void_has_reason": lambda row: ProposalApproval.objects.update(is_void=True),
    "proposal_approval_one_in_force": lambda row: ProposalApproval.objects.create(
        case=row.case, proposal=row, proposed_by=row.made_by, approved_by=User.objects.get(username="east_director"),
        approved_at=AT, sha256="",
    ),
}  # fmt: skip


def test_the_database_refuses_what_no_verb_may_write(city: City) -> None:
    case = make_proposal(make_case(city), at=AT)
    make_proposal(case, at=AT)
    VERBS["conclude"](city, case, city.east_handler, AT)
    VERBS["pass_review"](city, case, city.east_reviewer, AT)
    approved(case, city.east_director, version=2)
    newest = current_proposal(case)
    assert newest is not None
    for constraint, breaks in BROKEN.items():
        with pytest.raises(IntegrityError) as caught, transaction.atomic():
            breaks(newest)
        told = str(caught.value)
        assert constraint in told or "UNIQUE" in told, constraint
