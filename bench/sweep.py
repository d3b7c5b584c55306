"""Telling what has become due: the product's sweep, one bare statement that does the same, and a textbook loop."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from statistics import median

from accounts.models import Office
from accounts.queries import InCharge
from bench.figures import Figure, Goal, say
from bench.fill import NOW, copy_rows, run_sql, vacuum
from bench.meter import Cost, Work, alternated, cost_of
from deadlines.actions.reminders import sweep_reminders
from deadlines.models import Reminder, ReminderState
from deadlines.queries import rule_book
from notices.models import Notice

TEXTBOOK_ROWS = 200
IDLE_RINGS = 15


def prepare() -> None:
    """What the bare statement knows beforehand: who stands behind an audience, and what the rules are called."""
    in_charge = InCharge()
    recipients = [
        (audience, office.pk, user.pk)
        for office in Office.objects.select_related("bureau", "parent", "parent__parent")
        for audience, people in (("unit_head", in_charge.heads_of), ("supervising_office", in_charge.supervisors_of))
        for user in people(office)
    ]
    rules = [(rule.id, rule.name_zh, f"（{rule.instrument}{rule.article}）") for rule in rule_book().versions()]
    run_sql("CREATE TEMPORARY TABLE bench_recipient (audience text, office_id bigint, user_id bigint)")
    run_sql("CREATE TEMPORARY TABLE bench_rule (rule_version text, name text, basis text)")
    copy_rows("COPY bench_recipient FROM STDIN", recipients)
    copy_rows("COPY bench_rule FROM STDIN", rules)
    run_sql("ANALYZE bench_recipient, bench_rule")


def figures(clocks: int, rows: int, rounds: int) -> list[Figure]:
    """So many due rows among so many clocks: by CPU, which is judged, and on the wall."""
    vacuum("deadlines_reminder", "deadlines_clock", "notices_notice")
    say(f"sweep: {rows} due among {clocks} clocks")
    ours, bare = _against_bare(rows, rounds)
    name, busy = f"sweep of {rows} due among {clocks} clocks", max(ours.busy, bare.busy)
    return [
        Figure(name, rows / ours.cpu, "rows/cpu-s", rows / bare.cpu, Goal(at_least=0.5), busy),
        Figure(f"{name}, on the wall", rows / ours.wall, "rows/s", rows / bare.wall, busy=busy),
    ]


def _against_bare(rows: int, rounds: int) -> tuple[Cost, Cost]:
    cost = alternated({"ours": lambda: _due(rows, _ours), "bare": lambda: _due(rows, partial(_bare, rows))}, rounds)
    return cost["ours"], cost["bare"]


def loop_figures(clocks: int, rounds: int) -> list[Figure]:
    """Against filter(), create() and save() row by row."""
    cost = alternated(
        {
            "ours": lambda: _due(10 * TEXTBOOK_ROWS, _ours),
            "textbook": lambda: _due(TEXTBOOK_ROWS, _textbook),
        },
        rounds,
    )
    ours, textbook = 10 * TEXTBOOK_ROWS / cost["ours"].cpu, TEXTBOOK_ROWS / cost["textbook"].cpu
    busy = max(each.busy for each in cost.values())
    name = f"sweep against a textbook loop, {clocks} clocks"
    return [Figure(name, ours, "rows/cpu-s", textbook, Goal(at_least=20), busy)]


def idle_figures(clocks: int) -> list[Figure]:
    """A ring with nothing due: its CPU, which is judged, and on the wall, where a busy machine makes it wait."""
    vacuum("deadlines_reminder", "deadlines_clock", "notices_notice")
    _ours()
    rings = [cost_of(_ours) for _ in range(IDLE_RINGS)]
    cpu, wall = median(ring.cpu for ring in rings), median(ring.wall for ring in rings)
    busy, name = max(ring.busy for ring in rings), f"idle sweep, {clocks} clocks"
    return [
        Figure(name, cpu * 1000, "cpu-ms", goal=Goal(at_most=5), busy=busy),
        Figure(f"{name}, on the wall", wall * 1000, "ms", busy=busy),
    ]


def growth_figure(few: Figure, many: Figure) -> Figure:
    """The cost of a row among few and among many clocks, from the figures of the same number of due rows."""
    goal, busy = Goal(at_most=1.5), max(few.busy, many.busy)
    return Figure(f"{many.name}, against {few.name}", 1e6 / many.value, "cpu-us/row", 1e6 / few.value, goal, busy)


@contextmanager
def _due(rows: int, work: Work) -> Iterator[Work]:
    """Make exactly so many waiting reminders due, those next in turn; the work must leave none of them."""
    run_sql(
        "UPDATE deadlines_reminder SET fire_at = %s WHERE id IN (SELECT id FROM deadlines_reminder"
        " WHERE state = 'pending' ORDER BY fire_at, id LIMIT %s)",
        [NOW - timedelta(minutes=1), rows],
    )
    yield work
    left = Reminder.objects.filter(state=ReminderState.PENDING, fire_at__lte=NOW).count()
    if left:
        raise AssertionError(f"{left} of {rows} reminders were left due")


def _ours() -> None:
    sweep_reminders(at=NOW)


def _bare(rows: int) -> None:
    """:param rows: how many are due; without a limit the planner expects any number and scans the tables."""
    run_sql(_STATEMENT, [NOW, rows, NOW, NOW])


_STATEMENT = """
WITH claimed AS MATERIALIZED (
    SELECT r.id, r.rung, r.audience, c.rule_version, c.subject_kind, c.subject_id, c.subject_label, c.subject_number,
           c.due_on, c.office_id, c.owner_id
    FROM deadlines_reminder r JOIN deadlines_clock c ON c.id = r.clock_id
    WHERE r.state = 'pending' AND r.fire_at <= %s
    ORDER BY r.fire_at, r.id
    LIMIT %s
    FOR UPDATE OF r, c SKIP LOCKED
), told AS (
    UPDATE deadlines_reminder r SET state = 'sent', fired_at = %s FROM claimed WHERE r.id = claimed.id
)
INSERT INTO notices_notice (
    created_at, recipient_id, kind, key, subject_kind, subject_id, title, body, outside, is_urgent, is_late
)
SELECT %s, COALESCE(p.user_id, c.owner_id), 'deadline_' || c.rung, 'reminder:' || c.id, c.subject_kind, c.subject_id,
       '期限临近：' || rule.name || '——' || c.subject_label, '届满日' || c.due_on || rule.basis,
       '期限临近：' || rule.name || '——' || c.subject_number || '，届满日' || c.due_on, c.audience <> 'owner', false
FROM claimed c
JOIN bench_rule rule USING (rule_version)
LEFT JOIN bench_recipient p ON p.audience = c.audience AND p.office_id = c.office_id
ON CONFLICT (recipient_id, key) DO NOTHING
"""


def _textbook() -> None:
    for reminder in Reminder.objects.filter(state=ReminderState.PENDING, fire_at__lte=NOW):
        clock = reminder.clock
        Notice.objects.create(
            recipient=clock.owner, kind=f"deadline_{reminder.rung}", key=f"reminder:{reminder.pk}",
            subject_kind=clock.subject_kind, subject_id=clock.subject_id, title=clock.subject_label,
            body=f"届满日{clock.due_on}", created_at=NOW,
        )  # fmt: skip
        reminder.state, reminder.fired_at = ReminderState.SENT, NOW
        reminder.save()
