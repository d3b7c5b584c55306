"""The papers of a matter: what is made, what fits now, what is missing; one paper, and each of its verbs.

Written once for every kind of matter that papers are made for: ``desk`` says what differs.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from core.errors import Refusal, WrongState
from core.forms import VerbForm
from core.pages import Crumb, Fact, NextStep, VerbPage, answer_verb, form_from, get_or_post
from core.paging import page_behind
from core.templatetags.words import day, moment
from core.transitions import Transition
from documents import states
from documents.desk import Desk, M, Matter
from documents.form_kinds import FormKind, form_kind
from documents.models import Paper
from documents.pages.paper_forms import IssueForm, VoidForm, paper_form, typed_before
from documents.pages.serving import served, served_bytes
from documents.pdf import pdf_of
from documents.preview import html_of
from documents.queries.papers import Common, content_of, file_name, paper_of, rendered, template_for
from documents.states import PaperState
from documents.templating import names_in
from documents.typed_fields import missing_fields, printed_fields

SHOWN = 20
Asked = Desk[Matter]


def paper_urls(desk: Desk[M]) -> list[URLPattern]:
    """The pages of the papers of a matter, below its own address (``<int:matter_id>/``)."""

    def page(at: str, view: Callable[..., Any], name: str) -> URLPattern:
        return path(f"papers/{at}", view, {"desk": desk}, name=f"{desk.kind}_{name}")

    one = "<int:paper_id>/"
    return [
        page("", papers_page, "papers_page"),
        page("new/<slug:form>/", paper_new, "paper_new"),
        page(one, paper_page, "paper_page"),
        page(f"{one}revise/", paper_revise, "paper_revise"),
        page(f"{one}issue/", paper_issue, "paper_issue"),
        page(f"{one}void/", paper_void, "paper_void"),
        page(f"{one}docx/", paper_download, "paper_download"),
        page(f"{one}pdf/", paper_pdf_download, "paper_pdf_download"),
    ]


def papers_on(desk: Desk[M], user: User, matter: M) -> Mapping[str, Any]:
    """What ``documents/papers_section.html`` shows on the page of a matter, in two statements; nothing while there is no
    paper and none is usually made now."""
    newest = list(desk.papers(matter).order_by("-id")[:SHOWN])
    suggested = desk.expected(user, matter)
    if not newest and not suggested:
        return {}
    return {"papers": newest, "matter": matter, "suggested": suggested, **_linked(desk)}


@require_safe
def papers_page(request: HttpRequest, matter_id: int, desk: Asked) -> HttpResponse:
    """:raises NotFound:"""
    user, _at = _now(request)
    matter = desk.matter_for(user, matter_id)
    made = desk.papers(matter)
    suggested = desk.expected(user, matter)
    offered = desk.offered(user, matter)
    context = {
        "matter": matter,
        **_linked(desk),
        "crumbs": _crumbs(desk, matter)[:2],
        "page": page_behind(made, ("-id",), request.GET.get("after", "")),
        "suggested": suggested,
        "others": [kind for kind in offered if kind not in suggested],
        "missing": [(kind, kind in offered) for kind in desk.missing(matter, made)],
    }
    return render(request, "documents/papers_page.html", context)


@require_safe
def paper_page(request: HttpRequest, matter_id: int, paper_id: int, desk: Asked) -> HttpResponse:
    """:raises NotFound:"""
    user, _at = _now(request)
    matter = desk.matter_for(user, matter_id)
    paper = desk.paper(matter, paper_id)
    common = desk.common(matter, paper.office, _today()) if paper.state == PaperState.DRAFT else {}
    shown, problem = _shown(paper, common)
    context = {
        "matter": matter,
        "paper": paper,
        **_linked(desk),
        "crumbs": _crumbs(desk, matter),
        "facts": _facts(paper),
        "shown": shown,
        "problem": problem,
        "empty": _empty(paper, common) if paper.state == PaperState.DRAFT else [],
        "legal": _legal(desk, user, matter, paper),
    }
    return render(request, "documents/paper_page.html", context)


def _shown(paper: Paper, common: Common) -> tuple[SafeString, str]:
    """The paper as a piece of the page, or why it cannot be shown."""
    try:
        word = content_of(paper.file) if paper.file else rendered(paper, common)
        return mark_safe(html_of(word)), ""  # noqa: S308 - cleaned by nh3 just now
    except Refusal as refusal:
        return SafeString(), refusal.detail


def _empty(paper: Paper, common: Common) -> list[str]:
    return [each.name for each in missing_fields(paper.kind, printed_fields(paper.kind, paper.fields, common))]


def _legal(desk: Asked, user: User, matter: Matter, paper: Paper) -> list[NextStep]:
    """The moves this user may make with the paper now; none with what is only read here."""
    found = []
    for row, route in _ROUTES if desk.is_own(paper) else ():
        try:
            _require(desk, row, user, matter, paper)
        except Refusal:
            continue
        url = reverse(f"{desk.kind}_{route}", args=[matter.pk, paper.pk])
        is_primary, is_danger = row is states.ISSUE_PAPER, row is states.VOID_PAPER
        found.append(NextStep(str(row.label), url, is_primary=is_primary, is_danger=is_danger))
    return found


_ROUTES = (
    (states.ISSUE_PAPER, "paper_issue"),
    (states.REVISE_PAPER, "paper_revise"),
    (states.VOID_PAPER, "paper_void"),
)


def _require(desk: Asked, row: Transition, user: User, matter: Matter, paper: Paper) -> None:
    require = desk.require_voiding if row is states.VOID_PAPER else desk.require_draft
    require(user, matter, paper)
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
def paper_new(request: HttpRequest, matter_id: int, form: str, desk: Asked) -> HttpResponse:
    """:raises NotFound, NotPermitted, WrongState, Invalid:"""
    actor, at = _now(request)
    matter = desk.matter_for(actor, matter_id)
    desk.require_new(actor, matter, form)
    kind = form_kind(form)

    def act(values: dict[str, Any]) -> Paper:
        return desk.draft_paper(form=kind.key, fields=values, actor=actor, at=at, **desk.naming(matter_id))

    common = desk.common(matter, desk.speaks(matter, form), _today())
    return _typed(request, desk, matter, kind, common, {}, act)


@get_or_post
def paper_revise(request: HttpRequest, matter_id: int, paper_id: int, desk: Asked) -> HttpResponse:
    """:raises NotFound, NotPermitted, WrongState:"""
    actor, at, matter, paper = _begin(request, desk, matter_id, paper_id, states.REVISE_PAPER)

    def act(values: dict[str, Any]) -> Paper:
        return desk.revise_paper(paper_id=paper.pk, fields=values, actor=actor, at=at, **desk.naming(matter_id))

    common = desk.common(matter, paper.office, _today())
    return _typed(request, desk, matter, paper.kind, common, typed_before(paper.kind, paper.fields), act)


def _typed(
    request: HttpRequest,
    desk: Asked,
    matter: Matter,
    kind: FormKind,
    common: Common,
    before: dict[str, Any],
    act: Callable[[dict[str, Any]], Paper],
) -> HttpResponse:
    form = form_from(request, paper_form(kind, common), **({} if request.method == "POST" else {"initial": before}))

    def save(values: dict[str, Any]) -> str:
        paper = act(values)
        messages.success(request, _("草稿已保存，核对下面的预览，填写齐全后签发。"))
        return reverse(f"{desk.kind}_paper_page", args=[matter.pk, paper.pk])

    extra = {"filled": _filled_by_itself(desk, matter, kind, common)}
    back_url = reverse(f"{desk.kind}_papers_page", args=[matter.pk])
    page = _page(desk, matter, kind.name, _("保存草稿"), back_url, kind.basis, extra)
    return answer_verb(request, form, page, save, "documents/paper_form.html")


def _filled_by_itself(desk: Asked, matter: Matter, kind: FormKind, common: Common) -> list[Fact]:
    """The common fields the template of this form prints, as they are now."""
    try:
        used = names_in(content_of(template_for(desk.speaks(matter, kind.key), kind.key).file))
    except Refusal:
        used = set(common)
    return [Fact(name, value) for name, value in common.items() if name in used and isinstance(value, str) and value]


@get_or_post
def paper_issue(request: HttpRequest, matter_id: int, paper_id: int, desk: Asked) -> HttpResponse:
    """:raises NotFound, NotPermitted, WrongState:"""
    actor, at, matter, paper = _begin(request, desk, matter_id, paper_id, states.ISSUE_PAPER)
    form = form_from(request, IssueForm, today=desk.day_of(matter, paper.form) or _today())

    def act(values: dict[str, Any]) -> str:
        issued = desk.issue_paper(paper_id=paper.pk, **values, actor=actor, at=at, **desk.naming(matter_id))
        messages.success(request, _("已签发{paper}。").format(paper=issued.label))
        return reverse(f"{desk.kind}_paper_page", args=[matter.pk, issued.pk])

    return _answer(request, desk, matter, paper, form, states.ISSUE_PAPER, act)


@get_or_post
def paper_void(request: HttpRequest, matter_id: int, paper_id: int, desk: Asked) -> HttpResponse:
    """:raises NotFound, NotPermitted, WrongState:"""
    actor, at, matter, paper = _begin(request, desk, matter_id, paper_id, states.VOID_PAPER)

    def act(values: dict[str, Any]) -> str:
        voided = desk.void_paper(paper_id=paper.pk, **values, actor=actor, at=at, **desk.naming(matter_id))
        messages.success(request, _("已作废{paper}。").format(paper=voided.label))
        return reverse(f"{desk.kind}_paper_page", args=[matter.pk, voided.pk])

    return _answer(request, desk, matter, paper, form_from(request, VoidForm), states.VOID_PAPER, act)


def _begin(
    request: HttpRequest, desk: Asked, matter_id: int, paper_id: int, row: Transition
) -> tuple[User, datetime, Matter, Paper]:
    """Who asks, when, and a paper made at this desk, if the verb may be shown to them at all.

    :raises NotFound, NotPermitted, WrongState:
    """
    actor, at = _now(request)
    matter = desk.matter_for(actor, matter_id)
    paper = paper_of(desk.kind, matter.pk, paper_id)
    _require(desk, row, actor, matter, paper)
    return actor, at, matter, paper


def _answer(
    request: HttpRequest,
    desk: Asked,
    matter: Matter,
    paper: Paper,
    form: VerbForm,
    row: Transition,
    act: Callable[[dict[str, Any]], str],
) -> HttpResponse:
    here = reverse(f"{desk.kind}_paper_page", args=[matter.pk, paper.pk])
    title = _("{verb}{paper}").format(verb=row.label, paper=paper.label)
    page = _page(desk, matter, title, str(row.label), here, paper.kind.basis, {})
    return answer_verb(request, form, page, act)


def _page(
    desk: Asked, matter: Matter, title: str, submit: str, back_url: str, basis: str, extra: dict[str, Any]
) -> VerbPage:
    return VerbPage(
        title=title, submit=submit, back_url=back_url, subject=matter.label, basis=basis, crumbs=_crumbs(desk, matter),
        extra=extra,
    )  # fmt: skip


def _crumbs(desk: Asked, matter: Matter) -> list[Crumb]:
    return [
        Crumb(str(desk.listed), reverse(f"{desk.kind}_list")),
        Crumb(matter.number, reverse(f"{desk.kind}_page", args=[matter.pk])),
        Crumb(_("文书"), reverse(f"{desk.kind}_papers_page", args=[matter.pk])),
    ]


def _linked(desk: Desk[Any]) -> dict[str, Any]:
    """The names a template links by, and whose papers are made here."""
    routes = {name: f"{desk.kind}_paper_{name}" for name in ("page", "new", "download", "pdf_download")}
    return {"routes": routes, "own": desk.kind}


def _issued(request: HttpRequest, desk: Asked, matter_id: int, paper_id: int) -> Paper:
    user, _at = _now(request)
    paper = desk.paper(desk.matter_for(user, matter_id), paper_id)
    if paper.file is None:
        raise WrongState(_("草稿还没有签发，没有可以下载的文件；请看预览。"), code="paper_not_issued")
    return paper


@require_safe
def paper_download(request: HttpRequest, matter_id: int, paper_id: int, desk: Asked) -> FileResponse:
    """:raises NotFound, WrongState:"""
    paper = _issued(request, desk, matter_id, paper_id)
    assert paper.file is not None  # noqa: S101 - _issued refuses a draft
    return served(paper.file)


@require_safe
def paper_pdf_download(request: HttpRequest, matter_id: int, paper_id: int, desk: Asked) -> FileResponse:
    """:raises NotFound, WrongState: :raises Invalid: a document that cannot be laid out."""
    paper = _issued(request, desk, matter_id, paper_id)
    assert paper.file is not None  # noqa: S101 - _issued refuses a draft
    made = pdf_of(content_of(paper.file))
    return served_bytes(BytesIO(made.content), file_name(paper, "pdf"), "application/pdf")


def _now(request: HttpRequest) -> tuple[User, datetime]:
    """Who asks, and the one reading of the clock."""
    assert isinstance(request.user, User)  # noqa: S101 - the log-in middleware lets nobody else through
    return request.user, timezone.now()


def _today() -> date:
    return timezone.localdate()
