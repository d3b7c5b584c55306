"""当场处罚: the one form a handler fills on the spot, and handing its papers in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions import on_spot
from cases.models import Case
from cases.pages import outcome_articles as articles
from cases.pages.answering import answer_row, done, now, verb_page
from cases.pages.forms.outcomes import HandInForm, SpotForm
from cases.states import matter as states
from clues.queries import lead_for
from core.errors import NotPermitted
from core.pages import Crumb, Fact, form_from, get_or_post, id_in, of_today
from core.templatetags.words import day, moment


@get_or_post
def decide_on_spot(request: HttpRequest) -> HttpResponse:
    """``?lead=`` takes over what a lead in hand says of the party.

    :raises NotFound, NotPermitted:
    """
    actor, at = now(request)
    if not any(post.role in states.DECIDE_ON_SPOT.roles for post in actor.active_posts):
        raise NotPermitted(
            _("当场处罚由办案人员办理（%(basis)s）。您没有这项职责。") % {"basis": states.DECIDE_ON_SPOT.basis},
            code="not_permitted",
        )

    def act(values: dict[str, Any]) -> tuple[str, str]:
        case = on_spot.decide_on_spot(**values, actor=actor, at=at)
        return done(case, _("已当场作出处罚决定，文号 {number}。").format(number=case.decision_number))

    form = form_from(request, SpotForm, user=actor, now=at, lead=_said_by(actor, request.GET.get("lead", "")))
    crumbs = [Crumb(_("案件列表"), reverse("case_list"))]
    return answer_row(request, states.DECIDE_ON_SPOT, form, act, crumbs=crumbs, quote=articles.ON_SPOT)


def _said_by(actor: User, lead_id: str) -> dict[str, Any]:
    """What the lead already says; nothing without a lead."""
    if (known := id_in(lead_id)) is None:
        return {}
    lead = lead_for(actor, known)
    return {
        "lead_id": lead.pk, "party_name": lead.party_name, "party_code": lead.party_code, "address": lead.address,
        "place": lead.address,
    }  # fmt: skip


hand_in = verb_page(
    states.HAND_IN, HandInForm, on_spot.hand_in, lambda _case: _("已登记材料交局归档。"), quote=articles.HAND_IN,
    takes=of_today,
)  # fmt: skip


def spot_facts(case: Case) -> list[Fact]:
    """What was found and said on the spot; one statement."""
    spot = case.spot_decision
    return [
        Fact(_("当场处罚"), moment(spot.decided_at), spot.place),
        Fact(_("违法事实和证据"), spot.facts, is_long=True),
        Fact(_("法律依据"), spot.basis, is_long=True),
        Fact(_("陈述和申辩"), spot.said or _("当事人没有提出"), is_long=True),
        *([Fact(_("签收"), _("当事人拒绝签收，已在决定书上注明"))] if spot.is_unsigned else []),
        Fact(_("材料交局"), day(case.handed_in_on) if case.handed_in_on else _("尚未交局")),
    ]
