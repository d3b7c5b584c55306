"""审批: asking, the list of what waits, one approval with what each head saw, and signing it."""

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.policies import authority_of
from accounts.roles import Role
from cases.actions import approvals
from cases.actions.approvable import APPROVABLE, digest, shown
from cases.models import Approval, ApprovalStep, Case
from cases.pages import articles, outcome_articles
from cases.pages.answering import crumbs_to, now, today
from cases.pages.forms.approvals import (
    AskCloseForm,
    AskFileForm,
    NameOfficersForm,
    ReturnForm,
    SignForm,
    WithdrawForm,
)
from cases.pages.forms.duties import ExtendReviewForm
from cases.pages.forms.matter import ExcludeForm, ExtendForm, SuspendForm
from cases.pages.forms.outcomes import AskTerminateForm
from cases.pages.sections import Section
from cases.pages.verbs import excluded_grounds
from cases.queries.approvals import (
    approval_for,
    approvals_awaiting,
    approvals_for,
    approvals_of,
    chain_of,
    is_moot,
    kinds_to_ask,
    may_sign,
    may_withdraw,
    names_officers,
    open_step,
    require_asker,
    require_asking,
    require_asking_to_file,
    require_signer,
)
from cases.queries.matter import case_for, knows_of_none
from cases.queries.outcomes import closing_ground
from cases.states import matter as states
from cases.states.approvals import BASIS, RETURN, SIGN, WITHDRAW, ApprovalKind, ApprovalState, StepOutcome
from clues.queries import lead_for
from core.errors import NotFound
from core.forms import VerbForm
from core.pages import Crumb, Fact, VerbPage, answer_verb, form_from, get_or_post, id_in
from core.paging import page_behind
from core.templatetags.words import moment
from core.transitions import Transition
from deadlines.queries import clocks_of

QUOTES = {
    ApprovalKind.FILE: articles.FILE,
    ApprovalKind.SUSPEND: articles.SUSPEND,
    ApprovalKind.EXTEND: articles.EXTEND,
    ApprovalKind.EXCLUDE: articles.EXCLUDE,
    ApprovalKind.EXTEND_REVIEW: articles.EXTEND_REVIEW,
    ApprovalKind.TERMINATE: outcome_articles.TERMINATE,
    ApprovalKind.CLOSE: articles.CLOSE,
}
LISTS = ("waiting", "mine", "all")
MOST = 20


@require_safe
def approval_list(request: HttpRequest) -> HttpResponse:
    user, _at = now(request)
    lists = {
        "waiting": (approvals_awaiting(user), ("id",)),
        "mine": (approvals_for(user).filter(asked_by=user), ("-id",)),
        "all": (approvals_for(user), ("-id",)),
    }
    show = request.GET.get("show", "")
    show = show if show in LISTS else "waiting" if user.has_role(*SIGN.roles) else "mine"
    page = page_behind(*lists[show], request.GET.get("after", ""))
    return render(request, "cases/approval_list.html", {"page": page, "rows": page.rows, "show": show})


@require_safe
def approval_page(request: HttpRequest, approval_id: int) -> HttpResponse:
    """:raises NotFound:"""
    user, _at = now(request)
    approval = approval_for(user, approval_id)
    is_open = approval.state == ApprovalState.ASKED
    again = approval.state == ApprovalState.RETURNED and user.pk == approval.asked_by_id
    context: dict[str, Any] = {
        "approval": approval,
        "crumbs": [*_crumbs(approval), Crumb(str(ApprovalKind(approval.kind).label))],
        "facts": _facts(approval),
        "shown": _words(shown(approval)),
        "steps": [_told(step) for step in approval.steps.select_related("decided_by")],
        "is_default": chain_of(approval.kind, authority_of(approval.office))[1],
        "is_moot": is_open and is_moot(approval),
        "may_sign": may_sign(user, approval),
        "may_withdraw": may_withdraw(user, approval),
        "again_url": _again_url(approval) if again and not hasattr(approval, "replaced_by") else "",
        "later": getattr(approval, "replaced_by", None),
    }
    return render(request, "cases/approval_page.html", context)


@get_or_post
def approval_ask(request: HttpRequest, case_id: int, kind: str) -> HttpResponse:
    """:raises NotFound, NotPermitted, WrongState:"""
    user, _at = now(request)
    case = case_for(user, case_id)
    if kind not in ApprovalKind.values or ApprovalKind(kind) not in APPROVABLE or kind == ApprovalKind.FILE:
        raise NotFound(_("没有这种审批事项。"), code="not_found")
    require_asking(user, case, ApprovalKind(kind))
    form = _filled(request, lambda **typed: _ask_form(request, ApprovalKind(kind), case, **typed))
    return _ask(request, ApprovalKind(kind), form, case.label, crumbs_to(case), case_id=case.pk)


@get_or_post
def approval_ask_file(request: HttpRequest, lead_id: int) -> HttpResponse:
    """:raises NotFound, NotPermitted, WrongState:"""
    user, _at = now(request)
    lead = lead_for(user, lead_id)
    require_asking_to_file(user, lead)
    crumbs = [Crumb(_("线索列表"), reverse("lead_list")), Crumb(lead.number, reverse("lead_page", args=[lead.pk]))]
    form = _filled(request, lambda **typed: form_from(request, AskFileForm, **typed))
    return _ask(request, ApprovalKind.FILE, form, lead.label, crumbs, lead_id=lead.pk)


@get_or_post
def approval_sign(request: HttpRequest, approval_id: int) -> HttpResponse:
    """:raises NotFound, NotPermitted:"""
    approval, seen = _signing(request, approval_id, SIGN)
    step = open_step(approval)
    if step is not None and names_officers(approval, step):
        form: VerbForm = form_from(request, NameOfficersForm, seen=seen, office=approval.office)
    else:
        form = form_from(request, SignForm, seen=seen)
    return _answer(request, approval, SIGN, form, approvals.sign_approval)


@get_or_post
def approval_return(request: HttpRequest, approval_id: int) -> HttpResponse:
    """:raises NotFound, NotPermitted:"""
    approval, seen = _signing(request, approval_id, RETURN)
    return _answer(request, approval, RETURN, form_from(request, ReturnForm, seen=seen), approvals.return_approval)


@get_or_post
def approval_withdraw(request: HttpRequest, approval_id: int) -> HttpResponse:
    """:raises NotFound, NotPermitted:"""
    user, _at = now(request)
    approval = approval_for(user, approval_id)
    require_asker(user, approval)
    return _answer(request, approval, WITHDRAW, form_from(request, WithdrawForm), approvals.withdraw_approval)


def section(user: User, case: Case) -> Section | None:
    """审批, while something was asked or can be."""
    rows = [] if knows_of_none(case, "has_approvals") else list(approvals_of(case)[:MOST])
    open_kinds = {row.kind for row in rows if row.state == ApprovalState.ASKED}
    asks = [
        (str(kind.label), reverse("approval_ask", args=[case.pk, kind.value]))
        for kind in kinds_to_ask(user, case)
        if kind in APPROVABLE and kind not in open_kinds
    ]
    if not rows and not asks:
        return None
    given = {"rows": [(row, [_told(step) for step in row.steps.all()]) for row in rows], "asks": asks}
    return Section("approvals", _("审批"), "cases/approvals.html", given)


def _ask_form(request: HttpRequest, kind: ApprovalKind, case: Case, **typed: Any) -> VerbForm:
    match kind:
        case ApprovalKind.SUSPEND:
            return form_from(request, SuspendForm, today=today(), **typed)
        case ApprovalKind.EXTEND:
            return form_from(request, ExtendForm, **typed)
        case ApprovalKind.EXCLUDE:
            grounds = excluded_grounds(clocks_of("case", case.pk))
            return form_from(request, ExcludeForm, grounds=grounds, **typed)
        case ApprovalKind.EXTEND_REVIEW:
            return form_from(request, ExtendReviewForm, **typed)
        case ApprovalKind.TERMINATE:
            return form_from(request, AskTerminateForm, **typed)
    return form_from(request, AskCloseForm, ground=closing_ground(case), **typed)


def _filled(request: HttpRequest, make: Callable[..., VerbForm]) -> VerbForm:
    """The form, with what was asked before when it is asked anew."""
    user, _at = now(request)
    form = make()
    if request.method != "POST" and (before := _asked_before(request)) is not None:
        form.initial |= approval_for(user, before).arguments
    return form


def _ask(
    request: HttpRequest, kind: ApprovalKind, form: VerbForm, label: str, crumbs: list[Crumb], **matter: int
) -> HttpResponse:
    user, at = now(request)
    page = VerbPage(
        title=_("报请审批：{what}").format(what=kind.label),
        submit=_("报请审批"),
        back_url=crumbs[-1].url,
        subject=label,
        basis=states.RULES,
        quote=QUOTES[kind],
        crumbs=crumbs,
    )

    def act(values: dict[str, Any]) -> str:
        asked = approvals.ask_approval(
            kind=kind, arguments=values, replaces_id=_asked_before(request), actor=user, at=at, **matter,
        )  # fmt: skip
        messages.success(request, _("已报请审批，等待{who}。").format(who=Role(asked.waiting_role).label))
        return reverse("approval_page", args=[asked.pk])

    return answer_verb(request, form, page, act)


def _asked_before(request: HttpRequest) -> int | None:
    return id_in(request.GET.get("again", ""))


def _signing(request: HttpRequest, approval_id: int, row: Transition) -> tuple[Approval, str]:
    user, _at = now(request)
    approval = approval_for(user, approval_id)
    require_signer(user, approval, row)
    return approval, digest(shown(approval))


def _answer(
    request: HttpRequest, approval: Approval, row: Transition, form: VerbForm, verb: Callable[..., Approval]
) -> HttpResponse:
    user, at = now(request)
    here = reverse("approval_page", args=[approval.pk])
    page = VerbPage(
        title=f"{row.label}：{ApprovalKind(approval.kind).label}",
        submit=str(row.label),
        back_url=here,
        subject=approval.subject_label,
        basis=str(BASIS),
        crumbs=[*_crumbs(approval), Crumb(str(ApprovalKind(approval.kind).label), here)],
        extra={"shown": _words(shown(approval))},
    )

    def act(values: dict[str, Any]) -> str:
        after = verb(approval_id=approval.pk, **values, actor=user, at=at)
        messages.success(
            request,
            _("{kind}：{state}。").format(kind=ApprovalKind(after.kind).label, state=ApprovalState(after.state).label),
        )
        return here

    return answer_verb(request, form, page, act, "cases/approval_verb.html")


def _crumbs(approval: Approval) -> list[Crumb]:
    crumbs = [Crumb(_("审批"), reverse("approval_list"))]
    if approval.case is not None:
        crumbs.append(Crumb(approval.case.number, reverse("case_page", args=[approval.case.pk])))
    elif approval.lead is not None:
        crumbs.append(Crumb(approval.lead.number, reverse("lead_page", args=[approval.lead.pk])))
    return crumbs


def _facts(approval: Approval) -> list[Fact]:
    facts = [
        Fact(_("审批事项"), ApprovalKind(approval.kind).label),
        Fact(_("状态"), ApprovalState(approval.state).label),
        Fact(_("报请人"), approval.asked_by.name),
        Fact(_("报请时间"), moment(approval.asked_at)),
    ]
    if approval.waiting_role:
        facts.append(Fact(_("等待"), Role(approval.waiting_role).label))
    if approval.end_reason:
        facts.append(Fact(_("说明"), approval.end_reason, is_long=True))
    if approval.replaces is not None:
        facts.append(
            Fact(
                _("修改自"),
                _("{when}报请的一份").format(when=moment(approval.replaces.asked_at)),
                url=reverse("approval_page", args=[approval.replaces.pk]),
            )
        )
    return facts


def _words(text: str) -> dict[str, Any]:
    """What a head sees, as the page draws it."""
    found: dict[str, Any] = json.loads(text)
    pairs = {
        name: [Fact(label, words, is_long=len(words) > 60) for label, words in found[name]]
        for name in ("matter", "asked")
    }
    return {**found, **pairs}


def _told(step: ApprovalStep) -> dict[str, Any]:
    return {
        "row": step,
        "role": Role(step.role).label,
        "outcome": StepOutcome(step.outcome).label if step.outcome else "",
        "shown": _words(step.shown) if step.shown else None,
    }


def _again_url(approval: Approval) -> str:
    if approval.case_id is not None:
        at = reverse("approval_ask", args=[approval.case_id, approval.kind])
    else:
        at = reverse("approval_ask_file", args=[approval.lead_id])
    return f"{at}?again={approval.pk}"
