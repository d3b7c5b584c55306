"""What is proposed, version by version, and what became of it: the section of the case page and its own page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from cases.models import Case, Proposal, ProposalApproval
from cases.pages.answering import crumbs_to, now
from cases.pages.forms.decision import tier_words
from cases.pages.sections import Section
from cases.queries.decision import defences_of, newest_with_approval, proposals_of
from cases.queries.matter import case_for, knows_of_none
from cases.states.decision import PenaltyKind
from cases.states.matter import Outcome
from core.pages import Crumb, Fact
from core.templatetags.words import money, yuan_upper

MOST = 20


@dataclass(frozen=True)
class Change:
    """What one field of a proposal was and has become, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Version:
    """A proposal with its facts, what it changed of the version before, and every approval it got."""

    row: Proposal
    facts: list[Fact]
    changes: list[Change]
    approvals: list[ProposalApproval]


@require_safe
def proposals_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """Every version with what it changed, who approved it and what the party said.

    :raises NotFound:
    """
    user, _at = now(request)
    case = case_for(user, case_id)
    context: dict[str, Any] = {
        "case": case,
        "crumbs": crumbs_to(case, Crumb(_("处理意见"))),
        "versions": versions_of(case),
        "defences": defences_of(case),
    }
    return render(request, "cases/proposals_page.html", context)


def versions_of(case: Case) -> list[Version]:
    """Newest first."""
    rows = list(proposals_of(case))
    given: dict[int, list[ProposalApproval]] = {}
    for approval in case.proposal_approvals.select_related("approved_by", "voided_by").order_by("id"):
        given.setdefault(approval.proposal_id, []).append(approval)
    return [
        Version(row, facts_of(row), changes_between(before, row), given.get(row.pk, []))
        for row, before in zip(rows, [*rows, None][1:], strict=True)
    ]


def proposed(case: Case) -> Mapping[str, Any]:
    """What ``cases/proposed.html`` shows to whoever judges the proposal that stands."""
    return {"case": case, "version": next(iter(versions_of(case)), None)}


def section(user: User, case: Case) -> Section | None:
    """处理意见 with the newest version and the last statements of the party, once there is a version."""
    proposal = None if knows_of_none(case, "has_proposals") else newest_with_approval(case)
    if proposal is None:
        return None
    given = {
        "proposal": proposal,
        "facts": facts_of(proposal),
        "defences": [] if knows_of_none(case, "has_defences") else list(defences_of(case)[:MOST]),
    }
    return Section(
        "proposal", _("处理意见"), "cases/proposal.html", given, url=reverse("case_proposals", args=[case.pk])
    )


def facts_of(proposal: Proposal) -> list[Fact]:
    return [Fact(label, value, is_long=is_long) for label, value, is_long in _told(proposal) if value]


def changes_between(before: Proposal | None, after: Proposal) -> list[Change]:
    """Field by field; nothing for a first version."""
    if before is None:
        return []
    pairs = zip(_told(before), _told(after), strict=True)
    return [Change(label, old, new) for (label, old, _long), (_label, new, _also) in pairs if old != new]


def _told(proposal: Proposal) -> Sequence[tuple[str, str, bool]]:
    """Label, words, and whether they are long; the same labels in the same order for every version."""
    kinds = _("、").join(str(PenaltyKind(kind).label) for kind in proposal.penalties)
    is_penalty = proposal.outcome == Outcome.PENALTY
    return (
        (_("处理意见"), str(proposal.get_outcome_display()), False),
        (_("处罚种类"), kinds, False),
        (_("罚款"), _sum(proposal.fine) if proposal.fine else "", False),
        (_("没收违法所得"), _sum(proposal.confiscated) if proposal.confiscated else "", False),
        (_("没收非法财物价值"), _sum(proposal.goods_value) if proposal.goods_value else "", False),
        (_("处罚内容"), proposal.content, True),
        (_("当事人类型"), str(proposal.get_party_kind_display()), False),
        (_("听证权利"), (_("告知") if proposal.hearing_right else _("不属于听证范围")) if is_penalty else "", False),
        (_("违法事实和证据"), proposal.facts, True),
        (_("法律依据"), proposal.basis, True),
        (_("裁量档次"), _tier(proposal), False),
        (_("裁量基数"), _sum(proposal.base_amount) if proposal.base_amount is not None else "", False),
        (_("裁量理由"), proposal.discretion_reason, True),
        (_("偏离裁量基准的理由"), proposal.deviation_reason, True),
    )


def _tier(proposal: Proposal) -> str:
    tier = proposal.tier
    if tier is None:
        return ""
    return _("{standard}，{tier}").format(standard=tier.standard.title, tier=tier_words(tier))


def _sum(amount: Any) -> str:
    return _("{amount} 元（大写：{words}）").format(amount=money(amount), words=yuan_upper(amount))
