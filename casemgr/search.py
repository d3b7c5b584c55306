"""One box for everything: numbers, codes, parties and texts; only what the gates let this user see."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User
from cases.queries import cases_for
from clues.queries import leads_for
from search.queries import newest_matching

MOST = 20
SHORTEST = 2


def search(request: HttpRequest) -> HttpResponse:
    """A number from its beginning, a whole code, any words of a text; at most 20 leads and 20 cases, newest first."""
    assert isinstance(request.user, User)  # noqa: S101 - the log-in middleware lets nobody else through
    query = request.GET.get("q", "").strip().replace("\0", "")[:120]
    context: dict[str, Any] = {"query": query, "is_too_short": len(query) < SHORTEST, "most": MOST}
    if not context["is_too_short"]:
        leads = newest_matching(request.user, "lead", query, MOST)  # their texts hold number, party and code too
        context["leads"] = list(leads_for(request.user).filter(pk__in=leads))
        named = Q(number__istartswith=query) | Q(decision_number__istartswith=query)
        named |= Q(party_name__icontains=query) | Q(party_code=query.upper())
        context["cases"] = list(cases_for(request.user).filter(named)[:MOST])
    return render(request, "casemgr/search.html", context)
