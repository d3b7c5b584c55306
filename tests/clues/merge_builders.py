"""Reports and complaints of the east squad, in hand since the day they came."""

from datetime import date
from typing import Any

from clues.actions import custody, intake, merging
from clues.actions.intake import InformantInput
from clues.models import Lead
from clues.states import FactsGoOn
from deadlines.models import Clock
from deadlines.states import OPEN_STATES
from tests.builders import City, moment

PHONE, OTHER_PHONE = "13800000417", "13900000528"
AT = moment("2026-05-20")
HANDLING = ("lead_verification", "lead_verification_restart", "complaint_acceptance", "lead_from_mediation")


def report(city: City, on: str = "2026-05-06", phone: str = PHONE, **changed: Any) -> Lead:
    """A report received on this day and signed for by the east handler."""
    at = moment(on)
    given: dict[str, Any] = {
        "channel": "report", "received_on": date.fromisoformat(on), "party_name": "示例商店", "summary": "卖过期牛奶",
        "office_id": city.east_squad.pk, "informant": InformantInput("某某", phone, "某路1号"),
        "actor": city.east_clerk, "at": at,
    }  # fmt: skip
    lead = intake.log_lead(**(given | changed))
    custody.assign_lead(
        lead_id=lead.pk, office_id=lead.office_id, owner_id=city.east_handler.pk, actor=city.east_head, at=at
    )
    return custody.sign_lead(lead_id=lead.pk, actor=city.east_handler, at=at)


def complaint(city: City, on: str = "2026-05-06", phone: str = PHONE) -> Lead:
    return report(city, on, phone, channel="complaint", facts={"claim": "退一赔十"})


def merge(city: City, lead: Lead, original: Lead, facts: str = FactsGoOn.SAME_AGAIN, **changed: Any) -> Lead:
    given: dict[str, Any] = {"reason": "同一商店同一批牛奶", "actor": city.east_clerk, "at": AT}
    return merging.merge_lead(lead_id=lead.pk, original_id=original.pk, facts=facts, **(given | changed))


def unmerge(city: City, lead: Lead, **changed: Any) -> Lead:
    given: dict[str, Any] = {"reason": "不是同一批牛奶", "actor": city.east_clerk, "at": AT}
    return merging.unmerge_lead(lead_id=lead.pk, **(given | changed))


def running(lead: Lead) -> list[tuple[str, str, str]]:
    """Rule, origin and due day of the periods within which the lead must be decided now."""
    clocks = Clock.objects.filter(
        subject_kind="lead", subject_id=lead.pk, rule__in=HANDLING, state__in=OPEN_STATES
    ).order_by("id")
    return [(clock.rule, str(clock.origin_on), str(clock.due_on)) for clock in clocks]
