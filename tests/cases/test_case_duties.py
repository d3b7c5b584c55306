"""Nobody checks their own work: by the verbs, and by the database when a verb forgets."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.actions import deactivate_user, give_post
from accounts.models import User
from accounts.roles import Role
from cases.actions import filing, review
from cases.models import Case
from cases.states.matter import CaseState, FilingCondition
from core.errors import Invalid, NotPermitted
from deadlines.queries import open_clock
from tests.builders import NOW, SINCE, SYSTEM, City, make_user, make_verified_lead, moment
from tests.cases.stages import LATER, VERBS, case_in
from tests.refusals import refused


def also(person: User, city: City, role: str) -> User:
    """The same person with one more post in the east bureau, read afresh."""
    give_post(user=person, office=city.east, role=role, starts_on=SINCE, actor=SYSTEM, at=NOW)
    return User.objects.get(pk=person.pk)


def file(city: City, owner: User, second: User) -> Case:
    lead = make_verified_lead(city)
    return filing.file_case(
        lead_id=lead.pk, cause="过期食品", owner_id=owner.pk, second_officer_id=second.pk,
        conditions=FilingCondition.values, actor=city.east_director, at=NOW,
    )  # fmt: skip


def test_one_officer_is_not_enough(city: City) -> None:
    lead = make_verified_lead(city)
    with refused(Invalid, "two_officers_required", "second_officer"):
        filing.file_case(
            lead_id=lead.pk, cause="过期食品", owner_id=city.east_handler.pk, second_officer_id=city.east_handler.pk,
            conditions=FilingCondition.values, actor=city.east_director, at=NOW,
        )  # fmt: skip


@pytest.mark.parametrize("field", ["owner", "second_officer"])
def test_an_officer_of_another_office_is_refused(city: City, field: str) -> None:
    lead = make_verified_lead(city)
    officers = {"owner": city.east_handler.pk, "second_officer": city.east_handler2.pk, field: city.west_handler.pk}
    with refused(Invalid, "not_in_office", field):
        filing.file_case(
            lead_id=lead.pk, cause="过期食品", owner_id=officers["owner"],
            second_officer_id=officers["second_officer"], conditions=FilingCondition.values,
            actor=city.east_director, at=NOW,
        )  # fmt: skip


def test_a_deactivated_officer_is_refused(city: City) -> None:
    lead = make_verified_lead(city)
    deactivate_user(user_id=city.east_handler2.pk, actor=SYSTEM, at=NOW)
    with refused(Invalid, "user_deactivated", "second_officer"):
        filing.file_case(
            lead_id=lead.pk, cause="过期食品", owner_id=city.east_handler.pk, second_officer_id=city.east_handler2.pk,
            conditions=FilingCondition.values, actor=city.east_director, at=NOW,
        )  # fmt: skip


def test_an_officer_of_the_case_is_not_sent_it_for_review(city: City) -> None:
    also(city.east_handler2, city, Role.LEGAL_REVIEWER)
    case = case_in(city, CaseState.INVESTIGATING)
    with refused(Invalid, "reviewer_investigated", "reviewer"):
        review.conclude_case(
            case_id=case.pk, conclusion="清楚", reviewer_id=city.east_handler2.pk, actor=city.east_handler, at=LATER
        )


@pytest.mark.parametrize("who", ["reviewer", "east_director", "west_handler"])
def test_only_a_reviewer_of_the_same_authority_is_sent_a_case(city: City, who: str) -> None:
    case = case_in(city, CaseState.INVESTIGATING)
    with refused(Invalid, "not_a_reviewer", "reviewer"):
        review.conclude_case(
            case_id=case.pk, conclusion="清楚", reviewer_id=getattr(city, who).pk, actor=city.east_handler, at=LATER
        )


@pytest.mark.parametrize("verb", ["pass_review", "return_review"])
def test_an_officer_who_is_also_a_reviewer_does_not_review_their_case(city: City, verb: str) -> None:
    case = case_in(city, CaseState.UNDER_REVIEW)
    both = also(city.east_handler, city, Role.LEGAL_REVIEWER)
    with refused(NotPermitted, "separation_of_duties"):
        VERBS[verb](city, case, both, LATER)


def test_another_reviewer_does_not_answer_for_the_one_named(city: City) -> None:
    case = case_in(city, CaseState.UNDER_REVIEW)
    other = make_user("east_reviewer2", city.east, Role.LEGAL_REVIEWER)
    with refused(NotPermitted, "separation_of_duties"):
        VERBS["pass_review"](city, case, other, LATER)


def test_an_officer_of_another_case_does_not_conclude_this_one(city: City) -> None:
    case = case_in(city, CaseState.INVESTIGATING)
    other = make_user("east_handler3", city.east_squad)
    with refused(NotPermitted, "separation_of_duties"):
        VERBS["conclude"](city, case, other, LATER)


@pytest.mark.parametrize("who", ["east_handler", "east_handler2", "east_reviewer"])
def test_whoever_investigated_or_reviewed_does_not_decide(city: City, who: str) -> None:
    case = case_in(city, CaseState.NOTIFIED)
    both = also(getattr(city, who), city, Role.BUREAU_HEAD)
    with refused(NotPermitted, "separation_of_duties"):
        VERBS["decide"](city, case, both, LATER)


def test_the_reviewer_of_a_case_does_not_become_its_officer(city: City) -> None:
    case = case_in(city, CaseState.NOTIFIED)
    give_post(user=city.east_reviewer, office=city.east_squad, role=Role.HANDLER, starts_on=SINCE, actor=SYSTEM, at=NOW)
    for owner, second, field in (
        (city.east_reviewer, city.east_handler, "owner"), (city.east_handler, city.east_reviewer, "second_officer"),
    ):  # fmt: skip
        with refused(Invalid, "separation_of_duties", field):
            filing.reassign_case(
                case_id=case.pk, owner_id=owner.pk, second_officer_id=second.pk, reason="调岗",
                actor=city.east_director, at=LATER,
            )  # fmt: skip


def test_reassigning_to_one_and_the_same_person_is_refused(city: City) -> None:
    case = case_in(city, CaseState.INVESTIGATING)
    with refused(Invalid, "two_officers_required", "second_officer"):
        filing.reassign_case(
            case_id=case.pk, owner_id=city.east_handler2.pk, second_officer_id=city.east_handler2.pk, reason="调岗",
            actor=city.east_director, at=LATER,
        )  # fmt: skip


def test_a_new_owner_takes_the_clock_over_where_it_stands(city: City) -> None:
    case = case_in(city, CaseState.INVESTIGATING)
    before = open_clock(rule="case_handling", subject_kind="case", subject_id=case.pk)
    VERBS["reassign"](city, case, city.east_head, moment("2026-03-20"))
    after = open_clock(rule="case_handling", subject_kind="case", subject_id=case.pk)
    assert before is not None and after is not None
    assert (after.pk, after.origin_on, after.due_on) == (before.pk, before.origin_on, before.due_on)
    assert (before.owner, after.owner) == (city.east_handler, city.east_handler2)


def test_only_handlers_of_the_office_become_its_officers(city: City) -> None:
    lead = make_verified_lead(city)
    for wrong in (city.east_head, city.west_handler):
        with refused(Invalid, "not_in_office", "owner"):
            filing.file_case(
                lead_id=lead.pk, cause="过期食品", owner_id=wrong.pk, second_officer_id=city.east_handler2.pk,
                conditions=FilingCondition.values, actor=city.east_director, at=NOW,
            )  # fmt: skip


# What the database itself refuses, whatever the code above it does.
BROKEN: dict[str, tuple[str, Callable[[City], dict[str, Any]]]] = {
    "case_two_different_officers": (
        CaseState.INVESTIGATING,
        lambda city: {"second_officer": city.east_handler},
    ),
    "case_reviewer_did_not_investigate": (
        CaseState.UNDER_REVIEW,
        lambda city: {"reviewer": city.east_handler2},
    ),
    "case_decider_neither_investigated_nor_reviewed": (
        CaseState.DECIDED,
        lambda city: {"decided_by": city.east_reviewer},
    ),
    "case_money_not_negative": (CaseState.DECIDED, lambda city: {"fine": -1}),
    "case_decision_has_number": (CaseState.DECIDED, lambda city: {"decision_number": ""}),
    "case_served_after_decision": (CaseState.SERVED, lambda city: {"served_on": "2026-03-01"}),
    "case_closed_has_day": (CaseState.CLOSED, lambda city: {"closed_on": None}),
}


@pytest.mark.parametrize("constraint", BROKEN)
def test_the_database_refuses_what_no_verb_may_write(city: City, constraint: str) -> None:
    state, broken = BROKEN[constraint]
    case = case_in(city, state)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**broken(city))


def test_the_database_refuses_the_officer_as_decider(city: City) -> None:
    case = case_in(city, CaseState.DECIDED)
    for officer in (city.east_handler, city.east_handler2):
        with pytest.raises(IntegrityError, match="case_decider"), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(decided_by=officer)
