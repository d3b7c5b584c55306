"""The file of a case: what lies in it and what is missing, binding it, taking it away, archiving."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from cases.actions import casefile
from cases.file_items import items_of
from cases.models import Case
from cases.pages import articles
from cases.pages.answering import crumbs_to, now, verb_page
from cases.pages.forms.casefile import ArchiveForm
from cases.pages.sections import Section
from cases.queries.casefile import is_stale, may_bind, newest_file, stored_of
from cases.queries.matter import case_for, knows_of_none
from cases.states import matter as states
from cases.states.matter import CaseState
from cases.volumes import PLACES, Item, Volume, missing, ordered
from documents.pages.serving import served

SHOWN_FROM = {
    CaseState.DECIDED, CaseState.SERVED, CaseState.PERFORMED, CaseState.ENDED, CaseState.CLOSED, CaseState.ARCHIVED,
    CaseState.MERGED,
}  # fmt: skip


def section(user: User, case: Case) -> Section | None:
    """The newest binding, from the decision on."""
    file = None if knows_of_none(case, "has_files") else newest_file(case)
    if file is None and case.state not in SHOWN_FROM:
        return None
    here = reverse("case_file_page", args=[case.pk])
    return Section("file", _("案卷"), "cases/file_section.html", {"file": file, "case": case}, here)


@require_safe
def file_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """:raises NotFound:"""
    user, _at = now(request)
    case = case_for(user, case_id)
    items, file = items_of(case), newest_file(case)
    context: dict[str, Any] = {
        "case": case,
        "crumbs": crumbs_to(case),
        "volumes": [(Volume(volume).label, _by_place(items, volume)) for volume in Volume.values],
        "missing": missing(items, outcome=case.outcome, procedure=case.procedure),
        "file": file,
        "is_stale": file is not None and is_stale(file, case),
        "may_bind": may_bind(user, case) and not (file and file.is_running),
    }
    return render(request, "cases/file_page.html", context)


def _by_place(items: list[Item], volume: str) -> list[tuple[str, list[Item]]]:
    found = ordered(items, volume)
    return [
        (str(label), [item for item in found if item.place == place])
        for place, label in enumerate(PLACES[volume], start=1)
    ]


@require_POST
def request_file(request: HttpRequest, case_id: int) -> HttpResponse:
    """:raises NotFound, NotPermitted, WrongState:"""
    user, at = now(request)
    casefile.request_file(case_id=case_id, actor=user, at=at)
    messages.success(request, _("已申请生成案卷，完成后在本页下载；可以离开本页，生成不会中断。"))
    return redirect("case_file_page", case_id)


@require_safe
def file_download(request: HttpRequest, case_id: int, file_id: int, part: str) -> FileResponse:
    """:raises NotFound, WrongState:"""
    user, _at = now(request)
    return served(stored_of(case_for(user, case_id), file_id, part))


archive = verb_page(
    states.ARCHIVE, ArchiveForm, casefile.archive_case, lambda _case: _("已归档。"), quote=articles.ARCHIVE
)
