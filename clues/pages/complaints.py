"""The complaint procedure: the forms, and what the page of a complaint says of it."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from clues import states
from clues.actions import complaints, intake
from clues.complaint_law import MEDIATION, REGULATION, law_on
from clues.models import Lead
from clues.pages.answering import answer, begin, of_lead, verb_page
from clues.pages.forms import complaints as forms
from clues.states import Channel
from core.pages import Fact, form_from, get_or_post, of_today
from core.templatetags.words import day
from deadlines.models import Clock
from deadlines.queries import rule_book

accept = verb_page(
    states.ACCEPT, forms.AcceptForm, complaints.accept_complaint,
    lambda _lead: _("已受理并告知投诉人。"), takes=of_today,
)  # fmt: skip
refuse = verb_page(
    states.REFUSE, forms.RefuseForm, complaints.refuse_complaint, lambda _lead: _("已登记不予受理。"), takes=of_today
)
exclude = verb_page(
    states.EXCLUDE_MEDIATION, forms.ExcludeMediationForm, complaints.exclude_mediation,
    lambda _lead: _("已扣除不计入调解期限的时间。"),
)  # fmt: skip
settle = verb_page(
    states.SETTLE, forms.SettleForm, complaints.settle_mediation,
    lambda _lead: _("已登记达成调解协议，调解期限停止计算。"), takes=of_today,
)  # fmt: skip
end = verb_page(
    states.END, forms.EndForm, complaints.end_mediation,
    lambda _lead: _("已终止调解，请告知投诉人和被投诉人。"), takes=of_today,
)  # fmt: skip
tell = verb_page(
    states.TELL, forms.TellForm, complaints.tell_parties, lambda _lead: _("已登记告知双方。"), takes=of_today
)
found = verb_page(
    states.FOUND, forms.FoundForm, complaints.found_in_mediation,
    lambda after: _("已登记线索 {number}。").format(number=_newest_of(after)),
)  # fmt: skip
treat_as_complaint = verb_page(
    states.TREAT_AS_COMPLAINT, forms.TreatForm, complaints.treat_as_complaint,
    lambda after: _("已转为投诉 {number}。").format(number=_newest_of(after)), takes=of_lead,
)  # fmt: skip


@get_or_post
def split(request: HttpRequest, lead_id: int) -> HttpResponse:
    lead, clocks = begin(request, lead_id, states.SPLIT)
    form = form_from(request, forms.SplitForm, lead=lead)
    twin = Channel(states.TWINS[Channel(lead.channel)]).label
    return answer(
        request, lead, clocks, states.SPLIT, form, intake.split_lead,
        lambda after: _("已另行登记{channel} {number}。").format(channel=twin, number=_newest_of(after)),
        title=_("另行登记{channel}").format(channel=twin),
    )  # fmt: skip


def complaint_facts(lead: Lead, clocks: list[Clock]) -> list[Fact]:
    """How far the complaint procedure has come; empty for every other lead."""
    if not lead.is_complaint:
        return []
    facts = []
    if lead.accepted_on:
        ends = {clock.rule: clock.due_on for clock in clocks if clock.rule in (MEDIATION, REGULATION) and clock.due_on}
        note = _("调解期限有两个，以先届满者为准：{day}").format(day=day(min(ends.values()))) if len(ends) > 1 else ""
        facts.append(Fact(_("受理日期"), day(lead.accepted_on), note=note))
    if lead.agreement:
        facts.append(Fact(_("达成协议日期"), day(lead.decided_on)))
        facts.append(Fact(_("调解协议"), lead.agreement, is_long=True))
        facts.append(Fact(_("调解书"), _("已制作") if lead.has_mediation_document else _("未制作，已作调解记录备查")))
    if lead.decided_on and lead.refusal_ground:
        law = law_on(rule_book(), lead.decided_on)
        facts.append(Fact(_("不予受理日期"), day(lead.decided_on)))
        facts.append(Fact(_("不予受理理由"), law.refusal_item(lead.refusal_ground), is_long=True))
    if lead.decided_on and lead.end_ground:
        law = law_on(rule_book(), lead.decided_on)
        facts.append(Fact(_("终止调解日期"), day(lead.decided_on)))
        facts.append(Fact(_("终止调解理由"), law.end_item(lead.end_ground), is_long=True))
        facts.append(Fact(_("告知双方日期"), day(lead.outcome_told_on) if lead.outcome_told_on else ""))
    return facts


def _newest_of(lead: Lead) -> str:
    """The number of what a verb has just registered from this lead."""
    return str(lead.offspring.order_by("-pk").values_list("number", flat=True)[0])
