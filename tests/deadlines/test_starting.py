"""Many clocks started at once are exactly those started one by one."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection

from audit.models import Entry
from core.errors import Invalid
from deadlines.actions.clocks import meet_clock, start_clock
from deadlines.actions.starting import Start, Subject, start_clocks
from deadlines.models import Clock, ClockMove, Reminder
from tests.builders import NOW, SYSTEM, City
from tests.refusals import refused

STARTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("lead_verification", {"origin_on": date(2026, 2, 27)}),
    ("lead_verification", {"origin_on": date(2026, 2, 27)}),
    ("lead_verification", {"origin_on": date(2025, 12, 30)}),
    ("lead_triage", {"origin_at": NOW}),
    ("complaint_acceptance", {"origin_on": date(2024, 6, 28)}),
)
STATEMENTS = 11 if connection.vendor == "postgresql" else 10  # COPY asks for the ids it will use
TABLES = (Clock, ClockMove, Reminder, Entry)


def starts_for(city: City, **more: Any) -> list[Start]:
    return [
        Start(
            rule, Subject("lead", 100 + index, "某线索", city.east_squad, city.east_handler, "编号"), **origin, **more
        )
        for index, (rule, origin) in enumerate(STARTS)
    ]


def written_by(act: Callable[[], object]) -> list[list[dict[str, Any]]]:
    """The rows that ``act`` adds, in a comparable order and with ids replaced by places."""
    known = {model: set(model.objects.values_list("pk", flat=True)) for model in TABLES}
    act()
    clocks = {pk: place for place, pk in enumerate(_added(Clock, known).values_list("pk", flat=True))}
    rows = []
    for model in TABLES:
        found = []
        for row in _added(model, known).values():
            row.pop("id")
            row["clock_id"] = clocks.get(row.get("clock_id"))
            if "facts" in row:
                row["facts"]["clock"] = clocks.get(row["facts"].get("clock"))
            found.append(row)
        rows.append(sorted(found, key=repr))
    return rows


def _added(model: Any, known: Any) -> Any:
    return model.objects.exclude(pk__in=known[model]).order_by("pk")


def test_starting_many_writes_what_starting_each_writes(city: City) -> None:
    singly = written_by(
        lambda: [
            start_clock(rule=each.rule, subject=each.subject, origin_on=each.origin_on, origin_at=each.origin_at,
                        actor=SYSTEM, at=NOW)
            for each in starts_for(city)
        ]
    )  # fmt: skip
    assert len(singly[0]) == len(STARTS)
    assert singly[2], "reminders wait"
    Clock.objects.all().delete()

    assert written_by(lambda: start_clocks(starts_for(city), actor=SYSTEM, at=NOW)) == singly


def test_what_was_met_comes_in_met_in_time_or_late_and_reminds_nobody(city: City) -> None:
    def one_by_one() -> None:
        for each in starts_for(city)[:3]:
            clock = start_clock(rule=each.rule, subject=each.subject, origin_on=each.origin_on, actor=SYSTEM, at=NOW)
            meet_clock(clock_id=clock.pk, on=date(2026, 2, 28), actor=SYSTEM, at=NOW)

    clocks, moves, reminders, entries = written_by(one_by_one)
    assert {row["state"] for row in reminders} == {"void"}
    assert sorted(row["state"] for row in clocks) == ["met", "met", "met_late"]
    Clock.objects.all().delete()

    at_once = written_by(lambda: start_clocks(starts_for(city, met_on=date(2026, 2, 28))[:3], actor=SYSTEM, at=NOW))
    assert at_once == [clocks, moves, [], entries]


@pytest.mark.parametrize("count", [1, 3])
def test_starting_costs_the_same_statements_however_many(
    city: City, django_assert_num_queries: Any, count: int
) -> None:
    subjects = [Subject("lead", pk, "某线索", city.east_squad, city.east_handler) for pk in range(count)]
    rows = [Start("lead_triage", each, origin_at=NOW) for each in subjects]

    with django_assert_num_queries(STATEMENTS):
        start_clocks(rows, actor=SYSTEM, at=NOW)


def test_a_day_before_the_start_is_no_day_of_meeting(city: City) -> None:
    with refused(Invalid, "ends_before_start", "on"):
        start_clocks(starts_for(city, met_on=date(2024, 1, 1))[:1], actor=SYSTEM, at=NOW)


def test_a_recurring_period_does_not_come_in_met(city: City) -> None:
    start = Start(
        "supervised_case_progress_report", starts_for(city)[0].subject, date(2026, 2, 2), met_on=date(2026, 2, 10)
    )
    with refused(Invalid, "rule_recurs", "rule"):
        start_clocks([start], actor=SYSTEM, at=NOW)
