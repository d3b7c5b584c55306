"""Registering a lead: first the channel, then the form of exactly this channel."""

from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries import office_named
from accounts.roles import Role
from clues import states
from clues.actions import intake
from clues.actions.placing import place
from clues.actions.received import Intake
from clues.channels import FACTS
from clues.pages import articles
from clues.pages.answering import done, now_of
from clues.pages.forms.intake import form_for
from clues.pages.merging import likely_on_entry
from clues.states import Channel
from core.errors import Invalid, NotPermitted
from core.forms import MoneyField
from core.pages import Crumb, VerbPage, answer_verb, form_from, get_or_post, id_in
from core.transitions import Transition
from deadlines.actions.clocks import local_day
from routing.queries import route


@get_or_post
def log(request: HttpRequest) -> HttpResponse:
    """``?channel=`` names the channel; without one it is chosen first."""
    actor, at = now_of(request)
    if not actor.has_role(*states.LOG.roles):
        raise NotPermitted(
            _("登记线索须由{who}办理（{basis}）。您没有这项职责。").format(
                who=_roles_of(states.LOG), basis=states.LOG.basis
            ),
            code="not_permitted",
        )
    crumbs = [Crumb(_("线索列表"), reverse("lead_list"))]
    here = reverse("lead_new")
    channel = request.GET.get("channel", "")
    if channel not in Channel.values:
        return render(request, "clues/channels.html", {"crumbs": crumbs, "here": here, "rows": _channels()})
    likely: dict[str, Any] = {}
    page = VerbPage(
        title=_("登记{channel}").format(channel=Channel(channel).label),
        submit=_("登记"),
        back_url=here,
        basis=states.COMPLAINT_RULES if channel == Channel.COMPLAINT else states.RULES,
        quote=articles.ACCEPT if channel == Channel.COMPLAINT else articles.VERIFY,
        crumbs=[*crumbs, Crumb(_("登记线索"), here)],
        extra=likely,
    )

    def act(values: dict[str, Any]) -> str:
        into = request.POST.get("merge_into", "")
        if not into and "checked" not in request.POST:
            likely.update(likely_on_entry(actor, values))
        if likely:
            raise Invalid(
                _("可能已经登记过同一事项，请核对下面列出的线索：不是同一件的，勾选“已核对”后再登记；是同一件的，选择并入。"),
                code="likely_the_same", field="checked",
            )  # fmt: skip
        lead = intake.log_lead(**values, actor=actor, at=at)
        here = done(request, lead, _("已登记线索 {number}。").format(number=lead.number))
        return f"{reverse('lead_merge', args=[lead.pk])}?{urlencode({'original': into})}" if into else here

    placing = _placing(request, channel, actor, at) if "refresh" in request.POST else ""
    form = form_from(request, form_for(channel), user=actor, today=timezone.localdate(at), placing=placing)
    return answer_verb(request, form, page, act, "clues/log_page.html")


def _channels() -> list[tuple[Channel, str]]:
    """Each channel with what it asks for besides what every lead has."""
    return [(each, _("、").join(str(fact.label) for fact in FACTS[each] if fact.is_required)) for each in Channel]


def _placing(request: HttpRequest, channel: str, actor: User, at: datetime) -> str:
    """Which office would get what has been typed, and by which rule."""
    typed, today = request.POST, local_day(at)
    try:
        amount = MoneyField(required=False).clean(typed.get("amount", ""))
        asked = Intake(
            channel, today, "", "", category=typed.get("category", ""), region_code=typed.get("region_code", ""),
            amount=amount, flags=typed.getlist("flags"),
        )  # fmt: skip
        chosen = id_in(typed.get("office", ""))
        named = office_named(chosen) if chosen is not None else None
        placed = place(asked, actor, named, "…", partial(route, on=today))
    except (Invalid, ValidationError) as refusal:
        return refusal.detail if isinstance(refusal, Invalid) else "".join(refusal.messages)
    if placed.route is None:
        return _("没有权力划分的规则可以参照，由您选择的{office}承办。").format(office=placed.office.name)
    words = _("{rule}应由{office}承办。").format(rule=placed.route.reason, office=placed.route.office.name)
    if not placed.is_elsewhere:
        return words
    if named is None:
        return words + _("您的岗位不在该机构，登记后先由{own}承办，请随即移交。").format(own=placed.office.name)
    return words + _("您选择了{named}，请在下面写明理由。").format(named=named.name)


def _roles_of(row: Transition) -> str:
    return _("、").join(str(role.label) for role in Role if role in row.roles)
