"""A holiday notice takes effect: the product's verb against set SQL over a table of the calendar's ordinals.

The SQL finds the clocks whose due changes, updates and reports them, writes their history and moves their reminders;
it knows the shapes of the bench's clocks only, and is given the calendar and the moments of telling ready-made. Both
are rolled back, so that every round meets the same rows, with the foreign keys checked before; what they leave must
agree. The SQL of the re-dating alone is weighed too: the reminders are by far the larger part.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Count, F

from bench.figures import Figure, Goal, say
from bench.fill import ACTOR, NOW, copy_rows, run_sql, vacuum
from bench.meter import Cost, Work, alternated
from bench.next_notice import next_notice
from deadlines.actions.law import publish_calendar
from deadlines.actions.reminders import sending_opens
from deadlines.ladder import rungs_of
from deadlines.models import CalendarNotice, CalendarReport, CalendarReportLine, Clock
from deadlines.queries import current_calendar, ladder_steps, rule_book
from deadlines.replay import DueDate, end_of_day
from deadlines.workdays import Roll, WorkCalendar, parse_notice

TOUCHED = (
    "deadlines_clock",
    "deadlines_reminder",
    "deadlines_calendarreportline",
    "deadlines_clockmove",
    "audit_entry",
)


class Outcome(NamedTuple):
    """How many clocks changed and moved; from where to where, and what waits to be said, as digests."""

    changed: int
    moved: int
    moves: int
    waiting: int


NEW_YEAR = next_notice()
AMENDED = NEW_YEAR.replace(b"2027-02-14", b"2027-02-20")


def new_year_figures(clocks: int, rounds: int) -> list[Figure]:
    """The notice of the coming year, whose dates were provisional until then."""
    return _figures("the notice of a new year", NEW_YEAR, clocks, rounds)


def amendment_figures(clocks: int, rounds: int) -> list[Figure]:
    """One make-up working day moved, with the year's notice in force."""
    if not CalendarNotice.objects.filter(year=2027).exists():
        _publish(NEW_YEAR)
    return _figures("an amendment of one day", AMENDED, clocks, rounds)


def _figures(what: str, raw: bytes, clocks: int, rounds: int) -> list[Figure]:
    say(f"re-dating after {what}")
    left: dict[str, set[Outcome]] = {"ours": set(), "bare": set(), "bare, without reminders": set()}
    _load_bare(raw)
    cost = alternated(
        {
            "ours": lambda: _rolled_back(partial(_publish, raw), left["ours"]),
            "bare": lambda: _rolled_back(_bare, left["bare"]),
            "bare, without reminders": lambda: _rolled_back(_bare_redating, left["bare, without reminders"]),
        },
        rounds,
    )
    if left["ours"] != left["bare"] or len(left["ours"]) != 1:
        raise AssertionError(f"re-dating disagrees: {left}")
    outcome, ours = left["ours"].pop(), _milliseconds(cost["ours"])
    name = f"re-dating {clocks} clocks after {what}: {outcome.changed} changed, {outcome.moved} of them moved"
    busy = max(each.busy for each in cost.values())
    alone = _milliseconds(cost["bare, without reminders"])
    return [
        Figure(name, ours, "cpu-ms", _milliseconds(cost["bare"]), Goal(at_most=3), busy),
        Figure(f"{name}; against SQL that moves no reminders", ours, "cpu-ms", alone, busy=busy),
    ]


def _milliseconds(cost: Cost) -> float:
    return cost.cpu * 1000


def _publish(raw: bytes) -> None:
    publish_calendar(raw=raw, source="2027.json", actor=ACTOR, at=NOW)


@contextmanager
def _rolled_back(change: Work, outcomes: set[Outcome]) -> Iterator[Work]:
    """The change with its keys checked; its outcome is noted and undone outside of what is counted."""
    vacuum(*TOUCHED)

    def work() -> None:
        change()
        run_sql("SET CONSTRAINTS ALL IMMEDIATE")

    with transaction.atomic():
        before = _clocks_written()
        yield work
        outcomes.add(_outcome(_clocks_written() - before))
        transaction.set_rollback(True)


def _clocks_written() -> int:
    """Updates of clocks this session has made and not yet reported."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT n_tup_upd FROM pg_stat_xact_user_tables WHERE relname = 'deadlines_clock'")
        (written,) = cursor.fetchone()
    return int(written)


def _outcome(written: int) -> Outcome:
    """What the clocks and the reminders have become; asserts that no clock was written that did not change."""
    lines = CalendarReportLine.objects.filter(report=CalendarReport.objects.latest("id"))
    found = lines.count()
    if written != found:
        raise AssertionError(f"{found} clocks changed, {written} were written")
    moves = lines.exclude(due_before=F("due_after")).values_list("due_before", "due_after", "was_provisional")
    counted = moves.annotate(clocks=Count("pk")).order_by("due_before", "due_after", "was_provisional")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), sum(extract(epoch FROM fire_at)), sum(extract(epoch FROM for_due_at))"
            " FROM deadlines_reminder WHERE state = 'pending'"
        )
        waiting = cursor.fetchone()
    return Outcome(found, moves.count(), hash(tuple(counted)), hash(waiting))


# ---- the bare statement ---------------------------------------------------------------------------------------------


def _load_bare(raw: bytes) -> None:
    """The calendar as it will be, a row a day with the ordinal of its working day, and the lengths of the rules."""
    plan, notices = parse_notice(raw), CalendarNotice.objects.order_by("year", "-id").distinct("year")
    plans = [parse_notice(notice.text.encode()) for notice in notices if notice.year != plan.year]
    calendar = WorkCalendar([*plans, plan])
    run_sql("DROP TABLE IF EXISTS bench_day, bench_rule_length")
    run_sql(
        "CREATE TEMPORARY TABLE bench_day (day date PRIMARY KEY, working int, works bool, rolled date,"
        " unpublished_before int, unpublished_through int)"
    )
    run_sql("CREATE TEMPORARY TABLE bench_rule_length (rule_version text, unit text, amount int, rolls bool)")
    copy_rows("COPY bench_day FROM STDIN", _days(calendar))
    copy_rows(
        "COPY bench_rule_length FROM STDIN",
        [(rule.id, rule.unit.value, rule.amount, rule.roll is not Roll.none) for rule in rule_book().versions()],
    )
    run_sql("CREATE UNIQUE INDEX ON bench_day (working) WHERE works")
    run_sql("ANALYZE bench_day, bench_rule_length")
    _load_said(calendar)
    differing = [day for day in _year(plan.year) if _says(calendar, day) != _says(current_calendar(), day)]
    _window[:] = [differing[0], differing[-1]]


_window: list[date] = []


def _load_said(calendar: WorkCalendar) -> None:
    """When each rule speaks for each due value it may come to."""
    book, steps = rule_book(), ladder_steps()["days"]
    versions = Clock.objects.order_by().values_list("rule_version", flat=True).distinct()
    dues = [DueDate(day, day, end_of_day(day), False) for year in (2026, 2027) for day in _year(year)]
    run_sql("DROP TABLE IF EXISTS bench_said")
    run_sql(
        "CREATE TEMPORARY TABLE bench_said (rule_version text, due_at timestamptz, rung text, audience text,"
        " fire_at timestamptz)"
    )
    copy_rows(
        "COPY bench_said FROM STDIN",
        [
            (version, due.at, rung.name, rung.audience, rung.fire_at)
            for version in versions
            for due in dues
            for rung in rungs_of(book.version(version), due, calendar, steps, sending_opens())
        ],
    )
    run_sql("ANALYZE bench_said")


def _days(calendar: WorkCalendar) -> Iterator[tuple[object, ...]]:
    """One row a day: how many working days there are up to it, and where a last day on it rolls to."""
    working, unpublished = 0, 0
    for year in range(calendar.first_year, calendar.last_year):
        before, unpublished = unpublished, unpublished + (not calendar.is_published(date(year, 1, 1)))
        for day in _year(year):
            works = calendar.is_working(day)
            working += works
            yield day, working, works, calendar.roll(day, Roll.any_non_working), before, unpublished


def _year(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=shift) for shift in range((date(year + 1, 1, 1) - first).days)]


def _says(calendar: WorkCalendar, day: date) -> tuple[bool, bool, bool]:
    return calendar.is_working(day), calendar.is_notice_holiday(day), calendar.is_published(day)


def _bare_redating() -> CalendarReport:
    notice = CalendarNotice.objects.create(
        year=2027, source="bare", sha256=str(NOW.timestamp()), text="", loaded_at=NOW, loaded_by="bare"
    )
    report = CalendarReport.objects.create(notice=notice, at=NOW, examined=0, changed=0)
    first, last = _window
    run_sql(_REDATE, [first, last, notice.pk, report.pk])
    return report


def _bare() -> None:
    report = _bare_redating()
    first, last = _window
    run_sql(_MOVES, [NOW, report.pk])
    run_sql(_REMINDERS, [first - timedelta(days=30), last + timedelta(days=60)])
    run_sql(_MISSING_REMINDERS, [report.pk, NOW])


_REDATE = """
WITH fact AS (
    SELECT c.id, c.origin_on, c.due_on, c.due_nominal_on, c.is_provisional, r.unit, r.rolls,
           r.amount + COALESCE(e.amount, 0) AS amount, s.starts_on, s.stops_on, origin.working AS origin_working,
           origin.unpublished_before
    FROM deadlines_clock c
    JOIN bench_rule_length r USING (rule_version)
    JOIN bench_day origin ON origin.day = c.origin_on
    LEFT JOIN deadlines_extension e ON e.clock_id = c.id
    LEFT JOIN deadlines_suspension s ON s.clock_id = c.id
    WHERE c.state = 'running' AND c.fixed_due_on IS NULL AND c.due_on >= %s AND c.origin_on <= %s
), counted AS (
    SELECT fact.*, CASE unit WHEN 'working_day' THEN worked.day WHEN 'calendar_day' THEN origin_on + fact.amount
                   ELSE (origin_on + make_interval(months => fact.amount))::date END AS plain_on
    FROM fact
    LEFT JOIN bench_day worked ON worked.works AND worked.working = fact.origin_working + fact.amount
), nominal AS (
    SELECT counted.*, CASE
        WHEN starts_on IS NULL OR starts_on > plain_on THEN plain_on
        WHEN unit = 'working_day' THEN later.day
        ELSE plain_on + (stops_on - starts_on) END AS nominal_on
    FROM counted
    LEFT JOIN bench_day plain ON plain.day = plain_on
    LEFT JOIN bench_day pause ON pause.day = starts_on - 1
    LEFT JOIN bench_day resumed ON resumed.day = stops_on - 1
    LEFT JOIN bench_day later ON later.works AND later.working = plain.working + resumed.working - pause.working
), due AS (
    SELECT nominal.id, nominal.due_on AS before_on, nominal.is_provisional AS was_provisional, nominal_on,
           CASE WHEN rolls THEN day.rolled ELSE nominal_on END AS after_on,
           CASE WHEN unit = 'working_day' THEN day.unpublished_through > nominal.unpublished_before
                ELSE rolls AND ends.unpublished_through > day.unpublished_before END AS provisional,
           nominal.due_nominal_on
    FROM nominal
    JOIN bench_day day ON day.day = nominal_on
    JOIN bench_day ends ON ends.day = CASE WHEN rolls THEN day.rolled ELSE nominal_on END
), written AS (
    UPDATE deadlines_clock c
    SET due_on = after_on, due_nominal_on = nominal_on, due_at = ((after_on + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'),
        is_provisional = provisional, calendar_version = %s
    FROM due
    WHERE c.id = due.id
      AND (before_on, due.due_nominal_on, was_provisional) IS DISTINCT FROM (after_on, nominal_on, provisional)
    RETURNING c.id, before_on, after_on, was_provisional
)
INSERT INTO deadlines_calendarreportline (report_id, clock_id, due_before, due_after, was_provisional)
SELECT %s, id, before_on, after_on, was_provisional FROM written
"""
_MOVES = """
INSERT INTO deadlines_clockmove (clock_id, at, actor_label, name, due_before, due_after, reason)
SELECT clock_id, %s, 'bare', 'calendar', due_before, due_after, 'bare' FROM deadlines_calendarreportline
WHERE report_id = %s AND due_before <> due_after
"""
_REMINDERS = """
UPDATE deadlines_reminder r SET for_due_at = c.due_at, fire_at = said.fire_at
FROM deadlines_clock c JOIN bench_said said USING (rule_version, due_at)
WHERE c.state = 'running' AND c.due_on BETWEEN %s AND %s
  AND r.clock_id = c.id AND r.state = 'pending' AND r.rung = said.rung
  AND (r.for_due_at <> c.due_at OR r.fire_at <> said.fire_at)
"""
_MISSING_REMINDERS = """
INSERT INTO deadlines_reminder (clock_id, for_due_at, rung, audience, fire_at, state)
SELECT c.id, c.due_at, said.rung, said.audience, said.fire_at, 'pending'
FROM deadlines_calendarreportline l JOIN deadlines_clock c ON c.id = l.clock_id
JOIN bench_said said USING (rule_version, due_at)
WHERE l.report_id = %s AND l.due_before <> l.due_after AND said.fire_at > %s
ON CONFLICT DO NOTHING
"""
