"""One box for everything: numbers, codes, parties and texts; only what the gates let this user see."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User
from cases.queries.matter import cases_for
from clues.queries import leads_for
from search.queries import newest_matching

MOST = 20
SHORTEST = 2


def search(request: HttpRequest) -> HttpResponse:
    """A number or code from its beginning, a party or any other words; the newest 20 leads and 20 cases at most."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - the log-in middleware lets nobody else through
    query = request.GET.get("q", "").strip().replace("\0", "")[:120]
    context: dict[str, Any] = {"query": query, "is_too_short": len(query) < SHORTEST, "most": MOST}
    if not context["is_too_short"]:
        context["leads"] = list(leads_for(user).filter(pk__in=newest_matching(user, "lead", query, MOST)))
        context["cases"] = list(cases_for(user).filter(pk__in=newest_matching(user, "case", query, MOST)))
    return render(request, "casemgr/search.html", context)
