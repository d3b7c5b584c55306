"""The state table of complaints as a table: every verb against every state, every person against every verb."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from clues.models import Lead
from clues.queries import legal_moves
from clues.states import COMPLAINT_TABLE, ONLY_LEADS, LeadState
from core.errors import NotFound, NotPermitted, WrongState
from tests.builders import City
from tests.clues.complaint_stages import LATER, VERBS, complaint_in
from tests.refusals import refused

ROWS = {row.name: row for row in COMPLAINT_TABLE if row.name in VERBS}
STATES = [state for state in LeadState.values if state not in (*ONLY_LEADS, LeadState.MERGED)]
DECIDERS = {"east_handler", "east_handler2", "east_head", "east_director"}
EVERYBODY = DECIDERS | {"clerk", "east_clerk"}
MAY = {name: EVERYBODY if name in ("tell", "split") else DECIDERS for name in VERBS}
BLIND = {"squad_head", "handler", "handler2", "west_handler", "west_head"}


def people_of(city: City) -> dict[str, User]:
    return {name: person for name, person in vars(city).items() if isinstance(person, User)}


def try_out(verb: str, lead: Lead, actor: User) -> str:
    """Carry the verb out and take it back; the state it led to."""
    with transaction.atomic():
        state = VERBS[verb](lead, actor, LATER).state
        transaction.set_rollback(True)
    return state


@pytest.mark.parametrize("state", STATES)
def test_a_verb_works_from_the_states_of_its_row_and_is_refused_from_all_others(city: City, state: str) -> None:
    lead = complaint_in(city, state)
    assert lead.state == state
    for verb, row in ROWS.items():
        if row.starts_from(state):
            assert try_out(verb, lead, city.east_handler) == (row.target or state)
        else:
            with refused(WrongState, "wrong_state"):
                VERBS[verb](lead, city.east_handler, LATER)


@pytest.mark.parametrize("verb", VERBS)
def test_only_the_people_named_here_may(city: City, verb: str) -> None:
    lead = complaint_in(city, next(state for state in STATES if ROWS[verb].starts_from(state)))
    for name, person in people_of(city).items():
        if name in MAY[verb]:
            try_out(verb, lead, person)
        else:
            with refused(NotFound if name in BLIND else NotPermitted):
                VERBS[verb](lead, person, LATER)


@pytest.mark.parametrize("state", STATES)
def test_the_buttons_are_exactly_the_verbs_that_would_not_be_refused(city: City, state: str) -> None:
    lead = complaint_in(city, state)
    for name, person in people_of(city).items():
        if name not in BLIND:
            expected = {verb for verb, row in ROWS.items() if row.starts_from(state) and name in MAY[verb]}
            assert {row.name for row in legal_moves(person, lead)} & set(ROWS) == expected, name


@pytest.mark.parametrize(
    ("constraint", "state", "broken"),
    [
        ("lead_refused_has_ground", LeadState.REFUSED, {"refusal_ground": ""}),
        ("lead_ended_has_ground", LeadState.ENDED, {"end_ground": ""}),
        ("lead_mediated_after_it_was_accepted", LeadState.MEDIATING, {"accepted_on": None}),
        ("lead_states_of_its_own_table", LeadState.ACCEPTING, {"state": "verifying"}),
        ("lead_states_of_its_own_table", LeadState.ACCEPTING, {"channel": "report"}),
        ("lead_decided_exactly_when_closed", LeadState.SETTLED, {"decided_on": None}),
    ],
)
def test_the_database_refuses_what_no_verb_may_write(
    city: City, constraint: str, state: str, broken: dict[str, str | None]
) -> None:
    lead = complaint_in(city, state)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Lead.objects.filter(pk=lead.pk).update(**broken)
