"""Clocks of no particular matter, for tests of the clock verbs."""

from datetime import date, datetime, timedelta
from itertools import count

from deadlines.actions.clocks import Subject, exclude_days, start_clock
from deadlines.models import Clock
from deadlines.workdays import Interval
from tests.builders import SYSTEM, City, moment

_numbers = count(1)


def subject(city: City) -> Subject:
    """A matter of the east squad, owned by east_handler."""
    number = next(_numbers)
    return Subject("case", number, f"案件{number}", city.east_squad, city.east_handler)


def start(city: City, rule: str, origin: str, at: datetime | None = None) -> Clock:
    """A clock started on its day of origin (or at that moment, for hours)."""
    started = moment(origin)
    origin_at = started if "T" in origin else None
    return start_clock(
        rule=rule, subject=subject(city), origin_on=started.date(), origin_at=origin_at, actor=SYSTEM, at=at or started
    )


def exclude(city: City, clock: Clock, first: str, last: str, at: datetime, ground: str = "检测") -> Clock:
    """Both days included, as offices write it."""
    days = Interval(date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1))
    return exclude_days(
        clock_id=clock.pk, ground=ground, days=days, approved_by=city.east_director, reason="送检", actor=SYSTEM, at=at
    )
