"""The forms of a case: each page asks the gate, shows its form, makes one domain call and says what now runs."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.actions import decision, filing, performance, review, term
from cases.models import Case
from cases.pages import articles
from cases.pages.answering import answer, begin, done, get_or_post, now, today
from cases.pages.forms import matter as forms
from cases.pages.forms.duties import ConcludeForm, PassReviewForm, ReturnReviewForm
from cases.pages.forms.money import PaymentForm
from cases.pages.forms.outcomes import ServeSparedForm
from cases.pages.service import waits_for_service
from cases.queries.outcomes import closing_ground
from cases.states import matter as states
from cases.states.matter import CaseState, Outcome
from clues import states as lead_states
from clues.queries import lead_for
from clues.queries import require_move as require_lead_move
from core.pages import Crumb, VerbPage, answer_verb, form_from
from core.templatetags.words import day, money
from deadlines.models import Clock
from deadlines.queries import clocks_of, rule_book
from deadlines.rules import RuleVersion
from deadlines.states import OPEN_STATES


@get_or_post
def file(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Decide to file a lead; what comes of it is a case, so the page is here."""
    actor, at = now(request)
    lead = lead_for(actor, lead_id)
    require_lead_move(actor, lead, lead_states.FILE)
    here = reverse("lead_page", args=[lead.pk])
    page = VerbPage(
        title=str(lead_states.FILE.label),
        submit=str(lead_states.FILE.label),
        back_url=here,
        subject=lead.label,
        basis=states.RULES,
        quote=articles.FILE,
        crumbs=[Crumb(_("线索列表"), reverse("lead_list")), Crumb(lead.number, here)],
        extra={"clocks": [clock for clock in clocks_of("lead", lead.pk) if clock.state in OPEN_STATES]},
    )

    def act(values: dict[str, Any]) -> str:
        case = filing.file_case(lead_id=lead.pk, **values, actor=actor, at=at)
        return done(request, case, _("已立案，立案号 {number}。").format(number=case.number))

    return answer_verb(request, form_from(request, forms.FileForm, lead=lead), page, act, "deadlines/verb_page.html")


@get_or_post
def suspend(request: HttpRequest, case_id: int) -> HttpResponse:
    case, clocks = begin(request, case_id, states.SUSPEND)
    form = form_from(request, forms.SuspendForm, today=today())
    return answer(
        request, case, clocks, states.SUSPEND, form, term.suspend_case, lambda _case: _("已中止调查。"),
        quote=articles.SUSPEND,
    )  # fmt: skip


@get_or_post
def resume(request: HttpRequest, case_id: int) -> HttpResponse:
    case, clocks = begin(request, case_id, states.RESUME)
    form = form_from(request, forms.ResumeForm, today=today())
    return answer(
        request, case, clocks, states.RESUME, form, term.resume_case, lambda _case: _("已恢复调查。"),
        quote=articles.RESUME,
    )  # fmt: skip


@get_or_post
def extend(request: HttpRequest, case_id: int) -> HttpResponse:
    case, clocks = begin(request, case_id, states.EXTEND)
    return answer(
        request, case, clocks, states.EXTEND, form_from(request, forms.ExtendForm), term.extend_case, lambda _case: _("已批准延长办案期限。"),
        quote=articles.EXTEND,
    )  # fmt: skip


@get_or_post
def exclude(request: HttpRequest, case_id: int) -> HttpResponse:
    case, clocks = begin(request, case_id, states.EXCLUDE)
    rule, _taken = _handling(clocks)
    form = form_from(request, forms.ExcludeForm, grounds=rule.excluded_grounds)
    return answer(
        request, case, clocks, states.EXCLUDE, form, term.exclude_case_days,
        lambda _case: _("已扣除不计入期限的时间。"), quote=articles.EXCLUDE,
    )  # fmt: skip


@get_or_post
def reassign(request: HttpRequest, case_id: int) -> HttpResponse:
    case, clocks = begin(request, case_id, states.REASSIGN)
    form = form_from(request, forms.ReassignForm, case=case)

    def said(after: Case) -> str:
        return _("主办人员现为{owner}，协办人员现为{second}。").format(
            owner=after.owner.name, second=after.second_officer.name
        )

    return answer(request, case, clocks, states.REASSIGN, form, filing.reassign_case, said, quote=articles.TWO_OFFICERS)


@get_or_post
def conclude(request: HttpRequest, case_id: int) -> HttpResponse:
    case, clocks = begin(request, case_id, states.CONCLUDE)
    form = form_from(request, ConcludeForm, case=case)

    def said(after: Case) -> str:
        return _("已送{name}审核。").format(name=after.reviewer.name if after.reviewer else "")

    return answer(request, case, clocks, states.CONCLUDE, form, review.conclude_case, said, quote=articles.CONCLUDE)


@get_or_post
def pass_review(request: HttpRequest, case_id: int) -> HttpResponse:
    case, clocks = begin(request, case_id, states.PASS_REVIEW)
    return answer(
        request, case, clocks, states.PASS_REVIEW, form_from(request, PassReviewForm), review.pass_review,
        lambda _case: _("审核同意，下一步由部门负责人批准告知。"), quote=articles.REVIEW_PASSED,
    )  # fmt: skip


@get_or_post
def return_review(request: HttpRequest, case_id: int) -> HttpResponse:
    case, clocks = begin(request, case_id, states.RETURN_REVIEW)
    return answer(
        request, case, clocks, states.RETURN_REVIEW, form_from(request, ReturnReviewForm), review.return_review,
        lambda after: _("已退回{name}补充调查或者纠正。").format(name=after.owner.name), quote=articles.REVIEW_RETURNED,
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


@get_or_post
def record_payment(request: HttpRequest, case_id: int) -> HttpResponse:
    case, clocks = begin(request, case_id, states.RECORD_PAYMENT)
    form = form_from(request, PaymentForm, case=case, today=today())

    def said(after: Case) -> str:
        if after.state == CaseState.PERFORMED:
            return _("罚没款已缴清。")
        return _("已登记缴款，尚欠 {left} 元。").format(left=money(after.left_amount))

    return answer(
        request, case, clocks, states.RECORD_PAYMENT, form, performance.record_payment, said, quote=articles.PAYMENT
    )


@get_or_post
def close(request: HttpRequest, case_id: int) -> HttpResponse:
    case, clocks = begin(request, case_id, states.CLOSE)

    def said(after: Case) -> str:
        return _("已于 {day}结案。").format(day=day(after.closed_on))

    form = form_from(request, forms.CloseForm, ground=closing_ground(case))
    return answer(request, case, clocks, states.CLOSE, form, performance.close_case, said, quote=articles.CLOSE)


def _handling(clocks: list[Clock]) -> tuple[RuleVersion, int]:
    """The rule of the ninety days, as this case runs under it, and how often it was extended."""
    clock = next(each for each in clocks if each.rule == "case_handling")
    return rule_book().version(clock.rule_version), len(clock.additions)
