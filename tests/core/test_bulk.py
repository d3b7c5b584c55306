"""Many rows at once are written as the ORM writes one."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from audit.models import Entry
from core.bulk import FEW, append, insert
from deadlines.models import Clock
from tests.builders import City

AT = datetime(2026, 3, 4, 5, 6, 7, 891234, tzinfo=UTC)
pytestmark = pytest.mark.django_db
COLUMNS = ("at", "actor_id", "actor_label", "verb", "subject_kind", "subject_id", "subject_label", "facts")


def written(entries: Any) -> list[tuple[Any, ...]]:
    return list(entries.order_by("id").values_list(*COLUMNS))


def test_many_rows_are_stored_as_a_few_are() -> None:
    rows = [
        (AT + timedelta(days=number), None, "系统", "test.many", "lead", number, "线索“一”\n二", {"day": "甲", "n": [number]})
        for number in range(FEW + 1)
    ]  # fmt: skip
    append(Entry, COLUMNS, rows)
    many = written(Entry.objects.filter(verb="test.many"))
    assert many == rows
    append(Entry, COLUMNS, rows[:FEW])
    assert written(Entry.objects.filter(verb="test.many"))[FEW + 1 :] == rows[:FEW]
    assert Entry.objects.filter(at=AT, facts__day="甲").count() == 2


def test_many_rows_get_their_ids_in_order_and_the_next_row_goes_on_from_there(city: City) -> None:
    def clock(number: int) -> Clock:
        return Clock(
            rule="case_handling", rule_version="v", subject_kind="lead", subject_id=number, subject_number="", office=city.east_squad,
            bureau_id=city.east_squad.bureau_id, owner=city.east_handler, origin_on=date(2026, 3, 4), due_on=date(2026, 6, 2),
            due_nominal_on=date(2026, 6, 2), due_at=AT, started_at=AT, calendar_version=1, state="met",
            ended_on=date(2026, 3, 5), ended_at=AT,
        )  # fmt: skip

    clocks = [clock(number) for number in range(FEW + 1)]
    insert(Clock, clocks)
    stored = list(Clock.objects.filter(rule_version="v").order_by("id"))
    assert [each.pk for each in clocks] == [each.pk for each in stored]
    assert [(each.subject_id, each.due_on, each.due_at, each.owner_id) for each in stored] == [
        (each.subject_id, each.due_on, each.due_at, each.owner_id) for each in clocks
    ]
    (after := clock(999)).save()
    assert after.pk == stored[-1].pk + 1
