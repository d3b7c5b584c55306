"""Writing thousands of rows of a table at the pace of the database: the tool of verbs that take in whole ledgers.

Many rows go in by COPY on PostgreSQL and by one prepared statement on SQLite, which ask neither the ORM nor the parser
about each value: values must be of their field's own type. Constraints hold as ever.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, connections, models

FEW = 100  # a statement for these costs no more
AS_THEY_ARE = (models.CharField, models.TextField, models.IntegerField, models.BooleanField)
BATCH = 2000


def insert(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Insert unsaved rows in their order; each has its id afterwards."""
    if len(rows) <= FEW:
        model._base_manager.bulk_create(rows, batch_size=BATCH)
        return
    _number(model, rows)
    names = [field.attname for field in model._meta.local_concrete_fields]
    _write(model, names, ([getattr(row, name) for name in names] for row in rows))
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


def append(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows that nobody needs afterwards, given as values of the columns ``names`` (``clock_id``, not ``clock``)."""
    if len(rows) > FEW:
        _write(model, names, rows)
    else:
        made = [model(**dict(zip(names, row, strict=True))) for row in rows]
        model._base_manager.bulk_create(made, batch_size=BATCH)


def _write(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    if connection.vendor == "postgresql":
        _copy(model, names, rows)
    else:
        _prepare_and_write(model, names, rows)


def _prepare_and_write(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """One statement for all rows; only values that SQLite has no type for are rewritten as the ORM would."""
    fields = {field.attname: field for field in model._meta.local_concrete_fields}
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(fields[name].column)) for name in names)
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({', '.join(['%s'] * len(names))})"  # noqa: S608 - the model's own names
    own = connections[connection.alias]  # the connection itself: asked for each value, its proxy costs
    rewritten = [(place, fields[name]) for place, name in enumerate(names) if not _is_plain(fields[name])]

    def ready(row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for place, field in rewritten:
            values[place] = field.get_db_prep_save(values[place], own)
        return values

    with connection.cursor() as cursor:
        cursor.executemany(statement, [ready(row) for row in rows])


def _is_plain(field: "models.Field[Any, Any]") -> bool:
    kept = field.target_field if isinstance(field, models.ForeignKey) else field
    return isinstance(kept, AS_THEY_ARE)


def _copy(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    fields = {field.attname: field for field in model._meta.local_concrete_fields}
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(fields[name].column)) for name in names)
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
    for row, pk in zip(rows, _next_ids(model, len(rows)), strict=True):
        row.pk = pk


def _next_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """SQLite has one writer at a time: whoever read an older last number cannot write."""
    key, table = model._meta.pk, model._meta.db_table
    assert key is not None  # noqa: S101 - every table has one
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            drawn = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
            cursor.execute(drawn, [table, key.column, count])
            return sorted(pk for (pk,) in cursor.fetchall())
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
    first = last[0] + 1 if last else 1
    return range(first, first + count)
