"""Whose a lead is: given, signed for, returned, passed on. The owner changes; no period restarts.

``seen`` is the last move the actor knew of (:func:`clues.queries.last_move_of`): where the lead has changed hands
since, the verb is refused and says who did what. Left out, nobody asks.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Office, User
from accounts.policies import authority_of, may_act_for
from accounts.queries import office_named, officer_of, receiver_of, require_role
from clues import states
from clues.actions.merging import follow
from clues.actions.moves import SIGNING, TRIAGE, begin, meet_if_open, move, optional, pass_on, required, subject_of
from clues.models import Lead
from clues.policies import RECEIVERS, is_below
from clues.queries import require_first_hand, require_may_go, require_return, require_undisputed
from core.errors import Invalid
from core.transitions import Transition
from deadlines.actions.clocks import local_day, start_clock


@transaction.atomic
def assign_lead(
    *,
    lead_id: int,
    office_id: int,
    actor: User,
    at: datetime,
    owner_id: int | None = None,
    reason: str = "",
    seen: int | None = None,
) -> Lead:
    """Give the lead to exactly one office and one officer of it, who must sign for it.

    :param owner_id: left out, whoever receives for the office: its intake clerk, else its head.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead, row = begin(actor, lead_id, states.ASSIGN, seen)
    office = office_named(office_id)
    require_role(actor, office, row.roles, what=str(row.label), basis=row.basis)
    require_may_go(lead, office)
    owner = officer_of(office, owner_id, roles=RECEIVERS, field="owner") if owner_id else receiver_of(office)
    why = optional(reason, "reason", limit=1000) or f"分派给{office.name}{owner.name}"
    return give(lead, row, office, owner, actor, at, why)


@transaction.atomic
def sign_lead(*, lead_id: int, actor: User, at: datetime, seen: int | None = None) -> Lead:
    """Sign for a lead: its owner takes it in hand.

    :raises NotFound, NotPermitted, WrongState:
    """
    lead, row = begin(actor, lead_id, states.SIGN, seen)
    lead.signed_at = at
    move(lead, row, actor, at, "")
    meet_if_open(lead, SIGNING, actor, at)
    return lead


@transaction.atomic
def return_lead(*, lead_id: int, reason: str, actor: User, at: datetime, seen: int | None = None) -> Lead:
    """Give the lead back to whoever had it before, with the reason; only so many times, then it is a dispute.

    :raises NotFound, NotPermitted: :raises WrongState: ``returned_too_often``, ``nobody_before``, ``dispute_open``,
        ``designated``. :raises Invalid:
    """
    lead, row = begin(actor, lead_id, states.RETURN, seen)
    why = required(reason, "reason", _("请写明退回理由。"), limit=1000)
    office, owner = require_return(lead, local_day(at))
    give(lead, row, office, owner, actor, at, why)
    start_clock(rule=TRIAGE, subject=subject_of(lead), origin_at=at, actor=actor, at=at)
    return lead


@transaction.atomic
def hand_over_lead(
    *, lead_id: int, office_id: int, reason: str, actor: User, at: datetime, seen: int | None = None
) -> Lead:
    """Pass the lead to an office outside one's own reach; its signature is the receipt.

    :raises NotFound, NotPermitted, Invalid: :raises WrongState: ``handed_over_before``, ``dispute_open``,
        ``designated``.
    """
    lead, row = begin(actor, lead_id, states.HAND_OVER, seen)
    why = required(reason, "reason", _("请写明移交理由。"), limit=1000)
    office = other_office(lead, office_id)
    require_may_go(lead, office)
    require_first_hand(lead)
    return give(lead, row, office, receiver_of(office), actor, at, why)


@transaction.atomic
def take_over_lead(
    *, lead_id: int, office_id: int, reason: str, actor: User, at: datetime, seen: int | None = None
) -> Lead:
    """The higher authority handles what is a lower one's (程序规定第十五条第二款).

    :param office_id: an office of the actor's own authority.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead, row = begin(actor, lead_id, states.TAKE_OVER, seen)
    why = required(reason, "reason", _("请写明提级办理的理由。"), limit=1000)
    office = office_named(office_id)
    if not may_act_for(actor, office, row.roles):
        raise Invalid(_("提级办理的线索只能交给本机关的机构。"), code="not_own_office", field="office")
    require_undisputed(lead)
    return give(lead, row, office, receiver_of(office), actor, at, why)


@transaction.atomic
def hand_down_lead(
    *, lead_id: int, office_id: int, reason: str, actor: User, at: datetime, seen: int | None = None
) -> Lead:
    """The higher authority gives what is its own to a lower one (程序规定第十五条第一款).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    lead, row = begin(actor, lead_id, states.HAND_DOWN, seen)
    why = required(reason, "reason", _("请写明交由下级办理的理由。"), limit=1000)
    office = office_named(office_id)
    if not is_below(authority_of(office), authority_of(lead.office)):
        raise Invalid(_("只能交给下级市场监督管理部门的机构。"), code="not_a_lower_office", field="office")
    require_undisputed(lead)
    return give(lead, row, office, receiver_of(office), actor, at, why)


def give(lead: Lead, row: Transition, office: Office, owner: User, actor: User, at: datetime, reason: str) -> Lead:
    """Pass the lead on, and with it what was merged into it; the verb has asked whether it may go there."""
    pass_on(lead, row, office, owner, actor, at, reason)
    follow(lead, actor, at)
    return lead


def other_office(lead: Lead, office_id: int) -> Office:
    """:raises Invalid: unknown, closed, or the office that has the lead already."""
    office = office_named(office_id)
    if office.pk == lead.office_id:
        raise Invalid(
            _("线索已经在%(office)s，请选择其他机构。") % {"office": office.name}, code="same_office", field="office"
        )
    return office
