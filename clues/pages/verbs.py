"""The forms of a lead: each page asks the gate, shows its form, makes one domain call and says what now runs."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.queries import who_may
from accounts.roles import Role
from clues import actions, states
from clues.models import Lead
from clues.pages import articles, forms
from clues.pages.progress import short_basis, why_not
from clues.queries import lead_for, require_move
from core.errors import NotPermitted, WrongState
from core.forms import VerbForm
from core.pages import Crumb, VerbPage, answer_verb, form_from
from core.transitions import Transition
from deadlines.faces import until_words
from deadlines.models import Clock
from deadlines.queries import clocks_of, rule_book
from deadlines.states import OPEN_STATES

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
def log(request: HttpRequest) -> HttpResponse:
    actor, at = _now(request)
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
        lead = actions.log_lead(**values, actor=actor, at=at)
        return _done(request, lead, _("已登记线索 {number}。").format(number=lead.number))

    form = form_from(request, forms.LogForm, user=actor, today=timezone.localdate(at))
    return answer_verb(request, form, page, act)


@get_or_post
def assign(request: HttpRequest, lead_id: int) -> HttpResponse:
    actor, _at = _now(request)
    lead, clocks = _begin(request, lead_id, states.ASSIGN)
    form = form_from(request, forms.AssignForm, user=actor, lead=lead)
    title = _("分派线索") if lead.state == states.LeadState.REGISTERED else _("改派线索")

    def said(after: Lead) -> str:
        return _("已分派给{office}{owner}。").format(office=after.office.name, owner=after.owner.name)

    return _answer(request, lead, clocks, states.ASSIGN, form, actions.assign_lead, said, title=title)


@get_or_post
def extend(request: HttpRequest, lead_id: int) -> HttpResponse:
    lead, clocks = _begin(request, lead_id, states.EXTEND)
    form = form_from(request, forms.ExtendForm)
    return _answer(
        request, lead, clocks, states.EXTEND, form, actions.extend_verification,
        lambda _lead: _("已批准延长核查期限。"), quote=articles.VERIFY,
    )  # fmt: skip


@get_or_post
def exclude(request: HttpRequest, lead_id: int) -> HttpResponse:
    lead, clocks = _begin(request, lead_id, states.EXCLUDE)
    grounds = rule_book().version(clocks[0].rule_version).excluded_grounds if clocks else ()
    form = form_from(request, forms.ExcludeForm, grounds=grounds)
    return _answer(
        request, lead, clocks, states.EXCLUDE, form, actions.exclude_test_days,
        lambda _lead: _("已扣除不计入期限的时间。"), quote=articles.TESTS_NOT_COUNTED,
    )  # fmt: skip


@get_or_post
def report(request: HttpRequest, lead_id: int) -> HttpResponse:
    lead, clocks = _begin(request, lead_id, states.REPORT)
    form = form_from(request, forms.ReportForm, lead=lead)
    return _answer(
        request, lead, clocks, states.REPORT, form, actions.report_findings,
        lambda after: _("核查结果已提交，等待{who}决定。").format(who=who_may(after.office, states.FILE.roles)),
        quote=articles.VERIFY,
    )  # fmt: skip


@get_or_post
def send_back(request: HttpRequest, lead_id: int) -> HttpResponse:
    lead, clocks = _begin(request, lead_id, states.SEND_BACK)
    form = form_from(request, forms.SendBackForm)
    return _answer(
        request, lead, clocks, states.SEND_BACK, form, actions.send_back_lead,
        lambda after: _("已退回{name}补充核查，期限继续计算。").format(name=after.owner.name),
    )  # fmt: skip


@get_or_post
def decline(request: HttpRequest, lead_id: int) -> HttpResponse:
    lead, clocks = _begin(request, lead_id, states.DECLINE)
    form = form_from(request, forms.DeclineForm)
    return _answer(
        request, lead, clocks, states.DECLINE, form, actions.decline_lead,
        lambda _lead: _("已决定不予立案，核查期限停止计算。"), quote=articles.MAY_DECLINE,
    )  # fmt: skip


@get_or_post
def transfer(request: HttpRequest, lead_id: int) -> HttpResponse:
    lead, clocks = _begin(request, lead_id, states.TRANSFER)
    form = form_from(request, forms.TransferForm)
    return _answer(
        request, lead, clocks, states.TRANSFER, form, actions.transfer_lead,
        lambda after: _("已决定移送{body}，核查期限停止计算。").format(body=after.transferred_to),
        quote=articles.TRANSFER,
    )  # fmt: skip


def _now(request: HttpRequest) -> tuple[User, datetime]:
    """Who asks, and the one reading of the clock."""
    assert isinstance(request.user, User)  # noqa: S101 - the log-in middleware lets nobody else through
    return request.user, timezone.now()


def _begin(request: HttpRequest, lead_id: int, row: Transition) -> tuple[Lead, list[Clock]]:
    """The lead and its clocks, if the verb may be shown to this user at all.

    :raises NotFound, NotPermitted, WrongState:
    """
    actor, _at = _now(request)
    lead = lead_for(actor, lead_id)
    require_move(actor, lead, row)
    clocks = list(clocks_of("lead", lead.pk))
    if request.method != "POST" and (why := why_not(row, clocks)):
        raise WrongState(why, code="not_now")
    return lead, clocks


def _answer(
    request: HttpRequest,
    lead: Lead,
    clocks: list[Clock],
    row: Transition,
    form: VerbForm,
    verb: Callable[..., Lead],
    said: Callable[[Lead], str],
    *,
    title: str = "",
    quote: str = "",
) -> HttpResponse:
    actor, at = _now(request)
    here = reverse("lead_page", args=[lead.pk])
    page = VerbPage(
        title=title or str(row.label),
        submit=title or str(row.label),
        back_url=here,
        subject=lead.label,
        basis=states.RULES if quote else short_basis(row),
        quote=quote,
        crumbs=[Crumb(_("线索列表"), reverse("lead_list")), Crumb(lead.number, here)],
        extra={"clocks": [clock for clock in clocks if clock.state in OPEN_STATES]},
    )

    def act(values: dict[str, Any]) -> str:
        after = verb(lead_id=lead.pk, **values, actor=actor, at=at)
        return _done(request, after, said(after))

    return answer_verb(request, form, page, act, "deadlines/verb_page.html")


def _done(request: HttpRequest, lead: Lead, said: str) -> str:
    """Where to go, having said what happened and which period now runs until when."""
    periods = until_words(clocks_of("lead", lead.pk), rule_book())
    messages.success(request, _("{said}{periods}").format(said=said, periods=periods))
    return reverse("lead_page", args=[lead.pk])


def _roles_of(row: Transition) -> str:
    return _("、").join(str(role.label) for role in Role if role in row.roles)
