"""Whose a lead is: given, signed for, returned, passed on. The owner changes; no period restarts."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Office, User
from accounts.policies import authority_of, may_act_for
from accounts.queries import office_named, officer_of, receiver_of, require_role
from clues import states
from clues.actions.merging import follow
from clues.actions.moves import SIGNING, TRIAGE, begin, holder, meet_if_open, move, pass_on, required, subject_of
from clues.models import Lead, Tenure
from clues.policies import RECEIVERS, is_below
from clues.queries import returns_of
from core.errors import Invalid, NotPermitted, WrongState
from core.transitions import Transition
from deadlines.actions.clocks import local_day, start_clock
from routing.queries import returns_allowed


@transaction.atomic
def assign_lead(
    *, lead_id: int, office_id: int, actor: User, at: datetime, owner_id: int | None = None, reason: str = ""
) -> Lead:
    """Give the lead to exactly one office and one officer of it, who must sign for it.

    :param owner_id: left out, whoever receives for the office: its intake clerk, else its head.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead, row = begin(actor, lead_id, states.ASSIGN)
    office = office_named(office_id)
    require_role(actor, office, row.roles, what=str(row.label), basis=row.basis)
    owner = officer_of(office, owner_id, roles=RECEIVERS, field="owner") if owner_id else receiver_of(office)
    return _give(lead, row, office, owner, actor, at, reason or f"分派给{office.name}{owner.name}")


@transaction.atomic
def sign_lead(*, lead_id: int, actor: User, at: datetime) -> Lead:
    """Sign for a lead: its owner takes it in hand.

    :raises NotFound, NotPermitted, WrongState:
    """
    lead, row = begin(actor, lead_id, states.SIGN)
    lead.signed_at = at
    move(lead, row, actor, at, "")
    meet_if_open(lead, SIGNING, actor, at)
    return lead


@transaction.atomic
def return_lead(*, lead_id: int, reason: str, actor: User, at: datetime) -> Lead:
    """Give the lead back to whoever had it before, with the reason; only so many times, then it is a dispute.

    :raises NotFound, NotPermitted, WrongState: ``returned_too_often``, ``designated``. :raises Invalid:
    """
    lead, row = begin(actor, lead_id, states.RETURN)
    why = required(reason, "reason", _("请写明退回理由。"), limit=1000)
    allowed, taken = returns_allowed(local_day(at)), returns_of(lead)
    if taken >= allowed:
        raise WrongState(
            _("这条线索已退回%(taken)s次，按本系统默认值最多退回%(allowed)s次。仍认为不应承办的，请提出权限争议。")
            % {"taken": taken, "allowed": allowed},
            code="returned_too_often",
        )
    if lead.disputes.filter(state=states.DisputeState.DESIGNATED).exists():
        raise WrongState(
            _("承办机构是由共同的上一级指定的，不得再退回（%(basis)s）。") % {"basis": states.DESIGNATE.basis},
            code="designated",
        )
    office, owner = _before(lead)
    _give(lead, row, office, owner, actor, at, why)
    start_clock(rule=TRIAGE, subject=subject_of(lead), origin_at=at, actor=actor, at=at)
    return lead


@transaction.atomic
def hand_over_lead(*, lead_id: int, office_id: int, reason: str, actor: User, at: datetime) -> Lead:
    """Pass the lead to an office outside one's own reach; its signature is the receipt.

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead, row = begin(actor, lead_id, states.HAND_OVER)
    why = required(reason, "reason", _("请写明移交理由。"), limit=1000)
    office = _other_office(lead, office_id)
    return _give(lead, row, office, receiver_of(office), actor, at, f"移交{office.name}：{why}")


@transaction.atomic
def take_over_lead(*, lead_id: int, office_id: int, reason: str, actor: User, at: datetime) -> Lead:
    """The higher authority handles what is a lower one's (程序规定第十五条第二款).

    :param office_id: an office of the actor's own authority.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead, row = begin(actor, lead_id, states.TAKE_OVER)
    why = required(reason, "reason", _("请写明提级办理的理由。"), limit=1000)
    office = office_named(office_id)
    if not may_act_for(actor, office, row.roles):
        raise Invalid(_("提级办理的线索只能交给本机关的机构。"), code="not_own_office", field="office")
    return _give(lead, row, office, receiver_of(office), actor, at, f"提级由{office.name}办理：{why}")


@transaction.atomic
def hand_down_lead(*, lead_id: int, office_id: int, reason: str, actor: User, at: datetime) -> Lead:
    """The higher authority gives what is its own to a lower one (程序规定第十五条第一款).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead, row = begin(actor, lead_id, states.HAND_DOWN)
    why = required(reason, "reason", _("请写明交由下级办理的理由。"), limit=1000)
    office = office_named(office_id)
    if not is_below(authority_of(office), authority_of(lead.office)):
        raise Invalid(_("只能交给下级市场监督管理部门的机构。"), code="not_a_lower_office", field="office")
    return _give(lead, row, office, receiver_of(office), actor, at, f"交由{office.name}办理：{why}")


def settle_on(lead: Lead, row: Transition, office: Office, actor: User, at: datetime, reason: str) -> Lead:
    """Move the lead to the office a dispute ended with; nothing moves when it has the lead already."""
    if office.pk == lead.office_id:
        return lead
    return _give(lead, row, office, receiver_of(office), actor, at, reason)


def _give(lead: Lead, row: Transition, office: Office, owner: User, actor: User, at: datetime, reason: str) -> Lead:
    """Pass the lead on, and with it what was merged into it."""
    pass_on(lead, row, office, owner, actor, at, reason)
    follow(lead, actor, at)
    return lead


def _before(lead: Lead) -> tuple[Office, User]:
    """Who had the lead before its owner of now; whoever receives for that office, if they have left."""
    held = (
        Tenure.objects.filter(lead=lead, ends_at__isnull=False)
        .exclude(owner_id=lead.owner_id, office_id=lead.office_id)
        .select_related("owner", "office", "office__parent", "office__parent__parent", "office__bureau")
        .order_by("-starts_at", "-id")
        .first()
    )
    if held is None:
        raise NotPermitted(_("这条线索一直由您承办，没有可以退回的人。"), code="nobody_before")
    return holder(held.office, held.owner)


def _other_office(lead: Lead, office_id: int) -> Office:
    office = office_named(office_id)
    if office.pk == lead.office_id:
        raise Invalid(
            _("线索已经在%(office)s，请选择其他机构。") % {"office": office.name}, code="same_office", field="office"
        )
    return office
