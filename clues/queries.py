"""Fetching leads: every read passes these gates."""

from django.db.models import Q, QuerySet
from django.utils.translation import pgettext

from accounts.models import User
from accounts.policies import rows_to_act_for
from accounts.queries import require_role, unseen
from clues import states
from clues.models import Lead, LeadMove
from clues.policies import may_move, visible_to
from clues.states import LeadState
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


def moves_of(lead: Lead) -> QuerySet[LeadMove]:
    """The history of a lead the caller has fetched through a gate."""
    return lead.moves.select_related("actor", "office", "owner").order_by("id")


def legal_moves(user: User, lead: Lead) -> list[Transition]:
    """What the state table allows now and this user may do: exactly the buttons to offer."""
    return [row for row in states.TRANSITIONS if row.starts_from(lead.state) and may_move(user, lead, row)]


def require_move(user: User, lead: Lead, row: Transition) -> None:
    """Say before anything is typed what the verb would say: by role and by state.

    :raises NotPermitted, WrongState:
    """
    require_role(user, lead.office, row.roles, what=str(row.label), basis=row.basis)
    require_state(states.TRANSITIONS, row, lead.state, str(LeadState(lead.state).label))
