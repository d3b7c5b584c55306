"""What every form of a case does: fetch through the gate, ask whether the verb may be shown, answer, say what now runs."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from cases.models import Case
from cases.pages.obstacles import why_not
from cases.queries.matter import case_for, require_move
from cases.states import matter as states
from core.errors import WrongState
from core.forms import VerbForm
from core.pages import Crumb, VerbPage, answer_verb
from core.transitions import Transition
from deadlines.faces import until_words
from deadlines.models import Clock
from deadlines.queries import clocks_of, rule_book
from deadlines.states import OPEN_STATES

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def now(request: HttpRequest) -> tuple[User, datetime]:
    """Who asks, and the one reading of the clock."""
    assert isinstance(request.user, User)  # noqa: S101 - the log-in middleware lets nobody else through
    return request.user, timezone.now()


def today() -> date:
    return timezone.localdate()


def begin(request: HttpRequest, case_id: int, row: Transition) -> tuple[Case, list[Clock]]:
    """The case and its clocks, if the verb may be shown to this user at all.

    :raises NotFound, NotPermitted, WrongState:
    """
    actor, at = now(request)
    case = case_for(actor, case_id)
    require_move(actor, case, row)
    clocks = list(clocks_of("case", case.pk))
    if request.method != "POST" and (why := why_not(case, row, clocks, at)):
        raise WrongState(why, code="not_now")
    return case, clocks


def answer(
    request: HttpRequest,
    case: Case,
    clocks: list[Clock],
    row: Transition,
    form: VerbForm,
    verb: Callable[..., Case],
    said: Callable[[Case], str],
    *,
    quote: str,
    template: str = "deadlines/verb_page.html",
    extra: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Show the form of a verb or carry it out; ``extra`` is what a ``template`` of its own shows besides."""
    actor, at = now(request)
    here = reverse("case_page", args=[case.pk])
    page = VerbPage(
        title=str(row.label),
        submit=str(row.label),
        back_url=here,
        subject=case.label,
        basis=states.HEARING_RULES if str(row.basis).startswith(states.HEARING_RULES) else states.RULES,
        quote=quote,
        crumbs=[Crumb(_("案件列表"), reverse("case_list")), Crumb(case.number, here)],
        extra={"clocks": [clock for clock in clocks if clock.state in OPEN_STATES], **(extra or {})},
    )

    def act(values: dict[str, Any]) -> str:
        after = verb(case_id=case.pk, **values, actor=actor, at=at)
        return done(request, after, said(after))

    return answer_verb(request, form, page, act, template)


def done(request: HttpRequest, case: Case, said: str) -> str:
    """Where to go, having said what happened and which period now runs until when."""
    periods = until_words(clocks_of("case", case.pk), rule_book())
    messages.success(request, _("{said}{periods}").format(said=said, periods=periods))
    return reverse("case_page", args=[case.pk])
