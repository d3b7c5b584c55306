"""Registering a lead: the form."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.roles import Role
from clues import states
from clues.actions import intake
from clues.pages import articles
from clues.pages.answering import done, get_or_post, now_of
from clues.pages.forms import intake as forms
from core.errors import NotPermitted
from core.pages import Crumb, VerbPage, answer_verb, form_from
from core.transitions import Transition


@get_or_post
def log(request: HttpRequest) -> HttpResponse:
    actor, at = now_of(request)
    if not actor.has_role(*states.LOG.roles):
        raise NotPermitted(
            _("登记线索须由{who}办理（{basis}）。您没有这项职责。").format(
                who=_roles_of(states.LOG), basis=states.LOG.basis
            ),
            code="not_permitted",
        )
    page = VerbPage(
        title=_("登记线索"),
        submit=_("登记"),
        back_url=reverse("lead_list"),
        basis=states.RULES,
        quote=articles.VERIFY,
        crumbs=[Crumb(_("线索列表"), reverse("lead_list"))],
    )

    def act(values: dict[str, Any]) -> str:
        lead = intake.log_lead(**values, actor=actor, at=at)
        return done(request, lead, _("已登记线索 {number}。").format(number=lead.number))

    form = form_from(request, forms.LogForm, user=actor, today=timezone.localdate(at))
    return answer_verb(request, form, page, act)


def _roles_of(row: Transition) -> str:
    return _("、").join(str(role.label) for role in Role if role in row.roles)
