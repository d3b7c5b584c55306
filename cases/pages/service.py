"""Service on the pages of a case: what was served how, what waits for service, and each of its verbs."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.queries import officers_of
from cases.actions import service as verbs
from cases.models import Case
from cases.pages import articles
from cases.pages.answering import answer_row, crumbs_to, now, today
from cases.pages.forms import service as forms
from cases.pages.progress import short_basis
from cases.pages.sections import Section
from cases.queries.matter import case_for, knows_of_none
from cases.queries.service import EFFECTS, may_serve, require_service
from core.forms import VerbForm
from core.pages import Crumb, form_from, get_or_post
from core.paging import page_behind
from core.transitions import Transition
from documents.pages.serving import served
from documents.pairs import companion_names, pairs_for
from documents.queries.files import file_of
from documents.queries.service import (
    confirmations_of,
    confirmed_address,
    newest_served,
    receipts_of,
    service_of,
    services_of,
    unserved_papers,
)
from documents.service_ways import (
    ANNOUNCE_SERVICE,
    COMPLETE_ANNOUNCEMENT,
    CONFIRM_ADDRESS,
    OFFICER,
    SERVE_PAPERS,
    VOID_SERVICE,
    Way,
)

KIND, SHOWN = "case", 20


def section(user: User, case: Case) -> Section | None:
    """The newest papers served, in at most one statement; nothing while there is none and nothing the reader can do."""
    newest = [] if knows_of_none(case, "has_services") else list(newest_served(KIND, case.pk)[:SHOWN])
    may = may_serve(user, case)
    if not newest and not may:
        return None
    given = {"rows": newest, "case": case, "may": may}
    return Section("service", _("送达"), "cases/service_section.html", given, _here(case))


@require_safe
def service_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """:raises NotFound:"""
    user, _at = now(request)
    case = case_for(user, case_id)
    context = {
        "case": case,
        "crumbs": crumbs_to(case, Crumb(_("送达"))),
        "page": page_behind(services_of(KIND, case.pk), ("-id",), request.GET.get("after", "")),
        "waiting": unserved_papers(KIND, case.pk),
        "confirmations": list(confirmations_of(KIND, case.pk)[:SHOWN]),
        "may": may_serve(user, case),
        "ways": Way.choices,
    }
    return render(request, "cases/service_page.html", context)


@require_safe
def receipt_page(request: HttpRequest, case_id: int, service_id: int) -> HttpResponse:
    """One service, as its receipt says it (程序规定第八十二条).

    :raises NotFound:
    """
    user, _at = now(request)
    case = case_for(user, case_id)
    service = service_of(KIND, case.pk, service_id)
    context = {
        "case": case,
        "service": service,
        "crumbs": crumbs_to(case, Crumb(_("送达"), _here(case)), Crumb(_("送达回证"))),
        "files": receipts_of(service),
        "may": may_serve(user, case),
    }
    return render(request, "cases/service_receipt.html", context)


@require_safe
def receipt_download(request: HttpRequest, case_id: int, service_id: int, file_id: int) -> FileResponse:
    """:raises NotFound, WrongState:"""
    user, _at = now(request)
    service = service_of(KIND, case_for(user, case_id).pk, service_id)
    return served(file_of("service", service.pk, file_id))


@get_or_post
def serve_papers(request: HttpRequest, case_id: int, way: str) -> HttpResponse:
    """:raises NotFound, NotPermitted, WrongState:"""
    row = ANNOUNCE_SERVICE if way == Way.ANNOUNCEMENT else SERVE_PAPERS
    case = _case(request, case_id, row)
    if way not in Way.values:
        raise Http404
    members = {member for pair in pairs_for(case.authority.code) for member in pair.members}
    form = form_from(
        request, forms.ServeForm, case=case, way=way, papers=unserved_papers(KIND, case.pk),
        companions=[(key, f"《{name}》") for key, name in companion_names().items() if key in members],
        confirmed=confirmed_address(KIND, case.pk, case.party_name, today()),
        people=list(officers_of(case.office, OFFICER)), today=today(),
    )  # fmt: skip
    said = _("已登记公告送达，公告期从发布之日的次日起算。") if way == Way.ANNOUNCEMENT else _("已登记送达。")
    return _answer(request, case, row, form, verbs.serve_papers, said, title=str(Way(way).label))


def _of_service(
    row: Transition, form: type[VerbForm], verb: Callable[..., object], said: Promise
) -> Callable[[HttpRequest, int, int], HttpResponse]:
    """The whole page of a verb on one service."""

    @get_or_post
    def page(request: HttpRequest, case_id: int, service_id: int) -> HttpResponse:
        case = _case(request, case_id, row)
        act = partial(verb, service_id=service_of(KIND, case.pk, service_id).pk)
        return _answer(request, case, row, form_from(request, form), act, str(said))

    return page


complete_announcement = _of_service(
    COMPLETE_ANNOUNCEMENT, forms.CompleteForm, verbs.complete_announcement, gettext_lazy("公告期满，已登记送达。")
)
void_service = _of_service(VOID_SERVICE, forms.VoidServiceForm, verbs.void_service, gettext_lazy("已撤销送达登记。"))


@get_or_post
def confirm_address(request: HttpRequest, case_id: int) -> HttpResponse:
    """:raises NotFound, NotPermitted, WrongState:"""
    case = _case(request, case_id, CONFIRM_ADDRESS)
    form = form_from(request, forms.AddressForm, case=case, today=today())
    return _answer(request, case, CONFIRM_ADDRESS, form, verbs.confirm_address, _("已登记送达地址确认书。"))


def waits_for_service(request: HttpRequest, case: Case, row: Transition) -> bool:
    """Whether the paper whose service is this move is issued, so that its way of service is recorded instead of a bare day."""
    return request.method != "POST" and any(EFFECTS.get(paper.form) is row for paper in unserved_papers(KIND, case.pk))


def _case(request: HttpRequest, case_id: int, row: Transition) -> Case:
    user, _at = now(request)
    case = case_for(user, case_id)
    require_service(user, case, row)
    return case


def _answer(
    request: HttpRequest, case: Case, row: Transition, form: VerbForm, verb: Callable[..., object], said: str,
    title: str = "",
) -> HttpResponse:  # fmt: skip
    user, at = now(request)

    def act(values: dict[str, Any]) -> tuple[str, str]:
        verb(case_id=case.pk, **values, actor=user, at=at)
        return _here(case), said

    return answer_row(
        request, row, form, act, subject=f"{title} {case.label}".strip(),
        crumbs=crumbs_to(case, Crumb(_("送达"), _here(case))), basis=short_basis(row), quote=QUOTES.get(row, ""),
    )  # fmt: skip


QUOTES = {ANNOUNCE_SERVICE: articles.SERVICE_ANNOUNCED, CONFIRM_ADDRESS: articles.ADDRESS_CONFIRMED}


def _here(case: Case) -> str:
    return reverse("case_service_page", args=[case.pk])
