"""The head's decisions and what follows them: the forms."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from clues import states
from clues.actions import decisions
from clues.pages import articles
from clues.pages.answering import answer, begin, get_or_post, now_of
from clues.pages.forms import decisions as forms
from clues.queries import no_penalty_items
from core.pages import form_from
from deadlines.actions.clocks import local_day


@get_or_post
def decline(request: HttpRequest, lead_id: int) -> HttpResponse:
    _actor, at = now_of(request)
    lead, clocks = begin(request, lead_id, states.DECLINE)
    items = list(no_penalty_items(lead.office, local_day(at)))
    form = form_from(request, forms.DeclineForm, items=items)
    return answer(
        request, lead, clocks, states.DECLINE, form, decisions.decline_lead,
        lambda _lead: _("已决定不予立案，核查期限停止计算。"), quote=articles.MAY_DECLINE,
        template="clues/decline.html", extra={"items": items},
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


@get_or_post
def record_receipt(request: HttpRequest, lead_id: int) -> HttpResponse:
    lead, clocks = begin(request, lead_id, states.RECORD_RECEIPT)
    form = form_from(request, forms.ReceiptForm)
    return answer(
        request, lead, clocks, states.RECORD_RECEIPT, form, decisions.record_receipt, lambda _lead: _("回执已登记。")
    )


@get_or_post
def give_feedback(request: HttpRequest, lead_id: int) -> HttpResponse:
    _actor, at = now_of(request)
    lead, clocks = begin(request, lead_id, states.GIVE_FEEDBACK)
    form = form_from(request, forms.FeedbackForm, today=local_day(at))
    return answer(
        request, lead, clocks, states.GIVE_FEEDBACK, form, decisions.give_feedback, lambda _lead: _("结果反馈已登记。")
    )
