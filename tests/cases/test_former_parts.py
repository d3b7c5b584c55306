"""Whoever investigated or reviewed a case keeps to that, also after somebody else has taken their place."""

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps

from accounts.actions import give_post
from accounts.models import User
from accounts.roles import Role
from cases.actions import duties, filing, hearing, measures, recusal, review
from cases.actions.approvals import ask_approval
from cases.models import Case, FormerPart
from cases.queries.approvals import approvals_awaiting, may_sign
from cases.queries.hearing import hosts_for, speakers_for
from cases.queries.matter import case_for, reviewers_of
from cases.states.hearing import HearingState
from cases.states.matter import CaseState
from core.errors import Invalid, NotPermitted
from tests.builders import NOW, SINCE, SYSTEM, City, certify, make_case, make_user, moment
from tests.cases.duties_builders import SUSPENSION, sign
from tests.cases.evidence_builders import taking
from tests.cases.hearing_builders import PREPARED, hearing_in
from tests.cases.stages import LATER, VERBS, case_in
from tests.cases.test_case_duties import also
from tests.refusals import refused


def replaced(city: City, case: Case) -> User:
    """The east handler, whose place somebody else has taken."""
    other = make_user("east_handler3", city.east_squad)
    filing.reassign_case(
        case_id=case.pk, owner_id=other.pk, second_officer_id=city.east_handler2.pk, reason="调岗",
        actor=city.east_director, at=moment("2026-03-20"),
    )  # fmt: skip
    return city.east_handler


def test_a_former_officer_does_not_review(city: City) -> None:
    case = case_in(city, CaseState.INVESTIGATING)
    former = also(replaced(city, case), city, Role.LEGAL_REVIEWER)
    fetched = case_for(city.east_director, case.pk)
    duties.declare(case_id=case.pk, actor=fetched.owner, at=LATER)
    assert former not in reviewers_of(fetched)
    with refused(Invalid, "reviewer_investigated", "reviewer"):
        review.conclude_case(
            case_id=case.pk, conclusion="清楚", reviewer_id=former.pk, actor=city.east_handler2, at=LATER
        )


@pytest.mark.parametrize("verb", ["decide", "spare", "transfer"])
def test_a_former_officer_neither_decides_nor_ends_the_case(city: City, verb: str) -> None:
    case = case_in(city, CaseState.NOTIFIED)
    former = also(replaced(city, case), city, Role.BUREAU_HEAD)
    with refused(NotPermitted, "separation_of_duties"):
        VERBS[verb](city, case, former, LATER)
    assert former not in speakers_for(case_for(city.east_director, case.pk)), "nor discusses it"


def test_a_former_officer_does_not_host_the_hearing(city: City) -> None:
    case = hearing_in(city, HearingState.REQUESTED)
    former = also(replaced(city, case), city, Role.LEGAL_REVIEWER)
    assert former not in hosts_for(case_for(city.east_director, case.pk))
    with refused(Invalid, "host_investigated", "host"):
        hearing.name_host(case_id=case.pk, host_id=former.pk, actor=city.east_director, at=PREPARED)


def test_a_former_officer_approves_nothing_in_the_case(city: City) -> None:
    case = make_case(city)
    former = also(replaced(city, case), city, Role.BUREAU_HEAD)
    asked = ask_approval(
        kind="suspend", case_id=case.pk, arguments=SUSPENSION | {"starts_on": date(2026, 3, 3)},
        actor=city.east_handler2, at=LATER,
    )  # fmt: skip
    approval = sign(asked, city.east_head, at=LATER)
    assert approval not in approvals_awaiting(former) and not may_sign(former, approval)
    with refused(NotPermitted, "separation_of_duties"):
        sign(approval, former, at=LATER)
    with refused(NotPermitted, "separation_of_duties"):
        measures.order_measure(
            case_id=case.pk, kind="seizure", reason="可能转移", basis="示例法第二条", actor=former, at=LATER
        )


def test_whoever_reviewed_an_earlier_round_neither_decides_nor_investigates(city: City) -> None:
    case = case_in(city, CaseState.UNDER_REVIEW)
    VERBS["return_review"](city, case, city.east_reviewer, moment("2026-03-17"))
    other = make_user("east_reviewer2", city.east, Role.LEGAL_REVIEWER)
    review.conclude_case(
        case_id=case.pk, conclusion="清楚", reviewer_id=other.pk, actor=city.east_handler, at=moment("2026-03-18")
    )
    review.pass_review(case_id=case.pk, opinion="同意", actor=other, at=moment("2026-03-19"))
    former = also(city.east_reviewer, city, Role.BUREAU_HEAD)
    for verb in ("approve_notice", "spare"):
        with refused(NotPermitted, "separation_of_duties"):
            VERBS[verb](city, case, former, LATER)
    give_post(user=former, office=city.east_squad, role=Role.HANDLER, starts_on=SINCE, actor=SYSTEM, at=NOW)
    with refused(Invalid, "separation_of_duties", "second_officer"):
        filing.reassign_case(
            case_id=case.pk, owner_id=city.east_handler.pk, second_officer_id=former.pk, reason="调岗",
            actor=city.east_director, at=LATER,
        )  # fmt: skip


def test_whoever_handed_a_review_over_is_still_known_to_have_reviewed(city: City) -> None:
    case = case_in(city, CaseState.UNDER_REVIEW)
    other = make_user("east_reviewer2", city.east, Role.LEGAL_REVIEWER)
    VERBS["declare"](city, case, city.east_reviewer, moment("2026-03-17"))
    asked = case.recusals.get()
    recusal.grant_recusal(
        case_id=case.pk, recusal_id=asked.pk, opinion="同学", reviewer_id=other.pk, actor=city.east_director,
        at=moment("2026-03-17"),
    )  # fmt: skip
    assert case_for(city.east_director, case.pk).examiner_ids == {city.east_reviewer.pk, other.pk}


def test_whoever_decided_does_not_become_an_officer(city: City) -> None:
    case = case_in(city, CaseState.DECIDED)
    give_post(user=city.east_director, office=city.east_squad, role=Role.HANDLER, starts_on=SINCE, actor=SYSTEM, at=NOW)
    with refused(Invalid, "separation_of_duties", "owner"):
        filing.reassign_case(
            case_id=case.pk, owner_id=city.east_director.pk, second_officer_id=city.east_handler.pk, reason="调岗",
            actor=city.east_head, at=LATER,
        )  # fmt: skip


def test_the_head_who_approved_a_measure_does_not_carry_it_out(city: City) -> None:
    at = moment("2026-03-05")
    case = make_case(city)
    measure = measures.order_measure(
        case_id=case.pk, kind="seizure", reason="可能转移", basis="示例法第二条", actor=city.east_director, at=at
    )
    give_post(user=city.east_director, office=city.east_squad, role=Role.HANDLER, starts_on=SINCE, actor=SYSTEM, at=NOW)
    certify(city.east_director)
    with refused(Invalid, "separation_of_duties", "officer"):
        measures.take_measure(
            measure_id=measure.pk, taking=taking(city, at, officer_id=city.east_director.pk), actor=city.east_handler,
            at=at,
        )  # fmt: skip


def test_parts_taken_before_they_were_kept_are_read_from_what_was_said_then(city: City) -> None:
    case = case_in(city, CaseState.UNDER_REVIEW)
    replaced(city, case)
    VERBS["return_review"](city, case, city.east_reviewer, LATER)
    Case.objects.filter(pk=case.pk).update(reviewer=make_user("east_reviewer2", city.east, Role.LEGAL_REVIEWER))
    FormerPart.objects.all().delete()
    import_module("cases.migrations.0009_parts_taken_before").remember_them(apps, None)
    assert set(FormerPart.objects.values_list("user__username", "capacity")) == {
        ("east_handler", "officer"), ("east_reviewer", "reviewer"),
    }  # fmt: skip
