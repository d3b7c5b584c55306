"""成对送达: which papers are served together, on what basis, and whether this authority does so; to read only."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from core.pages import Crumb
from documents.form_kinds import form_kinds
from documents.pairs import carried_pairs, companion_names, is_switched_off
from documents.policies import authority_for_templates


@require_safe
def pair_list(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101 - the log-in middleware lets nobody else through
    office = authority_for_templates(request.user)
    forms, own = form_kinds(), companion_names()
    context = {
        "office": office,
        "is_off": office is not None and is_switched_off(office.code),
        "rows": [(pair, [(forms.get(key), own.get(key, "")) for key in pair.members]) for pair in carried_pairs()],
        "crumbs": [Crumb(_("文书模板"), reverse("template_list"))],
    }
    return render(request, "documents/pair_list.html", context)
