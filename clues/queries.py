"""Fetching leads: every read passes these gates."""

from dataclasses import replace
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from accounts.policies import rows_to_act_for, scope_of
from accounts.queries import require_role, unseen
from clues import states
from clues.models import Lead, LeadMove, Tenure
from clues.policies import has_role_for, is_another_owners, may_move, verified_it, visible_to
from clues.states import LeadState
from core.errors import NotPermitted
from core.transitions import Transition, require_state

WITH_OFFICE = ("office", "office__bureau", "office__parent", "office__parent__parent", "owner")


def leads_for(user: User) -> QuerySet[Lead]:
    """Every lead the user may see, newest first."""
    return Lead.objects.filter(visible_to(user)).select_related("office", "owner").order_by("-received_on", "-id")


def lead_for(user: User, lead_id: int) -> Lead:
    """:raises NotFound:"""
    lead = Lead.objects.filter(visible_to(user)).select_related(*WITH_OFFICE).filter(pk=lead_id).first()
    if lead is None:
        raise unseen(pgettext("in a sentence", "线索"))
    return lead


def lock_lead(user: User, lead_id: int) -> Lead:
    """The same gate, holding the row until the transaction ends.

    Locked first and read afterwards: a statement that waits for a lock and joins would lose the row when the
    transaction it waited for gave it another owner.

    :raises NotFound:
    """
    Lead.objects.filter(visible_to(user), pk=lead_id).select_for_update().values_list("pk").first()
    return lead_for(user, lead_id)


def leads_awaiting(user: User) -> QuerySet[Lead]:
    """Leads whose next step is the user's: to assign (intake, heads) or to decide (heads)."""
    to_assign = Q(state=LeadState.REGISTERED) & rows_to_act_for(user, states.ASSIGN.roles)
    to_decide = Q(state=LeadState.VERIFIED) & rows_to_act_for(user, states.FILE.roles)
    return leads_for(user).filter(to_assign | to_decide)


def leads_to_sign(user: User) -> QuerySet[Lead]:
    """What somebody was given and has not signed for."""
    return leads_for(user).filter(owner=user, state=LeadState.ASSIGNED)


def moves_of(lead: Lead) -> QuerySet[LeadMove]:
    """The history of a lead the caller has fetched through a gate."""
    return lead.moves.select_related("actor", "office", "owner").order_by("id")


def legal_moves(user: User, lead: Lead) -> list[Transition]:
    """What the state table allows now and this user may do: exactly the buttons to offer."""
    return [row for row in states.table_of(lead.channel) if row.starts_from(lead.state) and may_move(user, lead, row)]


def require_move(user: User, lead: Lead, row: Transition) -> Transition:
    """The row of the lead's own table for this verb; says before anything is typed what the verb would say.

    :raises NotPermitted: the role, another's lead, or one's own verification. :raises WrongState:
    """
    own = states.row_of(lead.channel, row)
    if not has_role_for(user, lead, own or row):
        require_role(user, lead.office, row.roles, what=str(row.label), basis=row.basis)
        raise NotPermitted(
            _("“%(what)s”须由%(office)s的上级部门负责人办理（%(basis)s）。您没有这项职责。")
            % {"what": row.label, "office": lead.office.name, "basis": row.basis},
            code="not_permitted",
        )
    label = str(LeadState(lead.state).label)
    require_state(states.table_of(lead.channel), own or replace(row, sources=frozenset()), lead.state, label)
    if is_another_owners(user, lead, row):
        raise NotPermitted(
            _("这条线索的承办人是%(owner)s，“%(what)s”须由承办人本人办理。")
            % {"owner": lead.owner.name, "what": row.label},
            code="not_the_owner",
        )
    if verified_it(user, lead, row):
        raise NotPermitted(
            _("您是这条线索的承办人，是否立案须由没有参加核查的部门负责人决定（%(basis)s）。") % {"basis": row.basis},
            code="separation_of_duties",
        )
    return own or row


def returns_of(lead: Lead) -> int:
    """How many times a lead was given back."""
    return lead.moves.filter(name=states.RETURN.name).count()


def owned_at(user: User, moment: datetime) -> QuerySet[Tenure]:
    """Who owned what at a moment: one tenure for each lead that existed, of those in the user's offices then."""
    held = Tenure.objects.filter(scope_of(user).rows(), Q(ends_at__isnull=True) | Q(ends_at__gt=moment))
    return held.filter(starts_at__lte=moment).select_related("lead", "office", "owner").order_by("-id")
