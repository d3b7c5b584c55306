"""Who sees leads, and who may move them."""

from collections.abc import Iterator

from django.db.models import Q

from accounts.models import Office, User
from accounts.policies import authority_of, may_act_for, scope_of
from accounts.roles import Role
from clues import states
from clues.models import Dispute, Lead
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
        return has_place(lead, row) and may_act_for(user, lead.office, row.roles)
    held = authority_of(lead.office)
    return any(
        post.role in row.roles and is_below(held, authority_of(post.office))
        for post in (user.active_posts if user.is_active else ())
    )


def has_place(lead: Lead, row: Transition) -> bool:
    """A lead is taken over only where an authority lies above its own, and handed down only from the one above all."""
    is_topmost = authority_of(lead.office).parent is None
    return {states.TAKE_OVER.name: not is_topmost, states.HAND_DOWN.name: is_topmost}.get(row.name, True)


def is_another_owners(user: User, lead: Lead, row: Transition) -> bool:
    """Signing for a lead and giving it back are its owner's alone."""
    return row.name in OWNERS_OWN and user.pk != lead.owner_id


def verified_it(user: User, lead: Lead, row: Transition) -> bool:
    """Whoever verified a lead does not decide on it: its owner, who handed in the findings, the officers of any check."""
    if row.name not in DECISIONS:
        return False
    checks = [(check.officer_id, check.second_officer_id) for check in lead.checks.all()]
    return user.pk in {lead.owner_id, lead.reported_by_id}.union(*checks)


def is_below(office: Office, above: Office) -> bool:
    """Whether ``office`` lies under ``above`` in the tree, not being it."""
    at = office.parent
    while at is not None and at.pk != above.pk:
        at = at.parent
    return at is not None


def common_superior(one: Office, other: Office) -> Office:
    """The lowest authority above both offices: who designates when they do not agree."""
    lineage = {office.pk for office in _upwards(one)}
    return authority_of(next(office for office in _upwards(other) if office.pk in lineage))


def _upwards(office: Office) -> Iterator[Office]:
    at: Office | None = office
    while at is not None:
        yield at
        at = at.parent


def sees_disputes(user: User) -> Q:
    """The disputes one of the user's offices is a party to; tested to agree with :func:`may_see_dispute`."""
    scope = scope_of(user)
    if scope.whole_city:
        return Q()
    return (
        Q(office__bureau_id__in=scope.bureau_ids)
        | Q(office_id__in=scope.office_ids)
        | Q(claimed_office__bureau_id__in=scope.bureau_ids)
        | Q(claimed_office_id__in=scope.office_ids)
    )


def may_see_dispute(user: User, dispute: Dispute) -> bool:
    scope, parties = scope_of(user), (dispute.office, dispute.claimed_office)
    return any(scope.covers(office_id=office.pk, bureau_id=office.bureau_id) for office in parties)


def may_settle(user: User, dispute: Dispute, row: Transition) -> bool:
    """Designating is the common superior's; the rest may be recorded by either side."""
    if row.name == states.DESIGNATE.name:
        return may_act_for(user, dispute.superior, row.roles)
    return any(may_act_for(user, office, row.roles) for office in (dispute.office, dispute.claimed_office))


def keeps_designation(dispute: Dispute, office: Office) -> bool:
    """Whether a lead may go to ``office`` after the superior designated one: that office itself or below it, and, where
    the dispute was between two authorities, anywhere within the one designated."""
    held = dispute.settled_office
    assert held is not None  # noqa: S101 - a constraint: a settled dispute names the office
    own = authority_of(held)
    within = own.pk != dispute.superior_id and authority_of(office).pk == own.pk
    return within or office.pk == held.pk or is_below(office, held)
