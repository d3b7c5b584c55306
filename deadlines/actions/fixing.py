"""The one thing a person does to a clock itself: entering the last day that a document names."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from accounts.queries import require_role
from deadlines import states
from deadlines.actions.clocks import fix_due
from deadlines.models import Clock
from deadlines.queries import clock_for


@transaction.atomic
def fix_due_by_head(*, clock_id: int, due_on: date, reason: str, actor: User, at: datetime) -> Clock:
    """Fix the last day by hand, as the head of the authority the clock runs in; suspensions no longer move it.

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    clock = clock_for(actor, clock_id)
    require_role(actor, clock.office, states.FIX.roles, what=str(states.FIX.label), basis=states.FIX.basis)
    return fix_due(clock_id=clock.pk, due_on=due_on, reason=reason, actor=actor, at=at)
