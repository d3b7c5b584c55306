"""The statements that re-date clocks by set: a list of values joined to the rows it speaks of.

Plain SQL because the ORM knows no UPDATE … FROM; the same text runs on PostgreSQL and on SQLite (3.33 and later).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from django.db import connection
from django.db.models import F, Field, QuerySet

from deadlines.models import CalendarReport, CalendarReportLine, Clock
from deadlines.replay import DueDate

MOST_VALUES = 30_000  # in one statement; SQLite takes 32,766
CHUNK = 1000
Item = TypeVar("Item")


class GroupChange(NamedTuple):
    """A due value and what becomes of it, for all clocks of one rule version and origin that were never paused."""

    rule_version: str
    origin_on: date
    before: DueDate
    after: DueDate


class ClockChange(NamedTuple):
    """What becomes of the due value of one clock."""

    clock_id: int
    after: DueDate


class Said(NamedTuple):
    """One reminder that all running clocks of a rule version with this due value imply."""

    rule_version: str
    due_at: datetime
    rung: str
    audience: str
    fire_at: datetime


class _Values(NamedTuple):
    """``WITH name (…) AS (VALUES …)`` and what stands in it."""

    sql: str
    parameters: list[Any]


def in_chunks(items: Iterable[Item], size: int = CHUNK) -> Iterator[list[Item]]:
    left = iter(items)
    while chunk := list(islice(left, size)):
        yield chunk


def hold_clocks() -> None:
    """Let no clock change, and no other notice in, until this transaction ends; who waits counts with the new calendar.

    Reading goes on. On SQLite this transaction already is the only writer.
    """
    if connection.vendor == "postgresql":
        _run("LOCK TABLE deadlines_clock IN EXCLUSIVE MODE", [])


def hold_calendar() -> None:
    """Let no notice come into force between counting a new clock and writing it, where re-dating would not see it."""
    if connection.vendor == "postgresql":
        _run("LOCK TABLE deadlines_clock IN ROW EXCLUSIVE MODE", [])


def moved_lines(report: CalendarReport) -> QuerySet[CalendarReportLine]:
    """Lines of clocks whose last day changed, not only whether it is provisional."""
    return CalendarReportLine.objects.filter(report=report).exclude(due_before=F("due_after"))


def write_group_changes(changes: Iterable[GroupChange], report: CalendarReport) -> None:
    """Report and write the new due values of groups; a clock that was ever suspended or extended is of no group."""
    columns = {**_GROUP, **_AFTER}
    for chunk in in_chunks(changes, MOST_VALUES // len(columns)):
        rows = [(*each[:2], *_flat(each.before), *_flat(each.after)) for each in chunk]
        _write(_SAME_GROUP, report, _values("change", columns, rows))


def write_clock_changes(changes: Iterable[ClockChange], report: CalendarReport) -> None:
    """Report and write the new due values of clocks one by one."""
    columns = {"clock_id": "id", **_AFTER}
    for chunk in in_chunks(changes, MOST_VALUES // len(columns)):
        _write(_SAME_CLOCK, report, _values("change", columns, [(each.clock_id, *_flat(each.after)) for each in chunk]))


def _write(same: str, report: CalendarReport, change: _Values) -> None:
    """First the report, while the clocks still say what was; the same clocks then, for nobody else can write them."""
    _run(_LINES.replace("/*same*/", same), [report.pk, report.notice_id], change)
    _run(_CLOCKS.replace("/*same*/", same), [report.notice_id, report.notice_id], change)


def note_moves(report: CalendarReport, actor_label: str, reason: str) -> None:
    """A row of history for each clock whose last day moved."""
    at = connection.ops.adapt_datetimefield_value(report.at)
    _run(_MOVES, [at, actor_label[:120], reason[:500], report.pk])


def say(said: Sequence[Said], *, of_moved: CalendarReport | None = None) -> None:
    """Make exactly these reminders wait for the running clocks they speak of, or for those that a report moved.

    A waiting one takes the new due value and moment, a void one revives, a missing one is added; what was told stays.
    """
    only, report = (_OF_MOVED, [of_moved.pk]) if of_moved else ("", [])
    for chunk in in_chunks(said, MOST_VALUES // len(_SAID)):
        values = _values("said", _SAID, chunk)
        _run(_MOVE.replace("/*moved*/", only), report, values)
        _run(_ADD.replace("/*moved*/", only), report, values)


def void_left_behind(report: CalendarReport) -> None:
    """Of the clocks that moved, what waits for the old due value because the new one does not imply it."""
    _run(_VOID_LEFT_BEHIND, [report.pk])


def withdraw(said: Iterable[Said]) -> None:
    """Void these reminders where they still wait."""
    for chunk in in_chunks(said, MOST_VALUES // len(_SAID)):
        _run(_WITHDRAW, [], _values("said", _SAID, chunk))


# ---- the statements -------------------------------------------------------------------------------------------------

_SAME_CLOCK = "c.id = change.clock_id"
_SAME_GROUP = """
    c.rule_version = change.rule_version AND c.origin_on = change.origin_on AND c.due_on = change.due_before
    AND c.due_nominal_on = change.nominal_before AND c.is_provisional = change.provisional_before
    AND NOT EXISTS (SELECT 1 FROM deadlines_suspension s WHERE s.clock_id = c.id)
    AND NOT EXISTS (SELECT 1 FROM deadlines_extension e WHERE e.clock_id = c.id)
"""
_LINES = """
INSERT INTO deadlines_calendarreportline (report_id, clock_id, due_before, due_after, was_provisional)
SELECT %s, c.id, c.due_on, change.due_after, c.is_provisional
FROM change, deadlines_clock c
WHERE c.state = 'running' AND c.fixed_due_on IS NULL AND c.calendar_version <> %s AND /*same*/
ORDER BY c.id
"""
_CLOCKS = """
UPDATE deadlines_clock AS c
SET due_on = change.due_after, due_nominal_on = change.nominal_after, due_at = change.due_at_after,
    is_provisional = change.provisional_after, calendar_version = %s
FROM change
WHERE c.state = 'running' AND c.fixed_due_on IS NULL AND c.calendar_version <> %s AND /*same*/
"""

_MOVES = """
INSERT INTO deadlines_clockmove (clock_id, at, actor_label, name, due_before, due_after, reason)
SELECT clock_id, %s, %s, 'calendar', due_before, due_after, %s
FROM deadlines_calendarreportline
WHERE report_id = %s AND due_before <> due_after
ORDER BY clock_id
"""
_OF_MOVED = """
JOIN deadlines_calendarreportline l ON l.clock_id = c.id AND l.report_id = %s AND l.due_before <> l.due_after
"""
_MOVE = """
UPDATE deadlines_reminder AS r
SET for_due_at = c.due_at, fire_at = said.fire_at
FROM said JOIN deadlines_clock c ON c.rule_version = said.rule_version AND c.due_at = said.due_at /*moved*/
WHERE c.state = 'running' AND r.clock_id = c.id AND r.rung = said.rung AND r.state = 'pending'
  AND (r.for_due_at <> c.due_at OR r.fire_at <> said.fire_at)
  AND (r.for_due_at = c.due_at OR NOT EXISTS (
      SELECT 1 FROM deadlines_reminder other
      WHERE other.clock_id = c.id AND other.for_due_at = c.due_at AND other.rung = said.rung
  ))
"""
_ADD = """
INSERT INTO deadlines_reminder (clock_id, for_due_at, rung, audience, fire_at, state)
SELECT c.id, c.due_at, said.rung, said.audience, said.fire_at, 'pending'
FROM said JOIN deadlines_clock c ON c.rule_version = said.rule_version AND c.due_at = said.due_at /*moved*/
WHERE c.state = 'running' AND NOT EXISTS (
    SELECT 1 FROM deadlines_reminder r
    WHERE r.clock_id = c.id AND r.for_due_at = c.due_at AND r.rung = said.rung AND r.state <> 'void'
)
ON CONFLICT (clock_id, for_due_at, rung) DO UPDATE SET state = 'pending', fire_at = excluded.fire_at
WHERE deadlines_reminder.state = 'void'
"""
_VOID_LEFT_BEHIND = """
UPDATE deadlines_reminder AS r
SET state = 'void'
FROM deadlines_calendarreportline l, deadlines_clock c
WHERE l.report_id = %s AND l.due_before <> l.due_after AND c.id = l.clock_id
  AND r.clock_id = c.id AND r.state = 'pending' AND r.for_due_at <> c.due_at
"""
_WITHDRAW = """
UPDATE deadlines_reminder AS r
SET state = 'void'
FROM said, deadlines_clock c
WHERE c.rule_version = said.rule_version AND c.due_at = said.due_at AND c.state = 'running'
  AND r.clock_id = c.id AND r.for_due_at = c.due_at AND r.rung = said.rung AND r.state = 'pending'
"""

# ---- how values are written -----------------------------------------------------------------------------------------

# The columns of the lists of values, and the field of Clock as which each is stored.
_GROUP = {
    "rule_version": "rule_version",
    "origin_on": "origin_on",
    "due_before": "due_on",
    "nominal_before": "due_nominal_on",
    "due_at_before": "due_at",
    "provisional_before": "is_provisional",
}
_AFTER = {
    "due_after": "due_on",
    "nominal_after": "due_nominal_on",
    "due_at_after": "due_at",
    "provisional_after": "is_provisional",
}
_SAID = {"rule_version": "rule_version", "due_at": "due_at", "rung": "rule", "audience": "rule", "fire_at": "due_at"}


def _run(sql: str, parameters: list[Any], values: _Values | None = None) -> None:
    head = values or _Values("", [])
    with connection.cursor() as cursor:
        cursor.execute(head.sql + sql, [*head.parameters, *parameters])


def _values(name: str, columns: Mapping[str, str], rows: Sequence[Sequence[object]]) -> _Values:
    fields: list[Field[Any, Any]] = [Clock._meta.get_field(field) for field in columns.values()]  # type: ignore[misc]  # none is a relation
    row = f"({', '.join(['%s'] * len(fields))})"
    return _Values(
        f"WITH {name} ({', '.join(columns)}) AS (VALUES {', '.join([row] * len(rows))})",
        [
            field.get_db_prep_value(value, connection)
            for each in rows
            for field, value in zip(fields, each, strict=True)
        ],
    )


def _flat(due: DueDate) -> tuple[date, date, datetime, bool]:
    return due.on, due.nominal_on, due.at, due.provisional
