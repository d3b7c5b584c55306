"""Who sees leads, and who may move them."""

from django.db.models import Q

from accounts.models import User
from accounts.policies import may_act_for, scope_of
from clues.models import Lead
from core.transitions import Transition


def visible_to(user: User) -> Q:
    """The leads of the offices the user's posts answer for; an owner always holds a post in the office."""
    return scope_of(user).rows()


def may_see(user: User, lead: Lead) -> bool:
    return scope_of(user).covers(office_id=lead.office_id, bureau_id=lead.bureau_id)


def may_move(user: User, lead: Lead, row: Transition) -> bool:
    """Whether the user's posts carry one of the roles the state table names, for the lead's office."""
    return may_act_for(user, lead.office, row.roles)
