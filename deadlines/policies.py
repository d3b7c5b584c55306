"""Who sees clocks: whoever sees the office's matters."""

from django.db.models import Q

from accounts.models import User
from accounts.policies import scope_of
from deadlines.models import Clock


def visible_to(user: User) -> Q:
    return scope_of(user).rows()


def may_see(user: User, clock: Clock) -> bool:
    return scope_of(user).covers(office_id=clock.office_id, bureau_id=clock.bureau_id)
