"""A lead of the east squad in every state of its table, and every verb with valid input."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from accounts.models import User
from cases.actions.filing import file_case
from cases.states.matter import FilingCondition
from clues import states
from clues.actions import custody, decisions, disputes, merging, verification
from clues.actions.files import attach_files
from clues.models import Lead
from clues.states import Channel, LeadState
from tests.builders import City, lead_of, make_case, make_lead, moment
from tests.documents.made_files import PDF, upload

LATER = moment("2026-03-10")
DAY = date(2026, 3, 10)
Verb = Callable[[City, Lead, User, datetime], Lead]


def _file(city: City, lead: Lead, actor: User, at: datetime) -> Lead:
    """Through the verb that opens the case: the only caller of the lead's own row."""
    case = file_case(
        lead_id=lead.pk, cause="过期食品", owner_id=city.east_handler.pk, second_officer_id=city.east_handler2.pk,
        conditions=FilingCondition.values, actor=actor, at=at,
    )  # fmt: skip
    return lead_of(case)


def _check(city: City, lead: Lead, actor: User, at: datetime) -> Lead:
    return verification.record_check(
        lead_id=lead.pk, kind="documents", checked_at=at - timedelta(hours=1), content="查阅台账", actor=actor, at=at
    ).lead


def _merge(city: City, lead: Lead, actor: User, at: datetime) -> Lead:
    """Into the first other lead there is; :func:`lead_in` leaves one."""
    original = Lead.objects.exclude(pk=lead.pk).order_by("pk")[0]
    return merging.merge_lead(
        lead_id=lead.pk, original_id=original.pk, facts="other_person", reason="同一事实", actor=actor, at=at
    )


VERBS: dict[str, Verb] = {
    "assign": lambda city, lead, actor, at: custody.assign_lead(
        lead_id=lead.pk, office_id=city.east_squad.pk, owner_id=city.east_handler2.pk, actor=actor, at=at
    ),
    "sign": lambda city, lead, actor, at: custody.sign_lead(lead_id=lead.pk, actor=actor, at=at),
    "return": lambda city, lead, actor, at: custody.return_lead(
        lead_id=lead.pk, reason="不属本队", actor=actor, at=at
    ),
    "hand_over": lambda city, lead, actor, at: custody.hand_over_lead(
        lead_id=lead.pk, office_id=city.west_squad.pk, reason="在西区", actor=actor, at=at
    ),
    "take_over": lambda city, lead, actor, at: custody.take_over_lead(
        lead_id=lead.pk, office_id=city.squad.pk, reason="重大", actor=actor, at=at
    ),
    "hand_down": lambda city, lead, actor, at: custody.hand_down_lead(
        lead_id=lead.pk, office_id=city.west_squad.pk, reason="可以", actor=actor, at=at
    ),
    "raise_dispute": lambda city, lead, actor, at: disputes.raise_dispute(
        lead_id=lead.pk, office_id=city.west_squad.pk, reason="在西区", actor=actor, at=at
    ),
    "check": _check,
    "extend": lambda city, lead, actor, at: verification.extend_verification(
        lead_id=lead.pk, reason="情况特殊", actor=actor, at=at
    ),
    "exclude": lambda city, lead, actor, at: verification.exclude_test_days(
        lead_id=lead.pk, ground="检验", first_day=date(2026, 3, 4), last_day=date(2026, 3, 6), reason="送检",
        actor=actor, at=at,
    ),
    "report": lambda city, lead, actor, at: verification.report_findings(
        lead_id=lead.pk, findings="属实", proposal="filed", actor=actor, at=at
    ),
    "send_back": lambda city, lead, actor, at: verification.send_back_lead(
        lead_id=lead.pk, reason="再核查", actor=actor, at=at
    ),
    "file": _file,
    "decline": lambda city, lead, actor, at: decisions.decline_lead(
        lead_id=lead.pk, ground="minor", reason="已改正", actor=actor, at=at
    ),
    "transfer": lambda city, lead, actor, at: decisions.transfer_lead(
        lead_id=lead.pk, transferred_to="农业农村局", reason="不属本局管辖", actor=actor, at=at
    ),
    "record_receipt": lambda city, lead, actor, at: decisions.record_receipt(
        lead_id=lead.pk, receipt_no="收1号", receipt_on=at.date(), actor=actor, at=at
    ),
    "give_feedback": lambda city, lead, actor, at: decisions.give_feedback(
        lead_id=lead.pk, told_on=at.date(), way="短信", actor=actor, at=at
    ),
    "merge": _merge,
    "unmerge": lambda city, lead, actor, at: merging.unmerge_lead(
        lead_id=lead.pk, reason="不是同一事实", actor=actor, at=at
    ),
    "attach": lambda city, lead, actor, at: attach_files(
        lead_id=lead.pk, upload=[upload(PDF, "照片.pdf")], purpose="material", actor=actor, at=at
    ),
}  # fmt: skip
TABLE = states.table_of(Channel.SELF_FOUND)
ROWS = {row.name: row for row in TABLE if row.sources}
STATES = [state for state in LeadState.values if any(row.target == state for row in TABLE)]
DOERS = {
    "sign": "east_handler", "return": "east_handler", "check": "east_handler", "report": "east_handler",
    "take_over": "director",
}  # fmt: skip


def doer(city: City, verb: str) -> User:
    """Somebody who may, where the lead is the east squad's and the east handler's."""
    found = getattr(city, DOERS.get(verb, "east_director"))
    assert isinstance(found, User)
    return found


def lead_in(city: City, state: str) -> Lead:
    """A lead of the east handler, who had it from the other one, that has come this far on 2026-03-02."""
    at = moment("2026-03-02T11:00")
    make_lead(city, party="另一商店")
    if state == LeadState.FILED:
        return lead_of(make_case(city))
    lead = make_lead(city)
    if state in (LeadState.REGISTERED, LeadState.MERGED):
        return lead if state == LeadState.REGISTERED else _merge(city, lead, city.east_head, at)
    for owner in (city.east_handler2, city.east_handler):
        custody.assign_lead(
            lead_id=lead.pk, office_id=city.east_squad.pk, owner_id=owner.pk, actor=city.east_head, at=at
        )
    way = ("sign",), ("sign", "report"), ("sign", "report", "transfer" if state == LeadState.TRANSFERRED else "decline")
    steps = {"assigned": (), "verifying": way[0], "verified": way[1]}.get(state, way[2])
    for verb in steps:
        VERBS[verb](city, lead, doer(city, verb), at)
    lead.refresh_from_db()
    return lead
