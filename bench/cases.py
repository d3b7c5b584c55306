"""The register of cases as an ordinary handler sees it, the page of a very large case, and numbers under a crowd."""

import random
import threading
import time
from functools import partial

from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone

from accounts.models import User
from bench.case_rows import LARGE, enlarge
from bench.figures import Figure, Goal, say
from bench.fill import TODAY
from bench.listing import bare_periods, compared, request_figures, variant
from bench.meter import Variant, alternated
from cases.models import Case
from cases.pages.lists import SHOWN
from cases.queries.matter import cases_for
from core.paging import PAGE_SIZE, capped_count, page_behind
from deadlines.queries import nearest_clocks
from documents.actions.numbers import issue_number
from documents.models import NumberSeries

MOST_STATEMENTS = 25
CLIENTS, EACH, TAKEN_BACK = 16, 25, 0.3


def figures(cases: int, rounds: int) -> list[Figure]:
    """The first page of the list, rows and their periods, against the same rows by bare SQL."""
    say(f"cases: {cases}")
    user = _handler()
    office = user.active_posts[0].office_id
    variants: dict[str, Variant] = {"ours": variant(partial(_page, user)), "bare": variant(partial(_bare, office))}
    costs = alternated(variants, rounds)
    return [compared(f"case list of a handler, {cases} cases", costs["ours"], costs["bare"])]


def page_figures(cases: int, rounds: int) -> list[Figure]:
    """The list and the page of a case with hundreds of rows of each kind, as a client gets them."""
    user = _handler()
    large = cases_for(user).filter(state="investigating", owner=user).first()
    assert large is not None  # noqa: S101 - a twenty-fifth of the cases are open
    small = cases_for(user).filter(state="investigating", owner=user).exclude(pk=large.pk).first()
    assert small is not None  # noqa: S101 - as above
    enlarge(large)
    what = "、".join(f"{count} {name}" for name, count in LARGE.items())
    shown = min(PAGE_SIZE, cases_for(user).count())
    listed = request_figures(user, "/cases/", b"row-title", shown, f"GET /cases/ of a handler, {cases} cases", rounds)
    pages = [
        figure
        for case, name in ((small, "a new case"), (large, f"a case with {what}"))
        for figure in request_figures(
            user,
            f"/cases/{case.pk}/",
            b"<h1",
            1,
            f"GET the page of {name}, {cases} cases",
            rounds,
            most=MOST_STATEMENTS,
        )
    ]
    return [*listed, *pages]


def number_figures() -> list[Figure]:
    """Numbers given out in a second to sixteen clients at once, three in ten taken back; a gap ends the run."""
    case = Case.objects.select_related("authority").latest("pk")
    kept: list[int] = []
    began = time.perf_counter()
    threads = [threading.Thread(target=_take, args=(case, seed, kept)) for seed in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = time.perf_counter() - began
    series = NumberSeries.objects.get(office=case.authority, kind="case", year=TODAY.year)
    serials = sorted(series.issued.values_list("serial", flat=True))
    if serials != list(range(1, len(serials) + 1)) or len(serials) < sum(kept):
        raise AssertionError("numbers with a gap")
    name = f"numbers given to {CLIENTS} clients at once, {TAKEN_BACK:.0%} taken back"
    return [Figure(name, sum(kept) / spent, "numbers/s", goal=Goal(at_least=100))]


def _take(case: Case, seed: int, kept: list[int]) -> None:
    chance, mine = random.Random(seed), 0  # noqa: S311 - which are taken back, the same every time
    try:
        for _ in range(EACH):
            with transaction.atomic():
                issue_number(office=case.authority, kind="case", on=TODAY, subject_kind="case", subject_id=case.pk)
                if chance.random() < TAKEN_BACK:
                    transaction.set_rollback(True)
                else:
                    mine += 1
    finally:
        connection.close()
    kept.append(mine)


def _handler() -> User:
    """Who leads the most open cases."""
    owners = Case.objects.filter(state="investigating").values("owner").annotate(led=Count("pk"))
    user = User.objects.get(pk=owners.order_by("-led", "owner")[0]["owner"])
    assert user.active_posts  # noqa: S101 - read once a request, and not what is compared here
    return user


def _page(user: User) -> None:
    cases = cases_for(user)
    page = page_behind(cases.only(*SHOWN), ("-filed_on", "-id"), "")
    nearest_clocks("case", [case.pk for case in page.rows], timezone.now())
    capped_count(cases)
    if not page.rows:
        raise AssertionError("an empty page")


def _bare(office: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [office, PAGE_SIZE + 1])
        bare_periods(cursor, "case", [row[0] for row in cursor.fetchall()])
        cursor.execute("SELECT count(*) FROM (SELECT 1 FROM cases_case WHERE office_id = %s LIMIT 1001) s", [office])
        cursor.fetchall()


_ROWS = """
SELECT c.*, o.*, u.*, s.*
FROM cases_case c JOIN accounts_office o ON o.id = c.office_id JOIN accounts_user u ON u.id = c.owner_id
JOIN accounts_user s ON s.id = c.second_officer_id
WHERE c.office_id = %s ORDER BY c.filed_on DESC, c.id DESC LIMIT %s
"""
