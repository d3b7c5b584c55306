"""The page of one case: everything about it and everything that can be done with it."""

from collections.abc import Callable
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from cases.models import Case
from cases.pages import (
    approvals,
    casefile,
    duties,
    evidence,
    hearing,
    measures,
    money,
    outcomes,
    papers,
    proposals,
    service,
)
from cases.pages.answering import crumbs_to, now
from cases.pages.history import history_of
from cases.pages.progress import next_steps, steps_of, waiting_for
from cases.pages.sections import Section
from cases.queries.matter import case_for, move_days, moves_of, newest_moves
from cases.states.matter import FilingCondition, Outcome
from clues.uscc import doubt_about
from core.pages import Crumb, Fact
from core.paging import page_behind
from core.templatetags.words import day
from core.templatetags.words import money as yuan
from deadlines.queries import clocks_of
from documents.pages.serving import served
from documents.queries.files import file_of
from routing.categories import category_tree
from routing.queries import region_name

SHOWN_MOVES = 40
# What the page shows besides, one subject each: at most two statements, at most twenty rows, the rest on a page of its own.
SECTIONS: tuple[Callable[[User, Case], Section | None], ...] = (
    duties.section,
    approvals.section,
    proposals.section,
    papers.section,
    service.section,
    money.section,
    evidence.section,
    measures.section,
    hearing.section,
    outcomes.section,
    casefile.section,
)


@require_safe
def case_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """:raises NotFound:"""
    user, at = now(request)
    case = case_for(user, case_id)
    clocks = list(clocks_of("case", case.pk).prefetch_related("moves"))
    moves = newest_moves(case, SHOWN_MOVES + 1)
    context: dict[str, Any] = {
        "matter": case,
        "crumbs": [Crumb(_("案件列表"), reverse("case_list")), Crumb(case.number)],
        "code_doubt": doubt_about(case.party_code) if case.party_code else None,
        "steps": steps_of(case, move_days(case)),
        "next_steps": next_steps(user, case, clocks, at),
        "waiting": waiting_for(user, case),
        "clocks": clocks,
        "summary": _summary(case),
        "party": _party(case),
        "source": _source(case),
        "investigation": _investigation(case),
        "papers": _papers(case),
        "sections": [section for part in SECTIONS if (section := part(user, case)) is not None],
        "history": history_of(moves, clocks)[:SHOWN_MOVES],
        "history_url": reverse("case_history", args=[case.pk]) if len(moves) > SHOWN_MOVES else "",
    }
    return render(request, "cases/case_page.html", context)


@require_safe
def history_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """The whole history of a case that has outgrown its page, newest first.

    :raises NotFound:
    """
    user, _at = now(request)
    case = case_for(user, case_id)
    page = page_behind(moves_of(case), ("-id",), request.GET.get("after", ""))
    clocks = list(clocks_of("case", case.pk).prefetch_related("moves"))
    history = history_of(page.rows[::-1], clocks)
    context = {"matter": case, "page": page, "history": history, "crumbs": crumbs_to(case)}
    return render(request, "cases/history.html", context)


@require_safe
def download(request: HttpRequest, case_id: int, file_id: int) -> FileResponse:
    """A file of the lead the case came from, through the gate of the case.

    :raises NotFound, WrongState:
    """
    user, _at = now(request)
    case = case_for(user, case_id)
    return served(file_of("lead", case.lead_id or 0, file_id), inline="inline" in request.GET)


def _summary(case: Case) -> list[Fact]:
    category = category_tree().get(case.category)
    return [
        Fact(_("案由"), case.cause),
        Fact(_("程序"), case.get_procedure_display()),
        *([Fact(_("处理结果"), case.get_outcome_display())] if case.outcome else []),
        Fact(_("立案日期"), day(case.filed_on)),
        Fact(_("办案机构"), case.office.name),
        Fact(_("处罚机关"), case.authority.name),
        Fact(_("主办人员"), case.owner.name),
        Fact(_("协办人员"), case.second_officer.name),
        *([Fact(_("审核人员"), case.reviewer.name)] if case.reviewer else []),
        Fact(_("事项类别"), category.name if category else case.category),
        Fact(_("行政区划"), region_name(case.region_code)),
        Fact(_("涉及金额"), _("{amount} 元").format(amount=yuan(case.amount)) if case.amount is not None else ""),
        *([Fact(_("结案日期"), day(case.closed_on))] if case.closed_on else []),
    ]


def _party(case: Case) -> list[Fact]:
    doubt = bool(case.party_code) and doubt_about(case.party_code) is not None
    note = _("校验位有疑问，请核对（仅提示）") if doubt else ""
    return [
        Fact(_("名称"), case.party_name),
        Fact(_("统一社会信用代码"), case.party_code, note=note),
        Fact(_("地址"), case.address),
    ]


def _source(case: Case) -> list[Fact]:
    """What the case has from its lead; who told, by code only."""
    lead = case.lead
    if lead is None:
        return []
    told = getattr(case, "told_code", None)
    conditions = [str(FilingCondition(each).label) for each in case.filing_conditions]
    return [
        Fact(_("线索"), lead.number, url=reverse("lead_page", args=[lead.pk])),
        Fact(_("来源渠道"), lead.get_channel_display()),
        Fact(_("收到材料之日"), day(lead.received_on)),
        *([Fact(_("举报人代号"), told)] if told else []),
        Fact(_("线索内容"), lead.summary, is_long=True),
        Fact(_("核查情况"), lead.findings, is_long=True),
        Fact(_("立案条件（第十九条第一款）"), "\n".join(conditions), is_long=True),
    ]


def _investigation(case: Case) -> list[Fact]:
    """The final report, the review and the defence, as far as they exist."""
    texts = (
        (_("调查终结报告"), case.conclusion), (_("审核意见"), case.review_opinion),
        (_("陈述申辩及复核意见"), case.defence),
    )  # fmt: skip
    return [Fact(label, text, is_long=True) for label, text in texts if text]


def _papers(case: Case) -> list[Fact]:
    """The numbered documents and their service, as far as they exist."""
    facts = []
    if case.notified_on:
        facts.append(Fact(_("行政处罚告知书"), _("{day}送达").format(day=day(case.notified_on))))
    if case.decided_on:
        is_penalty = case.outcome in ("", Outcome.PENALTY)
        label = _("处罚决定书文号") if is_penalty else _("不予行政处罚决定书文号")
        facts.append(Fact(label, case.decision_number))
        facts.append(Fact(_("决定日期"), day(case.decided_on)))
        if case.decided_by:  # on the spot it is the two officers
            facts.append(Fact(_("决定人"), case.decided_by.name))
        served = day(case.served_on) if case.served_on else _("尚未送达")
        facts.append(Fact(_("决定书送达日期"), served))
        facts.append(Fact(_("处罚内容和依据") if is_penalty else _("决定内容"), case.decision, is_long=True))
    return facts
