"""The head's decisions and what follows them: the forms."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from clues import states
from clues.actions import decisions
from clues.pages import articles
from clues.pages.answering import answer, begin, now_of, verb_page
from clues.pages.forms import decisions as forms
from clues.queries import no_penalty_items
from core.pages import form_from, get_or_post, of_today
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


transfer = verb_page(
    states.TRANSFER, forms.TransferForm, decisions.transfer_lead,
    lambda after: _("已决定移送{body}，核查期限停止计算。").format(body=after.transferred_to), quote=articles.TRANSFER,
)  # fmt: skip
record_receipt = verb_page(
    states.RECORD_RECEIPT, forms.ReceiptForm, decisions.record_receipt, lambda _lead: _("回执已登记。")
)
give_feedback = verb_page(
    states.GIVE_FEEDBACK, forms.FeedbackForm, decisions.give_feedback,
    lambda _lead: _("结果反馈已登记。"), takes=of_today,
)  # fmt: skip
