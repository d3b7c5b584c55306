"""Writing thousands of rows of a table at the pace of the database: the tool of verbs that take in whole ledgers.

On PostgreSQL many rows go in by COPY, which asks neither the ORM nor the parser about each value: values must be of
their field's own type. Constraints hold as ever.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

FEW = 100  # a statement for these costs no more than a copy
BATCH = 2000


def insert(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Insert unsaved rows in their order; each has its id afterwards."""
    if not _is_copied(rows):
        model._base_manager.bulk_create(rows, batch_size=BATCH)
        return
    _number(model, rows)
    names = [field.attname for field in model._meta.local_concrete_fields]
    _copy(model, names, ([getattr(row, name) for name in names] for row in rows))
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


def append(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows that nobody needs afterwards, given as values of the columns ``names`` (``clock_id``, not ``clock``)."""
    if _is_copied(rows):
        _copy(model, names, rows)
    else:
        made = [model(**dict(zip(names, row, strict=True))) for row in rows]
        model._base_manager.bulk_create(made, batch_size=BATCH)


def _is_copied(rows: Sequence[object]) -> bool:
    return len(rows) > FEW and connection.vendor == "postgresql"


def _copy(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    fields = {field.attname: field for field in model._meta.local_concrete_fields}
    quote = connection.ops.quote_name
    columns = ", ".join(quote(fields[name].column) for name in names)
    documents = [place for place, name in enumerate(names) if isinstance(fields[name], models.JSONField)]
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            if documents:
                row = list(row)
                for place in documents:
                    row[place] = json.dumps(row[place], ensure_ascii=False)
            copy.write_row(row)


def _number(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Ids from the table's own sequence, ascending in the order of the rows."""
    key = model._meta.pk
    assert key is not None  # noqa: S101 - every table has one
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, key.column, len(rows)],
        )
        for row, (pk,) in zip(rows, sorted(cursor.fetchall()), strict=True):
            row.pk = pk
