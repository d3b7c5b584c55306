"""Two offices do not agree whose a lead is: negotiated in seven working days, else the common superior designates.

The lead stays with its office and its periods go on until the dispute is over (程序规定第十三条、第十六条、投诉举报处理办法
第三十三条). Both sides see the dispute; whoever accepts the lead records the agreement.
"""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Office, User
from accounts.queries import office_named, officers_of, receiver_of, require_role
from accounts.roles import Role
from clues import states
from clues.actions.custody import give, other_office
from clues.actions.moves import KIND, begin, meet_if_open, move, required, subject_of
from clues.models import Dispute, Lead
from clues.policies import common_superior, is_below
from clues.queries import WITH_OFFICE, lock_dispute, require_may_go, require_settlement
from clues.states import Channel, LeadState
from core.errors import Invalid
from core.transitions import Transition
from deadlines.actions.clocks import Subject, local_day, start_clock
from notices.actions import NewNotice, post_notices

NEGOTIATION = ("complaint_authority_dispute", "jurisdiction_dispute")
DESIGNATION = "jurisdiction_designation"


@transaction.atomic
def raise_dispute(
    *, lead_id: int, office_id: int, reason: str, actor: User, at: datetime, seen: int | None = None
) -> Lead:
    """Say that the lead is another office's; seven working days to agree run from this day.

    :param office_id: the office that should have it.
    :raises NotFound, NotPermitted, Invalid: :raises WrongState: ``dispute_open``, ``designated``.
    """
    lead, row = begin(actor, lead_id, states.RAISE_DISPUTE, seen)
    why = required(reason, "reason", _("请写明争议的事实和理由。"), limit=900)
    office = other_office(lead, office_id)
    require_may_go(lead, office)
    dispute = Dispute.objects.create(
        lead=lead, office=lead.office, raised_by=actor, raised_at=at, claimed_office=office,
        superior=common_superior(lead.office, office), reason=why,
    )  # fmt: skip
    move(lead, row, actor, at, f"认为应当由{office.name}承办：{why}")
    start_clock(rule=negotiation_rule(lead), subject=subject_of(lead), origin_on=local_day(at), actor=actor, at=at)
    _tell(dispute, receiver_of(office), f"{lead.office.name}认为{lead.number}应当由{office.name}承办", at)
    return lead


def negotiation_rule(lead: Lead) -> str:
    """令121第三十三条 for complaints and reports, 程序规定第十三条 for everything else."""
    return NEGOTIATION[0] if lead.channel in (Channel.COMPLAINT, Channel.REPORT) else NEGOTIATION[1]


@transaction.atomic
def settle_dispute(*, dispute_id: int, office_id: int, opinion: str, actor: User, at: datetime) -> Dispute:
    """Record what was agreed: the lead moves to the office agreed on, if it is another.

    :param office_id: of the actor's own side, so that nobody agrees in another's name.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    dispute, lead = _begin(actor, dispute_id, states.SETTLE_DISPUTE)
    words = required(opinion, "opinion", _("请写明协商的结果。"), limit=900)
    office, row = office_named(office_id), states.SETTLE_DISPUTE
    require_role(actor, office, row.roles, what=str(row.label), basis=row.basis)
    return _end(dispute, lead, row, office, actor, at, words)


@transaction.atomic
def escalate_dispute(*, dispute_id: int, reason: str, actor: User, at: datetime) -> Dispute:
    """Negotiation failed: the head of the common superior has seven working days to designate (程序规定第十六条).

    :raises NotFound, NotPermitted, WrongState: :raises Invalid: ``no_receiver``, nobody heads the superior.
    """
    dispute, lead = _begin(actor, dispute_id, states.ESCALATE_DISPUTE)
    why = required(reason, "reason", _("请写明双方的意见和协商经过。"), limit=900)
    head = _head_of(dispute.superior)
    dispute.state, dispute.escalated_at = states.DisputeState.ESCALATED, at
    dispute.save()
    _note(lead, states.ESCALATE_DISPUTE, actor, at, f"报请{dispute.superior.name}指定：{why}")
    _meet_negotiation(lead, actor, at)
    theirs = Subject(KIND, lead.pk, lead.label, dispute.superior, head, lead.number)
    start_clock(rule=DESIGNATION, subject=theirs, origin_on=local_day(at), actor=actor, at=at)
    _tell(dispute, head, f"{lead.number}的处理权限争议报请指定承办机构", at)
    return dispute


@transaction.atomic
def designate_office(*, dispute_id: int, office_id: int, opinion: str, actor: User, at: datetime) -> Dispute:
    """The common superior says whose the lead is; after that nobody gives it back.

    :param office_id: one of the two, or a third below the superior.
    :raises NotFound, NotPermitted, WrongState: :raises Invalid: ``not_below_superior``.
    """
    dispute, lead = _begin(actor, dispute_id, states.DESIGNATE)
    words = required(opinion, "opinion", _("请写明指定的理由。"), limit=900)
    office = office_named(office_id)
    parties = (dispute.office_id, dispute.claimed_office_id)
    if office.pk not in parties and not is_below(office, dispute.superior):
        raise Invalid(
            _("只能指定争议双方或者%(superior)s所属的其他机构。") % {"superior": dispute.superior.name},
            code="not_below_superior", field="office",
        )  # fmt: skip
    return _end(dispute, lead, states.DESIGNATE, office, actor, at, words)


def _begin(actor: User, dispute_id: int, row: Transition) -> tuple[Dispute, Lead]:
    dispute = lock_dispute(actor, dispute_id)
    require_settlement(actor, dispute, row)
    return dispute, Lead.objects.select_related(*WITH_OFFICE).get(pk=dispute.lead_id)


def _end(
    dispute: Dispute, lead: Lead, row: Transition, office: Office, actor: User, at: datetime, words: str
) -> Dispute:
    dispute.state, dispute.settled_office, dispute.opinion = str(row.target), office, words
    dispute.settled_by, dispute.settled_at = actor, at
    dispute.save()
    _meet_negotiation(lead, actor, at)
    meet_if_open(lead, DESIGNATION, actor, at)
    reason = f"由{office.name}承办：{words}"
    if office.pk == lead.office_id:
        _note(lead, row, actor, at, reason)
    else:
        moves = replace(row, target=LeadState.ASSIGNED)
        give(lead, moves, office, receiver_of(office), actor, at, reason)
    title = f"{lead.number}的处理权限争议已有结果：由{office.name}承办"
    for person in {dispute.raised_by, lead.owner, receiver_of(dispute.claimed_office)}:
        _tell(dispute, person, title, at)
    return dispute


def _note(lead: Lead, row: Transition, actor: User, at: datetime, reason: str) -> None:
    """Into the history of the lead, which does not move."""
    move(lead, replace(row, target=None), actor, at, reason)


def _meet_negotiation(lead: Lead, actor: User, at: datetime) -> None:
    for rule in NEGOTIATION:
        meet_if_open(lead, rule, actor, at)


def _head_of(superior: Office) -> User:
    head = officers_of(superior, (Role.BUREAU_HEAD,)).first()
    if head is None:
        raise Invalid(
            _("%(office)s没有在岗的部门负责人，请先设置岗位。") % {"office": superior.name},
            code="no_receiver",
            field="office",
        )
    return head


def _tell(dispute: Dispute, person: User, title: str, at: datetime) -> None:
    notice = NewNotice(
        recipient_id=person.pk, kind="dispute", key=f"dispute:{dispute.pk}:{dispute.state}", subject_kind="dispute",
        subject_id=dispute.pk, title=title, body=dispute.reason, outside=f"{dispute.lead.number} 有一项权限争议事项",
    )  # fmt: skip
    post_notices([notice], at=at)
