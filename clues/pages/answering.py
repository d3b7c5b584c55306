"""What every form of a lead shares: ask the gate, show the form, make one domain call, say what now runs."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from clues import states
from clues.models import Lead
from clues.pages.progress import short_basis, why_disputed, why_not
from clues.queries import lead_for, require_move
from core.errors import WrongState
from core.forms import VerbForm
from core.pages import Crumb, VerbPage, answer_verb, form_from, get_or_post, nothing
from core.transitions import Transition
from deadlines.faces import until_words
from deadlines.models import Clock
from deadlines.queries import clocks_of, rule_book
from deadlines.states import OPEN_STATES


def of_lead(lead: Lead) -> Mapping[str, Any]:
    return {"lead": lead}


def now_of(request: HttpRequest) -> tuple[User, datetime]:
    """Who asks, and the one reading of the clock."""
    assert isinstance(request.user, User)  # noqa: S101 - the log-in middleware lets nobody else through
    return request.user, timezone.now()


def begin(request: HttpRequest, lead_id: int, row: Transition) -> tuple[Lead, list[Clock]]:
    """The lead and its clocks, if the verb may be shown to this user at all.

    :raises NotFound, NotPermitted, WrongState:
    """
    actor, _at = now_of(request)
    lead = lead_for(actor, lead_id)
    require_move(actor, lead, row)
    clocks = list(clocks_of("lead", lead.pk))
    if request.method != "POST" and (why := why_not(lead, row, clocks, why_disputed(lead))):
        raise WrongState(why, code="not_now")
    return lead, clocks


def answer(
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
    template: str = "deadlines/verb_page.html",
    extra: Mapping[str, Any] | None = None,
) -> HttpResponse:
    actor, at = now_of(request)
    here = reverse("lead_page", args=[lead.pk])
    page = VerbPage(
        title=title or str(row.label),
        submit=title or str(row.label),
        back_url=here,
        subject=lead.label,
        basis=_instrument(row) if quote else short_basis(row),
        quote=quote,
        crumbs=[Crumb(_("线索列表"), reverse("lead_list")), Crumb(lead.number, here)],
        extra={"clocks": [clock for clock in clocks if clock.state in OPEN_STATES], **(extra or {})},
    )

    def act(values: dict[str, Any]) -> str:
        after = verb(lead_id=lead.pk, **values, actor=actor, at=at)
        return done(request, after, said(after))

    return answer_verb(request, form, page, act, template)


def verb_page(
    row: Transition,
    form: type[VerbForm],
    verb: Callable[..., Lead],
    said: Callable[[Lead], str],
    *,
    quote: str = "",
    takes: Callable[[Lead], Mapping[str, Any]] = nothing,
) -> Callable[[HttpRequest, int], HttpResponse]:
    """The whole page of a verb that shows its form and nothing besides.

    :param said: what the verb did, in a sentence, from the lead as it is afterwards.
    :param takes: what the form is made with, by name.
    """

    @get_or_post
    def page(request: HttpRequest, lead_id: int) -> HttpResponse:
        lead, clocks = begin(request, lead_id, row)
        return answer(request, lead, clocks, row, form_from(request, form, **takes(lead)), verb, said, quote=quote)

    return page


def _instrument(row: Transition) -> str:
    """Which of the two instruments the quoted article of a verb stands in."""
    return states.COMPLAINT_RULES if str(row.basis).startswith(states.COMPLAINT_RULES) else states.RULES


def done(request: HttpRequest, lead: Lead, said: str) -> str:
    """Where to go, having said what happened and which period now runs until when."""
    periods = until_words(clocks_of("lead", lead.pk), rule_book())
    messages.success(request, _("{said}{periods}").format(said=said, periods=periods))
    return reverse("lead_page", args=[lead.pk])
