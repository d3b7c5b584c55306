"""Every refusal also leaves everything as it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from core.errors import Refusal

OURS = (
    "accounts", "audit", "cases", "clues", "deadlines", "documents", "drafts", "exchange", "informants", "notices",
    "routing", "search",
)  # fmt: skip
LAW = {"deadlines_ruleset", "deadlines_calendarnotice", "routing_ruleset"}  # long texts that nothing changes
Rows = dict[str, list[tuple[Any, ...]]]


def everything() -> Rows:
    """Every row of every table of ours that has any, by its table (of the loaded law the numbers)."""
    tables = [
        model._meta.db_table
        for app in OURS
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if model._meta.managed
    ]
    with connection.cursor() as cursor:
        asked = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in tables)  # noqa: S608 - our own tables
        cursor.execute(asked)
        filled = sorted(row[0] for row in cursor.fetchall())
        rows: Rows = {}
        for table in filled:
            cursor.execute(f"SELECT {'id' if table in LAW else '*'} FROM {table} ORDER BY 1")  # noqa: S608 - our own tables
            rows[table] = cursor.fetchall()
        if connection.vendor == "sqlite":
            cursor.execute("SELECT rowid, words, scope FROM search_words ORDER BY 1")
            rows["search_words"] = cursor.fetchall()
    return rows


@contextmanager
def refused(kind: type[Refusal], code: str = "", field: str | None = None) -> Iterator[None]:
    """What follows is refused in this way, in plain words, and has changed nothing.

    :param code: and ``field``: not compared when left out.
    """
    before = everything()
    with pytest.raises(kind) as caught:
        yield
    assert type(caught.value) is kind
    assert everything() == before
    assert caught.value.detail
    if code:
        codes = {error.code for error in caught.value.errors} | {caught.value.code}
        fields = {error.field for error in caught.value.errors} | {caught.value.field}
        assert code in codes, f"{codes}: {caught.value.detail}"
        assert field is None or field in fields, f"{fields}: {caught.value.detail}"
