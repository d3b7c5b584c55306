"""Whose a lead is: given, signed for, given back, passed on, and never out of anybody's hands."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from accounts.actions import close_office, deactivate_user
from accounts.models import User
from accounts.roles import Role
from clues.actions import custody
from clues.actions.verification import extend_verification
from clues.models import Lead, Tenure
from clues.queries import last_move_of
from core.errors import Invalid, NotFound, NotPermitted, WrongState
from deadlines.models import Clock
from tests.builders import NOW, SYSTEM, City, make_lead, make_user, moment
from tests.refusals import refused

LATER = moment("2026-03-04T15:00")


def assigned(city: City, at: str = "2026-03-03") -> Lead:
    """A lead of the east squad its clerk gave to east_handler2, not signed for."""
    lead = make_lead(city)
    return custody.assign_lead(
        lead_id=lead.pk, office_id=city.east_squad.pk, owner_id=city.east_handler2.pk, actor=city.east_clerk,
        at=moment(at),
    )  # fmt: skip


def signed(city: City) -> Lead:
    lead = assigned(city)
    return custody.sign_lead(lead_id=lead.pk, actor=city.east_handler2, at=moment("2026-03-03T11:00"))


def periods(lead: Lead) -> dict[str, tuple[str, str]]:
    """The state and the owner of each period of a lead, the newest of a rule."""
    clocks = Clock.objects.filter(subject_kind="lead", subject_id=lead.pk).select_related("owner").order_by("id")
    return {clock.rule: (clock.state, clock.owner.username) for clock in clocks}


# ---- assigning and signing ----------------------------------------------------------------------


def test_whoever_is_assigned_a_lead_must_sign_for_it_in_two_working_days(city: City) -> None:
    lead = assigned(city)
    assert (lead.state, lead.owner, lead.signed_at) == ("assigned", city.east_handler2, None)
    signing = Clock.objects.get(rule="lead_signing")
    assert (str(signing.due_on), signing.owner, signing.state) == ("2026-03-05", city.east_handler2, "running")
    assert periods(lead)["lead_triage"] == ("met", "east_handler")  # whoever owed it, not whoever got it
    lead = custody.sign_lead(lead_id=lead.pk, actor=city.east_handler2, at=LATER)
    assert (lead.state, lead.signed_at) == ("verifying", LATER)
    assert periods(lead)["lead_signing"] == ("met", "east_handler2")


def test_a_complaint_signed_for_awaits_the_decision_to_accept(city: City) -> None:
    lead = make_lead(city)
    Lead.objects.filter(pk=lead.pk).update(channel="complaint")
    custody.assign_lead(lead_id=lead.pk, office_id=city.east_squad.pk, actor=city.east_clerk, at=LATER)
    assert custody.sign_lead(lead_id=lead.pk, actor=city.east_head, at=LATER).state == "accepting"


def test_without_an_owner_the_office_s_receiver_gets_it(city: City) -> None:
    lead = make_lead(city)
    for office, receiver in ((city.east, city.east_clerk), (city.west_squad, city.west_head)):
        lead = custody.assign_lead(lead_id=lead.pk, office_id=office.pk, actor=city.clerk, at=LATER)
        assert (lead.office, lead.owner) == (office, receiver)


def test_an_office_nobody_receives_for_is_given_nothing(city: City) -> None:
    lead = make_lead(city)
    for person in (city.west_head, city.west_handler):
        deactivate_user(user_id=person.pk, actor=SYSTEM, at=NOW)
    deactivate_user(user_id=city.director.pk, actor=SYSTEM, at=NOW)
    with refused(Invalid, "no_receiver", "office"):
        custody.assign_lead(lead_id=lead.pk, office_id=city.west_squad.pk, actor=city.clerk, at=LATER)


def test_nobody_signs_for_another(city: City) -> None:
    lead = assigned(city)
    for person in (city.east_handler, city.east_head):
        with refused(NotPermitted, "not_the_owner"):
            custody.sign_lead(lead_id=lead.pk, actor=person, at=LATER)


def test_signing_taken_away_by_somebody_else_drops_and_by_oneself_is_done(city: City) -> None:
    lead = assigned(city)
    custody.assign_lead(
        lead_id=lead.pk, office_id=city.east_squad.pk, owner_id=city.east_head.pk, actor=city.east_clerk, at=LATER
    )
    assert [clock.state for clock in Clock.objects.filter(rule="lead_signing").order_by("id")] == [
        "cancelled", "running",
    ]  # fmt: skip
    custody.assign_lead(
        lead_id=lead.pk, office_id=city.east_squad.pk, owner_id=city.east_handler.pk, actor=city.east_head, at=LATER
    )
    states_of = [clock.state for clock in Clock.objects.filter(rule="lead_signing").order_by("id")]
    assert states_of == ["cancelled", "met", "running"]


# ---- giving back --------------------------------------------------------------------------------


def test_a_lead_given_back_goes_to_whoever_had_it_and_is_to_be_assigned_again(city: City) -> None:
    lead = signed(city)
    lead = custody.return_lead(lead_id=lead.pk, reason="不属本队", actor=city.east_handler2, at=LATER)
    assert (lead.state, lead.owner, lead.signed_at) == ("registered", city.east_handler, None)
    assert periods(lead)["lead_triage"] == ("running", "east_handler")
    assert lead.moves.values_list("reason", flat=True).last() == "不属本队"
    assert str(Clock.objects.get(rule="lead_verification").due_on) == "2026-03-23"


def test_a_lead_is_given_back_so_many_times_and_then_it_is_a_dispute(city: City) -> None:
    lead = assigned(city)
    for _time in range(2):
        custody.return_lead(lead_id=lead.pk, reason="不属本队", actor=city.east_handler2, at=LATER)
        custody.assign_lead(
            lead_id=lead.pk, office_id=city.east_squad.pk, owner_id=city.east_handler2.pk, actor=city.east_clerk,
            at=LATER,
        )  # fmt: skip
    with refused(WrongState, "returned_too_often"):
        custody.return_lead(lead_id=lead.pk, reason="还是不属", actor=city.east_handler2, at=LATER)


def test_giving_back_wants_a_reason_and_somebody_to_give_to(city: City) -> None:
    lead = assigned(city)
    with refused(Invalid, "required", "reason"):
        custody.return_lead(lead_id=lead.pk, reason=" ", actor=city.east_handler2, at=LATER)
    own = make_lead(city)
    custody.assign_lead(
        lead_id=own.pk, office_id=city.east_squad.pk, owner_id=city.east_handler.pk, actor=city.east_head, at=LATER
    )
    with refused(WrongState, "nobody_before"):
        custody.return_lead(lead_id=own.pk, reason="不属", actor=city.east_handler, at=LATER)


def test_who_has_left_is_given_nothing_back(city: City) -> None:
    lead = assigned(city)
    deactivate_user(user_id=city.east_handler.pk, actor=SYSTEM, at=NOW)
    lead = custody.return_lead(lead_id=lead.pk, reason="不属", actor=city.east_handler2, at=LATER)
    assert lead.owner == city.east_head  # receives for the squad


def test_a_closed_office_is_given_nothing_back(city: City) -> None:
    lead = make_lead(city)
    for office in (city.west_squad, city.east_squad):
        custody.assign_lead(lead_id=lead.pk, office_id=office.pk, actor=city.clerk, at=LATER)
    close_office(office_id=city.west_squad.pk, actor=SYSTEM, at=NOW)
    lead = custody.return_lead(lead_id=lead.pk, reason="不属", actor=city.east_head, at=LATER)
    assert (lead.office, lead.owner) == (city.east_squad, city.east_handler)


# ---- passing on ---------------------------------------------------------------------------------


def hand_over(city: City, lead: Lead, actor: User | None = None) -> Lead:
    return custody.hand_over_lead(
        lead_id=lead.pk, office_id=city.west.pk, reason="在西区", actor=actor or city.east_clerk, at=LATER
    )


def test_handing_over_is_the_receiving_desk_s_or_the_head_s_and_not_the_unit_s(city: City) -> None:
    lead = signed(city)
    for person in (city.east_head, city.east_handler2, city.east_reviewer):
        with refused(NotPermitted, "not_permitted"):
            hand_over(city, lead, person)
    with refused(NotFound, "not_found"):
        hand_over(city, lead, city.west_head)


def test_handed_over_it_is_the_other_office_s_and_its_period_goes_on(city: City) -> None:
    make_user("west_clerk", city.west, Role.INTAKE_CLERK)
    lead = hand_over(city, signed(city))
    assert (lead.office, lead.owner.username, lead.state) == (city.west, "west_clerk", "assigned")
    clock = Clock.objects.get(rule="lead_verification")
    assert (clock.owner, clock.bureau, str(clock.due_on)) == (lead.owner, city.west, "2026-03-23")


def test_who_was_handed_a_lead_does_not_hand_it_on(city: City) -> None:
    clerk = make_user("west_clerk", city.west, Role.INTAKE_CLERK)
    lead = hand_over(city, signed(city))
    with refused(WrongState, "handed_over_before"):
        custody.hand_over_lead(lead_id=lead.pk, office_id=city.squad.pk, reason="不属", actor=clerk, at=LATER)
    with refused(Invalid, "same_office", "office"):
        custody.hand_over_lead(lead_id=lead.pk, office_id=city.west.pk, reason="不属", actor=clerk, at=LATER)


def test_the_higher_authority_takes_over_into_its_own_offices_only(city: City) -> None:
    lead = signed(city)
    with refused(NotPermitted, "not_permitted"):
        custody.take_over_lead(
            lead_id=lead.pk, office_id=city.squad.pk, reason="重大", actor=city.east_director, at=LATER
        )
    with refused(Invalid, "not_own_office", "office"):
        custody.take_over_lead(lead_id=lead.pk, office_id=city.west.pk, reason="重大", actor=city.director, at=LATER)
    lead = custody.take_over_lead(
        lead_id=lead.pk, office_id=city.squad.pk, reason="重大", actor=city.director, at=LATER
    )
    assert (lead.office, lead.owner) == (city.squad, city.squad_head)
    with refused(NotPermitted, "not_permitted"):  # it is the city's own now
        custody.take_over_lead(lead_id=lead.pk, office_id=city.squad.pk, reason="重大", actor=city.director, at=LATER)


def test_the_higher_authority_hands_its_own_down(city: City) -> None:
    lead = custody.take_over_lead(
        lead_id=signed(city).pk, office_id=city.squad.pk, reason="重大", actor=city.director, at=LATER
    )
    with refused(Invalid, "not_a_lower_office", "office"):
        custody.hand_down_lead(lead_id=lead.pk, office_id=city.legal.pk, reason="可以", actor=city.director, at=LATER)
    lead = custody.hand_down_lead(
        lead_id=lead.pk, office_id=city.west_squad.pk, reason="可以", actor=city.director, at=LATER
    )
    assert (lead.office, lead.owner, lead.state) == (city.west_squad, city.west_head, "assigned")


# ---- meanwhile ----------------------------------------------------------------------------------

MEANWHILE: dict[str, Callable[[City, Lead, int], Lead]] = {
    "assign": lambda city, lead, seen: custody.assign_lead(
        lead_id=lead.pk, office_id=city.east_squad.pk, owner_id=city.east_handler.pk, actor=city.east_clerk, at=LATER,
        seen=seen,
    ),
    "sign": lambda city, lead, seen: custody.sign_lead(
        lead_id=lead.pk, actor=city.east_handler2, at=LATER, seen=seen
    ),
    "return": lambda city, lead, seen: custody.return_lead(
        lead_id=lead.pk, reason="不属", actor=city.east_handler2, at=LATER, seen=seen
    ),
    "hand_over": lambda city, lead, seen: custody.hand_over_lead(
        lead_id=lead.pk, office_id=city.west.pk, reason="在西区", actor=city.east_clerk, at=LATER, seen=seen
    ),
    "take_over": lambda city, lead, seen: custody.take_over_lead(
        lead_id=lead.pk, office_id=city.squad.pk, reason="重大", actor=city.director, at=LATER, seen=seen
    ),
}  # fmt: skip


@pytest.mark.parametrize("verb", MEANWHILE)
def test_who_acts_on_an_older_picture_is_told_who_did_what(city: City, verb: str) -> None:
    lead = assigned(city)
    seen = last_move_of(lead)
    assert seen is not None
    custody.assign_lead(
        lead_id=lead.pk, office_id=city.east_squad.pk, owner_id=city.east_head.pk, actor=city.east_director, at=LATER
    )
    with refused(WrongState, "moved_meanwhile"):
        MEANWHILE[verb](city, lead, seen)


def test_the_words_name_who_when_what_and_to_whom(city: City) -> None:
    lead = assigned(city)
    seen = last_move_of(lead)
    custody.assign_lead(
        lead_id=lead.pk, office_id=city.east_squad.pk, owner_id=city.east_head.pk, actor=city.east_director, at=LATER
    )
    with pytest.raises(WrongState) as told:
        MEANWHILE["assign"](city, lead, seen or 0)
    for words in ("East Director", "2026-03-04 15:00", "分派", "east-squad局East Head"):
        assert words in told.value.detail


def test_what_does_not_change_hands_is_no_older_picture(city: City) -> None:
    lead = signed(city)
    seen = last_move_of(lead) or 0
    extend_verification(lead_id=lead.pk, reason="复杂", actor=city.east_director, at=LATER)
    assert MEANWHILE["assign"](city, lead, seen).owner == city.east_handler


# ---- the database holds it ----------------------------------------------------------------------


def test_the_history_of_owners_is_whole(city: City) -> None:
    lead = hand_over(city, signed(city))
    tenures = list(Tenure.objects.filter(lead=lead).order_by("id"))
    assert [(each.office.code, each.owner.username) for each in tenures[:2]] == [
        ("east-squad", "east_handler"), ("east-squad", "east_handler2"),
    ]  # fmt: skip
    for one, following in pairwise(tenures):
        assert one.ends_at == following.starts_at
    assert tenures[-1].ends_at is None
