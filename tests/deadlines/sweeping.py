"""Clocks by the dozen, and what people were told of them."""

from datetime import datetime

from accounts.models import User
from deadlines.actions.clocks import Subject, start_clock
from deadlines.models import Clock, Reminder
from notices.models import Notice
from tests.builders import NOW, SYSTEM, City

PARTY = "示例商店"


def run_clock(city: City, number: int = 1, *, at: datetime = NOW, rule: str = "lead_verification") -> Clock:
    """A clock of the east handler's, on a matter of its own."""
    subject = Subject(
        "lead", number, f"线索{number}号 · {PARTY}", city.east_squad, city.east_handler, f"线索{number}号"
    )
    return start_clock(rule=rule, subject=subject, origin_at=at, actor=SYSTEM, at=at)


def told(user: User) -> list[str]:
    """The kinds of notice in somebody's inbox, oldest first."""
    return list(Notice.objects.filter(recipient=user).order_by("id").values_list("kind", flat=True))


def states(clock: Clock) -> dict[str, str]:
    """Every reminder for the clock's present due value, by rung."""
    assert clock.due_at is not None
    return dict(Reminder.objects.filter(clock=clock, for_due_at=clock.due_at).values_list("rung", "state"))
