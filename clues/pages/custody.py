"""Whose a lead is: the forms."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from clues import states
from clues.actions import custody
from clues.models import Lead
from clues.pages.answering import answer, begin, get_or_post, now_of
from clues.pages.forms import custody as forms
from core.pages import form_from


@get_or_post
def assign(request: HttpRequest, lead_id: int) -> HttpResponse:
    actor, _at = now_of(request)
    lead, clocks = begin(request, lead_id, states.ASSIGN)
    form = form_from(request, forms.AssignForm, user=actor, lead=lead)
    title = _("分派线索") if lead.state == states.LeadState.REGISTERED else _("改派线索")

    def said(after: Lead) -> str:
        return _("已分派给{office}{owner}。").format(office=after.office.name, owner=after.owner.name)

    return answer(request, lead, clocks, states.ASSIGN, form, custody.assign_lead, said, title=title)
