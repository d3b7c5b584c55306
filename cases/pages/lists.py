"""The register of cases."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from accounts.queries import unseen
from cases.pages.answering import now
from cases.pages.filters import CaseFilter
from cases.queries.matter import cases_for
from clues.queries import lead_for
from clues.states import LeadState
from core.paging import capped_count, page_behind
from deadlines.queries import nearest_clocks

SHOWN = (
    "number", "party_name", "cause", "state", "filed_on", "owner__name", "second_officer__name", "office__name",
)  # fmt: skip


@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    user, at = now(request)
    form = CaseFilter(request.GET, user=user)
    cases = form.narrow(cases_for(user), at)
    page = page_behind(cases.only(*SHOWN), ("-filed_on", "-id"), request.GET.get("after", ""))
    clocks = nearest_clocks("case", [case.pk for case in page.rows], at)
    context: dict[str, Any] = {
        "form": form,
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "rows": [(case, clocks.get(case.pk)) for case in page.rows],
        "page": page,
        "count": capped_count(cases),
    }
    return render(request, "cases/case_list.html", context)


@require_safe
def case_of_lead(request: HttpRequest, lead_id: int) -> HttpResponse:
    """From a filed lead to its case; a lead of an older ledger may have been filed where it was kept.

    :raises NotFound:
    """
    user, _at = now(request)
    case = cases_for(user).filter(lead_id=lead_id).first()
    if case is not None:
        return redirect("case_page", case.pk)
    lead = lead_for(user, lead_id)
    if lead.state != LeadState.FILED:
        raise unseen(pgettext("in a sentence", "案件"))
    messages.info(request, _("这条线索的案件在原系统办理，本系统没有案卷。"))
    return redirect("lead_page", lead.pk)
