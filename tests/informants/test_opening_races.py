"""Two people act on one opening or reward in the same moment: exactly one of them does."""

from functools import partial

import pytest

from accounts.roles import Role
from audit.models import Entry
from core.errors import WrongState
from informants.models import Informant, Opening
from informants.states import OpeningState, RewardState
from tests.builders import City, make_user
from tests.informants.people import LATER, OPENING_VERBS, REWARD_VERBS, ask, opening_in, propose, reward_in
from tests.threads import at_once


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize("second", ["approve", "refuse"])
def test_of_two_heads_deciding_a_request_one_decides_and_the_other_is_told(city: City, second: str) -> None:
    for _ in range(3):
        opening = opening_in(city, OpeningState.PENDING)
        outcome = at_once(
            [
                partial(OPENING_VERBS["approve"], opening, city.east_head, LATER),
                partial(OPENING_VERBS[second], opening, city.supervisor, LATER),
            ]
        )
        assert sorted(type(each).__name__ for each in outcome) == ["Opening", "WrongState"], outcome
        refusal = next(each for each in outcome if isinstance(each, WrongState))
        assert refusal.code == "wrong_state"
        decided = Opening.objects.get(pk=opening.pk)
        verb = "approve" if decided.state == OpeningState.APPROVED else second
        entries = Entry.objects.filter(verb__in=["informants.approve", "informants.refuse"], facts__opening=opening.pk)
        assert [entry.verb for entry in entries] == [f"informants.{verb}"]


@pytest.mark.usefixtures("transactional_db")
def test_of_two_requests_of_one_person_at_once_one_waits_and_one_is_refused(city: City) -> None:
    opening = opening_in(city, OpeningState.REFUSED)
    informant = Informant.objects.get(pk=opening.informant_id)
    outcome = at_once([lambda: ask(informant, city.east_handler, at=LATER)] * 2)
    assert sorted(type(each).__name__ for each in outcome) == ["Opening", "WrongState"], outcome
    assert Opening.objects.filter(state=OpeningState.PENDING).count() == 1


@pytest.mark.usefixtures("transactional_db")
def test_of_two_proposals_at_once_one_stands(city: City) -> None:
    opening = opening_in(city, OpeningState.PENDING)
    outcome = at_once([lambda: propose(opening.informant, city.east_handler, at=LATER)] * 2)
    assert sorted(type(each).__name__ for each in outcome) == ["Reward", "WrongState"], outcome


@pytest.mark.usefixtures("transactional_db")
def test_of_two_heads_deciding_a_reward_one_decides(city: City) -> None:
    director2 = make_user("east_director2", city.east, Role.BUREAU_HEAD)
    reward = reward_in(city, RewardState.PROPOSED)
    outcome = at_once(
        [
            lambda: REWARD_VERBS["grant"](reward, city.east_director, LATER),
            lambda: REWARD_VERBS["deny"](reward, director2, LATER),
        ]
    )
    assert sorted(type(each).__name__ for each in outcome) == ["Reward", "WrongState"], outcome
