"""One party: all its leads, cases and penalties the reader may see; what is certain apart from what only bears the name."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from cases.models import Case
from cases.queries.matter import cases_for
from clues.duplicates import WINDOW_DAYS
from clues.models import Lead
from clues.parties import normal_name
from clues.queries import leads_for
from clues.states import Channel
from clues.uscc import normalised
from core.errors import Invalid
from core.paging import capped_count

MOST = 50
MOST_NAMES = 20
MANY_COMPLAINTS = 3  # 本系统默认值，不是法定标准
DISTRUSTED = 5


@dataclass(frozen=True)
class Found:
    """Leads and cases, newest first, at most fifty of each; the counts go on to a thousand."""

    leads: Sequence[Lead]
    cases: Sequence[Case]
    lead_count: str
    case_count: str

    @property
    def is_empty(self) -> bool:
        return not self.leads and not self.cases


@dataclass(frozen=True)
class Complainer:
    """One telephone that complained often of late; ``newest`` leads to the newest of its complaints."""

    newest: Lead
    of_party: int
    in_all: int


@dataclass(frozen=True)
class Party:
    """What the register says of a party.

    ``certain`` bears the code (asked by name only: the name); ``likely`` the name without the code, or with another.
    ``penalties`` are the decided cases of the certain ones. The factors never decide anything by themselves.
    """

    code: str
    names: Sequence[str]
    certain: Found
    likely: Found | None = None
    penalties: Sequence[Case] = ()
    complainers: Sequence[Complainer] = ()
    penalised_in_one_year: int = 0
    penalised_in_two_years: int = 0
    complaints: int = 0
    fined: Decimal = field(default_factory=Decimal)


def party_for(user: User, *, code: str, name: str, today: date) -> Party:
    """What the user may see of a party, by its code or, without one, by its name.

    :raises Invalid: ``required``: neither is given, or the name says nothing.
    """
    code, comparable = normalised(code)[:18], normal_name(name[:120])
    if not code and not comparable:
        raise Invalid(_("请填写统一社会信用代码或者当事人名称。"), code="required", field="code")
    if code:
        certain = Q(party_code=code) & ~Q(party_code="")
        names = _names(user, certain)
        comparables = sorted({normal_name(each) for each in names} - {""})
        likely = Q(normal_name__in=comparables) & ~Q(normal_name="") & ~Q(party_code=code)
    else:
        certain, names, likely = Q(normal_name=comparable) & ~Q(normal_name=""), [name.strip()], None
    decided = cases_for(user).filter(certain, decided_on__isnull=False).order_by("-decided_on", "-id")
    penalties = list(decided.select_related("authority")[:MOST])
    complaints = _complaints(user, today).filter(certain)
    return Party(
        code=code, names=names, certain=_found(user, certain), likely=_found(user, likely) if likely else None,
        penalties=penalties, complainers=_complainers(user, complaints, today), complaints=complaints.count(),
        penalised_in_one_year=_since(penalties, _years_before(today, 1)),
        penalised_in_two_years=_since(penalties, _years_before(today, 2)),
        fined=sum((case.due_amount for case in penalties), Decimal()),
    )  # fmt: skip


@require_safe
def party_page(request: HttpRequest) -> HttpResponse:
    """``?code=`` or ``?name=``; a form where neither is given."""
    assert isinstance(request.user, User)  # noqa: S101 - the log-in middleware lets nobody else through
    code, name = (request.GET.get(key, "").replace("\0", "") for key in ("code", "name"))
    context: dict[str, Any] = {"code": code, "name": name, "most": MOST, "days": WINDOW_DAYS, "many": MANY_COMPLAINTS}
    try:
        context["party"] = party_for(request.user, code=code, name=name, today=timezone.localdate())
    except Invalid as refusal:
        context["why"] = refusal.detail if code or name else ""
    return render(request, "casemgr/party.html", context)


def _names(user: User, certain: Q) -> list[str]:
    """The names the newest leads and cases with this code bear."""
    leads = leads_for(user).filter(certain).values_list("party_name", flat=True)[:MOST]
    cases = cases_for(user).filter(certain).values_list("party_name", flat=True)[:MOST]
    return list(dict.fromkeys([*leads, *cases]))[:MOST_NAMES]


def _found(user: User, wanted: Q) -> Found:
    leads, cases = leads_for(user).filter(wanted), cases_for(user).filter(wanted)
    return Found(list(leads[:MOST]), list(cases[:MOST]), capped_count(leads), capped_count(cases))


def _complaints(user: User, today: date) -> QuerySet[Lead]:
    since = today - timedelta(days=WINDOW_DAYS)
    return leads_for(user).filter(channel=Channel.COMPLAINT, received_on__gte=since).order_by()


def _complainers(user: User, complaints: QuerySet[Lead], today: date) -> list[Complainer]:
    """Who complained often of this party (投诉举报处理办法第十七条第二项), by telephone; nobody's name is known here."""
    often = complaints.exclude(informant_key="").values("informant_key").annotate(n=Count("pk"), newest=Max("pk"))
    rows = list(often.filter(n__gte=MANY_COMPLAINTS).order_by("-n", "informant_key")[:DISTRUSTED])
    theirs = _complaints(user, today).filter(informant_key__in=[row["informant_key"] for row in rows])
    in_all = dict(theirs.values_list("informant_key").annotate(Count("pk")))
    newest = leads_for(user).in_bulk([row["newest"] for row in rows])
    return [Complainer(newest[row["newest"]], row["n"], in_all[row["informant_key"]]) for row in rows]


def _since(penalties: Sequence[Case], day: date) -> int:
    return sum(case.decided_on is not None and case.decided_on >= day for case in penalties)


def _years_before(day: date, years: int) -> date:
    """The same day of an earlier year; of 29 February the first of March."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)
