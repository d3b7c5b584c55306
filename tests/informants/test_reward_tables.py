"""Rewards as a table, and the period for claiming one."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from core.errors import Invalid, NotFound, NotPermitted, WrongState
from deadlines.models import Clock
from informants import actions
from informants.models import Reward
from informants.queries import legal_reward_moves, reward_for
from informants.states import PROPOSE, REWARD_TRANSITIONS, RewardState
from tests.builders import City, moment
from tests.informants.people import LATER, REWARD_VERBS, THEN, make_informant, propose, reward_in
from tests.informants.test_opening_tables import SEES, people_of
from tests.refusals import refused

ROWS = {row.name: row for row in REWARD_TRANSITIONS if row is not PROPOSE}
HEAD, OFFICERS = {"east_director"}, {"east_handler", "east_handler2", "east_head"}
MAY = {"grant": HEAD, "deny": HEAD, "tell": OFFICERS, "claim": OFFICERS, "lapse": HEAD}
STARTS = {"grant": "proposed", "deny": "proposed", "tell": "granted", "claim": "told", "lapse": "told"}
CLAIM_DUE = date(2026, 4, 15)  # thirty working days after 3 March: Qingming's holiday in between


def doer(city: City, verb: str) -> User:
    return city.east_director if MAY[verb] == HEAD else city.east_handler


def succeeds(verb: str, reward: Reward, actor: User) -> str:
    with transaction.atomic():
        state = REWARD_VERBS[verb](reward, actor, LATER).state
        transaction.set_rollback(True)
    return state


def test_every_verb_of_the_table_is_tried() -> None:
    assert set(REWARD_VERBS) == set(ROWS) == set(MAY)


@pytest.mark.parametrize("state", RewardState.values)
def test_a_verb_works_from_the_states_of_its_row_and_from_no_other(city: City, state: str) -> None:
    reward = reward_in(city, state)
    assert reward.state == state
    for verb, row in ROWS.items():
        if row.starts_from(state):
            assert succeeds(verb, reward, doer(city, verb)) == row.target
        else:
            with refused(WrongState, "wrong_state"):
                REWARD_VERBS[verb](reward, doer(city, verb), LATER)


@pytest.mark.parametrize("verb", MAY)
def test_only_the_people_named_here_may(city: City, verb: str) -> None:
    reward = reward_in(city, STARTS[verb])
    for name, person in people_of(city).items():
        legal = {row.name for row in legal_reward_moves(person, reward)} if name in SEES else set()
        assert (verb in legal) is (name in MAY[verb]), name
        if name in MAY[verb]:
            succeeds(verb, reward, person)
        else:
            with refused(NotPermitted if name in SEES else NotFound):
                REWARD_VERBS[verb](reward, person, LATER)


def test_nobody_decides_what_they_proposed(city: City) -> None:
    reward = propose(make_informant(city), city.east_handler)
    Reward.objects.update(proposed_by=city.east_director)
    for verb in ("grant", "deny"):
        with refused(NotPermitted, "separation_of_duties"):
            REWARD_VERBS[verb](reward, city.east_director, LATER)


def test_a_reward_keeps_its_computation_and_tells_its_history(city: City) -> None:
    reward = reward_in(city, RewardState.CLAIMED)
    assert (str(reward.amount), reward.rule_version, reward.needs_finance) == ("10000.00", "reward_2021", False)
    assert "罚没款的5%" in reward.basis
    moves = [(move.name, move.source, move.target) for move in reward.moves.order_by("id")]
    assert moves == [
        ("propose", "", "proposed"), ("grant", "proposed", "granted"), ("tell", "granted", "told"), ("claim", "told", "claimed"),
    ]  # fmt: skip


def test_a_large_reward_is_marked_for_the_finance_department(city: City) -> None:
    assert propose(make_informant(city), city.east_handler, base="10000000").needs_finance


def test_one_informant_has_one_live_reward(city: City) -> None:
    reward = reward_in(city, RewardState.PROPOSED)
    with refused(WrongState, "already_rewarded"):
        propose(reward.informant, city.east_handler2)
    REWARD_VERBS["deny"](reward, city.east_director, LATER)
    assert propose(reward.informant, city.east_handler2).state == RewardState.PROPOSED


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"domain": "space"}, "unknown_domain", "domain"),
        ({"level": "best"}, "unknown_level", "level"),
        ({"reason": " "}, "required", "reason"),
    ],
)
def test_a_proposal_with_a_wrong_value_is_refused(city: City, changed: dict[str, str], code: str, field: str) -> None:
    from decimal import Decimal

    given = {"level": "first", "domain": "food_drug", "reason": "属实"} | changed
    informant = make_informant(city)
    with refused(Invalid, code, field):
        actions.propose_reward(
            informant_id=informant.pk, base_amount=Decimal(1), actor=city.east_handler, at=THEN, **given
        )


# ---- the period for claiming ------------------------------------------------


def claim_clocks() -> list[tuple[str, str, date | None]]:
    rows = Clock.objects.filter(rule="informant_reward_claim_fda").order_by("id")
    return [(row.subject_label, row.state, row.due_on) for row in rows]


def test_for_food_and_drugs_telling_starts_the_period_on_the_lead_by_its_number(city: City) -> None:
    reward = reward_in(city, RewardState.TOLD, domain="food_drug")
    number = reward.informant.subject_number
    assert claim_clocks() == [(f"{number} 举报奖励", "running", CLAIM_DUE)]
    clock = Clock.objects.get(rule="informant_reward_claim_fda")
    assert (clock.subject_kind, clock.subject_id) == ("lead", reward.informant.subject_id)
    assert (clock.owner, clock.office) == (city.east_handler, city.east_squad)


def test_elsewhere_no_period_runs_because_none_was_seen_in_the_law(city: City) -> None:
    reward_in(city, RewardState.TOLD, domain="other_domain")
    assert claim_clocks() == []


def test_claiming_meets_the_period(city: City) -> None:
    reward_in(city, RewardState.CLAIMED, domain="food_drug")
    assert [state for _label, state, _due in claim_clocks()] == ["met"]


def test_a_reward_lapses_only_after_the_period(city: City) -> None:
    reward = reward_in(city, RewardState.TOLD, domain="food_drug")
    with refused(WrongState, "claim_period_runs"):
        REWARD_VERBS["lapse"](reward, city.east_director, moment("2026-04-15T23:59"))
    lapsed = REWARD_VERBS["lapse"](reward, city.east_director, moment("2026-04-16T09:00"))
    assert lapsed.state == RewardState.LAPSED
    assert [state for _label, state, _due in claim_clocks()] == ["cancelled"]


@pytest.mark.parametrize("told_on", [date(2026, 3, 2), date(2026, 3, 4)])
def test_the_day_of_telling_lies_between_the_decision_and_today(city: City, told_on: date) -> None:
    reward = reward_in(city, RewardState.APPROVED)
    with refused(Invalid, "day_out_of_range", "told_on"):
        actions.tell_reward(reward_id=reward.pk, told_on=told_on, actor=city.east_handler, at=LATER)


@pytest.mark.parametrize("claimed_on", [date(2026, 3, 2), date(2026, 3, 4)])
def test_the_day_of_claiming_lies_between_the_telling_and_today(city: City, claimed_on: date) -> None:
    reward = reward_in(city, RewardState.TOLD)
    with refused(Invalid, "day_out_of_range", "claimed_on"):
        actions.claim_reward(reward_id=reward.pk, claimed_on=claimed_on, actor=city.east_handler, at=LATER)


@pytest.mark.parametrize(
    ("constraint", "state", "broken"),
    [
        ("reward_decided_once_it_left", RewardState.PROPOSED, {"state": "told"}),
        ("reward_decided_once_it_left", RewardState.TOLD, {"state": "proposed"}),
        ("reward_claimed_on_a_day", RewardState.TOLD, {"state": "claimed"}),
        ("reward_not_negative", RewardState.TOLD, {"amount": -1}),
    ],
)
def test_the_database_refuses_what_no_verb_may_write(
    city: City, constraint: str, state: str, broken: dict[str, object]
) -> None:
    reward = reward_in(city, state)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Reward.objects.filter(pk=reward.pk).update(**broken)


def test_the_database_refuses_a_decision_by_the_proposer(city: City) -> None:
    reward = reward_in(city, RewardState.TOLD)
    with pytest.raises(IntegrityError, match="reward_decided_by_another"), transaction.atomic():
        Reward.objects.filter(pk=reward.pk).update(decided_by=city.east_handler)


def test_a_reward_of_another_office_does_not_exist(city: City) -> None:
    reward = reward_in(city, RewardState.TOLD)
    with pytest.raises(NotFound):
        reward_for(city.west_handler, reward.pk)
