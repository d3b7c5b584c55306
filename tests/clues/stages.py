"""A lead of the east squad in every state, and every verb with valid input."""

from collections.abc import Callable
from datetime import date, datetime

from accounts.models import User
from cases.actions.filing import file_case
from clues import actions as clues
from clues import states
from clues.models import Lead
from clues.states import LeadState
from tests.builders import City, make_case, make_lead, make_verified_lead, moment

LATER = moment("2026-03-10")
Verb = Callable[[City, Lead, User, datetime], Lead]


def _file(city: City, lead: Lead, actor: User, at: datetime) -> Lead:
    """Through the verb that opens the case: the only caller of the lead's own row."""
    return file_case(
        lead_id=lead.pk, cause="过期食品", owner_id=city.east_handler.pk, second_officer_id=city.east_handler2.pk,
        actor=actor, at=at,
    ).lead  # fmt: skip


VERBS: dict[str, Verb] = {
    "assign": lambda city, lead, actor, at: clues.assign_lead(
        lead_id=lead.pk, office_id=city.east_squad.pk, owner_id=city.east_handler2.pk, actor=actor, at=at
    ),
    "extend": lambda city, lead, actor, at: clues.extend_verification(
        lead_id=lead.pk, reason="情况特殊", actor=actor, at=at
    ),
    "exclude": lambda city, lead, actor, at: clues.exclude_test_days(
        lead_id=lead.pk, ground="检验", first_day=date(2026, 3, 4), last_day=date(2026, 3, 6), reason="送检",
        actor=actor, at=at,
    ),
    "report": lambda city, lead, actor, at: clues.report_findings(
        lead_id=lead.pk, findings="属实", proposal="filed", actor=actor, at=at
    ),
    "send_back": lambda city, lead, actor, at: clues.send_back_lead(
        lead_id=lead.pk, reason="再核查", actor=actor, at=at
    ),
    "file": _file,
    "decline": lambda city, lead, actor, at: clues.decline_lead(
        lead_id=lead.pk, ground="minor", reason="已改正", actor=actor, at=at
    ),
    "transfer": lambda city, lead, actor, at: clues.transfer_lead(
        lead_id=lead.pk, transferred_to="农业农村局", reason="不属本局管辖", actor=actor, at=at
    ),
}  # fmt: skip
ROWS = {row.name: row for row in states.TRANSITIONS if row is not states.LOG}


def doer(city: City, verb: str) -> User:
    """Somebody of the east who may."""
    return {"assign": city.east_head, "report": city.east_handler}.get(verb, city.east_director)


def lead_in(city: City, state: str) -> Lead:
    """A lead of the east squad that has come this far on 2026-03-02."""
    at = moment("2026-03-02T11:00")
    if state == LeadState.FILED:
        return make_case(city).lead
    if state == LeadState.REGISTERED:
        return make_lead(city)
    if state == LeadState.VERIFYING:
        return VERBS["assign"](city, make_lead(city), city.east_head, at)
    lead = make_verified_lead(city)
    if state == LeadState.VERIFIED:
        return lead
    return VERBS["decline" if state == LeadState.NOT_FILED else "transfer"](city, lead, city.east_director, at)
