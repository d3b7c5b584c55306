"""A city with its clocks, as many as asked for, written by set.

Every due date and every reminder is what the engine computes for it: the engine is asked once for each rule, origin
and kind of clock, and the rows are joined to its answers.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import yaml
from django.conf import settings
from django.db import connection

from accounts.models import SystemActor
from casemgr.demo_city import build_city, number_formats
from deadlines.actions.law import load_rules, publish_calendar, set_ladder
from deadlines.actions.reminders import sending_opens
from deadlines.ladder import rungs_of
from deadlines.queries import current_calendar, ladder_steps, rule_book
from deadlines.replay import SHANGHAI, ClockFacts, DueDate, due_of, end_of_day
from deadlines.rules import RuleVersion
from deadlines.workdays import Interval
from deadlines.yearplans import DATA

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)
LAST_PUBLISHED = 2026
ACTOR = SystemActor("bench")

# What a city has running at any moment, more of it where the weight is higher.
WEIGHTS = {
    "lead_verification": 6,
    "case_handling": 6,
    "complaint_mediation": 3,
    "fine_payment": 3,
    "complaint_acceptance": 2,
    "legal_review": 2,
    "case_closing": 2,
    "decision_service": 1,
    "seizure": 1,
    "court_enforcement_application": 1,
}
PLAIN, EXTENDED, EXCLUDED = 0, 1, 2
OVERDUE_DAYS = 10  # of those still running some are late
STATIONS = 7  # a district, besides its squad and its first station
OFFICERS = 10  # an office
OLD, FAR = "bench-old", "bench-far"  # offices whose clocks are all long overdue, all years ahead
OLD_ORIGIN, FAR_DUE = date(2025, 1, 6), date(2029, 1, 8)


class Kind(NamedTuple):
    """The clocks of one rule version, one origin and one history."""

    slot: int
    variant: int
    origin_on: date
    rule: str
    rule_version: str
    due: DueDate
    added: int
    fixed: bool = False


def build_bench_city() -> None:
    """Offices, people and the law, with the calendars up to LAST_PUBLISHED."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # nobody logs in here
    law = DATA / "law" / "deadline_rules.yaml"
    load_rules(text=law.read_text(), source=law.name, actor=ACTOR, at=NOW)
    for path in sorted((DATA / "calendars").glob("20[0-9][0-9].json")):
        if int(path.stem) <= LAST_PUBLISHED:
            publish_calendar(raw=path.read_bytes(), source=path.name, actor=ACTOR, at=NOW)
    set_ladder(steps=_ladder(DATA / "reminder_ladder.yaml"), actor=ACTOR, at=NOW)
    number_formats(at=NOW)
    build_city(at=NOW, since=TODAY - timedelta(days=900))
    _more_offices()


def _ladder(path: Path) -> list[dict[str, str | int]]:
    steps: list[dict[str, str | int]] = yaml.safe_load(path.read_text())["steps"]
    return steps


def _more_offices() -> None:
    """Stations in every district, officers and one head in each of them, and two offices out of the ordinary."""
    run_sql(
        """
        INSERT INTO accounts_office (code, name, short_name, kind, parent_id, bureau_id, level, region_code, is_open)
        SELECT 'bench-' || d.code || '-' || n, d.name || n || '所', '示' || n, 'station', d.id, d.id, 3, d.region_code, true
        FROM accounts_office d, generate_series(1, %s) n WHERE d.kind = 'district'
        UNION ALL
        SELECT special, special, special, 'station', d.id, d.id, 3, d.region_code, true
        FROM accounts_office d, unnest(%s::text[]) special WHERE d.code = 'district-a'
        """,
        [STATIONS, [OLD, FAR]],
    )
    run_sql(
        """
        WITH people AS (
            INSERT INTO accounts_user (password, username, name, email, gateway, is_active)
            SELECT '!', 'bench-' || o.id || '-' || n, '办案员' || o.id || '-' || n, '', '', true
            FROM accounts_office o, generate_series(0, %s) n WHERE o.level = 3
            RETURNING id, username
        )
        INSERT INTO accounts_post (user_id, office_id, role, starts_on, is_main)
        SELECT id, split_part(username, '-', 2)::bigint,
               CASE split_part(username, '-', 3) WHEN '0' THEN 'unit_head' ELSE 'handler' END, %s, false
        FROM people
        """,
        [OFFICERS, TODAY - timedelta(days=900)],
    )
    run_sql(
        """
        INSERT INTO accounts_certificate (user_id, number, issued_by, starts_on, ends_on, entered_by_label, revoked_by_label)
        SELECT p.user_id, 'bench-' || p.user_id, 'bench', p.starts_on, %s, '', '' FROM accounts_post p
        WHERE p.role = 'handler' AND NOT EXISTS (SELECT FROM accounts_certificate c WHERE c.user_id = p.user_id)
        """,
        [TODAY + timedelta(days=900)],
    )


def add_clocks(first: int, count: int) -> None:
    """``count`` running clocks, the subjects numbered from ``first``, with their facts and reminders; then VACUUM."""
    kinds, last = list(_kinds()), first + count - 1
    run_sql("SET maintenance_work_mem = '256MB'")
    _load_kinds(kinds)
    _load_rungs({(kind.rule_version, kind.due) for kind in kinds})
    with without_key_checks(), without_indexes("deadlines_clock", "deadlines_reminder"):
        run_sql(_CLOCKS, [max(kind.slot for kind in kinds), first, last, NOW - timedelta(days=30)])
        run_sql("ANALYZE deadlines_clock")
        run_sql(_EXTENSIONS, [first, last])
        run_sql(_SUSPENSIONS, [NOW, first, last])
        run_sql(_REMINDERS, [NOW, NOW, first, last])
    run_sql("DROP TABLE bench_kind, bench_rung, bench_owner")
    vacuum()


@contextmanager
def without_key_checks() -> Iterator[None]:
    """Rows made here are right, and checking the foreign keys of millions takes longer than writing them."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW is_superuser")
        may = cursor.fetchone() == ("on",)
    if may:
        run_sql("SET session_replication_role = replica")
    try:
        yield
    finally:
        if may:
            run_sql("SET session_replication_role = origin")


@contextmanager
def without_indexes(*tables: str) -> Iterator[None]:
    """Building an index once is many times cheaper than keeping it through a million rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid), c.conname, pg_get_constraintdef(c.oid),"
            " i.indrelid::regclass::text FROM pg_index i"
            " LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.conrelid = i.indrelid"
            " WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisprimary",
            [list(tables)],
        )
        indexes = cursor.fetchall()
    for index, _, constraint, _, table in indexes:
        run_sql(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}" if constraint else f"DROP INDEX {index}")
    yield
    for _, definition, constraint, meaning, table in indexes:
        run_sql(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {meaning}" if constraint else definition)


def vacuum(*tables: str) -> None:
    """So that no comparison pays for what an earlier one left behind."""
    run_sql(f"VACUUM (ANALYZE) {', '.join(tables)}")


def _kinds() -> Iterator[Kind]:
    """Slot 0 is the old office, slot -1 the far one, the others are drawn evenly."""
    book, calendar = rule_book(), current_calendar()
    handling = book.version_on("case_handling", OLD_ORIGIN)
    old = due_of(ClockFacts(OLD_ORIGIN), handling, calendar)
    assert old is not None  # noqa: S101 - only an open suspension leaves the due open
    yield Kind(0, PLAIN, OLD_ORIGIN, handling.key, handling.id, old, 0)
    far = DueDate(FAR_DUE, FAR_DUE, end_of_day(FAR_DUE), False)
    yield Kind(-1, PLAIN, TODAY, handling.key, handling.id, far, 0, fixed=True)
    slot = 0
    for key, weight in WEIGHTS.items():
        for _ in range(weight):
            for age in range(_span(book.version_on(key, TODAY))):
                slot += 1
                origin = TODAY - timedelta(days=age)
                yield from _variants(slot, origin, book.version_on(key, origin))


def _span(version: RuleVersion) -> int:
    """How many days back the origins of running clocks lie; weights are spread over them."""
    facts = ClockFacts(TODAY)
    due = due_of(facts, version, current_calendar())
    assert due is not None  # noqa: S101 - not suspended
    return (due.on - TODAY).days + OVERDUE_DAYS


def _variants(slot: int, origin: date, version: RuleVersion) -> Iterator[Kind]:
    step = version.extensions[0].amount if version.extensions else None
    paused = bool(version.excluded_grounds)
    histories = {
        PLAIN: ClockFacts(origin),
        EXTENDED: ClockFacts(origin, extensions=(step,) if step else ()),
        EXCLUDED: ClockFacts(origin, excluded=_pause(origin) if paused else ()),
    }
    for variant, facts in histories.items():
        due = due_of(facts, version, current_calendar())
        assert due is not None  # noqa: S101 - not suspended
        plain = variant == PLAIN or (variant == EXTENDED and not step) or (variant == EXCLUDED and not paused)
        added = 0 if plain else (step or 0) if variant == EXTENDED else -1
        yield Kind(slot, variant, origin, version.key, version.id, due, added)


def _pause(origin: date) -> tuple[Interval, ...]:
    return (Interval(origin + timedelta(days=2), origin + timedelta(days=7)),)


def _load_kinds(kinds: Iterable[Kind]) -> None:
    """``added``: the amount of an extension, or -1 for a pause of five days."""
    run_sql(
        """
        CREATE TEMPORARY TABLE bench_kind (
            slot int, variant int, origin_on date, rule text, rule_version text, due_on date, due_nominal_on date,
            due_at timestamptz, is_provisional bool, added int, fixed bool
        )
        """
    )
    copy_rows(
        "COPY bench_kind FROM STDIN",
        [
            (
                kind.slot, kind.variant, kind.origin_on, kind.rule, kind.rule_version, kind.due.on, kind.due.nominal_on,
                kind.due.at, kind.due.provisional, kind.added, kind.fixed,
            )
            for kind in kinds
        ],
    )  # fmt: skip
    run_sql("CREATE INDEX ON bench_kind (slot, variant)")
    run_sql(
        """
        CREATE TEMPORARY TABLE bench_owner AS
        SELECT row_number() OVER (ORDER BY u.id) AS n, u.id AS owner_id, o.id AS office_id, o.bureau_id,
               CASE o.code WHEN %s THEN 0 WHEN %s THEN -1 END AS slot
        FROM accounts_post p JOIN accounts_office o ON o.id = p.office_id JOIN accounts_user u ON u.id = p.user_id
        WHERE p.role = 'handler' AND o.level = 3
        """,
        [OLD, FAR],
    )
    run_sql("ANALYZE bench_kind, bench_owner")


def _load_rungs(dues: set[tuple[str, DueDate]]) -> None:
    book, calendar, steps = rule_book(), current_calendar(), ladder_steps()["days"]
    run_sql(
        "CREATE TEMPORARY TABLE bench_rung (rule_version text, due_at timestamptz, rung text, audience text,"
        " fire_at timestamptz)"
    )
    distinct = {(version, due.at): due for version, due in dues}
    copy_rows(
        "COPY bench_rung FROM STDIN",
        [
            (version, at, rung.name, rung.audience, rung.fire_at)
            for (version, at), due in distinct.items()
            for rung in rungs_of(book.version(version), due, calendar, steps, sending_opens())
        ],
    )
    run_sql("ANALYZE bench_rung")


_CLOCKS = """
WITH drawn AS MATERIALIZED (
    SELECT n, 1 + floor(random() * %s)::int AS slot, 1 + floor(random() * owners.count)::int AS owner,
           CASE WHEN n %% 20 = 0 THEN 2 WHEN n %% 10 = 1 THEN 1 ELSE 0 END AS variant
    FROM generate_series(%s::int, %s::int) n, (SELECT count(*) FROM bench_owner) owners
)
INSERT INTO deadlines_clock (
    rule, rule_version, subject_kind, subject_id, subject_label, subject_number, office_id, bureau_id, owner_id, state,
    origin_on, calendar_version, due_on, due_nominal_on, due_at, is_provisional, fixed_due_on, started_at
)
SELECT k.rule, k.rule_version, 'case', d.n, '市监立〔2026〕' || d.n || '号 · 某某食品有限公司', '市监立〔2026〕' || d.n || '号',
       o.office_id, o.bureau_id, o.owner_id, 'running', k.origin_on, (SELECT max(id) FROM deadlines_calendarnotice),
       k.due_on, k.due_nominal_on, k.due_at, k.is_provisional, CASE WHEN k.fixed THEN k.due_on END, %s
FROM drawn d
JOIN bench_owner o ON o.n = d.owner
JOIN bench_kind k ON k.slot = COALESCE(o.slot, d.slot) AND k.variant = CASE WHEN o.slot IS NULL THEN d.variant ELSE 0 END
"""
_EXTENSIONS = """
INSERT INTO deadlines_extension (clock_id, step, amount, reason, approved_by_id, approved_on)
SELECT c.id, 0, k.added, '案情复杂', c.owner_id, c.origin_on
FROM deadlines_clock c
JOIN (SELECT DISTINCT rule_version, added FROM bench_kind WHERE variant = 1 AND added > 0) k USING (rule_version)
WHERE c.subject_id BETWEEN %s AND %s AND c.subject_id %% 20 <> 0 AND c.subject_id %% 10 = 1
  AND c.office_id NOT IN (SELECT office_id FROM bench_owner WHERE slot IS NOT NULL)
"""
_SUSPENSIONS = """
INSERT INTO deadlines_suspension (clock_id, ground, reason, starts_on, stops_on, approved_by_id, recorded_at)
SELECT c.id, '检测', '委托检测', c.origin_on + 2, c.origin_on + 7, c.owner_id, %s
FROM deadlines_clock c
JOIN (SELECT DISTINCT rule_version FROM bench_kind WHERE variant = 2 AND added = -1) k USING (rule_version)
WHERE c.subject_id BETWEEN %s AND %s AND c.subject_id %% 20 = 0
  AND c.office_id NOT IN (SELECT office_id FROM bench_owner WHERE slot IS NOT NULL)
"""
_REMINDERS = """
INSERT INTO deadlines_reminder (clock_id, for_due_at, rung, audience, fire_at, state, fired_at)
SELECT c.id, c.due_at, g.rung, g.audience, g.fire_at, CASE WHEN g.fire_at <= %s THEN 'sent' ELSE 'pending' END,
       CASE WHEN g.fire_at <= %s THEN g.fire_at END
FROM deadlines_clock c JOIN bench_rung g USING (rule_version, due_at)
WHERE c.subject_id BETWEEN %s AND %s
"""


def run_sql(sql: str, parameters: Sequence[object] = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)  # type: ignore[arg-type]  # dates and lists, which PostgreSQL takes


def copy_rows(sql: str, rows: Iterable[Sequence[object]]) -> None:
    with connection.cursor() as cursor, cursor.copy(sql) as copy:
        for row in rows:
            copy.write_row(row)
