"""Who sees clocks: whoever sees the office's matters."""

from django.db.models import Q

from accounts.models import User
from accounts.policies import may_act_for, scope_of
from core.transitions import Transition
from deadlines import states
from deadlines.models import Clock


def visible_to(user: User) -> Q:
    return scope_of(user).rows()


def may_see(user: User, clock: Clock) -> bool:
    return scope_of(user).covers(office_id=clock.office_id, bureau_id=clock.bureau_id)


def legal_moves(user: User, clock: Clock) -> list[Transition]:
    """What the user may do to the clock itself now; everything else happens to it through its matter."""
    return [
        row
        for row in states.TRANSITIONS
        if row.roles and row.starts_from(clock.state) and may_act_for(user, clock.office, row.roles)
    ]
