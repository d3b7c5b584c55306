"""Keeping the index. Verbs of other apps call these inside their own transaction.

The index says nothing its subjects' rows do not say, so it has neither actor nor audit entry: the calling verb does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.db import connection, transaction

from accounts.models import Office
from search.models import IndexedText
from search.words import postgresql_vector, scope_tokens, tokens_of

PUT = """
INSERT INTO search_text (kind, subject_id, office_id, bureau_id, newest_on, vector)
SELECT kind, subject_id, office_id, bureau_id, newest_on, vector::tsvector
FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::date[], %s::text[])
    AS given (kind, subject_id, office_id, bureau_id, newest_on, vector)
ON CONFLICT (kind, subject_id) DO UPDATE SET
    office_id = excluded.office_id, bureau_id = excluded.bureau_id, newest_on = excluded.newest_on, vector = excluded.vector
"""
MOVE = """
UPDATE search_text SET office_id = %s, bureau_id = %s,
    vector = ts_delete(vector, %s::text[]) || array_to_tsvector(%s::text[])
WHERE id = %s
"""
AT_ONCE = 1000


@dataclass(frozen=True)
class Searchable:
    """One subject to be found: by any of its texts, by those who see its office, ordered by ``newest``."""

    kind: str
    subject_id: int
    texts: Iterable[str]
    office: Office
    newest: date

    @property
    def scope(self) -> list[str]:
        return scope_tokens(self.kind, self.office.pk, self.office.bureau_id)


def index_text(*, kind: str, subject_id: int, texts: Iterable[str], office: Office, newest: date) -> None:
    """Make a subject findable by these texts, instead of by those it had."""
    index_texts([Searchable(kind, subject_id, texts, office, newest)])


def index_texts(rows: Iterable[Searchable]) -> None:
    """:func:`index_text` for any number, read as they come; of a subject given twice the last counts."""
    put = _put_postgresql if connection.vendor == "postgresql" else _put_sqlite
    given = iter(rows)
    with transaction.atomic():
        while batch := {(row.kind, row.subject_id): row for row in islice(given, AT_ONCE)}:
            put(list(batch.values()))


def _put_postgresql(rows: list[Searchable]) -> None:
    columns = zip(
        *(
            (
                row.kind, row.subject_id, row.office.pk, row.office.bureau_id, row.newest,
                postgresql_vector(tokens_of(row.texts), row.scope),
            )
            for row in rows
        ),
        strict=True,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(PUT, [list(column) for column in columns])


def _put_sqlite(rows: list[Searchable]) -> None:
    IndexedText.objects.bulk_create(
        (
            IndexedText(
                kind=row.kind, subject_id=row.subject_id, office=row.office, bureau_id=row.office.bureau_id,
                newest_on=row.newest,
            )
            for row in rows
        ),
        update_conflicts=True, unique_fields=["kind", "subject_id"], update_fields=["office", "bureau", "newest_on"],
    )  # fmt: skip
    named = IndexedText.objects.filter(
        kind__in={row.kind for row in rows}, subject_id__in=[row.subject_id for row in rows]
    )
    ids = {(kind, subject_id): pk for pk, kind, subject_id in named.values_list("pk", "kind", "subject_id")}
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT OR REPLACE INTO search_words (rowid, words, scope) VALUES (%s, %s, %s)",
            [
                (ids[row.kind, row.subject_id], " ".join(tokens_of(row.texts)), " ".join(row.scope))
                for row in rows
            ],
        )  # fmt: skip


def move_text(kind: str, subject_id: int, office: Office) -> None:
    """Let those find it who see its new office, and those of the old one no more."""
    scope = scope_tokens(kind, office.pk, office.bureau_id)
    with transaction.atomic(), connection.cursor() as cursor:
        row = IndexedText.objects.select_for_update().filter(kind=kind, subject_id=subject_id).first()
        if row is None:
            return
        if connection.vendor == "postgresql":
            before = scope_tokens(kind, row.office_id, row.bureau_id)
            cursor.execute(MOVE, [office.pk, office.bureau_id, before, scope, row.pk])
        else:
            IndexedText.objects.filter(pk=row.pk).update(office=office, bureau=office.bureau_id)
            cursor.execute("UPDATE search_words SET scope = %s WHERE rowid = %s", [" ".join(scope), row.pk])


def forget_text(kind: str, subject_id: int) -> None:
    """Make a subject unfindable."""
    _forget(kind, subject_id)


def forget_kind(kind: str) -> None:
    """Empty the index of a kind, before it is built anew."""
    _forget(kind, None)


def _forget(kind: str, subject_id: int | None) -> None:
    rows = IndexedText.objects.filter(kind=kind)
    if subject_id is not None:
        rows = rows.filter(subject_id=subject_id)
    with transaction.atomic():
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(
                    "DELETE FROM search_words WHERE rowid IN "
                    "(SELECT id FROM search_text WHERE kind = %s AND (%s IS NULL OR subject_id = %s))",
                    [kind, subject_id, subject_id],
                )
        rows.delete()
