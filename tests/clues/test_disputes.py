"""Two offices do not agree whose a lead is: what each side sees and may do, which periods run, how it ends."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.actions import deactivate_user
from accounts.models import User
from accounts.roles import Role
from clues.actions import custody, decisions, disputes, verification
from clues.models import Dispute, Lead
from clues.policies import common_superior, may_see_dispute, may_settle
from clues.queries import disputes_for, legal_settlements
from clues.states import DISPUTE_TABLE, DisputeState
from core.errors import Invalid, NotFound, NotPermitted, WrongState
from deadlines.models import Clock
from notices.models import Notice
from tests.builders import NOW, SYSTEM, City, make_lead, make_office, make_user, make_verified_lead, moment
from tests.clues.stages import lead_in
from tests.clues.test_lead_tables import people_of
from tests.refusals import refused

RAISED = moment("2026-03-04T15:00")
LATER = moment("2026-03-06T09:00")
Settle = Callable[[City, Dispute, User], Dispute]


def raised(city: City, lead: Lead | None = None, *, office_id: int = 0) -> Dispute:
    """The east squad says the lead is the west squad's."""
    lead = lead or lead_in(city, "verifying")
    disputes.raise_dispute(
        lead_id=lead.pk, office_id=office_id or city.west_squad.pk, reason="经营地在西区", actor=city.east_clerk,
        at=RAISED,
    )  # fmt: skip
    return Dispute.objects.get(lead=lead)


def escalated(city: City) -> Dispute:
    return disputes.escalate_dispute(dispute_id=raised(city).pk, reason="西区不同意", actor=city.west_head, at=LATER)


def agreed(city: City) -> Dispute:
    return disputes.settle_dispute(
        dispute_id=raised(city).pk, office_id=city.west_squad.pk, opinion="西区接办", actor=city.west_head, at=LATER
    )


def designated(city: City, office_id: int = 0) -> Dispute:
    return disputes.designate_office(
        dispute_id=escalated(city).pk, office_id=office_id or city.west_squad.pk, opinion="由西区承办",
        actor=city.director, at=LATER,
    )  # fmt: skip


STAGES: dict[str, Callable[[City], Dispute]] = {
    DisputeState.NEGOTIATING: raised,
    DisputeState.ESCALATED: escalated,
    DisputeState.AGREED: agreed,
    DisputeState.DESIGNATED: designated,
}
VERBS: dict[str, Settle] = {
    "settle_dispute": lambda city, dispute, actor: disputes.settle_dispute(
        dispute_id=dispute.pk, office_id=city.east_squad.pk, opinion="东区续办", actor=actor, at=LATER
    ),
    "escalate_dispute": lambda city, dispute, actor: disputes.escalate_dispute(
        dispute_id=dispute.pk, reason="协商不成", actor=actor, at=LATER
    ),
    "designate": lambda city, dispute, actor: disputes.designate_office(
        dispute_id=dispute.pk, office_id=city.west_squad.pk, opinion="由西区承办", actor=actor, at=LATER
    ),
}
EAST, WEST = {"east_head", "east_director", "east_clerk"}, {"west_head"}
MAY = {  # who is of the east may settle on the east
    "settle_dispute": EAST | {"clerk"},
    "escalate_dispute": EAST | WEST | {"clerk"},
    "designate": {"director"},
}
BLIND = {"handler", "handler2", "squad_head"}


def clocks(lead_id: int) -> dict[str, Clock]:
    return {clock.rule: clock for clock in Clock.objects.filter(subject_kind="lead", subject_id=lead_id).order_by("id")}


# ---- the table --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", DisputeState.values)
def test_a_dispute_is_carried_on_from_the_states_of_its_row_only(city: City, state: str) -> None:
    dispute = STAGES[state](city)
    assert dispute.state == state
    for row in DISPUTE_TABLE:
        actor = city.director if row.name == "designate" else city.east_head
        assert (row in legal_settlements(actor, dispute)) is row.starts_from(state)
        if not row.starts_from(state):
            with refused(WrongState, "wrong_state"):
                VERBS[row.name](city, dispute, actor)


@pytest.mark.parametrize("verb", VERBS)
def test_only_the_people_named_here_carry_it_on(city: City, verb: str) -> None:
    dispute = raised(city)
    row = next(row for row in DISPUTE_TABLE if row.name == verb)
    for name, person in people_of(city).items():
        if name in BLIND:
            with refused(NotFound, "not_found"):
                VERBS[verb](city, dispute, person)
        elif name not in MAY[verb]:
            with refused(NotPermitted, "not_permitted"):
                VERBS[verb](city, dispute, person)
        else:
            assert may_settle(person, dispute, row), name


def test_both_sides_see_the_dispute_and_the_two_halves_of_the_policy_agree(city: City) -> None:
    dispute = raised(city)
    other = raised(city, make_verified_lead(city), office_id=city.squad.pk)
    for name, person in people_of(city).items():
        seen = set(disputes_for(person))
        assert seen == {each for each in (dispute, other) if may_see_dispute(person, each)}, name
    assert dispute in disputes_for(city.west_handler)
    assert other not in disputes_for(city.west_handler)
    assert not Lead.objects.filter(pk=dispute.lead_id, bureau=city.west).exists()


# ---- periods and words ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("channel", "rule"), [("report", "complaint_authority_dispute"), ("self_found", "jurisdiction_dispute")]
)
def test_seven_working_days_to_agree_run_and_the_leads_own_period_goes_on(city: City, channel: str, rule: str) -> None:
    lead = lead_in(city, "verifying")
    Lead.objects.filter(pk=lead.pk).update(channel=channel)
    dispute = raised(city, lead)
    found = clocks(dispute.lead_id)
    assert (str(found[rule].origin_on), str(found[rule].due_on)) == ("2026-03-04", "2026-03-13")
    assert found[rule].owner == city.east_handler
    assert (str(found["lead_verification"].due_on), found["lead_verification"].state) == ("2026-03-23", "running")
    lead.refresh_from_db()
    assert (lead.owner, lead.state) == (city.east_handler, "verifying")


def test_whose_it_should_be_and_the_superior_are_told(city: City) -> None:
    dispute = escalated(city)
    told = Notice.objects.filter(kind="dispute").order_by("id").values_list("recipient__username", "subject_id")
    assert list(told) == [("west_head", dispute.pk), ("director", dispute.pk)]
    assert not Notice.objects.filter(outside__contains="示例商店").exists()


def test_escalated_the_head_of_the_common_superior_has_seven_working_days(city: City) -> None:
    dispute = escalated(city)
    found = clocks(dispute.lead_id)
    assert found["jurisdiction_dispute"].state == "met"
    designation = found["jurisdiction_designation"]
    assert (designation.owner, designation.office) == (city.director, city.root)
    assert (str(designation.origin_on), str(designation.due_on)) == ("2026-03-06", "2026-03-17")


def test_a_superior_without_a_head_is_no_superior_to_escalate_to(city: City) -> None:
    dispute = raised(city)
    deactivate_user(user_id=city.director.pk, actor=SYSTEM, at=NOW)
    with refused(Invalid, "no_receiver", "office"):
        VERBS["escalate_dispute"](city, dispute, city.east_head)


def test_the_common_superior_is_the_lowest_authority_above_both(city: City) -> None:
    station = make_office("east-station", "station", city.east)
    for one, other, above in (
        (city.east_squad, city.west_squad, city.root),
        (city.east_squad, station, city.east),
        (city.east, city.east_squad, city.east),
        (city.squad, city.legal, city.root),
        (city.squad, city.corps, city.root),
    ):
        assert common_superior(one, other) == above
        assert common_superior(other, one) == above


# ---- how it ends ------------------------------------------------------------------------------------------------------


def test_agreed_the_lead_moves_and_its_period_does_not(city: City) -> None:
    dispute = agreed(city)
    lead, found = dispute.lead, clocks(dispute.lead_id)
    lead.refresh_from_db()
    assert (lead.office, lead.owner, lead.state) == (city.west_squad, city.west_head, "assigned")
    assert found["jurisdiction_dispute"].state == "met"
    verification_clock = found["lead_verification"]
    assert (verification_clock.owner, str(verification_clock.due_on)) == (city.west_head, "2026-03-23")
    assert found["lead_signing"].owner == city.west_head
    assert dispute in disputes_for(city.east_handler)  # who raised it still sees how it ended


def test_agreed_to_keep_it_nothing_moves(city: City) -> None:
    dispute = VERBS["settle_dispute"](city, raised(city), city.east_head)
    lead = Lead.objects.get(pk=dispute.lead_id)
    assert (lead.office, lead.owner, lead.state) == (city.east_squad, city.east_handler, "verifying")
    assert lead.moves.latest("id").name == "settle_dispute"


def test_nobody_agrees_in_the_name_of_the_other_side(city: City) -> None:
    dispute = raised(city)
    for actor, office in ((city.east_head, city.west_squad), (city.west_head, city.east_squad)):
        with refused(NotPermitted, "not_permitted"):
            disputes.settle_dispute(dispute_id=dispute.pk, office_id=office.pk, opinion="同意", actor=actor, at=LATER)


def test_the_superior_designates_one_of_the_two_or_a_third_below(city: City) -> None:
    dispute = designated(city, city.squad.pk)
    lead = Lead.objects.get(pk=dispute.lead_id)
    assert (lead.office, lead.owner, lead.state) == (city.squad, city.squad_head, "assigned")
    assert clocks(lead.pk)["jurisdiction_designation"].state == "met"


def test_a_district_head_designates_between_units_of_the_district_and_nobody_outside(city: City) -> None:
    station = make_office("east-station", "station", city.east)
    make_user("station_head", station, Role.UNIT_HEAD)
    dispute = raised(city, office_id=station.pk)
    with refused(NotPermitted, "not_permitted"):
        VERBS["designate"](city, dispute, city.director)
    with refused(Invalid, "not_below_superior", "office"):
        VERBS["designate"](city, dispute, city.east_director)
    disputes.designate_office(
        dispute_id=dispute.pk, office_id=station.pk, opinion="由所承办", actor=city.east_director, at=LATER
    )
    lead = Lead.objects.get(pk=dispute.lead_id)
    assert lead.office == station
    with refused(WrongState, "designated"):
        custody.return_lead(lead_id=lead.pk, reason="不属", actor=lead.owner, at=LATER)


def test_the_superior_may_designate_without_waiting_for_negotiation(city: City) -> None:
    dispute = VERBS["designate"](city, raised(city), city.director)
    assert dispute.state == "designated"
    assert clocks(dispute.lead_id)["jurisdiction_dispute"].state == "met"
    assert "jurisdiction_designation" not in clocks(dispute.lead_id)


def test_after_designation_it_is_not_given_back_handed_on_or_disputed_again(city: City) -> None:
    dispute = designated(city, city.west.pk)
    clerk = make_user("west_clerk", city.west, Role.INTAKE_CLERK)
    lead = Lead.objects.get(pk=dispute.lead_id)
    assigned = custody.assign_lead(
        lead_id=lead.pk, office_id=city.west_squad.pk, owner_id=city.west_handler.pk, actor=clerk, at=LATER
    )
    assert assigned.office == city.west_squad  # within the designated authority it is theirs to give
    with refused(WrongState, "designated"):
        custody.hand_over_lead(lead_id=lead.pk, office_id=city.squad.pk, reason="不属", actor=clerk, at=LATER)
    with refused(WrongState, "designated"):
        custody.assign_lead(lead_id=lead.pk, office_id=city.east_squad.pk, actor=city.clerk, at=LATER)
    with refused(WrongState, "designated"):
        disputes.raise_dispute(lead_id=lead.pk, office_id=city.squad.pk, reason="不属", actor=clerk, at=LATER)


def test_while_it_is_disputed_the_lead_stays_and_nothing_is_decided(city: City) -> None:
    lead = make_verified_lead(city)
    raised(city, lead)
    with refused(WrongState, "dispute_open"):
        decisions.decline_lead(lead_id=lead.pk, ground="minor", reason="轻微", actor=city.east_director, at=LATER)
    for verb, actor, office in (
        (custody.hand_over_lead, city.east_clerk, city.west),
        (custody.take_over_lead, city.director, city.squad),
        (disputes.raise_dispute, city.east_clerk, city.squad),
    ):
        with refused(WrongState, "dispute_open"):
            verb(lead_id=lead.pk, office_id=office.pk, reason="不属", actor=actor, at=LATER)
    verification.send_back_lead(lead_id=lead.pk, reason="补充", actor=city.east_director, at=LATER)  # work goes on
    with refused(WrongState, "dispute_open"):
        custody.assign_lead(lead_id=lead.pk, office_id=city.west_squad.pk, actor=city.clerk, at=LATER)
    again = custody.assign_lead(
        lead_id=lead.pk, office_id=city.east_squad.pk, owner_id=city.east_handler2.pk, actor=city.clerk, at=LATER
    )
    assert again.owner == city.east_handler2


def test_a_dispute_wants_a_reason_and_another_office(city: City) -> None:
    lead = lead_in(city, "assigned")
    for changed, code, field in (
        ({"reason": " "}, "required", "reason"),
        ({"reason": "字" * 901}, "too_long", "reason"),
        ({"office_id": lead.office_id}, "same_office", "office"),
        ({"office_id": 999_999}, "unknown_office", "office"),
    ):
        given = {"office_id": city.west_squad.pk, "reason": "在西区"} | changed
        with refused(Invalid, code, field):
            disputes.raise_dispute(lead_id=lead.pk, **given, actor=city.east_clerk, at=LATER)  # type: ignore[arg-type]  # a table


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_disputes_costs_the_same_for_one_and_for_three(
    city: City, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(rows):
        lead = make_lead(city)
        custody.assign_lead(lead_id=lead.pk, office_id=city.east_squad.pk, actor=city.east_clerk, at=NOW)
        raised(city, lead)
    reader = User.objects.get(pk=city.west_handler.pk)
    with django_assert_num_queries(2):  # posts, rows
        assert len([(each.lead.number, each.claimed_office.name) for each in disputes_for(reader)]) == rows


def test_a_step_was_made_on_the_day_it_was_in_china(city: City, client: Client) -> None:
    lead = lead_in(city, "verifying")
    disputes.raise_dispute(
        lead_id=lead.pk, office_id=city.west_squad.pk, reason="经营地在西区", actor=city.east_clerk,
        at=moment("2026-03-04T01:00"),
    )  # fmt: skip
    client.force_login(city.west_head)
    page = client.get(reverse("dispute_page", args=[Dispute.objects.get(lead=lead).pk]))
    assert page.context["steps"][0].on == date(2026, 3, 4)
