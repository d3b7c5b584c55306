"""What a lead is logged and moved with: every fault is refused by code and field and changes nothing."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from accounts.actions import close_office, deactivate_user
from clues.actions import custody, decisions, intake, verification
from clues.models import Lead
from clues.states import LeadState
from core.errors import Invalid, NotPermitted
from deadlines.models import Clock
from tests.builders import NOW, SYSTEM, City, make_lead
from tests.clues.stages import LATER, VERBS, lead_in
from tests.refusals import refused


def log(city: City, **changed: Any) -> Lead:
    given: dict[str, Any] = {
        "channel": "self_found",
        "received_on": date(2026, 3, 2),
        "party_name": "示例商店",
        "summary": "过期食品",
        "office_id": city.east_squad.pk,
        "actor": city.east_handler,
        "at": NOW,
    }
    return intake.log_lead(**(given | changed))


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"channel": "rumour"}, "unknown_channel", "channel"),
        ({"received_on": date(2026, 3, 3)}, "future_origin", "received_on"),
        ({"received_on": date(2019, 3, 31)}, "no_rule_version", "received_on"),
        ({"party_name": "  "}, "required", "party_name"),
        ({"party_name": "店" * 121}, "too_long", "party_name"),
        ({"party_code": "9" * 19}, "too_long", "party_code"),
        ({"region_code": "3702021"}, "unknown_region", "region_code"),
        ({"summary": ""}, "required", "summary"),
        ({"summary": "字" * 4001}, "too_long", "summary"),
        ({"office_id": 999_999}, "unknown_office", "office"),
        ({"at": datetime(2026, 3, 2, 10)}, "naive_datetime", "at"),  # noqa: DTZ001 - the point
    ],
)
def test_a_faulty_lead_is_refused(city: City, changed: dict[str, Any], code: str, field: str) -> None:
    with refused(Invalid, code, field):
        log(city, **changed)


def test_all_faults_are_told_at_once(city: City) -> None:
    with pytest.raises(Invalid) as caught:
        log(city, channel="", party_name="", summary="")
    assert [error.field for error in caught.value.errors] == ["channel", "party_name", "summary"]


def test_a_closed_office_takes_no_lead(city: City) -> None:
    close_office(office_id=city.east_squad.pk, actor=SYSTEM, at=NOW)
    with refused(Invalid, "office_closed", "office"):
        log(city)


@pytest.mark.parametrize("who", ["supervisor", "leader", "reviewer", "east_reviewer", "west_handler", "handler"])
def test_who_has_no_such_post_logs_nothing_here(city: City, who: str) -> None:
    with refused(NotPermitted, "not_permitted"):
        log(city, actor=getattr(city, who))


def assign(city: City, lead: Lead, office_id: int, owner_id: int) -> Lead:
    return custody.assign_lead(lead_id=lead.pk, office_id=office_id, owner_id=owner_id, actor=city.clerk, at=LATER)


def test_a_lead_is_assigned_to_a_working_officer_of_an_open_office(city: City) -> None:
    lead = make_lead(city)
    squad = city.east_squad.pk
    for office_id, owner_id, code, field in (
        (999_999, city.east_handler.pk, "unknown_office", "office"),
        (squad, 999_999, "unknown_user", "owner"),
        (squad, city.west_handler.pk, "not_in_office", "owner"),
        (squad, city.east_director.pk, "not_in_office", "owner"),
    ):
        with refused(Invalid, code, field):
            assign(city, lead, office_id, owner_id)


def test_a_deactivated_owner_is_refused(city: City) -> None:
    lead = make_lead(city)
    deactivate_user(user_id=city.east_handler2.pk, actor=SYSTEM, at=NOW)
    with refused(Invalid, "user_deactivated", "owner"):
        assign(city, lead, city.east_squad.pk, city.east_handler2.pk)


def test_a_closed_office_is_assigned_nothing(city: City) -> None:
    lead = make_lead(city)
    close_office(office_id=city.west_squad.pk, actor=SYSTEM, at=NOW)
    with refused(Invalid, "office_closed", "office"):
        assign(city, lead, city.west_squad.pk, city.west_handler.pk)


def test_a_head_of_one_district_does_not_assign_into_another(city: City) -> None:
    lead = make_lead(city)
    with refused(NotPermitted, "not_permitted"):
        custody.assign_lead(
            lead_id=lead.pk, office_id=city.west_squad.pk, owner_id=city.west_handler.pk, actor=city.east_director,
            at=LATER,
        )  # fmt: skip


FAULTS: dict[str, tuple[str, Callable[[City, Lead], Lead], str, str]] = {
    "no findings": (
        LeadState.VERIFYING,
        lambda city, lead: verification.report_findings(
            lead_id=lead.pk, findings=" ", proposal="filed", actor=city.east_handler, at=LATER
        ),
        "required",
        "findings",
    ),
    "no proposal": (
        LeadState.VERIFYING,
        lambda city, lead: verification.report_findings(
            lead_id=lead.pk, findings="属实", proposal="verifying", actor=city.east_handler, at=LATER
        ),
        "unknown_proposal",
        "proposal",
    ),
    "sent back without a reason": (
        LeadState.VERIFIED,
        lambda city, lead: verification.send_back_lead(lead_id=lead.pk, reason="", actor=city.east_director, at=LATER),
        "required",
        "reason",
    ),
    "extended without a reason": (
        LeadState.VERIFYING,
        lambda city, lead: verification.extend_verification(
            lead_id=lead.pk, reason="", actor=city.east_director, at=LATER
        ),
        "required",
        "reason",
    ),
    "declined on no ground": (
        LeadState.VERIFIED,
        lambda city, lead: decisions.decline_lead(
            lead_id=lead.pk, ground="friendship", reason="认识", actor=city.east_director, at=LATER
        ),
        "unknown_ground",
        "ground",
    ),
    "declined without a reason": (
        LeadState.VERIFIED,
        lambda city, lead: decisions.decline_lead(
            lead_id=lead.pk, ground="minor", reason=" ", actor=city.east_director, at=LATER
        ),
        "required",
        "reason",
    ),
    "transferred nowhere": (
        LeadState.VERIFIED,
        lambda city, lead: decisions.transfer_lead(
            lead_id=lead.pk, transferred_to="", reason="不属管辖", actor=city.east_director, at=LATER
        ),
        "required",
        "transferred_to",
    ),
    "transferred too far": (
        LeadState.VERIFIED,
        lambda city, lead: decisions.transfer_lead(
            lead_id=lead.pk, transferred_to="局" * 121, reason="不属管辖", actor=city.east_director, at=LATER
        ),
        "too_long",
        "transferred_to",
    ),
    "days upside down": (
        LeadState.VERIFYING,
        lambda city, lead: exclude(city, lead, date(2026, 3, 6), date(2026, 3, 4)),
        "inverted_suspension",
        "last_day",
    ),
    "days at the end of time": (
        LeadState.VERIFYING,
        lambda city, lead: exclude(city, lead, date(2026, 3, 6), date.max),
        "date_out_of_range",
        "last_day",
    ),
    "days from before it came": (
        LeadState.VERIFYING,
        lambda city, lead: exclude(city, lead, date(2026, 3, 1), date(2026, 3, 6)),
        "before_origin",
        "starts_on",
    ),
    "days on a ground of another law": (
        LeadState.VERIFYING,
        lambda city, lead: exclude(city, lead, date(2026, 3, 4), date(2026, 3, 6), "中止"),
        "unknown_ground",
        "ground",
    ),
}


def exclude(city: City, lead: Lead, first: date, last: date, ground: str = "检验") -> Lead:
    return verification.exclude_test_days(
        lead_id=lead.pk, ground=ground, first_day=first, last_day=last, reason="", actor=city.east_director, at=LATER
    )


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_move_is_refused(city: City, fault: str) -> None:
    state, verb, code, field = FAULTS[fault]
    lead = lead_in(city, state)
    with refused(Invalid, code, field):
        verb(city, lead)


def test_verification_is_extended_once(city: City) -> None:
    """Fifteen working days from Monday 2026-03-02 end on 03-23; thirty on 04-14, Qingming Monday 04-06 being off."""
    lead = lead_in(city, LeadState.VERIFYING)
    clock = Clock.objects.get(subject_kind="lead", subject_id=lead.pk, rule="lead_verification")
    assert str(clock.due_on) == "2026-03-23"
    VERBS["extend"](city, lead, city.east_director, LATER)
    clock.refresh_from_db()
    assert str(clock.due_on) == "2026-04-14"
    with refused(Invalid, "no_extension_left", "extension"):
        VERBS["extend"](city, lead, city.east_director, LATER)


def test_days_of_a_test_overlap_no_others(city: City) -> None:
    lead = lead_in(city, LeadState.VERIFYING)
    VERBS["exclude"](city, lead, city.east_director, LATER)
    with refused(Invalid, "overlapping_suspension", "starts_on"):
        exclude(city, lead, date(2026, 3, 6), date(2026, 3, 9))


def test_a_doubtful_code_is_kept_and_marked(city: City) -> None:
    lead = log(city, party_code=" 91350211m0000xuf46 ")
    assert (lead.party_code, lead.has_party_code_doubt) == ("91350211M0000XUF46", True)
    assert not log(city, party_code="").has_party_code_doubt


def test_the_day_is_that_of_shanghai(city: City) -> None:
    """Half past four in the afternoon in Greenwich is half past midnight in Shanghai."""
    from datetime import UTC

    at = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
    lead = log(city, at=at, received_on=date(2026, 3, 3))
    assert lead.received_on == date(2026, 3, 3)
    with refused(Invalid, "future_origin", "received_on"):
        log(city, at=at - timedelta(hours=1), received_on=date(2026, 3, 3))
