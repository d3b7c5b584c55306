"""The forms of a case: each page asks the gate, shows its form, makes one domain call and says what now runs."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.actions import decision, filing, performance, review, term
from cases.models import Case
from cases.pages import articles
from cases.pages.answering import answer, answer_row, begin, done, now, of_case, of_case_today, today, verb_page
from cases.pages.forms import matter as forms
from cases.pages.forms.duties import ConcludeForm, PassReviewForm, ReturnReviewForm
from cases.pages.forms.money import PaymentForm
from cases.pages.forms.outcomes import ServeSparedForm
from cases.pages.proposals import proposed
from cases.pages.service import waits_for_service
from cases.queries.outcomes import closing_ground
from cases.states import matter as states
from cases.states.matter import CaseState, Outcome
from clues import states as lead_states
from clues.queries import lead_for
from clues.queries import require_move as require_lead_move
from core.pages import Crumb, form_from, get_or_post, of_today
from core.templatetags.words import day, money
from deadlines.models import Clock
from deadlines.queries import clocks_of, rule_book


@get_or_post
def file(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Decide to file a lead; what comes of it is a case, so the page is here."""
    actor, at = now(request)
    lead = lead_for(actor, lead_id)
    require_lead_move(actor, lead, lead_states.FILE)

    def act(values: dict[str, Any]) -> tuple[str, str]:
        case = filing.file_case(lead_id=lead.pk, **values, actor=actor, at=at)
        return done(case, _("已立案，立案号 {number}。").format(number=case.number))

    return answer_row(
        request, lead_states.FILE, form_from(request, forms.FileForm, lead=lead), act, subject=lead.label,
        crumbs=[
            Crumb(_("线索列表"), reverse("lead_list")), Crumb(lead.number, reverse("lead_page", args=[lead.pk])),
        ],
        quote=articles.FILE, clocks=clocks_of("lead", lead.pk),
    )  # fmt: skip


suspend = verb_page(
    states.SUSPEND, forms.SuspendForm, term.suspend_case, lambda _case: _("已中止调查。"), quote=articles.SUSPEND,
    takes=of_today,
)  # fmt: skip
resume = verb_page(
    states.RESUME, forms.ResumeForm, term.resume_case, lambda _case: _("已恢复调查。"), quote=articles.RESUME,
    takes=of_today,
)  # fmt: skip
extend = verb_page(
    states.EXTEND, forms.ExtendForm, term.extend_case, lambda _case: _("已批准延长办案期限。"), quote=articles.EXTEND
)


@get_or_post
def exclude(request: HttpRequest, case_id: int) -> HttpResponse:
    case, clocks = begin(request, case_id, states.EXCLUDE)
    form = form_from(request, forms.ExcludeForm, grounds=excluded_grounds(clocks))
    return answer(
        request, case, clocks, states.EXCLUDE, form, term.exclude_case_days,
        lambda _case: _("已扣除不计入期限的时间。"), quote=articles.EXCLUDE,
    )  # fmt: skip


def excluded_grounds(clocks: Iterable[Clock]) -> Sequence[str]:
    """What does not count towards the ninety days, by the rule this case runs under."""
    clock = next(each for each in clocks if each.rule == "case_handling")
    return rule_book().version(clock.rule_version).excluded_grounds


reassign = verb_page(
    states.REASSIGN, forms.ReassignForm, filing.reassign_case,
    lambda after: _("主办人员现为{owner}，协办人员现为{second}。").format(
        owner=after.owner.name, second=after.second_officer.name
    ),
    quote=articles.TWO_OFFICERS, takes=of_case,
)  # fmt: skip
conclude = verb_page(
    states.CONCLUDE, ConcludeForm, review.conclude_case,
    lambda after: _("已送{name}审核。").format(name=after.reviewer.name if after.reviewer else ""),
    quote=articles.CONCLUDE, takes=of_case,
)  # fmt: skip
pass_review = verb_page(
    states.PASS_REVIEW, PassReviewForm, review.pass_review,
    lambda _case: _("审核同意，下一步由部门负责人批准告知。"), quote=articles.REVIEW_PASSED,
    template="cases/proposed.html", shows=proposed,
)  # fmt: skip
return_review = verb_page(
    states.RETURN_REVIEW, ReturnReviewForm, review.return_review,
    lambda after: _("已退回{name}补充调查或者纠正。").format(name=after.owner.name), quote=articles.REVIEW_RETURNED,
    template="cases/proposed.html", shows=proposed,
)  # fmt: skip


@get_or_post
def notify(request: HttpRequest, case_id: int) -> HttpResponse:
    case, clocks = begin(request, case_id, states.NOTIFY)
    if waits_for_service(request, case, states.NOTIFY):
        return redirect("case_service_page", case.pk)
    form = form_from(request, forms.NotifyForm, today=today())
    return answer(
        request, case, clocks, states.NOTIFY, form, decision.notify_party,
        lambda _case: _("已登记行政处罚告知书送达。"), quote=articles.NOTIFY,
    )  # fmt: skip


@get_or_post
def serve(request: HttpRequest, case_id: int) -> HttpResponse:
    case, clocks = begin(request, case_id, states.SERVE)
    if waits_for_service(request, case, states.SERVE):
        return redirect("case_service_page", case.pk)
    is_penalty = case.outcome in ("", Outcome.PENALTY)
    form = form_from(request, forms.ServeForm if is_penalty else ServeSparedForm, today=today())
    return answer(
        request, case, clocks, states.SERVE, form, decision.serve_decision,
        lambda _case: _("已登记处罚决定书送达。"), quote=articles.SERVE,
    )  # fmt: skip


def _paid(after: Case) -> str:
    if after.state == CaseState.PERFORMED:
        return _("罚没款已缴清。")
    return _("已登记缴款，尚欠 {left} 元。").format(left=money(after.left_amount))


record_payment = verb_page(
    states.RECORD_PAYMENT, PaymentForm, performance.record_payment, _paid, quote=articles.PAYMENT, takes=of_case_today
)
close = verb_page(
    states.CLOSE, forms.CloseForm, performance.close_case,
    lambda after: _("已于 {day}结案。").format(day=day(after.closed_on)), quote=articles.CLOSE,
    takes=lambda case, _user: {"ground": closing_ground(case)},
)  # fmt: skip
