"""The only writer of the audit trail: entries are appended and sealed, nothing else."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple, Protocol

import structlog
from django.db import transaction

from audit.merkle import EntryFields, leaf_of, link_of, root_of
from audit.models import Entry, Seal, SealedEntry
from audit.queries import newest_seal, unsealed_entries
from core.bulk import append

log = structlog.get_logger()
COLUMNS = ("at", "actor_id", "actor_label", "verb", "subject_kind", "subject_id", "subject_label", "facts")


class Actor(Protocol):
    """Whoever acts: a user, or the system under a name of its own."""

    @property
    def pk(self) -> int | None: ...

    @property
    def label(self) -> str: ...


def record(
    *,
    verb: str,
    actor: Actor,
    at: datetime,
    subject_kind: str,
    subject_id: int,
    subject_label: str,
    **facts: object,
) -> Entry:
    """Append one entry to the trail; call it inside the transaction that makes the change.

    ``facts`` must be plain JSON values (strings, numbers, booleans, None, lists of these) without personal data.
    """
    return Entry.objects.create(
        at=at,
        actor_id=actor.pk,
        actor_label=actor.label[:120],
        verb=verb,
        subject_kind=subject_kind,
        subject_id=subject_id,
        subject_label=subject_label[:200],
        facts=facts,
    )


class Deed(NamedTuple):
    """One entry of many by the same verb; ``facts`` as in :func:`record`."""

    subject_kind: str
    subject_id: int
    subject_label: str
    facts: Mapping[str, object]


def record_many(deeds: Iterable[Deed], *, verb: str, actor: Actor, at: datetime) -> None:
    """:func:`record` for a verb that changes many rows at once: still an entry for each."""
    who, label = actor.pk, actor.label[:120]
    rows = [
        (at, who, label, verb, deed.subject_kind, deed.subject_id, deed.subject_label[:200], dict(deed.facts))
        for deed in deeds
    ]
    append(Entry, COLUMNS, rows)


@transaction.atomic
def seal_entries(*, at: datetime, most: int = 10_000) -> int:
    """Seal what has been committed and is not sealed yet; how many entries.

    One seal for up to ``most`` entries, its Merkle root chained to the seal before. Sealing apart from recording keeps
    the chain from becoming a lock that every verb in the city must wait for.
    """
    list(Seal.objects.order_by("id").select_for_update().values_list("id")[:1])  # sealers queue at the first seal
    rows = [EntryFields(*row) for row in unsealed_entries(at).values_list(*EntryFields._fields)[:most]]
    if not rows:
        return 0
    previous = newest_seal()
    leaves = [leaf_of(row) for row in rows]
    root = root_of(leaves)
    first, last = rows[0].id, rows[-1].id
    chained = link_of(previous.chained if previous else "", root, first, last, len(rows), at)
    seal = Seal.objects.create(
        sealed_at=at, first_id=first, last_id=last, entry_count=len(rows), root=root, previous=previous, chained=chained
    )
    SealedEntry.objects.bulk_create(
        (SealedEntry(entry_id=row.id, seal=seal, leaf=leaf) for row, leaf in zip(rows, leaves, strict=True)),
        batch_size=2000,
    )
    log.info("audit_sealed", seal=seal.pk, entries=len(rows), chained=chained)
    return len(rows)
