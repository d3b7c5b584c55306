"""Disputes over whose a lead is: the list of one's own, one dispute, the forms, and the section on the lead's page."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.queries import who_may
from clues import states
from clues.actions import disputes
from clues.models import Dispute, Lead
from clues.pages.answering import now_of, of_lead, verb_page
from clues.pages.forms import disputes as forms
from clues.pages.progress import short_basis
from clues.policies import may_see
from clues.queries import dispute_for, disputes_for, disputes_of, legal_settlements, require_settlement
from clues.states import DisputeState
from core.forms import VerbForm
from core.pages import (
    Crumb,
    Fact,
    HistoryLine,
    NextStep,
    Stage,
    Step,
    VerbPage,
    answer_verb,
    form_from,
    get_or_post,
    steps_in_order,
)
from core.paging import page_behind
from core.templatetags.words import day, moment
from core.transitions import Transition
from deadlines.models import Clock
from deadlines.queries import clocks_of
from routing.queries import region_name

CLOCKS = (*disputes.NEGOTIATION, disputes.DESIGNATION)
VERBS: dict[str, Callable[..., Dispute]] = {
    states.SETTLE_DISPUTE.name: disputes.settle_dispute,
    states.ESCALATE_DISPUTE.name: disputes.escalate_dispute,
    states.DESIGNATE.name: disputes.designate_office,
}


@dataclass(frozen=True)
class DisputeLine:
    """One dispute as lists show it, with the periods it runs under and who must act."""

    dispute: Dispute
    clocks: Sequence[Clock]
    waiting: str


@require_safe
def dispute_list(request: HttpRequest) -> HttpResponse:
    user, _now = now_of(request)
    show = "all" if request.GET.get("show") == "all" else "open"
    found = disputes_for(user) if show == "all" else disputes_for(user).filter(settled_at__isnull=True)
    page = page_behind(found, ("-id",), request.GET.get("after", ""))
    context = {"page": page, "rows": [(row, waiting_for(row)) for row in page.rows], "show": show}
    return render(request, "clues/dispute_list.html", context)


@require_safe
def dispute_page(request: HttpRequest, dispute_id: int) -> HttpResponse:
    """:raises NotFound:"""
    user, _now = now_of(request)
    dispute = dispute_for(user, dispute_id)
    context: dict[str, Any] = {
        "dispute": dispute,
        "crumbs": [*_crumbs(), Crumb(dispute.lead.number)],
        "steps": _steps(dispute),
        "clocks": _clocks(dispute, clocks_of("lead", dispute.lead_id)),
        "facts": _facts(dispute),
        "lead_facts": _lead_facts(user, dispute.lead),
        "next_steps": _next_steps(user, dispute),
        "waiting": waiting_for(dispute),
        "history": _history(dispute),
    }
    return render(request, "clues/dispute_page.html", context)


raise_dispute = verb_page(
    states.RAISE_DISPUTE, forms.RaiseForm, disputes.raise_dispute,
    lambda _lead: _("已提出权限争议，线索仍由您单位办理。"), takes=of_lead,
)  # fmt: skip


@get_or_post
def settle(request: HttpRequest, dispute_id: int) -> HttpResponse:
    user, dispute = _begin(request, dispute_id, states.SETTLE_DISPUTE)
    form = form_from(request, forms.SettleForm, user=user, dispute=dispute)
    return _answer(request, dispute, states.SETTLE_DISPUTE, form)


@get_or_post
def escalate(request: HttpRequest, dispute_id: int) -> HttpResponse:
    _user, dispute = _begin(request, dispute_id, states.ESCALATE_DISPUTE)
    return _answer(request, dispute, states.ESCALATE_DISPUTE, form_from(request, forms.EscalateForm))


@get_or_post
def designate(request: HttpRequest, dispute_id: int) -> HttpResponse:
    _user, dispute = _begin(request, dispute_id, states.DESIGNATE)
    return _answer(request, dispute, states.DESIGNATE, form_from(request, forms.DesignateForm, dispute=dispute))


def disputes_on(lead: Lead, clocks: Sequence[Clock]) -> list[DisputeLine]:
    """What the page of a lead says of its disputes, newest first."""
    return [DisputeLine(each, _clocks(each, clocks), waiting_for(each)) for each in disputes_of(lead)]


def waiting_for(dispute: Dispute) -> str:
    """Who must act, in a sentence; '' when it is over."""
    if dispute.state == DisputeState.NEGOTIATING:
        return _("等待{one}与{other}协商，协商不成的报请{superior}指定。").format(
            one=dispute.office.name, other=dispute.claimed_office.name, superior=dispute.superior.name
        )
    if dispute.state == DisputeState.ESCALATED:
        return _("等待{who}指定承办机构。").format(who=who_may(dispute.superior, states.DESIGNATE.roles))
    return ""


def _begin(request: HttpRequest, dispute_id: int, row: Transition) -> tuple[User, Dispute]:
    user, _now = now_of(request)
    dispute = dispute_for(user, dispute_id)
    require_settlement(user, dispute, row)
    return user, dispute


def _answer(request: HttpRequest, dispute: Dispute, row: Transition, form: VerbForm) -> HttpResponse:
    actor, at = now_of(request)
    here = reverse("dispute_page", args=[dispute.pk])
    page = VerbPage(
        title=str(row.label), submit=str(row.label), back_url=here, subject=dispute.lead.label, basis=short_basis(row),
        crumbs=[*_crumbs(), Crumb(dispute.lead.number, here)],
    )  # fmt: skip

    def act(values: dict[str, Any]) -> str:
        after = VERBS[row.name](dispute_id=dispute.pk, **values, actor=actor, at=at)
        office = after.settled_office
        told = (
            _("{state}：由{office}承办。").format(state=after.get_state_display(), office=office.name) if office else ""
        )
        messages.success(request, told or waiting_for(after))
        return here

    return answer_verb(request, form, page, act)


def _crumbs() -> list[Crumb]:
    return [Crumb(_("线索列表"), reverse("lead_list")), Crumb(_("权限争议"), reverse("dispute_list"))]


def _clocks(dispute: Dispute, clocks: Iterable[Clock]) -> list[Clock]:
    """The periods of this dispute among the lead's."""
    return [
        clock
        for clock in clocks
        if clock.rule in CLOCKS
        and clock.started_at >= dispute.raised_at
        and (dispute.settled_at is None or clock.started_at <= dispute.settled_at)
    ]


def _steps(dispute: Dispute) -> list[Step]:
    """Raised, negotiated, designated where it came to that."""
    over = not dispute.is_open
    way: list[tuple[str, Transition, datetime | None]] = [(_("提出争议"), states.RAISE_DISPUTE, dispute.raised_at)]
    if dispute.state != DisputeState.DESIGNATED or dispute.escalated_at:
        done = dispute.escalated_at or dispute.settled_at
        way.append((_("协商"), states.SETTLE_DISPUTE, done))
    if dispute.state != DisputeState.AGREED:
        way.append((_("指定承办机构"), states.DESIGNATE, dispute.settled_at))
    current = len(way) if over else next(n for n, (_label, _row, at) in enumerate(way) if at is None)
    return [
        Step(
            label, Stage.DONE if n < current else Stage.CURRENT if n == current else Stage.AHEAD, short_basis(row),
            timezone.localdate(at) if at and n < current else None,
        )
        for n, (label, row, at) in enumerate(way)
    ]  # fmt: skip


def _facts(dispute: Dispute) -> list[Fact]:
    facts = [
        Fact(_("提出争议的机构"), dispute.office.name),
        Fact(_("认为应当承办的机构"), dispute.claimed_office.name),
        Fact(_("共同的上一级"), dispute.superior.name),
        Fact(_("提出时间"), moment(dispute.raised_at)),
        Fact(_("争议的事实和理由"), dispute.reason, is_long=True),
    ]
    if dispute.settled_office:
        facts.append(Fact(_("结果"), _("由{office}承办").format(office=dispute.settled_office.name)))
        facts.append(Fact(_("意见"), dispute.opinion, is_long=True))
    return facts


def _lead_facts(user: User, lead: Lead) -> list[Fact]:
    """What the other side needs to know of a lead it cannot open."""
    url = reverse("lead_page", args=[lead.pk]) if may_see(user, lead) else ""
    return [
        Fact(_("线索编号"), lead.number, url=url),
        Fact(_("来源渠道"), lead.get_channel_display()),
        Fact(_("收到材料之日"), day(lead.received_on)),
        Fact(_("行政区划"), region_name(lead.region_code)),
        Fact(_("地址"), lead.address),
        Fact(_("线索内容"), lead.summary, is_long=True),
    ]


def _next_steps(user: User, dispute: Dispute) -> list[NextStep]:
    legal = legal_settlements(user, dispute)
    return steps_in_order([
        NextStep(
            label=str(row.label),
            url=reverse(f"dispute_{row.name.removesuffix('_dispute')}", args=[dispute.pk]) if row in legal else "",
            who="" if row in legal else _who_may(dispute, row),
            basis=short_basis(row),
            is_primary=row is (states.SETTLE_DISPUTE if dispute.state == DisputeState.NEGOTIATING else states.DESIGNATE),
        )
        for row in states.DISPUTE_TABLE
        if row.starts_from(dispute.state)
    ])  # fmt: skip


def _who_may(dispute: Dispute, row: Transition) -> str:
    if row is states.DESIGNATE:
        return who_may(dispute.superior, row.roles)
    return _("或者").join(who_may(office, row.roles) for office in (dispute.office, dispute.claimed_office))


def _history(dispute: Dispute) -> list[HistoryLine]:
    """From the dispute itself: the other side does not see the history of the lead."""
    said = _("认为应当由{office}承办").format(office=dispute.claimed_office.name)
    lines = [HistoryLine(dispute.raised_at, dispute.raised_by.name, said, dispute.reason)]
    if dispute.escalated_at:
        told = _("报请{office}指定").format(office=dispute.superior.name)
        lines.append(HistoryLine(dispute.escalated_at, "", told))
    if dispute.settled_at and dispute.settled_by and dispute.settled_office:
        ended = _("{what}：由{office}承办").format(what=dispute.get_state_display(), office=dispute.settled_office.name)
        lines.append(HistoryLine(dispute.settled_at, dispute.settled_by.name, ended, dispute.opinion))
    return lines[::-1]
