"""The papers of a case: what is made, what fits now, what is missing; one paper, and each of its verbs."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from cases.actions import papers
from cases.models import Case
from cases.pages.answering import get_or_post, now, today
from cases.pages.forms.papers import IssueForm, VoidForm, paper_form, typed_before
from cases.pages.sections import Section
from cases.papers import common_of
from cases.queries.matter import case_for
from cases.queries.papers import (
    fitting_forms,
    may_make,
    missing_forms,
    number_of_decision,
    require_paper,
    require_voiding,
    suggested_forms,
)
from core.errors import Refusal, WrongState
from core.forms import VerbForm
from core.pages import Crumb, Fact, NextStep, VerbPage, answer_verb, form_from
from core.paging import page_behind
from core.templatetags.words import day, moment
from core.transitions import Transition
from documents import states
from documents.form_kinds import FormKind, form_kind
from documents.models import Paper
from documents.pages.serving import served, served_bytes
from documents.pdf import pdf_of
from documents.preview import html_of
from documents.queries.papers import Common, content_of, file_name, paper_of, papers_of_subject, rendered, template_for
from documents.states import PaperState
from documents.templating import names_in
from documents.typed_fields import missing_fields, printed_fields

KIND = "case"
SHOWN = 20


def section(user: User, case: Case) -> Section | None:
    """The newest papers; nothing while there is none and none can be made."""
    newest = list(papers_of_subject(KIND, case.pk).order_by("-id")[:SHOWN])
    suggested = [kind for kind in suggested_forms(case) if may_make(user, case, kind.key)]
    if not newest and not suggested:
        return None
    given = {"papers": newest, "case": case, "suggested": suggested}
    here = reverse("case_papers_page", args=[case.pk])
    return Section("made-papers", _("文书制作"), "cases/papers_section.html", given, here)


@require_safe
def papers_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """:raises NotFound:"""
    user, _at = now(request)
    case = case_for(user, case_id)
    made = papers_of_subject(KIND, case.pk)
    suggested = suggested_forms(case)
    others = [kind for kind in fitting_forms(case) if kind not in suggested]
    context = {
        "case": case,
        "crumbs": _crumbs(case)[:2],
        "page": page_behind(made, ("-id",), request.GET.get("after", "")),
        "suggested": [kind for kind in suggested if may_make(user, case, kind.key)],
        "others": [kind for kind in others if may_make(user, case, kind.key)],
        "missing": [(kind, may_make(user, case, kind.key)) for kind in missing_forms(case, made)],
    }
    return render(request, "cases/papers_page.html", context)


@require_safe
def paper_page(request: HttpRequest, case_id: int, paper_id: int) -> HttpResponse:
    """:raises NotFound:"""
    user, _at = now(request)
    case = case_for(user, case_id)
    paper = paper_of(KIND, case.pk, paper_id)
    common = common_of(case, on=today()) if paper.state == PaperState.DRAFT else {}
    shown, problem = _shown(paper, common)
    context = {
        "case": case,
        "paper": paper,
        "crumbs": _crumbs(case),
        "facts": _facts(paper),
        "shown": shown,
        "problem": problem,
        "empty": _empty(paper, common) if paper.state == PaperState.DRAFT else [],
        "legal": _legal(user, case, paper),
    }
    return render(request, "cases/paper_page.html", context)


def _shown(paper: Paper, common: Common) -> tuple[SafeString, str]:
    """The paper as a piece of the page, or why it cannot be shown."""
    try:
        word = content_of(paper.file) if paper.file else rendered(paper, common)
        return mark_safe(html_of(word)), ""  # noqa: S308 - cleaned by nh3 just now
    except Refusal as refusal:
        return SafeString(), refusal.detail


def _empty(paper: Paper, common: Common) -> list[str]:
    return [each.name for each in missing_fields(paper.kind, printed_fields(paper.kind, paper.fields, common))]


def _legal(user: User, case: Case, paper: Paper) -> list[NextStep]:
    """The moves this user may make with the paper now."""
    found = []
    for row, route in _ROUTES:
        try:
            _require(row, user, case, paper)
        except Refusal:
            continue
        url = reverse(route, args=[case.pk, paper.pk])
        is_primary, is_danger = row is states.ISSUE_PAPER, row is states.VOID_PAPER
        found.append(NextStep(str(row.label), url, is_primary=is_primary, is_danger=is_danger))
    return found


_ROUTES = (
    (states.ISSUE_PAPER, "case_paper_issue"), (states.REVISE_PAPER, "case_paper_revise"),
    (states.VOID_PAPER, "case_paper_void"),
)  # fmt: skip


def _require(row: Transition, user: User, case: Case, paper: Paper) -> None:
    if row is states.VOID_PAPER:
        require_voiding(user, case, paper)
    else:
        require_paper(user, case, paper.form)
    if not row.starts_from(paper.state):
        raise WrongState(
            _("这份文书是“%(state)s”，不能“%(verb)s”。") % {"state": paper.get_state_display(), "verb": row.label},
            code="wrong_state",
        )


def _facts(paper: Paper) -> list[Fact]:
    facts = [
        Fact(_("文号"), _number(paper)),
        *([Fact(_("落款日期"), day(paper.dated_on))] if paper.dated_on else []),
        Fact(_("制作"), f"{paper.made_by.name} {moment(paper.made_at)}"),
    ]
    if paper.issued_by and paper.template:
        facts += [
            Fact(_("签发"), f"{paper.issued_by.name} {moment(paper.issued_at)}"),
            Fact(_("依据"), paper.basis),
            Fact(_("模板"), _("第{version}版").format(version=paper.template.version), note=paper.template_sha256[:12]),
        ]
    if paper.voided_by:
        facts.append(Fact(_("作废"), f"{paper.voided_by.name} {moment(paper.voided_at)}"))
        facts.append(Fact(_("作废原因"), paper.void_reason))
    return facts


def _number(paper: Paper) -> str:
    if paper.number_text or not paper.kind.code:
        return paper.number_text or _("没有文号的文书")
    return _("签发时编号") if paper.state == PaperState.DRAFT else ""


@get_or_post
def paper_new(request: HttpRequest, case_id: int, form: str) -> HttpResponse:
    """:raises NotFound, NotPermitted, WrongState, Invalid:"""
    actor, at = now(request)
    case = case_for(actor, case_id)
    require_paper(actor, case, form)
    kind = form_kind(form)

    def act(values: dict[str, Any]) -> Paper:
        return papers.draft_paper(case_id=case.pk, form=kind.key, fields=values, actor=actor, at=at)

    return _typed(request, case, kind, {}, act)


@get_or_post
def paper_revise(request: HttpRequest, case_id: int, paper_id: int) -> HttpResponse:
    """:raises NotFound, NotPermitted, WrongState:"""
    actor, at = now(request)
    case = case_for(actor, case_id)
    paper = paper_of(KIND, case.pk, paper_id)
    _require(states.REVISE_PAPER, actor, case, paper)

    def act(values: dict[str, Any]) -> Paper:
        return papers.revise_paper(case_id=case.pk, paper_id=paper.pk, fields=values, actor=actor, at=at)

    return _typed(request, case, paper.kind, typed_before(paper.kind, paper.fields), act)


def _typed(
    request: HttpRequest, case: Case, kind: FormKind, before: dict[str, Any], act: Callable[[dict[str, Any]], Paper]
) -> HttpResponse:
    common = common_of(case, on=today())
    form = form_from(request, paper_form(kind, common), **({} if request.method == "POST" else {"initial": before}))

    def save(values: dict[str, Any]) -> str:
        paper = act(values)
        messages.success(request, _("草稿已保存，核对下面的预览，填写齐全后签发。"))
        return reverse("case_paper_page", args=[case.pk, paper.pk])

    extra = {"filled": _filled_by_itself(case, kind, common)}
    page = _page(case, kind.name, _("保存草稿"), reverse("case_papers_page", args=[case.pk]), kind.basis, extra)
    return answer_verb(request, form, page, save, "cases/paper_form.html")


def _filled_by_itself(case: Case, kind: FormKind, common: Common) -> list[Fact]:
    """The common fields the template of this form prints, as they are now."""
    try:
        used = names_in(content_of(template_for(case.authority, kind.key).file))
    except Refusal:
        used = set(common)
    return [Fact(name, value) for name, value in common.items() if name in used and isinstance(value, str) and value]


@get_or_post
def paper_issue(request: HttpRequest, case_id: int, paper_id: int) -> HttpResponse:
    """:raises NotFound, NotPermitted, WrongState:"""
    actor, at = now(request)
    case = case_for(actor, case_id)
    paper = paper_of(KIND, case.pk, paper_id)
    _require(states.ISSUE_PAPER, actor, case, paper)
    number = number_of_decision(case, paper.form)
    form = form_from(request, IssueForm, today=number.issued_on if number else today())

    def act(values: dict[str, Any]) -> str:
        issued = papers.issue_paper(case_id=case.pk, paper_id=paper.pk, **values, actor=actor, at=at)
        messages.success(request, _("已签发{paper}。").format(paper=issued.label))
        return reverse("case_paper_page", args=[case.pk, issued.pk])

    return _answer(request, case, paper, form, states.ISSUE_PAPER, act)


@get_or_post
def paper_void(request: HttpRequest, case_id: int, paper_id: int) -> HttpResponse:
    """:raises NotFound, NotPermitted, WrongState:"""
    actor, at = now(request)
    case = case_for(actor, case_id)
    paper = paper_of(KIND, case.pk, paper_id)
    _require(states.VOID_PAPER, actor, case, paper)

    def act(values: dict[str, Any]) -> str:
        voided = papers.void_paper(case_id=case.pk, paper_id=paper.pk, **values, actor=actor, at=at)
        messages.success(request, _("已作废{paper}。").format(paper=voided.label))
        return reverse("case_paper_page", args=[case.pk, voided.pk])

    return _answer(request, case, paper, form_from(request, VoidForm), states.VOID_PAPER, act)


def _answer(
    request: HttpRequest,
    case: Case,
    paper: Paper,
    form: VerbForm,
    row: Transition,
    act: Callable[[dict[str, Any]], str],
) -> HttpResponse:
    here = reverse("case_paper_page", args=[case.pk, paper.pk])
    title = _("{verb}{paper}").format(verb=row.label, paper=paper.label)
    page = _page(case, title, str(row.label), here, paper.kind.basis, {})
    return answer_verb(request, form, page, act)


def _page(case: Case, title: str, submit: str, back_url: str, basis: str, extra: dict[str, Any]) -> VerbPage:
    return VerbPage(
        title=title,
        submit=submit,
        back_url=back_url,
        subject=case.label,
        basis=basis,
        crumbs=_crumbs(case),
        extra=extra,
    )


def _crumbs(case: Case) -> list[Crumb]:
    return [
        Crumb(_("案件列表"), reverse("case_list")),
        Crumb(case.number, reverse("case_page", args=[case.pk])),
        Crumb(_("文书"), reverse("case_papers_page", args=[case.pk])),
    ]


def _issued(request: HttpRequest, case_id: int, paper_id: int) -> Paper:
    user, _at = now(request)
    paper = paper_of(KIND, case_for(user, case_id).pk, paper_id)
    if paper.file is None:
        raise WrongState(_("草稿还没有签发，没有可以下载的文件；请看预览。"), code="paper_not_issued")
    return paper


@require_safe
def paper_download(request: HttpRequest, case_id: int, paper_id: int) -> FileResponse:
    """:raises NotFound, WrongState:"""
    paper = _issued(request, case_id, paper_id)
    assert paper.file is not None  # noqa: S101 - _issued refuses a draft
    return served(paper.file)


@require_safe
def paper_pdf_download(request: HttpRequest, case_id: int, paper_id: int) -> FileResponse:
    """:raises NotFound, WrongState: :raises Invalid: a document that cannot be laid out."""
    paper = _issued(request, case_id, paper_id)
    assert paper.file is not None  # noqa: S101 - _issued refuses a draft
    made = pdf_of(content_of(paper.file))
    return served_bytes(BytesIO(made.content), file_name(paper, "pdf"), "application/pdf")
