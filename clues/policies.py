"""Who sees leads, and who may move them."""

from django.db.models import Q

from accounts.models import Office, User
from accounts.policies import authority_of, may_act_for, scope_of
from accounts.roles import Role
from clues import states
from clues.models import Lead
from core.transitions import Transition

RECEIVERS = frozenset({Role.INTAKE_CLERK, *states.OFFICERS})
OWNERS_OWN = frozenset({states.SIGN.name, states.RETURN.name})
DECISIONS = frozenset(row.name for row in (states.FILE, states.DECLINE, states.TRANSFER, states.TREAT_AS_COMPLAINT))


def visible_to(user: User) -> Q:
    """The leads of the offices the user's posts answer for; an owner always holds a post in the office."""
    return scope_of(user).rows()


def may_see(user: User, lead: Lead) -> bool:
    return scope_of(user).covers(office_id=lead.office_id, bureau_id=lead.bureau_id)


def may_move(user: User, lead: Lead, row: Transition) -> bool:
    """Whether the user's posts carry a role the state table names for the lead's office, and the verb is theirs."""
    return has_role_for(user, lead, row) and not is_another_owners(user, lead, row) and not verified_it(user, lead, row)


def has_role_for(user: User, lead: Lead, row: Transition) -> bool:
    """Taking over is a higher authority's; every other verb that of the authority the lead is with."""
    if row.name != states.TAKE_OVER.name:
        return may_act_for(user, lead.office, row.roles)
    held = authority_of(lead.office)
    return any(
        post.role in row.roles and is_below(held, authority_of(post.office))
        for post in (user.active_posts if user.is_active else ())
    )


def is_another_owners(user: User, lead: Lead, row: Transition) -> bool:
    """Signing for a lead and giving it back are its owner's alone."""
    return row.name in OWNERS_OWN and user.pk != lead.owner_id


def verified_it(user: User, lead: Lead, row: Transition) -> bool:
    """Whoever verified a lead does not decide on it."""
    return row.name in DECISIONS and user.pk == lead.owner_id


def is_below(office: Office, above: Office) -> bool:
    """Whether ``office`` lies under ``above`` in the tree, not being it."""
    at = office.parent
    while at is not None and at.pk != above.pk:
        at = at.parent
    return at is not None
