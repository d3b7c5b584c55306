"""Who sees that an informant exists, who may ask for the identity, who may let them."""

from django.db.models import Q

from accounts.models import User
from accounts.policies import may_act_for, rows_to_act_for, scope_of
from core.transitions import Transition
from informants.models import Informant, Opening, Reward
from informants.states import APPROVE, CLOSE, DENY, GRANT, READ, REFUSE


def visible_to(user: User) -> Q:
    """The informants of the offices the user's posts answer for: code and matter, never the identity."""
    return scope_of(user).rows()


def may_see(user: User, informant: Informant) -> bool:
    return scope_of(user).covers(office_id=informant.office_id, bureau_id=informant.bureau_id)


def openings_visible_to(user: User) -> Q:
    """A request concerns who made it, who decided it and who may decide for the office; colleagues it does not."""
    deciding = Informant.objects.filter(rows_to_act_for(user, APPROVE.roles)).values("pk")
    return Q(requested_by=user) | Q(decided_by=user) | Q(informant__in=deciding)


def may_see_opening(user: User, opening: Opening) -> bool:
    """Of an informant the user sees; tested to agree with :func:`openings_visible_to`."""
    is_theirs = user.pk in (opening.requested_by_id, opening.decided_by_id)
    return is_theirs or may_act_for(user, opening.informant.office, APPROVE.roles)


def may_move(user: User, opening: Opening, row: Transition) -> bool:
    """By role, and by separation of duties: the requester reads, somebody else decides, both may end it."""
    if not may_act_for(user, opening.informant.office, row.roles):
        return False
    if row in (APPROVE, REFUSE):
        return user.pk != opening.requested_by_id
    if row is READ:
        return user.pk == opening.requested_by_id
    return row is CLOSE and user.pk in (opening.requested_by_id, opening.decided_by_id)


def may_move_reward(user: User, reward: Reward, row: Transition) -> bool:
    """Nobody decides what they proposed."""
    if row in (GRANT, DENY) and user.pk == reward.proposed_by_id:
        return False
    return may_act_for(user, reward.informant.office, row.roles)
