"""The hearing of a case: its page, the forms of its steps, and what the page of the case says of it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from cases.actions import hearing as verbs
from cases.actions import hearing_session as session
from cases.actions import legal_review
from cases.actions.hearing_clocks import ALL
from cases.models import Case, Hearing
from cases.pages import articles, hearing_articles
from cases.pages.answering import Page, answer, crumbs_to, now, today, verb_page
from cases.pages.discussion import discussions_told
from cases.pages.forms import duties as duty_forms
from cases.pages.forms import hearing as forms
from cases.pages.hearing_facts import facts_of, steps_of
from cases.pages.hearing_steps import why_not_yet
from cases.pages.history import history_of
from cases.pages.progress import next_steps, waiting_for
from cases.pages.proposals import proposed
from cases.pages.sections import Section
from cases.queries.hearing import needs_discussion, require_step, whole_hearings_of
from cases.queries.matter import case_for, knows_of_none, moves_of
from cases.states import hearing as steps
from cases.states import matter as states
from core.errors import WrongState
from core.forms import VerbForm
from core.pages import Crumb, form_from, get_or_post, nothing, of_today
from core.transitions import Transition
from deadlines.queries import clocks_of

RULES_OF_ALL = (*ALL, "hearing_request")
AROUND = (
    states.REQUEST_HEARING, states.END_HEARING, states.REPORT_HEARING, states.SUBMIT_LEGAL_REVIEW,
    states.PASS_LEGAL_REVIEW, states.RETURN_LEGAL_REVIEW, states.DISCUSS,
)  # fmt: skip
NAMES = [row.name for row in (*steps.STEPS, *AROUND)]


@require_safe
def hearing_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """Steps with their days, what comes next, everybody who took part, what the heads discussed.

    :raises NotFound:
    """
    user, at = now(request)
    case = case_for(user, case_id)
    clocks = list(clocks_of("case", case.pk).prefetch_related("moves"))
    own = [clock for clock in clocks if clock.rule in RULES_OF_ALL]
    hearings = list(whole_hearings_of(case)[:20])
    case.latest_hearing = hearings[0] if hearings else None  # not to be read again for each step
    context: dict[str, Any] = {
        "case": case,
        "crumbs": crumbs_to(case, Crumb(_("听证与集体讨论"))),
        "clocks": own,
        "hearings": [_told(each) for each in hearings],
        "steps": steps_of(hearings[0]) if hearings else [],
        "next_steps": next_steps(user, case, clocks, at, AROUND),
        "waiting": waiting_for(user, case),
        "discussions": discussions_told(case),
        "is_discussion_needed": needs_discussion(case),
        "history": history_of(list(moves_of(case).filter(name__in=NAMES)), own),
    }
    return render(request, "cases/hearing_page.html", context)


def section(user: User, case: Case) -> Section | None:
    """听证与集体讨论, once a hearing was asked for or the heads discussed."""
    hearing = case.latest_hearing
    discussions = [] if knows_of_none(case, "has_discussions") else discussions_told(case, most=5, with_voices=False)
    if hearing is None and not discussions:
        return None
    given = {"hearing": hearing, "facts": facts_of(hearing) if hearing else [], "discussions": discussions}
    url = reverse("case_hearing", args=[case.pk])
    return Section("hearing", _("听证与集体讨论"), "cases/hearing_section.html", given, url=url)


# ---- moves of the case ------------------------------------------------------


request_hearing = verb_page(
    states.REQUEST_HEARING, forms.RequestHearingForm, verbs.request_hearing,
    lambda _case: _("已登记听证要求，报部门负责人确定听证主持人。"), quote=hearing_articles.REQUEST, takes=of_today,
)  # fmt: skip
report_hearing = verb_page(
    states.REPORT_HEARING, forms.ReportForm, session.report_hearing,
    lambda _case: _("已提交听证报告，下一步由办案人员送法制审核。"), quote=hearing_articles.REPORT,
)  # fmt: skip
end_hearing = verb_page(
    states.END_HEARING, forms.EndForm, session.end_hearing, lambda _case: _("已终止听证。"), quote=hearing_articles.END
)
submit_legal_review = verb_page(
    states.SUBMIT_LEGAL_REVIEW, forms.SubmitLegalReviewForm, legal_review.submit_legal_review,
    lambda after: _("已送{name}法制审核。").format(name=after.reviewer.name if after.reviewer else ""),
    quote=articles.LEGAL_REVIEW, takes=lambda case, _user: {"case": case, "hearing": case.latest_hearing},
)  # fmt: skip
pass_legal_review = verb_page(
    states.PASS_LEGAL_REVIEW, duty_forms.PassReviewForm, legal_review.pass_legal_review,
    lambda _case: _("法制审核同意，下一步由部门负责人集体讨论决定。"), quote=articles.REVIEW_PASSED,
    template="cases/proposed.html", shows=proposed,
)  # fmt: skip
return_legal_review = verb_page(
    states.RETURN_LEGAL_REVIEW, duty_forms.ReturnReviewForm, legal_review.return_legal_review,
    lambda after: _("已退回{name}补充调查或者纠正。").format(name=after.owner.name), quote=articles.REVIEW_RETURNED,
    template="cases/proposed.html", shows=proposed,
)  # fmt: skip


# ---- steps of the hearing ---------------------------------------------------


def _of_hearing(hearing: Hearing, _user: User) -> Mapping[str, Any]:
    return {"hearing": hearing}


def _of_both(hearing: Hearing, _user: User) -> Mapping[str, Any]:
    return {"case": hearing.case, "hearing": hearing}


def _step(
    row: Transition, form: type[VerbForm], verb: Callable[..., Case], quote: str,
    takes: Callable[[Hearing, User], Mapping[str, Any]] = nothing,
) -> Page:  # fmt: skip
    """The whole page of one step: the gate, the form, one domain call, back to the page of the hearing."""

    @get_or_post
    def page(request: HttpRequest, case_id: int) -> HttpResponse:
        user, at = now(request)
        case = case_for(user, case_id)
        hearing = require_step(user, case, row)
        if request.method != "POST" and (why := why_not_yet(hearing, row, at)):
            raise WrongState(why, code="not_now")
        return answer(
            request, case, clocks_of("case", case.pk), row, form_from(request, form, **takes(hearing, user)), verb,
            lambda _case: _("已办理“{what}”。").format(what=row.label), quote=quote,
            below=Crumb(_("听证与集体讨论"), reverse("case_hearing", args=[case.pk])),
        )  # fmt: skip

    return page


name_host = _step(
    steps.NAME_HOST,
    forms.NameHostForm,
    verbs.name_host,
    hearing_articles.NAME_HOST,
    lambda hearing, _user: {"case": hearing.case},
)
change_hosts = _step(
    steps.CHANGE_HOSTS, forms.ChangeHostsForm, verbs.change_hosts, hearing_articles.CHANGE_HOSTS, _of_both
)
hand_materials = _step(
    steps.HAND_MATERIALS, forms.HandMaterialsForm, verbs.hand_materials, hearing_articles.HAND_MATERIALS, of_today
)
schedule_hearing = _step(
    steps.SCHEDULE, forms.ScheduleForm, verbs.schedule_hearing, hearing_articles.SCHEDULE, _of_both
)
reschedule_hearing = _step(
    steps.RESCHEDULE, forms.RescheduleForm, verbs.reschedule_hearing, hearing_articles.SCHEDULE, _of_hearing
)
record_hearing_notice = _step(
    steps.TELL, forms.TellForm, verbs.record_hearing_notice, hearing_articles.TELL,
    lambda hearing, _user: {"hearing": hearing, "today": today()},
)  # fmt: skip
announce_hearing = _step(
    steps.ANNOUNCE, forms.AnnounceForm, verbs.announce_hearing, hearing_articles.ANNOUNCE, of_today
)
ask_hearing_recusal = _step(
    steps.ASK_RECUSAL, forms.AskRecusalForm, session.ask_hearing_recusal, hearing_articles.RECUSAL, _of_hearing
)
decide_hearing_recusal = _step(
    steps.DECIDE_RECUSAL, forms.DecideRecusalForm, session.decide_hearing_recusal, hearing_articles.RECUSAL,
    lambda hearing, user: {"user": user, "hearing": hearing},
)  # fmt: skip
suspend_hearing = _step(steps.SUSPEND, forms.SuspendHearingForm, session.suspend_hearing, hearing_articles.SUSPEND)
resume_hearing = _step(steps.RESUME, forms.ResumeHearingForm, session.resume_hearing, hearing_articles.RESUME, _of_both)
hold_hearing = _step(
    steps.HOLD, forms.HoldForm, session.hold_hearing, hearing_articles.HOLD,
    lambda hearing, user: {**_of_both(hearing, user), "today": today()},
)  # fmt: skip


def _told(hearing: Hearing) -> dict[str, Any]:
    return {
        "row": hearing,
        "facts": facts_of(hearing, whole=True),
        "attendees": hearing.attendees.all(),
        "recusals": hearing.recusals.all(),
    }
