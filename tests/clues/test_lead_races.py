"""Two people act on one lead in the same moment: exactly one of them does."""

from collections.abc import Callable

import pytest

from accounts.models import User
from accounts.roles import Role
from cases.models import Case
from clues.actions import custody
from clues.models import Lead, LeadMove, Tenure
from clues.queries import last_move_of
from clues.states import LeadState
from core.errors import WrongState
from deadlines.models import Clock
from tests.builders import City, make_lead, make_user
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
        handling = Clock.objects.get(subject_kind="lead", subject_id=lead.pk, rule="lead_verification")
        assert handling.moves.filter(name="meet").count() == 1


@pytest.mark.usefixtures("transactional_db")
def test_of_two_clerks_assigning_one_lead_the_second_is_told_by_whom_and_to_whom(city: City) -> None:
    for _ in range(3):
        lead = make_lead(city)
        seen = last_move_of(lead)

        def give(owner: User, actor: User, lead: Lead = lead, seen: int | None = seen) -> Callable[[], Lead]:
            return lambda: custody.assign_lead(
                lead_id=lead.pk, office_id=city.east_squad.pk, owner_id=owner.pk, actor=actor, at=LATER, seen=seen
            )

        outcome = at_once([give(city.east_head, city.clerk), give(city.east_handler2, city.east_clerk)])
        assert sorted(type(each).__name__ for each in outcome) == ["Lead", "WrongState"], outcome
        refusal = next(each for each in outcome if isinstance(each, WrongState))
        lead.refresh_from_db()
        winner = lead.moves.latest("id").actor
        assert refusal.code == "moved_meanwhile"
        assert winner.name in refusal.detail
        assert lead.owner.name in refusal.detail
        assert Tenure.objects.filter(lead=lead, ends_at__isnull=True).count() == 1


@pytest.mark.usefixtures("transactional_db")
def test_a_lead_given_back_while_it_is_given_to_another_has_one_owner(city: City) -> None:
    for _ in range(3):
        lead = lead_in(city, LeadState.ASSIGNED)
        seen = last_move_of(lead)

        def give_back(lead: Lead = lead, seen: int | None = seen) -> Lead:
            return custody.return_lead(lead_id=lead.pk, reason="不属", actor=city.east_handler, at=LATER, seen=seen)

        def reassign(lead: Lead = lead, seen: int | None = seen) -> Lead:
            return custody.assign_lead(
                lead_id=lead.pk, office_id=city.east_squad.pk, owner_id=city.east_head.pk, actor=city.east_clerk,
                at=LATER, seen=seen,
            )  # fmt: skip

        outcome = at_once([give_back, reassign])
        assert sorted(type(each).__name__ for each in outcome) == ["Lead", "WrongState"], outcome
        lead.refresh_from_db()
        held = Tenure.objects.get(lead=lead, ends_at__isnull=True)
        assert (held.office_id, held.owner_id) == (lead.office_id, lead.owner_id)
        assert Clock.objects.get(subject_id=lead.pk, rule="lead_verification").owner_id == lead.owner_id
