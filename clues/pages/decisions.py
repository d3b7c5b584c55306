"""The head's decisions and what follows them: the forms."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from clues import states
from clues.actions import decisions
from clues.pages import articles
from clues.pages.answering import answer, begin, get_or_post
from clues.pages.forms import decisions as forms
from core.pages import form_from


@get_or_post
def decline(request: HttpRequest, lead_id: int) -> HttpResponse:
    lead, clocks = begin(request, lead_id, states.DECLINE)
    form = form_from(request, forms.DeclineForm)
    return answer(
        request, lead, clocks, states.DECLINE, form, decisions.decline_lead,
        lambda _lead: _("已决定不予立案，核查期限停止计算。"), quote=articles.MAY_DECLINE,
    )  # fmt: skip


@get_or_post
def transfer(request: HttpRequest, lead_id: int) -> HttpResponse:
    lead, clocks = begin(request, lead_id, states.TRANSFER)
    form = form_from(request, forms.TransferForm)
    return answer(
        request, lead, clocks, states.TRANSFER, form, decisions.transfer_lead,
        lambda after: _("已决定移送{body}，核查期限停止计算。").format(body=after.transferred_to),
        quote=articles.TRANSFER,
    )  # fmt: skip
