"""A complaint or a report of the east squad in every state, and every verb of their procedure with valid input."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from accounts.models import User
from clues.actions import complaints, custody, intake, verification
from clues.models import Lead
from clues.states import LeadState
from tests.builders import City, moment

RECEIVED = date(2026, 4, 20)
AT = moment("2026-04-20")
LATER = moment("2026-05-06")
DAY = date(2026, 5, 6)
WHO = intake.InformantInput("示例投诉人标记", "13800000417", "示例路标记弄四一七号")
Verb = Callable[[Lead, User, datetime], Lead]


def paper(city: City, channel: str = "complaint", **changed: Any) -> Lead:
    given: dict[str, Any] = {
        "channel": channel, "received_on": RECEIVED, "party_name": "示例商店", "summary": "买到过期食品。",
        "facts": {"claim": "退货退款"} if channel == "complaint" else {}, "informant": WHO,
        "office_id": city.east_squad.pk, "actor": city.east_handler, "at": AT,
    }  # fmt: skip
    return intake.log_lead(**(given | changed))


def in_hand(city: City, lead: Lead, at: datetime = AT) -> Lead:
    """Assigned to the east handler, who has signed."""
    custody.assign_lead(
        lead_id=lead.pk, office_id=city.east_squad.pk, owner_id=city.east_handler.pk, actor=city.east_head, at=at
    )
    return custody.sign_lead(lead_id=lead.pk, actor=city.east_handler, at=at)


def accepted(city: City, received: str, on: str, *, told: str = "") -> Lead:
    lead = paper(city, received_on=date.fromisoformat(received), at=moment(received))
    in_hand(city, lead, moment(received))
    return complaints.accept_complaint(
        lead_id=lead.pk, accepted_on=date.fromisoformat(on), told_on=date.fromisoformat(told or on),
        actor=city.east_handler, at=moment(told or on),
    )  # fmt: skip


VERBS: dict[str, Verb] = {
    "accept": lambda lead, actor, at: complaints.accept_complaint(lead_id=lead.pk, told_on=at.date(), actor=actor, at=at),
    "refuse": lambda lead, actor, at: complaints.refuse_complaint(
        lead_id=lead.pk, ground="not_consumer", reason="为经营购买", told_on=at.date(), other_ways_told=True, actor=actor,
        at=at,
    ),
    "exclude_mediation": lambda lead, actor, at: complaints.exclude_mediation(
        lead_id=lead.pk, first_day=date(2026, 5, 6), last_day=date(2026, 5, 15), reason="送检", actor=actor, at=at
    ),
    "settle": lambda lead, actor, at: complaints.settle_mediation(
        lead_id=lead.pk, settled_on=at.date(), agreement="退款一百元。", made_document=True, actor=actor, at=at
    ),
    "end": lambda lead, actor, at: complaints.end_mediation(
        lead_id=lead.pk, ended_on=at.date(), ground="withdrawn", reason="投诉人撤回", actor=actor, at=at
    ),
    "tell": lambda lead, actor, at: complaints.tell_parties(
        lead_id=lead.pk, told_on=at.date(), way="短信", actor=actor, at=at
    ),
    "found": lambda lead, actor, at: complaints.found_in_mediation(
        lead_id=lead.pk, found_on=lead.accepted_on or at.date(), summary="货架上还有过期食品。", actor=actor, at=at
    ),
    "split": lambda lead, actor, at: intake.split_lead(lead_id=lead.pk, actor=actor, at=at),
}  # fmt: skip


def complaint_in(city: City, state: str) -> Lead:
    """A complaint of the east squad that has come this far on 2026-04-20."""
    lead = paper(city)
    if state == LeadState.REGISTERED:
        return lead
    custody.assign_lead(
        lead_id=lead.pk, office_id=city.east_squad.pk, owner_id=city.east_handler.pk, actor=city.east_head, at=AT
    )
    way = {
        LeadState.MEDIATING: ["accept"], LeadState.REFUSED: ["refuse"], LeadState.SETTLED: ["accept", "settle"],
        LeadState.ENDED: ["accept", "end"],
    }  # fmt: skip
    if state != LeadState.ASSIGNED:
        custody.sign_lead(lead_id=lead.pk, actor=city.east_handler, at=AT)
    for verb in way.get(LeadState(state), []):
        VERBS[verb](lead, city.east_handler, AT)
    lead.refresh_from_db()
    return lead


def verified_report(city: City, **changed: Any) -> Lead:
    """A report the east handler proposes to treat as a complaint."""
    lead = in_hand(city, paper(city, "report", **changed))
    return verification.report_findings(
        lead_id=lead.pk, findings="举报人要求退款。", proposal="as_complaint", actor=city.east_handler, at=AT
    )
