"""What the tests build through the verbs is built once in a process and put back as the same rows for every further test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection, transaction

from tests.refusals import Rows, everything

P = ParamSpec("P")
Made = TypeVar("Made")
Path = tuple[Any, ...]
NOT_OURS = ("django_session", "last_login")  # logging in changes nothing that is built on


@dataclass(frozen=True)
class Kept:
    """What building wrote: the result as it was before anybody used it, rows added and rows that went, by table."""

    made: Any
    added: Rows
    gone: Rows


_kept: dict[Path, Kept] = {}
_path: Path | None = None  # what the database holds exactly, as the calls that built it; None when others wrote too


@contextmanager
def watched() -> Iterator[None]:
    """From an empty database on, know whether it holds exactly what kept builders wrote.

    Tests with real transactions have threads of their own, whose statements nobody sees: only what is built first, in
    the empty database, is put back for them.
    """
    global _path
    _path = ()
    with connection.execute_wrapper(_watch):
        try:
            yield
        finally:
            _path = None


def kept(build: Callable[P, Made]) -> Callable[P, Made]:
    """A builder whose rows are put back when the same calls led to this point before.

    Its first argument is the city, the others can be hashed; it changes no object it is given. What it built with files
    is built again: their bytes lie outside of the database.
    """

    @wraps(build)
    def made(*args: P.args, **given: P.kwargs) -> Made:
        global _path
        key = _key(build.__qualname__, args[1:], given)
        if _path is None or key is None or (_path and not connection.in_atomic_block):
            return build(*args, **given)
        path = (*(_path or (connection.vendor,)), key)
        found = _kept.get(path)
        if found is not None:
            _put_back(found)
            result: Made = deepcopy(found.made)
        else:
            before = everything()
            result = build(*args, **given)
            after = everything()
            added, gone = _less(after, before), _less(before, after)
            if "documents_storedfile" in added:
                return result
            _kept[path] = Kept(deepcopy(result), added, gone)
        _path = path
        return result

    return made


def _key(name: str, args: tuple[Any, ...], given: dict[str, Any]) -> Path | None:
    key = (name, args, tuple(sorted(given.items())))
    try:
        hash(key)
    except TypeError:
        return None
    return key


def _watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    global _path
    words = sql[:80].lstrip().upper()
    is_change = words.startswith(("INSERT", "UPDATE", "DELETE", "ROLLBACK"))
    if is_change and not any(name.upper() in words for name in NOT_OURS):
        _path = None
    return execute(sql, params, many, context)


def _put_back(found: Kept) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for table, rows in found.gone.items():
            pk = "rowid" if table == "search_words" else "id"
            cursor.executemany(f"DELETE FROM {table} WHERE {pk} = %s", [row[:1] for row in rows])  # noqa: S608 - our own tables
        for table, rows in found.added.items():
            columns = "(rowid, words, scope)" if table == "search_words" else ""
            places = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f"INSERT INTO {table} {columns} VALUES ({places})", rows)  # noqa: S608 - our own tables


def _less(rows: Rows, others: Rows) -> Rows:
    left = {}
    for table, mine in rows.items():
        theirs = others.get(table, ())
        if mine != theirs and (new := [row for row in mine if row not in theirs]):
            left[table] = new
    return left
