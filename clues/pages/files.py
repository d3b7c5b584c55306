"""The files of a lead: the list, putting more to it, and each of them through the lead's gate."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from clues import states
from clues.actions import files
from clues.materials import materials_of
from clues.models import Lead
from clues.pages.answering import now_of, of_lead, verb_page
from clues.pages.forms.files import AttachForm
from clues.queries import lead_for, legal_moves
from core.pages import Crumb
from documents.pages.serving import served
from documents.queries.files import file_of


@require_safe
def files_page(request: HttpRequest, lead_id: int) -> HttpResponse:
    """:raises NotFound:"""
    user, _at = now_of(request)
    lead = lead_for(user, lead_id)
    here = reverse("lead_page", args=[lead.pk])
    context = {
        "lead": lead,
        "crumbs": [Crumb(_("线索列表"), reverse("lead_list")), Crumb(lead.number, here)],
        "materials": materials_of(lead),
        "may_attach": may_attach(user, lead),
    }
    return render(request, "clues/files_page.html", context)


def may_attach(user: User, lead: Lead) -> bool:
    """Whether this user may put files to the lead now."""
    return any(row.name == states.ATTACH.name for row in legal_moves(user, lead))


@require_safe
def download(request: HttpRequest, lead_id: int, file_id: int) -> FileResponse:
    """:raises NotFound, WrongState:"""
    user, _at = now_of(request)
    return served(file_of("lead", lead_for(user, lead_id).pk, file_id), inline="inline" in request.GET)


attach = verb_page(states.ATTACH, AttachForm, files.attach_files, lambda _lead: _("文件已保存。"), takes=of_lead)
