"""Verification: the forms."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.queries import who_may
from clues import states
from clues.actions import verification
from clues.models import Lead
from clues.pages import articles
from clues.pages.answering import answer, begin, now_of, verb_page
from clues.pages.forms import verification as forms
from clues.queries import checks_of
from core.pages import form_from, get_or_post
from deadlines.queries import rule_book


@get_or_post
def check(request: HttpRequest, lead_id: int) -> HttpResponse:
    actor, at = now_of(request)
    lead, clocks = begin(request, lead_id, states.CHECK)
    form = form_from(request, forms.CheckForm, lead=lead, actor=actor, now=at, checks=list(checks_of(lead)))

    def record(**values: Any) -> Lead:
        return verification.record_check(**values).lead

    return answer(
        request, lead, clocks, states.CHECK, form, record, lambda _lead: _("核查记录已保存，不能修改。"),
        quote=articles.TWO_OFFICERS,
    )  # fmt: skip


@get_or_post
def exclude(request: HttpRequest, lead_id: int) -> HttpResponse:
    lead, clocks = begin(request, lead_id, states.EXCLUDE)
    grounds = rule_book().version(clocks[0].rule_version).excluded_grounds if clocks else ()
    form = form_from(request, forms.ExcludeForm, grounds=grounds)
    return answer(
        request, lead, clocks, states.EXCLUDE, form, verification.exclude_test_days,
        lambda _lead: _("已扣除不计入期限的时间。"), quote=articles.TESTS_NOT_COUNTED,
    )  # fmt: skip


extend = verb_page(
    states.EXTEND, forms.ExtendForm, verification.extend_verification,
    lambda _lead: _("已批准延长核查期限。"), quote=articles.VERIFY,
)  # fmt: skip
report = verb_page(
    states.REPORT, forms.ReportForm, verification.report_findings,
    lambda after: _("核查结果已提交，等待{who}决定。").format(who=who_may(after.office, states.FILE.roles)),
    quote=articles.VERIFY, takes=lambda lead: {"lead": lead, "checks": list(checks_of(lead))},
)  # fmt: skip
send_back = verb_page(
    states.SEND_BACK, forms.SendBackForm, verification.send_back_lead,
    lambda after: _("已退回{name}补充核查，期限继续计算。").format(name=after.owner.name),
)  # fmt: skip
