"""Many leads at once: each row its own transaction and its own answer."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.queries import officers_of, offices_for
from clues import states
from clues.actions.bulk import MOST, assign_leads
from clues.models import Lead
from clues.pages.forms.choices import offices_to_act_for
from clues.policies import RECEIVERS
from clues.queries import leads_for
from core.forms import RowField, VerbForm, Words, choose
from core.pages import Crumb, VerbPage, form_from, get_or_post, id_in


class BulkAssignForm(VerbForm):
    is_drafted = False  # which leads are marked stands in the request alone
    refreshed_by = "office"
    refresh_label = gettext_lazy("显示该机构人员")
    office = RowField(label=gettext_lazy("承办机构"))
    owner = RowField(
        label=gettext_lazy("承办人"),
        required=False,
        help_text=gettext_lazy("不选的，由该机构的接收人员（登记员，没有登记员的为负责人）签收后再分。"),
    )
    reason = Words(label=gettext_lazy("分派说明"), max_length=1000, required=False, rows=2)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "office", offices_to_act_for(user, states.ASSIGN.roles))
        typed = id_in(str(self["office"].value() or ""))
        office = offices_for(user).filter(pk=typed).first() if typed is not None else None
        officers = officers_of(office, RECEIVERS) if office else []
        choose(self, "owner", [(each.pk, each.name) for each in officers])


@get_or_post
def bulk_assign(request: HttpRequest) -> HttpResponse:
    """Choose an office for the marked leads, then one answer per lead: what could be done is done."""
    assert isinstance(request.user, User)  # noqa: S101 - the log-in middleware lets nobody else through
    marked = _marked(request, request.user)
    if not marked:
        return redirect("lead_list")
    form = (
        form_from(request, BulkAssignForm, user=request.user)
        if "office" in request.POST
        else BulkAssignForm(user=request.user)
    )
    here = _("批量分派")
    crumbs = [Crumb(_("线索列表"), reverse("lead_list"))]
    if form.is_bound and form.is_valid():
        outcomes = assign_leads(
            lead_ids=[lead.pk for lead in marked], **form.values(), actor=request.user, at=timezone.now()
        )
        done = sum(not outcome.refusal for outcome in outcomes)
        context: dict[str, Any] = {"outcomes": outcomes, "done": done, "failed": len(outcomes) - done, "crumbs": crumbs}
        return render(request, "clues/bulk_outcome.html", {**context, "here": here})
    page = VerbPage(
        title=here,
        submit=ngettext("分派这 {n} 条", "分派这 {n} 条", len(marked)).format(n=len(marked)),
        back_url=reverse("lead_list"),
        basis=str(states.ASSIGN.basis),
        crumbs=crumbs,
    )
    context = {"form": form, "page": page, "marked": marked, "is_too_many": len(marked) >= MOST, "most": MOST}
    return render(request, "clues/bulk_assign.html", context, status=400 if form.is_bound else 200)


def _marked(request: HttpRequest, user: User) -> list[Lead]:
    given = request.POST.getlist("lead") if request.method == "POST" else request.GET.getlist("lead")
    ids = [found for text in given if (found := id_in(text)) is not None][:MOST]
    return list(leads_for(user).filter(pk__in=ids))
