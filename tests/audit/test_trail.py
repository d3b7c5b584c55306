"""The trail is sealed, guarded, and every change around the guards is found."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from audit.actions import record, seal_entries
from audit.merkle import EntryFields, leaf_of, link_of, root_of
from audit.models import Entry, Seal, SealedEntry
from audit.queries import verify_trail
from tests.builders import NOW, SYSTEM

TABLES = ("audit_entry", "audit_seal", "audit_sealedentry")


def write(count: int, *, at: Any = NOW) -> list[Entry]:
    return [
        record(
            verb="cases.close", actor=SYSTEM, at=at, subject_kind="case", subject_id=number,
            subject_label=f"案件{number}号", source="served", fine=number * 100, notes=["甲", None, True],
        )
        for number in range(count)
    ]  # fmt: skip


@pytest.fixture
def trail(db: None) -> list[Entry]:
    """Three seals over thirty entries, an hour and a half apart, and nothing of what loading the law wrote."""
    with unguarded():
        SealedEntry.objects.all().delete()
        Seal.objects.all().delete()
        Entry.objects.all().delete()
    entries = []
    for step in range(3):
        entries += write(10)
        seal_entries(at=NOW + timedelta(minutes=90 * step))
    return entries


LATER = NOW + timedelta(minutes=200)


@contextmanager
def unguarded() -> Iterator[None]:
    """As somebody who owns the database: triggers and constraints are off for as long as the work takes."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            yield
            cursor.execute("SET session_replication_role = DEFAULT")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit_%'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _, sql in triggers:
            cursor.execute(sql)


@contextmanager
def tampering() -> Iterator[None]:
    """Everything done inside is undone after it, whatever constraints it would break."""
    with transaction.atomic():
        with unguarded():
            yield
        transaction.set_rollback(True)


def found(anchors: dict[int, str] | None = None) -> list[str]:
    return verify_trail(at=LATER, anchors=anchors or {}).found


def anchors() -> dict[int, str]:
    return dict(Seal.objects.values_list("id", "chained"))


def forge_everything() -> None:
    """Write leaves, roots and links anew over the entries as they are: what somebody with the source code can do."""
    link, previous = "", None
    for seal in Seal.objects.order_by("id"):
        rows = Entry.objects.filter(sealed__seal=seal).order_by("id").values_list(*EntryFields._fields)
        leaves = {row[0]: leaf_of(EntryFields(*row)) for row in rows}
        for number, leaf in leaves.items():
            SealedEntry.objects.filter(entry=number).update(leaf=leaf)
        numbers = list(leaves)
        root = root_of(list(leaves.values()))
        link = link_of(link, root, numbers[0], numbers[-1], len(numbers), seal.sealed_at)
        Seal.objects.filter(pk=seal.pk).update(
            root=root, chained=link, entry_count=len(numbers), first_id=numbers[0], last_id=numbers[-1],
            previous=previous,
        )  # fmt: skip
        previous = seal.pk


def test_a_sound_trail_verifies(trail: list[Entry]) -> None:
    result = verify_trail(at=LATER, anchors=anchors())

    assert (result.entries, result.seals, result.waiting, result.anchors) == (30, 3, 0, 3)
    assert result.is_sound


def test_sealing_twice_seals_nothing_twice_and_sealing_nothing_makes_no_seal(trail: list[Entry]) -> None:
    assert seal_entries(at=LATER) == 0
    assert Seal.objects.count() == 3


def test_a_long_queue_is_sealed_in_bounded_seals(trail: list[Entry]) -> None:
    write(25)

    assert [seal_entries(at=LATER, most=10) for _ in range(4)] == [10, 10, 5, 0]
    assert found() == []


def test_an_entry_whose_transaction_committed_after_higher_numbers_were_sealed_is_still_sealed(
    trail: list[Entry],
) -> None:
    slow = write(1)[0]
    write(1)
    with unguarded():
        numbers = list(Entry.objects.order_by("-id").values_list("id", flat=True)[:1])
        Entry.objects.filter(pk=slow.pk).delete()  # not committed yet
    at = NOW + timedelta(minutes=181)
    assert seal_entries(at=at) == 1
    slow.save(force_insert=True)

    assert slow.pk < numbers[0]
    assert seal_entries(at=at + timedelta(minutes=1)) == 1
    assert found() == []


@pytest.mark.parametrize("model", [Entry, Seal, SealedEntry])
def test_the_database_refuses_to_change_what_is_in_the_trail(trail: list[Entry], model: Any) -> None:
    before = list(model.objects.order_by("pk").values())

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        model.objects.update(**({"verb": "x"} if model is Entry else {"root": "x"} if model is Seal else {"leaf": "x"}))

    assert list(model.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("table", TABLES)
def test_the_database_refuses_to_delete_or_empty_the_trail(trail: list[Entry], table: str) -> None:
    """The suite itself does without the trigger that refuses emptying; what the migration made is put back here."""
    migration = import_module("audit.migrations.0002_entries_are_never_changed")
    commands = ["DELETE FROM", "TRUNCATE"] if connection.vendor == "postgresql" else ["DELETE FROM"]
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in TABLES:
            cursor.execute(f"DROP TRIGGER {name}_never_changed" + (f" ON {name}" if len(commands) > 1 else ""))
        if connection.vendor == "postgresql":
            cursor.execute("DROP FUNCTION audit_refuse_change()")
        for statement in migration.guards(connection.vendor):
            cursor.execute(statement)
        for command in commands:
            with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
                cursor.execute(f"{command} {table}" + (" CASCADE" if command == "TRUNCATE" else ""))
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("at", NOW - timedelta(days=1)),
        ("actor_id", 7),
        ("actor_label", "别人"),
        ("verb", "cases.open"),
        ("subject_kind", "lead"),
        ("subject_id", 99),
        ("subject_label", "案件99号"),
        ("facts", {"source": "served", "fine": 1, "notes": ["甲", None, True]}),
    ],
)
def test_a_changed_field_is_found_and_its_entry_named(trail: list[Entry], name: str, value: object) -> None:
    with tampering():
        Entry.objects.filter(pk=trail[13].pk).update(**{name: value})
        assert found()[0] == f"entry {trail[13].pk}: was changed"
    assert found() == []


def test_a_deleted_entry_is_found_with_or_without_its_leaf(trail: list[Entry]) -> None:
    seal = trail[13].sealed.seal
    with tampering():
        Entry.objects.filter(pk=trail[13].pk)._raw_delete("default")
        assert found()[0] == f"entry {trail[13].pk}: was deleted"
        SealedEntry.objects.filter(pk=trail[13].pk)._raw_delete("default")
        assert found()[0] == f"seal {seal.pk}: its leaves were changed, removed or added to"


def test_two_entries_that_changed_places_are_found(trail: list[Entry]) -> None:
    first, second = trail[3], trail[4]
    with tampering():
        Entry.objects.filter(pk=first.pk).update(subject_id=second.subject_id, subject_label=second.subject_label)
        Entry.objects.filter(pk=second.pk).update(subject_id=first.subject_id, subject_label=first.subject_label)
        assert found()[:2] == [f"entry {first.pk}: was changed", f"entry {second.pk}: was changed"]


def test_an_entry_inserted_below_sealed_ones_is_found_before_and_after_it_is_sealed(trail: list[Entry]) -> None:
    gap = trail[13].pk
    with tampering():
        SealedEntry.objects.filter(pk=gap)._raw_delete("default")
        Entry.objects.filter(pk=gap)._raw_delete("default")
        forge_everything()
        assert found() == []  # without an anchor a history written anew throughout agrees with itself
        forged = write(1)[0]
        Entry.objects.filter(pk=forged.pk).update(id=gap)
        assert found() == [f"entry {gap}: was inserted below entries sealed before"]
        assert seal_entries(at=LATER) == 0
        SealedEntry.objects.create(entry_id=gap, seal=Seal.objects.order_by("-id")[0], leaf="")
        forge_everything()
        assert found() == [f"entry {gap}: was inserted below entries sealed before"]


def test_a_tail_cut_off_is_found_by_the_anchor_and_only_by_it(trail: list[Entry]) -> None:
    kept = anchors()
    last = max(kept)
    with tampering():
        numbers = list(SealedEntry.objects.filter(seal=last).values_list("entry_id", flat=True))
        SealedEntry.objects.filter(seal=last)._raw_delete("default")
        Entry.objects.filter(pk__in=numbers)._raw_delete("default")
        Seal.objects.filter(pk=last)._raw_delete("default")
        assert found() == []
        assert found(kept) == [f"seal {last}: is anchored and no longer there; the trail was cut off"]


def test_a_history_written_anew_is_found_by_the_anchor(trail: list[Entry]) -> None:
    kept = anchors()
    with tampering():
        Entry.objects.filter(pk=trail[13].pk).update(verb="cases.open")
        forge_everything()
        assert found() == []
        assert found(kept)[0] == (
            f"seal {trail[13].sealed.seal_id}: differs from the anchor; history was written anew up to it"
        )


@pytest.mark.parametrize("name", ["sealed_at", "first_id", "last_id", "entry_count", "root", "chained", "previous"])
def test_a_changed_seal_is_found(trail: list[Entry], name: str) -> None:
    middle = trail[13].sealed.seal
    forged: Any = {
        "sealed_at": NOW, "first_id": F("first_id") + 1, "last_id": F("last_id") + 1, "entry_count": 9,
        "root": "0" * 64, "chained": "0" * 64, "previous": None,
    }[name]  # fmt: skip
    with tampering():
        if name == "previous":
            Seal.objects.filter(previous=None)._raw_delete("default")
        Seal.objects.filter(pk=middle.pk).update(**{name: forged})
        assert any(finding.startswith(f"seal {middle.pk}: ") for finding in found())


def test_two_hundred_random_changes_are_all_found(trail: list[Entry]) -> None:
    seed = 20260302
    chance = random.Random(seed)
    kept = anchors()
    missed = []
    for number in range(200):
        with tampering():
            what = _change_something(chance, trail)
            if chance.random() < 0.3:
                forge_everything()
            if not found(kept):
                missed.append((number, what))
    assert missed == [], f"seed {seed}"


def _change_something(chance: random.Random, trail: list[Entry]) -> str:
    victim = chance.choice(trail).pk
    kind = chance.choice(["edit", "delete", "insert", "swap", "clock", "unseal"])
    entry = Entry.objects.filter(pk=victim)
    if kind == "edit":
        entry.update(facts={"fine": chance.randrange(10**6)})
    elif kind == "clock":
        entry.update(at=F("at") + timedelta(microseconds=1 + chance.randrange(10**6)))
    elif kind == "swap":
        other = chance.choice([row for row in trail if row.pk != victim])
        mine = Entry.objects.get(pk=victim)
        entry.update(subject_id=other.subject_id + 1000)
        Entry.objects.filter(pk=other.pk).update(subject_id=mine.subject_id + 2000)
    elif kind == "insert":
        forged = write(1)[0]
        SealedEntry.objects.create(entry=forged, seal=Seal.objects.order_by("?")[0], leaf="0" * 64)
    else:
        SealedEntry.objects.filter(pk=victim)._raw_delete("default")
        if kind == "delete":
            entry._raw_delete("default")
    return kind


def test_the_commands_say_sound_anchor_and_name_what_is_not(
    trail: list[Entry], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "anchors"
    call_command("audit_anchor", file)
    assert json.loads(capsys.readouterr().out)["chained"] == Seal.objects.order_by("-id")[0].chained

    call_command("audit_verify", "--anchor", file)
    assert capsys.readouterr().out.splitlines() == ["记录 30 条，封存 3 次，待封存 0 条，锚点 1 个。", "一致。"]

    with tampering():
        Entry.objects.filter(pk=trail[0].pk).update(verb="x")
        with pytest.raises(CommandError, match=f"entry {trail[0].pk}: was changed") as refused:
            call_command("audit_verify", "--anchor", file)
    assert refused.value.returncode == 1


@pytest.mark.parametrize("text", ["{", '{"seal": 1}', '{"seal": "x", "chained": "y"}', "[]", "7"])
def test_an_anchor_file_that_is_none_is_refused(trail: list[Entry], tmp_path: Path, text: str) -> None:
    file = tmp_path / "anchors"
    file.write_text(f"{text}\n")

    with pytest.raises(CommandError, match="第 1 行"):
        call_command("audit_verify", "--anchor", file)
    with pytest.raises(CommandError, match="读不出"):
        call_command("audit_verify", "--anchor", tmp_path / "none")


@pytest.mark.parametrize("count", range(1, 20))
def test_a_merkle_root_depends_on_every_leaf_and_its_place(count: int) -> None:
    leaves = [f"{number:064x}" for number in range(count)]
    roots = {root_of(leaves), root_of([*leaves, leaves[-1]]), root_of([*leaves, f"{count:064x}"])}
    roots |= {root_of([*leaves[:at], "f" * 64, *leaves[at + 1 :]]) for at in range(count)}
    roots |= {root_of([*leaves[:at], leaves[at + 1], leaves[at], *leaves[at + 2 :]]) for at in range(count - 1)}

    assert len(roots) == 3 + count + (count - 1)
