"""Requests to know who an informant is: the queue, one request, its verbs, and the identity itself."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.queries import who_may
from core.pages import (
    Crumb,
    Fact,
    HistoryLine,
    NextStep,
    VerbPage,
    answer_verb,
    form_from,
    get_or_post,
    steps_in_order,
)
from core.paging import page_behind
from core.templatetags.words import moment
from core.transitions import Transition
from deadlines.faces import span_in_words
from informants import actions, states
from informants.models import Opening
from informants.pages import articles
from informants.pages.answering import answer_move, crumbs, now_of
from informants.pages.forms import FORMS, RequestForm
from informants.queries import (
    informant_for,
    legal_moves,
    opening_for,
    openings_for,
    openings_waiting_for,
    readings_of,
    require_move,
    require_reader,
)
from informants.states import OpeningState, Wanted

VERBS: dict[str, Callable[..., Opening]] = {
    "approve": actions.approve_opening,
    "refuse": actions.refuse_opening,
    "close": actions.close_opening,
}
BUTTONS = (states.READ, states.APPROVE, states.REFUSE, states.CLOSE)


@require_safe
def opening_list(request: HttpRequest) -> HttpResponse:
    user, now = now_of(request)
    lists = {"waiting": openings_waiting_for(user), "mine": openings_for(user).filter(requested_by=user)}
    lists["all"] = openings_for(user)
    show = request.GET.get("show", "")
    show = show if show in lists else "waiting" if user.has_role(*states.APPROVE.roles) else "mine"
    page = page_behind(lists[show], ("-id",), request.GET.get("after", ""))
    context = {"page": page, "rows": [(row, time_left(row, now)) for row in page.rows], "show": show}
    return render(request, "informants/opening_list.html", context)


@require_safe
def opening_page(request: HttpRequest, opening_id: int) -> HttpResponse:
    """:raises NotFound:"""
    user, now = now_of(request)
    opening = opening_for(user, opening_id)
    context: dict[str, Any] = {
        "opening": opening,
        "crumbs": crumbs(Crumb(opening.informant.code)),
        "facts": facts_of(opening, now),
        "time_left": time_left(opening, now),
        "may_read": states.READ in legal_moves(user, opening, now),
        "next_steps": _steps(user, opening, now),
        "waiting": _waiting(user, opening),
        "history": _history(opening),
    }
    return render(request, "informants/opening_page.html", context)


@get_or_post
def opening_new(request: HttpRequest, informant_id: int) -> HttpResponse:
    """:raises NotFound, NotPermitted:"""
    user, now = now_of(request)
    informant = informant_for(user, informant_id)
    require_reader(user, informant, states.REQUEST)
    here = reverse("informant_page", args=[informant.pk])
    page = VerbPage(
        title=_("申请查阅举报人身份"),
        submit=_("提交申请"),
        back_url=here,
        subject=f"{informant.code} · {informant.subject_number}",
        basis=states.SECRECY,
        quote=articles.SECRECY,
        crumbs=crumbs(Crumb(informant.code, here)),
    )

    def act(values: dict[str, Any]) -> str:
        opening = actions.request_opening(informant_id=informant.pk, **values, actor=user, at=now)
        messages.success(request, _("已提交查阅申请，等待第二人审批；结果会通知您。"))
        return reverse("opening_page", args=[opening.pk])

    return answer_verb(request, form_from(request, RequestForm), page, act)


@get_or_post
def opening_verb(request: HttpRequest, opening_id: int, verb: str) -> HttpResponse:
    """:raises NotFound, NotPermitted, WrongState:"""
    user, now = now_of(request)
    opening = opening_for(user, opening_id)
    row = next(row for row in states.OPENING_TRANSITIONS if row.name == verb)
    require_move(user, opening, row)
    here = reverse("opening_page", args=[opening.pk])
    return answer_move(
        request, row, form_from(request, FORMS[verb]), partial(VERBS[verb], opening_id=opening.pk, actor=user, at=now),
        subject=f"{opening.informant.code} · {opening.informant.subject_number}",
        way=crumbs(Crumb(opening.informant.code, here)), facts=facts_of(opening, now),
        quote=articles.SECRECY if row is states.APPROVE else "",
    )  # fmt: skip


@require_POST
@never_cache
def identity(request: HttpRequest, opening_id: int) -> HttpResponse:
    """The identity, once, to the requester. A POST, because reading is an act that is kept and told.

    :raises NotFound, NotPermitted, WrongState:
    """
    user, now = now_of(request)
    found = actions.open_identity(opening_id=opening_id, actor=user, at=now)
    opening = opening_for(user, opening_id)
    context: dict[str, Any] = {
        "opening": opening,
        "crumbs": crumbs(Crumb(opening.informant.code, reverse("opening_page", args=[opening.pk]))),
        "facts": [Fact(str(Wanted(field).label), getattr(found, field)) for field in opening.wanted],
        "reader": user.label,
        "read_at": now,
        "time_left": time_left(opening, now),
    }
    return render(request, "informants/identity.html", context)


def time_left(opening: Opening, now: datetime) -> str:
    """How long the consent still lasts, in words; '' when none is in force."""
    if opening.state != OpeningState.APPROVED or opening.expires_at is None:
        return ""
    if opening.has_expired(now):
        return _("已到期")
    return _("剩 {span}").format(span=span_in_words(opening.expires_at - now))


def facts_of(opening: Opening, now: datetime) -> list[Fact]:
    facts = [
        Fact(_("举报人代号"), opening.informant.code, url=reverse("informant_page", args=[opening.informant_id])),
        Fact(_("事项编号"), opening.informant.subject_number),
        Fact(_("查阅用途"), opening.get_ground_display()),
        Fact(_("查阅内容"), _("、").join(str(Wanted(field).label) for field in opening.wanted)),
        Fact(_("申请人"), opening.requested_by.name),
        Fact(_("申请时间"), moment(opening.requested_at)),
        Fact(_("申请理由"), opening.reason, is_long=True),
    ]
    if opening.decided_by is not None:
        facts += [Fact(_("审批人"), opening.decided_by.name), Fact(_("审批时间"), moment(opening.decided_at))]
    if opening.expires_at is not None:
        facts.append(Fact(_("查阅截止"), moment(opening.expires_at), note=time_left(opening, now)))
    if opening.opinion:
        facts.append(Fact(_("审批意见"), opening.opinion, is_long=True))
    return facts


def _steps(user: User, opening: Opening, now: datetime) -> list[NextStep]:
    legal = legal_moves(user, opening, now)
    return steps_in_order(
        [
            _step(opening, row, may=row in legal, now=now)
            for row in BUTTONS
            if row.starts_from(opening.state) and row is not states.READ
        ]
    )


def _step(opening: Opening, row: Transition, *, may: bool, now: datetime) -> NextStep:
    who = _("申请人或者审批人") if row is states.CLOSE else who_may(opening.informant.office, row.roles)
    return NextStep(
        label=str(row.label),
        url=reverse(f"opening_{row.name}", args=[opening.pk]) if may else "",
        who="" if may else who,
        basis=row.basis if row is not states.CLOSE else "",  # type: ignore[arg-type]  # a text in this table
        is_primary=row is states.APPROVE,
        is_danger=row is states.REFUSE,
    )


def _waiting(user: User, opening: Opening) -> str:
    if opening.state != OpeningState.PENDING:
        return ""
    if user.pk == opening.requested_by_id:
        return _("等待申请人以外的第二人审批。双人审批是本系统的保密措施，不是法定程序。")
    return ""


def _history(opening: Opening) -> list[HistoryLine]:
    lines = [HistoryLine(opening.requested_at, opening.requested_by.name, _("申请查阅身份信息"), opening.reason)]
    if opening.decided_by is not None and opening.decided_at is not None:
        what = (
            _("不同意查阅")
            if opening.state == OpeningState.REFUSED
            else _("同意查阅，限{n}小时").format(n=opening.hours)
        )
        lines.append(HistoryLine(opening.decided_at, opening.decided_by.name, what, opening.opinion))
    for reading in readings_of(opening):
        fields = _("、").join(str(Wanted(field).label) for field in reading.fields)
        lines.append(HistoryLine(reading.read_at, reading.reader.name, _("查阅了身份信息"), fields))
    if opening.closed_at is not None:
        lines.append(HistoryLine(opening.closed_at, "", _("查阅已结束")))
    return sorted(lines, key=lambda line: line.at, reverse=True)
