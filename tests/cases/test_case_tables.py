"""The state table of cases as a table: every verb against every state, every person against every verb."""

import pytest
from django.db import transaction

from accounts.models import User
from cases.models import Case
from cases.queries.matter import legal_moves
from cases.states.matter import CaseState
from core.errors import NotFound, NotPermitted, WrongState
from tests.builders import City
from tests.cases.stages import LATER, ROWS, STATES, VERBS, case_in, doer
from tests.refusals import refused


def succeeds(verb: str, city: City, case: Case, actor: User) -> Case:
    """Carry the verb out and take it back, so that the next starts from the same rows; the case as it was between."""
    with transaction.atomic():
        moved = VERBS[verb](city, case, actor, LATER)
        transaction.set_rollback(True)
    return moved


def test_every_verb_of_the_table_is_tried() -> None:
    assert set(VERBS) == set(ROWS)


@pytest.mark.parametrize("state", STATES)
def test_a_verb_works_from_the_states_of_its_row_and_is_refused_from_all_others(city: City, state: str) -> None:
    case = case_in(city, state)
    assert case.state == state
    for verb, row in ROWS.items():
        if row.starts_from(state):
            assert succeeds(verb, city, case, doer(city, verb)).state == (row.target or state)
        else:
            with refused(WrongState, "wrong_state"):
                VERBS[verb](city, case, doer(city, verb), LATER)


# Who of the city may do what to a case of the east squad led by east_handler with east_handler2, reviewed by east_reviewer.
HEAD, OFFICERS, REVIEWER = {"east_director"}, {"east_handler", "east_handler2"}, {"east_reviewer"}
MAY = {
    "declare": OFFICERS | REVIEWER,
    "suspend": HEAD,
    "resume": HEAD,
    "extend": HEAD,
    "exclude": HEAD,
    "reassign": HEAD | {"east_head"},
    "propose": OFFICERS,
    "conclude": OFFICERS,
    "approve_notice": HEAD,
    "revise": HEAD | OFFICERS,
    "pass_review": REVIEWER,
    "return_review": REVIEWER,
    "extend_review": HEAD,
    "notify": OFFICERS,
    "record_defence": OFFICERS,
    "request_hearing": OFFICERS | HEAD,
    "end_hearing": {"east_head"},
    "report_hearing": {"east_head"},
    "submit_legal_review": OFFICERS,
    "pass_legal_review": REVIEWER,
    "return_legal_review": REVIEWER,
    "discuss": HEAD,
    "decide": HEAD,
    "serve": OFFICERS,
    "record_payment": OFFICERS,
    "defer": HEAD,
    "urge": OFFICERS,
    "apply_court": HEAD,
    "end_execution": HEAD,
    "cease_execution": HEAD,
    "close": HEAD,
    **dict.fromkeys(("spare", "transfer", "refer", "terminate", "withdraw", "merge", "split", "annul"), HEAD),
    "withdraw_publication": OFFICERS,
    "archive": OFFICERS,
}
SEES = {
    "director", "reviewer", "supervisor", "leader", "clerk",
    "east_clerk", "east_director", "east_reviewer", "east_head", "east_handler", "east_handler2",
}  # fmt: skip
BLIND = {"squad_head", "handler", "handler2", "west_handler", "west_head"}
A_STATE_FOR = {
    "declare": "under_review",
    "suspend": "investigating",
    "resume": "suspended",
    "extend": "investigating",
    "exclude": "notified",
    "reassign": "investigating",
    "propose": "investigating",
    "conclude": "investigating",
    "approve_notice": "reviewed",
    "revise": "notified",
    "pass_review": "under_review",
    "return_review": "under_review",
    "extend_review": "under_review",
    "notify": "approved",
    "record_defence": "notified",
    "request_hearing": "notified",
    "end_hearing": "hearing",
    "report_hearing": "hearing",
    "submit_legal_review": "heard",
    "pass_legal_review": "legal_review",
    "return_legal_review": "legal_review",
    "discuss": "notified",
    "decide": "notified",
    "serve": "decided",
    "record_payment": "served",
    "defer": "served",
    "urge": "served",
    "apply_court": "served",
    "end_execution": "served",
    "cease_execution": "served",
    "close": "performed",
    "spare": "reviewed",
    "transfer": "notified",
    "refer": "investigating",
    "terminate": "suspended",
    "withdraw": "investigating",
    "merge": "investigating",
    "split": "investigating",
    "annul": "closed",
    "withdraw_publication": "ended",
    "archive": "closed",
}


def people_of(city: City) -> dict[str, User]:
    return {name: person for name, person in vars(city).items() if isinstance(person, User)}


@pytest.mark.parametrize("verb", VERBS)
def test_only_the_people_named_here_may(city: City, verb: str) -> None:
    people = people_of(city)
    assert set(people) == SEES | BLIND
    case = case_in(city, A_STATE_FOR[verb])
    for name, person in people.items():
        if name in MAY[verb]:
            succeeds(verb, city, case, person)
        else:
            with refused(NotFound if name in BLIND else NotPermitted):
                VERBS[verb](city, case, person, LATER)


@pytest.mark.parametrize("state", STATES)
def test_the_buttons_are_exactly_the_verbs_that_would_not_be_refused(city: City, state: str) -> None:
    case = case_in(city, state)
    for name, person in people_of(city).items():
        if name in BLIND:
            continue
        expected = {verb for verb, row in ROWS.items() if row.starts_from(state) and name in MAY[verb]}
        if name in REVIEWER and case.reviewer is None:
            expected.discard("declare")  # takes no part yet
        if name == "east_head" and state == CaseState.HEARING:
            expected.add("declare")  # hosts the hearing
        assert {row.name for row in legal_moves(person, case)} == expected, name


def test_a_case_of_another_office_does_not_exist(city: City) -> None:
    case = case_in(city, CaseState.INVESTIGATING)
    with refused(NotFound, "not_found"):
        VERBS["conclude"](city, case, city.west_handler, LATER)


def test_the_head_of_the_city_does_not_decide_for_a_district(city: City) -> None:
    case = case_in(city, CaseState.NOTIFIED)
    with refused(NotPermitted, "not_permitted"):
        VERBS["decide"](city, case, city.director, LATER)
