"""Who may take part in a case and how it was reviewed: declarations, withdrawal, rounds of review."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.queries import know_posts
from cases.actions import duties, recusal, review
from cases.models import Case, Recusal, Review
from cases.pages import articles
from cases.pages.answering import answer, crumbs_to, now, of_case_today, verb_page
from cases.pages.forms.duties import (
    AskRecusalForm,
    DeclareForm,
    ExtendReviewForm,
    GrantRecusalForm,
    RefuseRecusalForm,
)
from cases.pages.sections import PAGE, Section
from cases.policies import may_move
from cases.queries.duties import (
    barred_officer,
    declarations_of,
    may_decide_recusal,
    rank_for,
    recusal_of,
    recusals_of,
    require_recusal_decider,
    reviews_of,
)
from cases.queries.matter import case_for
from cases.states import matter as states
from cases.states.duties import (
    ASK_RECUSAL,
    GRANT_RECUSAL,
    REFUSE_RECUSAL,
    RecusalRank,
    RecusalState,
    ReviewGround,
    ReviewHead,
)
from core.forms import VerbForm
from core.pages import Crumb, form_from, get_or_post
from core.paging import page_behind
from core.transitions import Transition

MOST = 20


declare = verb_page(
    states.DECLARE, DeclareForm, duties.declare, lambda _case: _("声明已记入案卷。"), quote=articles.RECUSAL
)
ask_recusal = verb_page(
    ASK_RECUSAL, AskRecusalForm, duties.ask_recusal,
    lambda _case: _("已登记回避申请，报负责人决定；决定之前不停止调查。"), quote=articles.ASK_RECUSAL,
    takes=of_case_today,
)  # fmt: skip
extend_review = verb_page(
    states.EXTEND_REVIEW, ExtendReviewForm, review.extend_review, lambda _case: _("已批准延长审核期限。"),
    quote=articles.EXTEND_REVIEW,
)  # fmt: skip


def _decision(
    row: Transition, form: type[VerbForm], verb: Callable[..., Case], said: Callable[[User], str]
) -> Callable[[HttpRequest, int, int], HttpResponse]:
    """The page on which a question of withdrawal is decided; ``said`` of whom it was about."""

    @get_or_post
    def page(request: HttpRequest, case_id: int, recusal_id: int) -> HttpResponse:
        user, _at = now(request)
        case = case_for(user, case_id)
        asked = recusal_of(case, recusal_id)
        require_recusal_decider(user, case, asked)
        return answer(
            request, case, [], row, form_from(request, form, case=case, recusal=asked),
            partial(verb, recusal_id=recusal_id), lambda _case: said(asked.person), quote=articles.RECUSAL,
        )  # fmt: skip

    return page


grant_recusal = _decision(
    GRANT_RECUSAL, GrantRecusalForm, recusal.grant_recusal,
    lambda person: _("已决定{name}回避本案。").format(name=person.name),
)  # fmt: skip
refuse_recusal = _decision(
    REFUSE_RECUSAL, RefuseRecusalForm, recusal.refuse_recusal,
    lambda person: _("已决定{name}不需要回避。").format(name=person.name),
)  # fmt: skip


@require_safe
def duties_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """Every declaration, question of withdrawal and round of review, each list with its own place in the address.

    :raises NotFound: :raises Invalid: ``invalid_cursor``.
    """
    user, _at = now(request)
    case = case_for(user, case_id)
    recusals = page_behind(recusals_of(case), ("-id",), request.GET.get("recusals", ""), PAGE)
    reviews = page_behind(reviews_of(case), ("-round", "-id"), request.GET.get("reviews", ""), PAGE)
    context: dict[str, Any] = {
        "case": case,
        "crumbs": crumbs_to(case, Crumb(_("回避与审核"))),
        "declarations": page_behind(declarations_of(case), ("-id",), request.GET.get("declarations", ""), PAGE),
        "recusals": recusals,
        "reviews": reviews,
        "given": _given(user, case, recusals.rows, reviews.rows),
    }
    return render(request, "cases/duties_page.html", context)


def section(user: User, case: Case) -> Section | None:
    """回避与审核, once somebody declared, asked or reviewed."""
    recusals = list(recusals_of(case)[:MOST]) if case.known_recusals else []
    reviews = list(reviews_of(case)[:MOST]) if case.reviewer_id else []  # named with the first round
    if not recusals and not reviews:
        return None
    given = _given(user, case, recusals, reviews)
    return Section("duties", _("回避与审核"), "cases/duties.html", given, url=reverse("case_duties", args=[case.pk]))


def _given(user: User, case: Case, recusals: Sequence[Recusal], reviews: Sequence[Review]) -> dict[str, Any]:
    know_posts(each.person for each in recusals if not each.rank)
    return {
        "barred": barred_officer(case),
        "recusals": [_told(user, case, each) for each in recusals],
        "reviews": [_round(each) for each in reviews],
        "ask_url": reverse("case_ask_recusal", args=[case.pk]) if _may_ask(user, case) else "",
    }


def _may_ask(user: User, case: Case) -> bool:
    return ASK_RECUSAL.starts_from(case.state) and may_move(user, case, ASK_RECUSAL)


def _told(user: User, case: Case, each: Recusal) -> dict[str, Any]:
    is_open = each.state == RecusalState.PENDING
    rank = RecusalRank(each.rank) if each.rank else rank_for(each.person, case.authority)
    may = is_open and may_decide_recusal(user, case, each)
    urls = [reverse(f"case_{row.name}", args=[case.pk, each.pk]) for row in (GRANT_RECUSAL, REFUSE_RECUSAL)]
    return {"row": each, "rank": rank.label, "is_open": is_open, "urls": urls if may else []}


def _round(each: Review) -> dict[str, Any]:
    return {
        "row": each,
        "grounds": [ReviewGround(ground).label for ground in each.grounds],
        "objections": [(ReviewHead(head["head"]).label, head["note"]) for head in each.heads if head["note"]],
    }
