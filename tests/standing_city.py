"""The city of the tests: made through the verbs once in a process, put back as the same rows for every further test."""

from copy import deepcopy
from dataclasses import dataclass

from django.db import connection, transaction

from tests.builders import City, make_city
from tests.refusals import Rows, everything


@dataclass(frozen=True)
class Kept:
    """What making the city wrote, by table, and the city as it was before anybody used it."""

    city: City
    rows: Rows


_kept: dict[str, Kept] = {}


def standing_city() -> City:
    """The rows of :func:`tests.builders.make_city` in a database that has none of them.

    Numbers of rows given out later go on behind those of the city, as they do when it is made.
    """
    kept = _kept.get(connection.vendor)
    if kept is None:
        before = everything()
        city = make_city()
        _kept[connection.vendor] = Kept(deepcopy(city), _added(before, everything()))
        return city
    with transaction.atomic(), connection.cursor() as cursor:
        for table, rows in kept.rows.items():
            places = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608 - our own tables
    return deepcopy(kept.city)


def _added(before: Rows, after: Rows) -> Rows:
    return {
        table: new
        for table, rows in after.items()
        if (new := [row for row in rows if row not in before.get(table, ())])
    }
