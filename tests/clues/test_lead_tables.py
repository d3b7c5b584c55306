"""The state table of leads as a table: every verb against every state, every person against every verb."""

import random
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from clues.actions.custody import assign_lead
from clues.models import Lead
from clues.queries import legal_moves
from clues.states import LeadState
from core.errors import NotFound, NotPermitted, Refusal, WrongState
from deadlines.models import Clock
from tests.builders import City, make_lead, moment
from tests.clues.stages import LATER, ROWS, STATES, TABLE, VERBS, doer, lead_in
from tests.refusals import everything, refused


def succeeds(verb: str, city: City, lead: Lead, actor: User) -> Lead:
    """Carry the verb out and take it back, so that the next starts from the same rows; the lead as it was between."""
    with transaction.atomic():
        moved = VERBS[verb](city, lead, actor, LATER)
        transaction.set_rollback(True)
    return moved


def test_every_verb_of_the_table_is_tried() -> None:
    assert set(VERBS) == set(ROWS)


# A district has no authority below it; handing down is the city's (test_custody).
NOBODYS = {"hand_down"}


@pytest.mark.parametrize("state", STATES)
def test_a_verb_works_from_the_states_of_its_row_and_is_refused_from_all_others(city: City, state: str) -> None:
    lead = lead_in(city, state)
    assert lead.state == state
    for verb, row in ROWS.items():
        if verb in NOBODYS:
            continue
        if row.starts_from(state):
            assert succeeds(verb, city, lead, doer(city, verb)).state == (row.target or state), verb
        else:
            with refused(WrongState, "wrong_state"):
                VERBS[verb](city, lead, doer(city, verb), LATER)


HEAD, HEADS, OWNER = {"east_director"}, {"east_director", "east_head"}, {"east_handler"}
DESK = {"east_clerk", "clerk"}
OFFICERS = {"east_handler", "east_handler2", "east_head"}
MAY: dict[str, set[str]] = {
    "assign": HEADS | DESK,
    "sign": OWNER,
    "return": OWNER,
    "hand_over": HEAD | DESK,
    "take_over": {"director"},
    "hand_down": set(),
    "raise_dispute": HEADS | DESK,
    "check": OFFICERS,
    "extend": HEAD,
    "exclude": HEAD,
    "report": OFFICERS,
    "send_back": HEAD,
    "file": HEAD,
    "decline": HEAD,
    "transfer": HEAD,
    "record_receipt": OFFICERS | HEAD | DESK,
    "give_feedback": OFFICERS | HEAD | DESK,
    "merge": HEADS | DESK,
    "unmerge": HEADS | DESK,
    "attach": OFFICERS | HEAD | DESK,
}
SEES = {
    "director", "reviewer", "supervisor", "leader", "clerk",
    "east_clerk", "east_director", "east_reviewer", "east_head", "east_handler", "east_handler2",
}  # fmt: skip
BLIND = {"squad_head", "handler", "handler2", "west_handler", "west_head"}


def people_of(city: City) -> dict[str, User]:
    return {name: person for name, person in vars(city).items() if isinstance(person, User)}


@pytest.mark.parametrize("verb", VERBS)
def test_only_the_people_named_here_may(city: City, verb: str) -> None:
    people = people_of(city)
    assert set(people) == SEES | BLIND
    lead = lead_in(city, next(state for state in STATES if ROWS[verb].starts_from(state)))
    for name, person in people.items():
        if name in MAY[verb]:
            succeeds(verb, city, lead, person)
        else:
            with refused(NotFound if name in BLIND else NotPermitted):
                VERBS[verb](city, lead, person, LATER)


@pytest.mark.parametrize("state", STATES)
def test_the_buttons_are_exactly_the_verbs_that_would_not_be_refused(city: City, state: str) -> None:
    lead = lead_in(city, state)
    for name, person in people_of(city).items():
        if name in BLIND:
            continue
        expected = {verb for verb, row in ROWS.items() if row.starts_from(state) and name in MAY[verb]}
        assert {row.name for row in legal_moves(person, lead)} == expected, name


@pytest.mark.parametrize("seed", range(6))
def test_a_random_walk_is_told_whole_by_its_history(city: City, seed: int) -> None:
    chance, at = random.Random(seed), moment("2026-03-02")
    make_lead(city, at=at, party="另一商店")
    lead = make_lead(city, at=at)
    for _ in range(16):
        at += timedelta(days=chance.randrange(4), minutes=1)
        lead = Lead.objects.get(pk=lead.pk)
        verb = chance.choice(sorted(VERBS))
        before = everything()
        try:
            VERBS[verb](city, lead, doer(city, verb), at)
        except Refusal:
            assert everything() == before
    state, rows = "", {row.name: row for row in TABLE}
    for move in lead.moves.order_by("id"):
        assert move.source == state
        assert not rows[move.name].sources or rows[move.name].starts_from(state)
        state = rows[move.name].target or state
        assert move.target == state
    lead.refresh_from_db()
    assert lead.state == state
    clock = Clock.objects.get(subject_kind="lead", subject_id=lead.pk, rule="lead_verification")
    assert (clock.owner_id, clock.office_id) == (lead.owner_id, lead.office_id)
    assert (clock.state == "running") is (lead.decided_on is None)


def test_a_lead_that_moves_to_another_district_leaves_the_first_ones_sight(city: City) -> None:
    lead = lead_in(city, LeadState.VERIFYING)
    assign_lead(
        lead_id=lead.pk, office_id=city.west_squad.pk, owner_id=city.west_handler.pk, actor=city.clerk, at=LATER
    )
    with refused(NotFound, "not_found"):
        VERBS["report"](city, lead, city.east_handler, LATER)
    clock = Clock.objects.get(subject_kind="lead", subject_id=lead.pk, rule="lead_verification")
    assert (clock.owner, clock.office, clock.bureau) == (city.west_handler, city.west_squad, city.west)
    assert (str(clock.origin_on), str(clock.due_on)) == ("2026-03-02", "2026-03-23")


@pytest.mark.parametrize(
    ("constraint", "state", "broken"),
    [
        ("lead_decided_exactly_when_closed", LeadState.VERIFIED, {"state": "filed"}),
        ("lead_decided_exactly_when_closed", LeadState.FILED, {"state": "verified"}),
        ("lead_not_filed_has_ground", LeadState.NOT_FILED, {"decline_ground": ""}),
    ],
)
def test_the_database_refuses_what_no_verb_may_write(
    city: City, constraint: str, state: str, broken: dict[str, str]
) -> None:
    lead = lead_in(city, state)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Lead.objects.filter(pk=lead.pk).update(**broken)
