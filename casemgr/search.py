"""One box for everything: numbers, parties, credit codes; only what the gates let this user see."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User
from cases.queries import cases_for
from clues.queries import leads_for

MOST = 20
SHORTEST = 2


def search(request: HttpRequest) -> HttpResponse:
    """A number or code from its beginning, a party by any part of its name; at most 20 leads and 20 cases."""
    assert isinstance(request.user, User)  # noqa: S101 - the log-in middleware lets nobody else through
    query = request.GET.get("q", "").strip().replace("\0", "")[:120]
    context: dict[str, Any] = {"query": query, "is_too_short": len(query) < SHORTEST, "most": MOST}
    if not context["is_too_short"]:
        named = Q(number__istartswith=query) | Q(party_name__icontains=query) | Q(party_code=query.upper())
        context["leads"] = list(leads_for(request.user).filter(named)[:MOST])
        decided = named | Q(decision_number__istartswith=query)
        context["cases"] = list(cases_for(request.user).filter(decided)[:MOST])
    return render(request, "casemgr/search.html", context)
