"""The forms from the proposal to the decision."""

from collections.abc import Sequence
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cases.actions import decision, defence, proposal
from cases.models import Case, DiscretionStandard, DiscretionTier
from cases.pages import articles
from cases.pages.answering import answer, begin, now, today, verb_page
from cases.pages.forms.decision import ApproveNoticeForm, DecideForm, DefenceForm, ProposeForm, ReviseForm, range_words
from cases.pages.proposals import facts_of, proposed
from cases.queries.decision import current_proposal, defences_of
from cases.queries.discretion import like_cases, tiers_for
from cases.queries.measures import held_items
from cases.states import matter as states
from core.pages import form_from, get_or_post, of_today

MOST_HELD = 50


@get_or_post
def propose(request: HttpRequest, case_id: int) -> HttpResponse:
    """A new version, with what the standards of discretion say and what like cases came to beside it."""
    case, clocks = begin(request, case_id, states.PROPOSE)
    user, _at = now(request)
    tiers = tiers_for(case, today())
    form = form_from(request, ProposeForm, case=case, before=current_proposal(case), tiers=tiers)

    def said(after: Case) -> str:
        made = current_proposal(after)
        return _("已拟定处理意见第 {version} 版。").format(version=made.version if made else "")

    return answer(
        request, case, clocks, states.PROPOSE, form, proposal.propose, said, quote=articles.PROPOSE,
        template="cases/propose.html", extra={"standards": _standards(tiers), "like_cases": like_cases(user, case, today())},
    )  # fmt: skip


def _standards(tiers: Sequence[DiscretionTier]) -> list[tuple[DiscretionStandard, list[tuple[DiscretionTier, str]]]]:
    """Each standard with its tiers and their ranges in words."""
    return [
        (standard, [(tier, range_words(tier)) for tier in members])
        for standard, members in groupby(tiers, key=lambda tier: tier.standard)
    ]


@get_or_post
def approve_notice(request: HttpRequest, case_id: int) -> HttpResponse:
    """What is approved, and what it changed of the version before."""
    case, clocks = begin(request, case_id, states.APPROVE_NOTICE)
    shown = proposed(case)
    form = form_from(request, ApproveNoticeForm, proposal=shown["version"] and shown["version"].row)
    return answer(
        request, case, clocks, states.APPROVE_NOTICE, form, proposal.approve_notice,
        lambda _case: _("已批准告知，下一步由办案人员送达行政处罚告知书。"), quote=articles.APPROVE_NOTICE,
        template="cases/proposed.html", extra=shown,
    )  # fmt: skip


revise = verb_page(
    states.REVISE, ReviseForm, proposal.revise_proposal, lambda _case: _("案件已回到调查中，请重新拟定处理意见。"),
    quote=articles.REVISE,
)  # fmt: skip
record_defence = verb_page(
    states.RECORD_DEFENCE, DefenceForm, defence.record_defence, lambda _case: _("已登记陈述申辩及复核意见。"),
    quote=articles.DECIDE, takes=of_today,
)  # fmt: skip


@get_or_post
def decide(request: HttpRequest, case_id: int) -> HttpResponse:
    """The decision, filled in from what the party was told."""
    case, clocks = begin(request, case_id, states.DECIDE)
    told = case.notified_proposal
    form = form_from(request, DecideForm, told=told, defences=list(defences_of(case)))
    return answer(
        request, case, clocks, states.DECIDE, form, decision.decide_case,
        lambda after: _("已作出行政处罚决定，文号 {number}。").format(number=after.decision_number),
        quote=articles.DECIDE, template="cases/decide.html",
        extra={"facts": facts_of(told) if told else [], "held": list(held_items(case)[:MOST_HELD])},
    )  # fmt: skip
