"""What the figures of several registers share: the periods of the rows of a page by bare SQL, and a page by both."""

from contextlib import nullcontext
from functools import partial

from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from accounts.models import User
from bench.figures import Figure, Goal
from bench.meter import Cost, Variant, Work, alternated, repeated

TIMES = 10
PLAIN_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"  # no manifest needed


def bare_periods(cursor: CursorWrapper, kind: str, ids: list[int]) -> None:
    """The open clocks of the rows of a page with what stopped and what prolonged them."""
    cursor.execute(
        "SELECT * FROM deadlines_clock WHERE subject_kind = %s AND subject_id = ANY(%s)"
        " AND state IN ('running', 'suspended')",
        [kind, ids],
    )
    clocks = [row[0] for row in cursor.fetchall()]
    for table in ("deadlines_suspension", "deadlines_extension"):
        cursor.execute(f"SELECT * FROM {table} WHERE clock_id = ANY(%s)", [clocks])  # noqa: S608 - two fixed names
        cursor.fetchall()


def variant(work: Work) -> Variant:
    return lambda: nullcontext(repeated(work, TIMES))


def compared(name: str, ours: Cost, other: Cost) -> Figure:
    value, baseline = ours.cpu / TIMES * 1000, other.cpu / TIMES * 1000
    return Figure(name, value, "cpu-ms", baseline, Goal(at_most=3), max(ours.busy, other.busy))


def request_figures(
    user: User, path: str, mark: bytes, marks: int, name: str, rounds: int, *, most: int | None = None
) -> list[Figure]:
    """One request through Django as a client makes it: CPU, of it in the database, statements.

    :param marks: how often ``mark`` must be in the answer. :param most: the statements it may take.
    """
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN_FILES}}):
        request = partial(_request, client, path, mark, marks)
        request()
        with CaptureQueriesContext(connection) as queries:
            request()
        statements = float(len(queries))  # the next request forgets them
        cost = alternated({"page": variant(request)}, rounds)["page"]
    limit = Goal(at_most=most) if most else None
    return [
        Figure(f"{name}: in all", cost.cpu / TIMES * 1000, "cpu-ms", busy=cost.busy),
        Figure(f"{name}: of it in the database", cost.database / TIMES * 1000, "cpu-ms", busy=cost.busy),
        Figure(f"{name}: statements", statements, "statements", goal=limit),
    ]


def _request(client: Client, path: str, mark: bytes, marks: int) -> None:
    answer = client.get(path, secure=True)
    if answer.status_code != 200 or answer.content.count(mark) != marks:
        raise AssertionError(f"{path} is not the whole page: {answer.status_code} {answer.content.count(mark)}")
