"""What became of a lead before it came here: how a row of an old ledger is brought to where it stands.

Moves carry the day the old ledger names, at its first moment; that they were entered later, and by whom, the audit
trail says.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from accounts.models import Office, User
from clues import states
from clues.actions.moves import SIGNING, TRIAGE, subject_of
from clues.channels import rules_on_receipt
from clues.complaint_law import mediation_rules
from clues.models import Lead
from clues.policies import RECEIVERS
from clues.states import DeclineGround, EndGround, LeadState, RefusalGround
from core.errors import FieldError
from core.transitions import Transition
from deadlines.actions.starting import Start
from deadlines.replay import SHANGHAI
from deadlines.rules import RuleBook

ENTERED = "按原台账补录"
OUTCOMES: dict[str, Transition] = {
    LeadState.FILED: states.FILE,
    LeadState.NOT_FILED: states.DECLINE,
    LeadState.TRANSFERRED: states.TRANSFER,
    LeadState.AS_COMPLAINT: states.TREAT_AS_COMPLAINT,
    LeadState.SETTLED: states.SETTLE,
    LeadState.ENDED: states.END,
    LeadState.REFUSED: states.REFUSE,
}
GROUNDS: dict[str, tuple[str, type[TextChoices]]] = {
    LeadState.NOT_FILED: ("decline_ground", DeclineGround),
    LeadState.REFUSED: ("refusal_ground", RefusalGround),
    LeadState.ENDED: ("end_ground", EndGround),
}


@dataclass(frozen=True)
class Past:
    """What an old ledger says of a lead; each day that is known, in this order.

    :param state: how it ended, one of :data:`OUTCOMES`; '' while it is open.
    :param ground: why it was not filed, refused or ended without agreement; a value of that outcome's grounds.
    """

    old_number: str = ""
    owner: User | None = None
    assigned_on: date | None = None
    signed_on: date | None = None
    accepted_on: date | None = None
    state: str = ""
    decided_on: date | None = None
    ground: str = ""
    transferred_to: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Passage:
    """One move on the way of a lead, and whose it was afterwards."""

    row: Transition
    source: str
    target: str
    at: datetime
    owner: User
    reason: str = ""


def past_errors(past: Past, channel: str, received_on: date, office: Office, today: date) -> Iterator[FieldError]:
    """What is wrong with a past, field by field."""
    yield from _order_errors(past, received_on, today)
    yield from _owner_errors(past, office)
    yield from _outcome_errors(past, channel)
    if len(past.old_number) > 80:
        yield FieldError(
            "old_number", "too_long", _("最多%(most)s个字，现为%(found)s个。") % _sizes(past.old_number, 80)
        )


def walk(lead: Lead, past: Past | None, at: datetime) -> list[Passage]:
    """Bring an unsaved lead to where it stands, and say by which moves."""
    if past is None:
        return [_go(lead, states.LOG, at)]
    note = f"原编号{past.old_number}，{ENTERED}" if past.old_number else ENTERED
    way = [_go(lead, states.LOG, first_moment(lead.received_on), note)]
    if past.assigned_on is not None and past.owner is not None:
        lead.owner = past.owner
        way.append(_go(lead, states.ASSIGN, first_moment(past.assigned_on), ENTERED))
    if past.signed_on is not None:
        lead.signed_at = first_moment(past.signed_on)
        way.append(_go(lead, states.SIGN, lead.signed_at, ENTERED))
    if past.accepted_on is not None:
        lead.accepted_on = past.accepted_on
        way.append(_go(lead, states.ACCEPT, first_moment(past.accepted_on), ENTERED))
    if past.decided_on is not None:
        lead.decided_on, lead.transferred_to = past.decided_on, past.transferred_to
        if past.state in GROUNDS:
            setattr(lead, GROUNDS[past.state][0], past.ground)
        why = f"{ENTERED}：{past.reason}" if past.reason else ENTERED
        way.append(_go(lead, OUTCOMES[past.state], first_moment(past.decided_on), why))
    return way


def periods_of(lead: Lead, past: Past | None, at: datetime, rules: RuleBook) -> Iterator[Start]:
    """The periods that being registered starts, and those its past started; what was done in time or late is over."""
    past = past or Past()
    subject, over = subject_of(lead), past.decided_on
    handled = past.accepted_on or over
    for rule in rules_on_receipt(lead.channel):
        yield Start(rule, subject, lead.received_on, met_on=handled)
    since = at if past == Past() else first_moment(lead.received_on)
    if past.assigned_on is not None or over is None:
        yield Start(TRIAGE, subject, origin_at=since, met_on=past.assigned_on)
    if past.assigned_on is not None and (past.signed_on is not None or over is None):
        yield Start(SIGNING, subject, origin_at=first_moment(past.assigned_on), met_on=past.signed_on)
    if past.accepted_on is not None:
        for rule in mediation_rules(rules, past.accepted_on):
            yield Start(rule, subject, past.accepted_on, met_on=over)


def first_moment(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _go(lead: Lead, row: Transition, at: datetime, reason: str = "") -> Passage:
    source = "" if row is states.LOG else lead.state
    own = states.row_of(lead.channel, row) or row
    lead.state = own.target or lead.state
    return Passage(row, source, lead.state, at, lead.owner, reason[:1000])


def _order_errors(past: Past, received_on: date, today: date) -> Iterator[FieldError]:
    """Each day not before the one that must come first, none in the future."""
    days = {
        "received_on": received_on, "assigned_on": past.assigned_on, "signed_on": past.signed_on,
        "accepted_on": past.accepted_on, "decided_on": past.decided_on,
    }  # fmt: skip
    known = [(name, day) for name, day in days.items() if day is not None]
    for (_name, before), (name, day) in pairwise(known):
        if day < before:
            detail = _("日期%(day)s早于前一步的%(before)s，请核对。") % {"day": day, "before": before}
            yield FieldError(name, "days_out_of_order", detail)
    for name, day in known[1:]:
        if day > today:
            yield FieldError(name, "future_date", _("日期%(day)s在今天之后，请核对。") % {"day": day})


def _owner_errors(past: Past, office: Office) -> Iterator[FieldError]:
    if (past.owner is None) != (past.assigned_on is None):
        field = "owner" if past.owner is None else "assigned_on"
        yield FieldError(field, "required", _("承办人和分派日期要么都填，要么都不填。"))
    if past.signed_on is not None and past.assigned_on is None:
        yield FieldError("assigned_on", "required", _("填了签收日期的，应当填写承办人和分派日期。"))
    if past.owner is not None and not _works_in(past.owner, office):
        detail = _("%(name)s不是%(office)s在岗的承办人员。") % {"name": past.owner.name, "office": office.name}
        yield FieldError("owner", "not_in_office", detail)


def _works_in(user: User, office: Office) -> bool:
    posts = user.active_posts if user.is_active else []
    return any(post.office_id == office.pk and post.role in RECEIVERS for post in posts)


def _outcome_errors(past: Past, channel: str) -> Iterator[FieldError]:
    if (past.state == "") != (past.decided_on is None):
        field = "decided_on" if past.state else "state"
        yield FieldError(field, "required", _("处理结果和决定日期要么都填，要么都不填。"))
    yield from _acceptance_errors(past, channel)
    if not past.state:
        return
    row = OUTCOMES.get(past.state)
    if row is None or states.row_of(channel, row) is None:
        yield FieldError("state", "unknown_outcome", _("这一来源渠道没有这种处理结果。"))
    elif past.state in GROUNDS and past.ground not in GROUNDS[past.state][1].values:
        yield FieldError("ground", "unknown_ground", _("“%(outcome)s”应当写明理由。") % {"outcome": row.label})
    elif past.state == LeadState.TRANSFERRED and not past.transferred_to.strip():
        yield FieldError("transferred_to", "required", _("请写明移送给哪个部门。"))
    elif len(past.transferred_to) > 120:
        detail = _("最多%(most)s个字，现为%(found)s个。") % _sizes(past.transferred_to, 120)
        yield FieldError("transferred_to", "too_long", detail)


def _acceptance_errors(past: Past, channel: str) -> Iterator[FieldError]:
    needs = past.state in (LeadState.SETTLED, LeadState.ENDED)
    if past.accepted_on is None and needs:
        yield FieldError("accepted_on", "required", _("达成调解或者终止调解的投诉，应当填写受理日期。"))
    if past.accepted_on is not None and states.row_of(channel, states.ACCEPT) is None:
        yield FieldError("accepted_on", "not_a_complaint", _("只有投诉才有受理日期。"))
    elif past.accepted_on is not None and past.state == LeadState.REFUSED:
        yield FieldError("accepted_on", "not_a_complaint", _("不予受理的投诉没有受理日期。"))


def _sizes(text: str, most: int) -> dict[str, int]:
    return {"most": most, "found": len(text)}
