"""When a clock speaks and to whom: warnings before the due day, the due day, and the ladder after it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from deadlines.arithmetic import Unit
from deadlines.replay import SHANGHAI, DueDate
from deadlines.rules import RuleVersion
from deadlines.workdays import WorkCalendar

OWNER = "owner"


@dataclass(frozen=True)
class Rung:
    """One moment at which an audience (``owner``, ``unit_head``, ``supervising_office``) is told."""

    name: str
    audience: str
    fire_at: datetime


@dataclass(frozen=True)
class Step:
    """One rung after the due moment: ``amount`` working days (or hours, for hour rules) later."""

    name: str
    audience: str
    amount: int


def rungs_of(
    rule: RuleVersion, due: DueDate, calendar: WorkCalendar, ladder: Sequence[Step], opens: time
) -> list[Rung]:
    """Every rung the rule implies for one due value.

    Day-counted periods speak at ``opens`` on working days; hour-counted ones at the exact moment. A period whose
    expiry is its natural end (a right lapses, a gate opens) is announced to its owner, not escalated.
    """
    if rule.unit is Unit.hour:
        return _hour_rungs(rule, due, ladder)
    return _day_rungs(rule, due, calendar, ladder, opens)


def _hour_rungs(rule: RuleVersion, due: DueDate, ladder: Sequence[Step]) -> list[Rung]:
    rungs = [
        Rung(f"warn_{warning.amount}_hour", OWNER, due.at - timedelta(hours=warning.amount))
        for warning in rule.warnings
    ]
    return rungs + [Rung(step.name, step.audience, due.at + timedelta(hours=step.amount)) for step in ladder]


def _day_rungs(
    rule: RuleVersion, due: DueDate, calendar: WorkCalendar, ladder: Sequence[Step], opens: time
) -> list[Rung]:
    def at(day: date) -> datetime:
        return datetime.combine(day, opens, SHANGHAI)

    last_chance = at(_working_day_not_after(calendar, due.on))
    rungs = []
    for warning in rule.warnings:
        if warning.unit is Unit.working_day:
            day = calendar.subtract(due.on, warning.amount)
        else:
            day = _working_day_not_after(calendar, due.on - timedelta(days=warning.amount))
        if at(day) < last_chance:
            rungs.append(Rung(f"warn_{warning.amount}_{warning.unit.value}", OWNER, at(day)))
    rungs.append(Rung("due", OWNER, last_chance))
    if rule.legal_effect:
        return [*rungs, Rung("lapsed", OWNER, at(calendar.add(due.on, 1)))]
    return rungs + [Rung(step.name, step.audience, at(calendar.add(due.on, 1 + step.amount))) for step in ladder]


def _working_day_not_after(calendar: WorkCalendar, day: date) -> date:
    return day if calendar.is_working(day) else calendar.subtract(day, 1)


def still_to_tell(rungs: Iterable[Rung], now: datetime) -> list[Rung]:
    """The rungs worth a row when scheduling at ``now``: of those already past, each audience hears only the latest."""
    ahead = [rung for rung in rungs if rung.fire_at > now]
    latest: dict[str, Rung] = {}
    for rung in rungs:
        if rung.fire_at <= now and (rung.audience not in latest or latest[rung.audience].fire_at <= rung.fire_at):
            latest[rung.audience] = rung
    return [*latest.values(), *ahead]
