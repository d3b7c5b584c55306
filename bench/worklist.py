"""The list of what must be done next: the gated query with everything the page shows, against bare SQL for the same
rows; and whether an office whose clocks all lie at one end of the order costs more than another."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.db import connection
from django.db.models import Count, QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from accounts.models import Office, Post, User
from accounts.roles import Role
from bench.figures import Figure, Goal, say
from bench.fill import FAR, NOW, OLD, TODAY
from bench.meter import Cost, Variant, Work, alternated, repeated
from cases.models import Case
from clues.models import Lead
from core.paging import PAGE_SIZE, page_behind
from deadlines.models import Clock
from deadlines.queries import office_worklist_for, worklist_for

TIMES = 10  # a page takes milliseconds
ORDER = ("due_at", "id")
PERSON, OFFICE = "one person", "one office"
ENDS = ("an office whose clocks are all long overdue", "an office whose clocks are all years ahead")
DEEP_IN_CITY = "the whole city, deep in the list"
DEEP = 1000  # rows before the page
PLAIN_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"  # no manifest needed


@dataclass(frozen=True)
class Reader:
    """Who looks, through which gate, and the same rows for the bare statement."""

    user: User
    worklist: Callable[[User], QuerySet[Clock]]
    condition: str
    parameter: int | None


def figures(clocks: int, rounds: int) -> list[Figure]:
    """A page of 50 for a person, offices of three kinds, a bureau and the whole city; and offices against each other."""
    say(f"worklist: {clocks} clocks")
    readers = _readers()
    variants: dict[str, Variant] = {}
    for what, reader in readers.items():
        cursor = _deep_cursor(reader) if what == DEEP_IN_CITY else ""
        variants[what] = _variant(partial(_ours, reader, cursor))
        variants[f"bare: {what}"] = _variant(partial(_bare, reader, cursor))
    costs = alternated(variants, rounds)
    found = [
        _figure(f"worklist page of {what}, {clocks} clocks", costs[what], costs[f"bare: {what}"]) for what in readers
    ]
    spread = [
        _figure(f"worklist page of {what}, against {OFFICE}, {clocks} clocks", costs[what], costs[OFFICE])
        for what in ENDS
    ]
    return found + spread


def growth_figure(few: list[Figure], many: list[Figure]) -> Figure:
    """The page of one office among few and among many clocks."""
    before, after = (next(each for each in found if OFFICE in each.name) for found in (few, many))
    goal, busy = Goal(at_most=1.5), max(before.busy, after.busy)
    return Figure(f"{after.name}, against {before.name}", after.value, "cpu-ms", before.value, goal, busy)


def page_figures(clocks: int, rounds: int) -> list[Figure]:
    """The whole page as a browser gets it; a reading without a goal."""
    user = _busiest(_usual_office())
    _matters_of(user)
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)

    def request() -> None:
        answer = client.get("/", secure=True)
        if answer.status_code != 200 or b"rows-work" not in answer.content:
            raise AssertionError(f"the worklist page is not one: {answer.status_code}")

    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN_FILES}}):
        request()
        with CaptureQueriesContext(connection) as queries:
            request()
        statements = float(len(queries))
        cost = alternated({"page": _variant(request)}, rounds)["page"]
    name = f"GET / of {PERSON} with 50 rows, {clocks} clocks"
    return [
        Figure(f"{name}: in all", _a_page(cost), "cpu-ms", busy=cost.busy),
        Figure(f"{name}: of it in the database", cost.database / TIMES * 1000, "cpu-ms", busy=cost.busy),
        Figure(f"{name}: statements", statements, "statements"),
    ]


def _a_page(cost: Cost) -> float:
    return cost.cpu / TIMES * 1000


def _variant(work: Work) -> Variant:
    return lambda: nullcontext(repeated(work, TIMES))


def _figure(name: str, ours: Cost, other: Cost) -> Figure:
    return Figure(name, _a_page(ours), "cpu-ms", _a_page(other), Goal(at_most=3), max(ours.busy, other.busy))


# ---- who looks ------------------------------------------------------------------------------------------------------


def _readers() -> dict[str, Reader]:
    usual = _usual_office()
    handler, leader = _busiest(usual), _officer(Office.objects.get(level=1), Role.LEADER)
    city = Reader(leader, office_worklist_for, "true", None)
    readers = {
        PERSON: Reader(handler, worklist_for, "c.owner_id = %s", handler.pk),
        OFFICE: _head(usual),
        ENDS[0]: _head(Office.objects.get(code=OLD)),
        ENDS[1]: _head(Office.objects.get(code=FAR)),
        "a bureau": Reader(
            _officer(Office.objects.get(code="district-a"), Role.BUREAU_HEAD),
            office_worklist_for,
            "c.bureau_id = %s",
            Office.objects.get(code="district-a").pk,
        ),
        "the whole city": city,
        DEEP_IN_CITY: city,
    }
    for reader in readers.values():
        assert reader.user.active_posts  # noqa: S101 - read once a request, and not what is compared here
    return readers


def _usual_office() -> Office:
    return Office.objects.get(code="bench-district-c-1")


def _officer(office: Office, role: str) -> User:
    return Post.objects.filter(office=office, role=role).order_by("id")[0].user


def _busiest(office: Office) -> User:
    return User.objects.filter(clocks__office=office).annotate(n=Count("clocks")).order_by("-n", "id")[0]


def _head(office: Office) -> Reader:
    return Reader(_officer(office, Role.UNIT_HEAD), office_worklist_for, "c.office_id = %s", office.pk)


def _matters_of(user: User) -> None:
    """The cases behind the first page of a person's clocks, so that the page can say what comes next in each."""
    clocks = list(worklist_for(user)[: PAGE_SIZE + 1])
    second = Post.objects.filter(office=clocks[0].office, role=Role.HANDLER).exclude(user=user)[0].user
    Lead.objects.bulk_create(
        Lead(
            pk=clock.subject_id, number=f"线索{clock.subject_id}", channel="inspection", received_on=TODAY,
            party_name="某某食品有限公司", region_code="370202", summary="…", office=clock.office,
            bureau_id=clock.bureau_id, owner=user, state="filed", decided_on=TODAY, created_at=NOW,
        )
        for clock in clocks
    )  # fmt: skip
    Case.objects.bulk_create(
        Case(
            pk=clock.subject_id, number=clock.subject_number, lead_id=clock.subject_id, cause="经营超过保质期食品",
            party_name="某某食品有限公司", office=clock.office, bureau_id=clock.bureau_id,
            authority_id=clock.bureau_id or clock.office_id, owner=user, second_officer=second, filed_on=TODAY,
            created_at=NOW,
        )
        for clock in clocks
    )  # fmt: skip


# ---- the two sides --------------------------------------------------------------------------------------------------


def _ours(reader: Reader, cursor: str) -> None:
    page = page_behind(reader.worklist(reader.user), ORDER, cursor)
    if not page.rows:
        raise AssertionError("an empty page")


def _bare(reader: Reader, cursor: str) -> None:
    parameters: list[object] = [] if reader.parameter is None else [reader.parameter]
    behind = ""
    if cursor:
        behind = "AND (c.due_at, c.id) > (%s::timestamptz, %s::bigint)"
        parameters += cursor.split("~")
    with connection.cursor() as execution:
        execution.execute(_PAGE.format(condition=reader.condition, behind=behind), [*parameters, PAGE_SIZE + 1])  # type: ignore[list-item]  # numbers and texts
        rows = execution.fetchall()
        ids = [row[0] for row in rows]
        execution.execute("SELECT * FROM deadlines_suspension WHERE clock_id = ANY(%s)", [ids])
        execution.fetchall()
        execution.execute("SELECT * FROM deadlines_extension WHERE clock_id = ANY(%s)", [ids])
        execution.fetchall()
    if not rows:
        raise AssertionError("an empty page")


_PAGE = """
SELECT c.*, o.*, u.*
FROM deadlines_clock c JOIN accounts_office o ON o.id = c.office_id JOIN accounts_user u ON u.id = c.owner_id
WHERE c.state = 'running' AND {condition} {behind}
ORDER BY c.due_at, c.id
LIMIT %s
"""


def _deep_cursor(reader: Reader) -> str:
    clock = reader.worklist(reader.user)[DEEP]
    assert clock.due_at is not None  # noqa: S101 - a constraint
    return f"{clock.due_at.isoformat()}~{clock.pk}"
