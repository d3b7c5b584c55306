"""The one thing a person does to a clock itself: entering the last day that a document names."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries import require_role
from core.errors import Invalid
from deadlines import states
from deadlines.actions.clocks import fix_due
from deadlines.models import Clock
from deadlines.queries import clock_for, current_calendar


@transaction.atomic
def fix_due_by_head(*, clock_id: int, due_on: date, reason: str, actor: User, at: datetime) -> Clock:
    """Fix the last day by hand, as the head of the authority the clock runs in; suspensions no longer move it.

    :raises NotFound, NotPermitted, WrongState: :raises Invalid: also a day the calendar does not reach.
    """
    clock = clock_for(actor, clock_id)
    require_role(actor, clock.office, states.FIX.roles, what=str(states.FIX.label), basis=states.FIX.basis)
    calendar = current_calendar()
    if not calendar.first_year <= due_on.year < calendar.last_year:
        raise Invalid(
            _("届满日%(day)s超出工作日历的范围（%(first)s年至%(last)s年），请核对。")
            % {"day": due_on, "first": calendar.first_year, "last": calendar.last_year},
            code="calendar_out_of_range", field="due_on",
        )  # fmt: skip
    return fix_due(clock_id=clock.pk, due_on=due_on, reason=reason, actor=actor, at=at)
