"""Clocks on a time axis: where each bar, pause and mark stands, as percentages for an SVG. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from deadlines.models import Clock
from deadlines.replay import SHANGHAI
from deadlines.states import ClockState

MOST_TICKS = 6
MARGIN = 0.03


@dataclass(frozen=True)
class Span:
    """A piece of a bar; ``x`` and ``width`` are SVG lengths such as ``12.5%``."""

    x: str
    width: str


@dataclass(frozen=True)
class Tick:
    x: str
    day: date


@dataclass(frozen=True)
class AxisRow:
    """One clock: its whole period, what of it has passed, what lies beyond the due day, its pauses, its due mark."""

    clock: Clock
    period: Span
    passed: Span
    late: Span | None
    pauses: tuple[Span, ...]
    due_x: str | None


@dataclass(frozen=True)
class Axis:
    ticks: tuple[Tick, ...]
    today_x: str
    today_anchor: str
    rows: tuple[AxisRow, ...]


def axis_of(clocks: Sequence[Clock], now: datetime) -> Axis | None:
    """The axis over all clocks and today; None without clocks. Their ``pauses`` are fetched beforehand."""
    if not clocks:
        return None
    today = now.astimezone(SHANGHAI).date()
    scale = _Scale(
        min(today, *(_first_day(clock) for clock in clocks)),
        max(today, *(_last_day(clock, today) for clock in clocks)),
    )
    at = scale.share(today) + scale.share_of_a_day * _share_of_day(now)
    return Axis(
        ticks=tuple(Tick(scale.x(day), day) for day in _ticks(scale.first, scale.last)),
        today_x=_percent(at),
        today_anchor="end" if at > 0.85 else "start" if at < 0.15 else "middle",
        rows=tuple(_row(clock, scale, today) for clock in clocks),
    )


class _Scale:
    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last
        self.share_of_a_day = (1 - 2 * MARGIN) / ((last - first).days + 1)

    def share(self, day: date) -> float:
        return MARGIN + (day - self.first).days * self.share_of_a_day

    def x(self, day: date) -> str:
        return _percent(self.share(day))

    def span(self, first: date, last: date) -> Span:
        """From the beginning of ``first`` to the end of ``last``."""
        return Span(self.x(first), _percent(max(0, (last - first).days + 1) * self.share_of_a_day))


def _row(clock: Clock, scale: _Scale, today: date) -> AxisRow:
    first = _first_day(clock)
    end = clock.ended_on or min(_last_day(clock, today), max(today, clock.due_on or today))
    due = clock.due_on or end
    is_late = clock.due_on is not None and min(end, today) > due and clock.state != ClockState.MET
    last = max(first, due if clock.ended_on is None else min(due, clock.ended_on))
    return AxisRow(
        clock=clock,
        period=scale.span(first, last),
        passed=scale.span(first, min(today, last)),
        late=scale.span(due + timedelta(days=1), min(end, today)) if is_late else None,
        pauses=tuple(
            scale.span(each.starts_on, (each.stops_on or today + timedelta(days=1)) - timedelta(days=1))
            for each in clock.pauses
        ),
        due_x=_percent(scale.share(clock.due_on) + scale.share_of_a_day) if clock.due_on else None,
    )


def _first_day(clock: Clock) -> date:
    """Where the bar begins: the day counted from, or, where days are counted back from one to come, when that was set."""
    is_backward = clock.due_on is not None and clock.due_on < clock.origin_on
    return min(clock.started_at.astimezone(SHANGHAI).date(), clock.origin_on) if is_backward else clock.origin_on


def _last_day(clock: Clock, today: date) -> date:
    if clock.ended_on is not None:
        return max(clock.ended_on, clock.due_on or clock.ended_on)
    return max(clock.due_on, today) if clock.due_on else today


def _ticks(first: date, last: date) -> list[date]:
    days = (last - first).days
    if days <= 62:
        start = first + timedelta(days=(7 - first.weekday()) % 7)
        found = [start + timedelta(weeks=week) for week in range(days // 7 + 1)]
    else:
        found = [date(year, month, 1) for year in range(first.year, last.year + 1) for month in range(1, 13)]
    found = [day for day in found if first <= day <= last]
    return found[:: max(1, -(-len(found) // MOST_TICKS))]


def _share_of_day(now: datetime) -> float:
    local = now.astimezone(SHANGHAI)
    return (local.hour * 60 + local.minute) / 1440


def _percent(share: float) -> str:
    return f"{share * 100:.2f}%"
