"""Whether a period was kept, as far as stated days can tell: counted by the engine for every day that is possible."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from casemgr.replay.source import Span, days_of
from core.errors import Invalid
from deadlines.ladder import rungs_of
from deadlines.replay import ClockFacts, DueDate, due_of
from deadlines.rules import RuleBook, RuleVersion
from deadlines.workdays import WorkCalendar


class Verdict(StrEnum):
    MET = "met"
    MISSED = "missed"
    MET_WHATEVER = "met_whatever"
    MISSED_WHATEVER = "missed_whatever"
    CANNOT_TELL = "cannot_tell"
    UNKNOWN = "unknown"
    NO_RULE = "no_rule"


@dataclass(frozen=True)
class Law:
    """The rules and the calendar everything is counted with."""

    book: RuleBook
    calendar: WorkCalendar

    def due(self, rule: str, origin: date, *, extended: bool = False) -> DueDate:
        """The last day of a period begun on ``origin``, once extended by what the law fixes if asked.

        :raises Invalid: no version of the rule was in force that day.
        """
        version = self.book.version_on(rule, origin)
        added = _first_extension(version) if extended else None
        due = due_of(ClockFacts(origin_on=origin, extensions=(added,) if added else ()), version, self.calendar)
        assert due is not None  # noqa: S101 - nothing is suspended here
        return due


@dataclass(frozen=True)
class IfExtended:
    """The same judgement had the head granted the one extension of fixed length the rule knows."""

    due: Span
    verdict: Verdict


@dataclass(frozen=True)
class Judgement:
    """One period of one case. ``ended`` None: the source says nothing of its end. ``met_from``: the first day of
    origin from which it was kept, where that decides. ``days_late`` counts calendar days after the due day."""

    rule: str
    version: RuleVersion
    origin: Span
    due: Span
    ended: Span | None
    verdict: Verdict
    days_late: int | None
    is_provisional: bool
    met_from: date | None
    if_extended: IfExtended | None
    first_warning: date


def judge(law: Law, rule: str, origin: Span, ended: Span | None, *, opens: time) -> Judgement | None:
    """Judge a period that began somewhere in ``origin`` and ended somewhere in ``ended``.

    None when on a day of ``origin`` no version of the rule was in force.
    """
    try:
        dues = {day: law.due(rule, day) for day in days_of(origin)}
        version = law.book.version_on(rule, origin.earliest)
    except Invalid as refusal:
        if refusal.code in ("no_rule_version", "calendar_out_of_range"):
            return None
        raise
    verdict = _verdict({day: due.on for day, due in dues.items()}, ended)
    late = verdict is Verdict.MISSED and ended is not None
    return Judgement(
        rule=rule,
        version=version,
        origin=origin,
        due=_span_of(due.on for due in dues.values()),
        ended=ended,
        verdict=verdict,
        days_late=(ended.latest - dues[origin.latest].on).days if late and ended else None,
        is_provisional=any(due.provisional for due in dues.values()),
        met_from=_met_from({day: due.on for day, due in dues.items()}, ended),
        if_extended=_if_extended(law, rule, version, origin, ended),
        first_warning=_first_warning(law, version, dues[origin.earliest], opens),
    )


def earliest_origin(law: Law, rule: str, ended: date) -> date | None:
    """The earliest day a period ending on ``ended`` can have begun if it was kept; None if no rule answers."""
    day, found = ended, None
    try:
        while law.due(rule, day).on >= ended:
            found = day
            day = date.fromordinal(day.toordinal() - 1)
    except Invalid:
        return found
    return found


def _verdict(dues: dict[date, date], ended: Span | None) -> Verdict:
    if ended is None:
        return Verdict.UNKNOWN
    always = all(ended.latest <= due for due in dues.values())
    never = all(max(day, ended.earliest) > due for day, due in dues.items())
    is_exact = len(dues) == 1 and ended.is_exact
    if always:
        return Verdict.MET if is_exact else Verdict.MET_WHATEVER
    if never:
        return Verdict.MISSED if is_exact else Verdict.MISSED_WHATEVER
    return Verdict.CANNOT_TELL


def _met_from(dues: dict[date, date], ended: Span | None) -> date | None:
    """The first day such that whoever began on it or later kept the period."""
    if ended is None or not ended.is_exact or len(dues) == 1:
        return None
    found = None
    for day in sorted(dues, reverse=True):
        if dues[day] < ended.latest:
            break
        found = day
    return found


def _if_extended(law: Law, rule: str, version: RuleVersion, origin: Span, ended: Span | None) -> IfExtended | None:
    if not _first_extension(version):
        return None
    dues = {day: law.due(rule, day, extended=True).on for day in days_of(origin)}
    return IfExtended(_span_of(dues.values()), _verdict(dues, ended))


def _first_extension(version: RuleVersion) -> int | None:
    return version.extensions[0].amount if version.extensions else None


def _first_warning(law: Law, version: RuleVersion, due: DueDate, opens: time) -> date:
    """The first day on which this period can have spoken at all: no origin is earlier, so no due day is."""
    return min(rung.fire_at for rung in rungs_of(version, due, law.calendar, [], opens)).date()


def _span_of(days: Iterable[date]) -> Span:
    listed = list(days)
    return Span(min(listed), max(listed))
