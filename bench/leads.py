"""The register of leads as an ordinary clerk of one district sees it: list, API, search."""

import json
import time
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from statistics import median

from django.db import connection, transaction
from django.utils import timezone
from rest_framework.renderers import JSONRenderer

from accounts.models import User
from bench.figures import Figure, Goal, say
from bench.fill import NOW, TODAY
from bench.lead_rows import COMMON, RARE
from bench.listing import TIMES, bare_periods, compared, request_figures, variant
from bench.meter import Variant, Work, alternated, cost_of, repeated
from clues.actions.ledger import LedgerRow, register_leads
from clues.actions.received import InformantInput, Intake
from clues.api.serializers import LeadRow
from clues.duplicates import likely_same
from clues.pages.lists import ORDER, SHOWN
from clues.queries import leads_for
from clues.states import Channel
from core.api.verbs import told
from core.paging import PAGE_SIZE, capped_count, page_behind
from deadlines.queries import nearest_clocks
from search.queries import newest_matching

IMPORTED, CHUNK = 4000, 2000
NEW_PARTY = "癸区尚无记录食品有限公司"
CLERK = "c-clerk"  # intake clerk of one district of ten
SEARCHES = {"a rare word": RARE, "a common word": COMMON, "two words": "电梯 检验", "nothing": "磁悬浮列车"}


def figures(leads: int, rounds: int) -> list[Figure]:
    """The first page of the list and a filtered one, rows and their periods, against the same rows by bare SQL."""
    say(f"leads: {leads}")
    user = _clerk()
    bureau = next(iter(post.office_id for post in user.active_posts))
    open_only = "state IN ('registered', 'assigned', 'verifying', 'verified', 'accepting', 'mediating') AND "
    pairs: dict[str, tuple[Work, Work]] = {
        "lead list": (partial(_page, user, False), partial(_bare_page, bureau, "")),
        "open leads": (partial(_page, user, True), partial(_bare_page, bureau, open_only)),
        "API list, from the gate to the JSON": (partial(_api_rows, user), partial(_bare_api, bureau)),
    }
    variants: dict[str, Variant] = {}
    for name, (ours, bare) in pairs.items():
        variants[name], variants[f"bare: {name}"] = variant(ours), variant(bare)
    costs = alternated(variants, rounds)
    found = [
        compared(f"{name} of a district clerk, {leads} leads", costs[name], costs[f"bare: {name}"]) for name in pairs
    ]
    return [*found, *_searches(user, leads, rounds)]


def page_figures(leads: int, rounds: int) -> list[Figure]:
    """The whole page and the whole API answer as a client gets them; readings without a goal."""
    found = []
    for path, mark in (("/leads/", b"row-title"), ("/api/v1/leads/", b"received_on")):
        name = f"GET {path} of a district clerk, {leads} leads"
        found += request_figures(_clerk(), path, mark, PAGE_SIZE, name, rounds)
    return found


def _searches(user: User, leads: int, rounds: int) -> list[Figure]:
    """Half of the searches take no longer than this, on the clock."""
    found = []
    for what, words in SEARCHES.items():
        spent, busy = timed(partial(_search, user, words), rounds * TIMES)
        found.append(Figure(f"search for {what}, {leads} leads", spent, "ms", goal=Goal(at_most=100), busy=busy))
    return found


def likeness_figures(leads: int, rounds: int) -> list[Figure]:
    """What is asked on entry: has this been told before? For a party with leads and for one nobody knows."""
    user, found = _clerk(), []
    known = leads_for(user).exclude(informant_key="").first()
    assert known is not None  # noqa: S101 - a third of the leads have an informant
    for what, name, key in (("a known party", known.party_name, known.informant_key), ("a new party", NEW_PARTY, "")):
        ask = partial(
            likely_same, user, party_name=name, party_code="", informant_key=key, summary=known.summary,
            received_on=TODAY,
        )  # fmt: skip
        spent, busy = timed(ask, rounds * TIMES)
        found.append(Figure(f"duplicates of {what}, {leads} leads", spent, "ms", goal=Goal(at_most=100), busy=busy))
    return found


def import_figures(leads: int) -> list[Figure]:
    """Rows of a ledger registered in a second, beside the leads there are: complaints with who complained, reports."""
    user = _clerk()
    office = user.active_posts[0].office
    rows = [_row(number, office.pk) for number in range(IMPORTED)]
    with transaction.atomic():
        began = time.perf_counter()
        cost = cost_of(lambda: [register_leads(part, actor=user, at=NOW) for part in (rows[:CHUNK], rows[CHUNK:])])
        spent = time.perf_counter() - began
        transaction.set_rollback(True)
    name = f"import, {IMPORTED} rows beside {leads} leads"
    return [Figure(name, IMPORTED / spent, "rows/s", goal=Goal(at_least=1000), busy=cost.busy)]


def _row(number: int, office_id: int) -> LedgerRow:
    is_complaint = number % 2 == 0
    told = InformantInput("投诉人", f"1990000{number:04d}", "示例路1号") if is_complaint else InformantInput()
    intake = Intake(
        channel=Channel.COMPLAINT if is_complaint else Channel.REPORT, received_on=TODAY,
        party_name=f"甲区{number % 700}号示例有限公司", summary=f"反映所购商品与标示不符，编次{number}，附购物小票。",
        facts={"claim": "退货退款"} if is_complaint else {}, informant=told,
    )  # fmt: skip
    return LedgerRow(intake, office_id)


def timed(work: Callable[[], object], times: int) -> tuple[float, float]:
    """The median of some runs in milliseconds on the wall, and the share of the machine others used."""
    spans: list[float] = []

    def once() -> None:
        began = time.perf_counter()
        work()
        spans.append((time.perf_counter() - began) * 1000)

    cost = alternated({"work": lambda: nullcontext(repeated(once, times))}, 1)["work"]
    return median(spans), cost.busy


def _clerk() -> User:
    user = User.objects.get(username=CLERK)
    assert user.active_posts  # noqa: S101 - read once a request, and not what is compared here
    return user


def _page(user: User, is_open: bool) -> None:
    leads = leads_for(user)
    if is_open:
        leads = leads.filter(state__in=["registered", "assigned", "verifying", "verified", "accepting", "mediating"])
    page = page_behind(leads.only(*SHOWN), ORDER, "")
    nearest_clocks("lead", [lead.pk for lead in page.rows], timezone.now())
    capped_count(leads)
    if not page.rows:
        raise AssertionError("an empty page")


def _bare_page(bureau: int, condition: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(condition=condition), [bureau, PAGE_SIZE + 1])
        ids = [row[0] for row in cursor.fetchall()]
        bare_periods(cursor, "lead", ids)
        cursor.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM clues_lead l WHERE {condition} l.bureau_id = %s LIMIT 1001) s",  # noqa: S608 - a fixed condition
            [bureau],
        )
        cursor.fetchall()


def _api_rows(user: User) -> None:
    fields = list(LeadRow().fields.values())
    rows = leads_for(user).order_by(*ORDER).values(*(str(field.source) for field in fields))
    JSONRenderer().render(told(fields, rows[: PAGE_SIZE + 1]))


def _bare_api(bureau: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS, [bureau, PAGE_SIZE + 1])
        names = [column.name for column in cursor.description or ()]
        json.dumps([dict(zip(names, row, strict=True)) for row in cursor.fetchall()], default=str)


def _search(user: User, words: str) -> None:
    ids = newest_matching(user, "lead", words, PAGE_SIZE + 1)
    page_behind(leads_for(user).filter(pk__in=ids), ORDER, "")


_ROWS = """
SELECT l.*, o.*, u.*
FROM clues_lead l JOIN accounts_office o ON o.id = l.office_id JOIN accounts_user u ON u.id = l.owner_id
WHERE {condition} l.bureau_id = %s ORDER BY l.received_on DESC, l.id DESC LIMIT %s
"""
_COLUMNS = """
SELECT l.id, l.number, l.channel, l.received_on, l.party_name, l.party_code, l.office_id, o.name, l.owner_id, u.name,
       l.state, l.decided_on
FROM clues_lead l JOIN accounts_office o ON o.id = l.office_id JOIN accounts_user u ON u.id = l.owner_id
WHERE l.bureau_id = %s ORDER BY l.received_on DESC, l.id DESC LIMIT %s
"""
