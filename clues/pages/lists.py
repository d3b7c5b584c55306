"""The register of leads."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from clues import states
from clues.pages.filters import LeadFilter
from clues.queries import leads_for
from core.paging import capped_count, page_behind
from deadlines.queries import nearest_clocks


@require_safe
def lead_list(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101 - the log-in middleware lets nobody else through
    now = timezone.now()
    form = LeadFilter(request.GET, user=request.user)
    leads = form.narrow(leads_for(request.user), now)
    page = page_behind(leads, ("-received_on", "-id"), request.GET.get("after", ""))
    clocks = nearest_clocks("lead", [lead.pk for lead in page.rows], now)
    context: dict[str, Any] = {
        "form": form,
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "rows": [(lead, clocks.get(lead.pk)) for lead in page.rows],
        "page": page,
        "count": capped_count(leads),
        "may_log": request.user.has_role(*states.LOG.roles),
    }
    return render(request, "clues/lead_list.html", context)
