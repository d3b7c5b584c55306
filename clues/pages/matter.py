"""The page of one lead: everything about it and everything that can be done with it."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from clues.actions.papers import DESK
from clues.materials import materials_of
from clues.models import Lead
from clues.pages.complaints import complaint_facts
from clues.pages.disputes import disputes_on
from clues.pages.files import may_attach
from clues.pages.history import history_of
from clues.pages.merging import likely_on, merged_on
from clues.pages.progress import next_steps, steps_of, waiting_for
from clues.pages.sources import linked_on, place_facts, placed_on, source_facts, told_on
from clues.queries import lead_for, moves_of
from clues.states import VERIFICATION_STATES, DeclineGround, LeadState, Proposal
from clues.uscc import doubt_about
from core.pages import Crumb, Fact
from core.templatetags.words import day, moment
from deadlines.queries import clocks_of
from documents.pages.papers import papers_on


@require_safe
def lead_page(request: HttpRequest, lead_id: int) -> HttpResponse:
    """:raises NotFound:"""
    assert isinstance(request.user, User)  # noqa: S101 - the log-in middleware lets nobody else through
    lead = lead_for(request.user, lead_id)
    clocks = list(clocks_of("lead", lead.pk).prefetch_related("moves"))
    moves = list(moves_of(lead))
    context: dict[str, Any] = {
        "matter": lead,
        "crumbs": [Crumb(_("线索列表"), reverse("lead_list")), Crumb(lead.number)],
        "code_doubt": doubt_about(lead.party_code) if lead.has_party_code_doubt else None,
        "steps": steps_of(lead, moves),
        "next_steps": next_steps(request.user, lead, clocks),
        "waiting": waiting_for(request.user, lead),
        "clocks": clocks,
        "summary": _summary(lead),
        "party": _party(lead),
        "placing": placed_on(lead),
        "linked": linked_on(request.user, lead),
        **told_on(request.user, lead),
        "complaint": complaint_facts(lead, clocks),
        "disputes": disputes_on(lead, clocks),
        "is_verifying": lead.state in VERIFICATION_STATES,
        "materials": materials_of(lead),
        "may_attach": may_attach(request.user, lead),
        "made": papers_on(DESK, request.user, lead),
        "findings": _findings(lead, timezone.localdate()),
        **likely_on(request.user, lead),
        **merged_on(request.user, lead),
        "history": history_of(moves, clocks),
        "is_filed": lead.state == LeadState.FILED,
    }
    return render(request, "clues/lead_page.html", context)


def _summary(lead: Lead) -> list[Fact]:
    return [
        Fact(_("来源渠道"), lead.get_channel_display()),
        Fact(_("收到材料之日"), day(lead.received_on)),
        Fact(_("承办机构"), lead.office.name),
        Fact(_("承办人"), lead.owner.name, note=_holding(lead)),
        Fact(_("登记时间"), f"{timezone.localtime(lead.created_at):%Y-%m-%d %H:%M}"),
        *place_facts(lead),
        *source_facts(lead),
        Fact(_("线索内容"), lead.summary, is_long=True),
    ]


def _holding(lead: Lead) -> str:
    """Since when the owner has it in hand, or that the signature is missing."""
    if lead.state == LeadState.ASSIGNED:
        return _("待签收")
    return _("{at} 签收").format(at=moment(lead.signed_at)) if lead.signed_at else ""


def _party(lead: Lead) -> list[Fact]:
    note = _("校验位有疑问，请核对（仅提示）") if lead.has_party_code_doubt else ""
    return [
        Fact(_("名称"), lead.party_name),
        Fact(_("统一社会信用代码"), lead.party_code, note=note),
        Fact(_("地址"), lead.address),
    ]


def _findings(lead: Lead, today: date) -> list[Fact]:
    """What verification found and what was decided; empty before anything was handed in, and for complaints."""
    if lead.is_complaint:
        return []
    facts = []
    if lead.findings:
        facts.append(Fact(_("核查情况"), lead.findings, is_long=True))
    if lead.proposal:
        facts.append(Fact(_("处理建议"), Proposal(lead.proposal).label))
    if lead.decided_on:
        facts.append(Fact(_("处理决定"), lead.get_state_display()))
        facts.append(Fact(_("决定日期"), day(lead.decided_on)))
    if lead.decline_ground:
        facts.append(Fact(_("不予立案理由"), DeclineGround(lead.decline_ground).label, is_long=True))
    if lead.decline_item_text:
        facts.append(Fact(_("免罚清单事项"), lead.decline_item_text, is_long=True))
    if lead.transferred_to:
        facts.append(Fact(_("移送给"), lead.transferred_to))
        facts.append(_receipt(lead, today))
    if lead.outcome_told_on:
        facts.append(Fact(_("结果反馈日期"), day(lead.outcome_told_on)))
    return facts


def _receipt(lead: Lead, today: date) -> Fact:
    """The receipt, or how long it has been missing; no rule says by when it must come."""
    if lead.receipt_on:
        return Fact(_("移送回执"), _("{no}，{day}").format(no=lead.receipt_no, day=day(lead.receipt_on)))
    assert lead.decided_on is not None  # noqa: S101 - a constraint: a transferred lead has been decided
    waited = (today - lead.decided_on).days
    return Fact(
        _("移送回执"), _("回执未收到，已 {n} 天").format(n=waited), note=_("接收部门何时回执没有统一的法定期限")
    )
