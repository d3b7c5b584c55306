"""Two people act on one lead in the same moment: exactly one of them does."""

from collections.abc import Callable

import pytest

from accounts.models import User
from accounts.roles import Role
from cases.models import Case
from clues.models import Lead, LeadMove
from clues.states import LeadState
from core.errors import WrongState
from deadlines.models import Clock
from tests.builders import City, make_user
from tests.clues.stages import LATER, VERBS, lead_in
from tests.threads import at_once


def race(city: City, lead: Lead, first: str, second: str, director2: User) -> list[Lead | Exception]:
    def doing(verb: str, actor: User) -> Callable[[], Lead]:
        return lambda: VERBS[verb](city, lead, actor, LATER)

    return at_once([doing(first, city.east_director), doing(second, director2)])


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize(("first", "second"), [("file", "file"), ("file", "decline"), ("decline", "transfer")])
def test_of_two_heads_deciding_a_lead_exactly_one_decides(city: City, first: str, second: str) -> None:
    director2 = make_user("east_director2", city.east, Role.BUREAU_HEAD)
    for _ in range(3):
        lead = lead_in(city, LeadState.VERIFIED)
        outcome = race(city, lead, first, second, director2)
        assert sorted(type(each).__name__ for each in outcome) == ["Lead", "WrongState"], outcome
        refusal = next(each for each in outcome if isinstance(each, WrongState))
        assert refusal.code == "wrong_state"
        decided = LeadMove.objects.filter(lead=lead, target__in=["filed", "not_filed", "transferred"])
        lead.refresh_from_db()
        assert decided.get().target == lead.state
        assert Case.objects.filter(lead=lead).count() == (lead.state == "filed")
        assert Clock.objects.get(subject_kind="lead", subject_id=lead.pk).moves.filter(name="meet").count() == 1
