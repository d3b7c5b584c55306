"""Whose a lead is: the forms, and who owned what at a moment."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.policies import authority_of
from clues import states
from clues.actions import custody
from clues.models import Lead
from clues.pages.answering import answer, begin, now_of, of_lead, verb_page
from clues.pages.forms import custody as forms
from clues.pages.forms.choices import Grouped, offices_below, offices_to_act_for, other_offices
from clues.pages.forms.owners import OwnersForm
from clues.policies import may_see
from clues.queries import owned_at, owned_by_office
from core.pages import form_from, get_or_post, of_today
from core.paging import page_behind
from core.transitions import Transition


@get_or_post
def assign(request: HttpRequest, lead_id: int) -> HttpResponse:
    actor, _at = now_of(request)
    lead, clocks = begin(request, lead_id, states.ASSIGN)
    form = form_from(request, forms.AssignForm, user=actor, lead=lead)
    title = _("分派线索") if lead.state == states.LeadState.REGISTERED else _("改派线索")

    def said(after: Lead) -> str:
        return _("已分派给{office}{owner}，等待签收。").format(office=after.office.name, owner=after.owner.name)

    return answer(request, lead, clocks, states.ASSIGN, form, custody.assign_lead, said, title=title)


sign = verb_page(states.SIGN, forms.SignForm, custody.sign_lead, lambda _lead: _("已签收，由您承办。"), takes=of_lead)
give_back = verb_page(
    states.RETURN, forms.ReturnForm, custody.return_lead,
    lambda after: _("已退回{office}{owner}，等待重新分派。").format(office=after.office.name, owner=after.owner.name),
    takes=lambda lead: {**of_lead(lead), **of_today(lead)},
)  # fmt: skip


@get_or_post
def hand_over(request: HttpRequest, lead_id: int) -> HttpResponse:
    lead, clocks = begin(request, lead_id, states.HAND_OVER)
    return _pass_on(request, lead, clocks, states.HAND_OVER, other_offices(lead.office), custody.hand_over_lead)


@get_or_post
def take_over(request: HttpRequest, lead_id: int) -> HttpResponse:
    actor, _at = now_of(request)
    lead, clocks = begin(request, lead_id, states.TAKE_OVER)
    own = offices_to_act_for(actor, states.TAKE_OVER.roles)
    return _pass_on(request, lead, clocks, states.TAKE_OVER, own, custody.take_over_lead)


@get_or_post
def hand_down(request: HttpRequest, lead_id: int) -> HttpResponse:
    lead, clocks = begin(request, lead_id, states.HAND_DOWN)
    below = offices_below(authority_of(lead.office))
    return _pass_on(request, lead, clocks, states.HAND_DOWN, below, custody.hand_down_lead)


def _pass_on(
    request: HttpRequest, lead: Lead, clocks: list[Any], row: Transition, offices: Grouped, verb: Any
) -> HttpResponse:
    form = form_from(request, forms.PassOnForm, lead=lead, offices=offices)
    return answer(
        request, lead, clocks, row, form, verb,
        lambda after: _("已交给{office}，等待{owner}签收。").format(office=after.office.name, owner=after.owner.name),
    )  # fmt: skip


@require_safe
def owners(request: HttpRequest) -> HttpResponse:
    """Who owned what at a moment; now, unless the address names one."""
    user, now = now_of(request)
    form = OwnersForm(request.GET, user=user)
    moment: datetime = (form.is_valid() and form.cleaned_data["at"]) or now
    owned = owned_at(user, moment) if form.is_valid() else owned_at(user, moment).none()
    counts = owned_by_office(owned)
    office_id = form.cleaned_data.get("office")
    if office_id:
        owned = owned.filter(office_id=office_id)
    page = page_behind(owned, ("-id",), request.GET.get("after", ""))
    context: dict[str, Any] = {
        "form": form, "moment": timezone.localtime(moment), "counts": counts, "total": sum(n for _office, n in counts),
        "page": page, "rows": [(tenure, may_see(user, tenure.lead)) for tenure in page.rows], "office_id": office_id,
    }  # fmt: skip
    return render(request, "clues/owners.html", context)
