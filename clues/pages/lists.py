"""The register of leads and the worklists made of it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.actions import forget_view, save_view
from accounts.models import User
from accounts.queries import views_of
from clues import states
from clues.models import Lead
from clues.pages.filters import LeadFilter
from clues.queries import leads_for
from core.errors import Invalid
from core.paging import PAGE_SIZE, Page, capped_count, page_behind, values_of
from deadlines.queries import nearest_clocks
from search.queries import newest_matching

PLACE = "lead_list"
ORDER = ("-received_on", "-id")
SHOWN = (
    "number", "party_name", "has_party_code_doubt", "channel", "state", "received_on", "owner__name", "office__name",
)  # fmt: skip


@require_safe
def lead_list(request: HttpRequest) -> HttpResponse:
    user, now = _user(request), timezone.now()
    form = LeadFilter(request.GET, user=user)
    leads = form.narrow(leads_for(user), now)
    page = _page(form, leads.only(*SHOWN), request.GET.get("after", ""))
    clocks = nearest_clocks("lead", [lead.pk for lead in page.rows], now)
    context: dict[str, Any] = {
        "form": form,
        "worklists": form.worklists(),
        "views": views_of(user, PLACE),
        "query": _filters(request.GET, form),
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "rows": [(lead, clocks.get(lead.pk)) for lead in page.rows],
        "page": page,
        "count": "" if request.GET.get("q") else capped_count(leads),  # counting every text with a common word is slow
        "may_log": user.has_role(*states.LOG.roles),
        "may_assign": user.has_role(*states.ASSIGN.roles),
    }
    return render(request, "clues/lead_list.html", context)


@require_POST
def view_save(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the list under a name. What is wrong is said on the list itself, filters kept."""
    query = _filters(QueryDict(request.POST.get("query", "")), LeadFilter(user=_user(request)))
    try:
        view = save_view(
            place=PLACE, name=request.POST.get("name", ""), query=query, actor=_user(request), at=timezone.now()
        )
        messages.success(request, _("已保存筛选“{name}”。").format(name=view.name))
    except Invalid as refusal:
        messages.error(request, refusal.detail)
    return redirect(f"{reverse(PLACE)}?{query}")


@require_POST
def view_forget(request: HttpRequest, view_id: int) -> HttpResponse:
    """:raises NotFound:"""
    forget_view(view_id=view_id, actor=_user(request), at=timezone.now())
    messages.success(request, _("已删除这个筛选。"))
    return redirect(PLACE)


def _page(form: LeadFilter, leads: QuerySet[Lead], cursor: str) -> Page[Lead]:
    """Words alone are looked up in the order of the list, in bounded time however common they are.

    :raises Invalid: ``invalid_cursor``.
    """
    if form.is_valid() and (words := form.only_words):
        after = values_of(Lead, ORDER, cursor) if cursor else None
        newest = newest_matching(form.user, "lead", words, PAGE_SIZE + 1, (after[0], after[1]) if after else None)
        leads = leads_for(form.user).filter(pk__in=newest).only(*SHOWN)
    return page_behind(leads, ORDER, cursor)


def _filters(given: QueryDict, form: LeadFilter) -> str:
    """The address's filters alone, in the order of the form, without the page."""
    return urlencode([(name, given[name]) for name in form.fields if given.get(name)])


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the log-in middleware lets nobody else through
    return request.user
