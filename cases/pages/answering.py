"""What every form of a case does: fetch through the gate, ask whether the verb may be shown, answer, say what now runs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases.models import Case
from cases.pages.obstacles import why_not
from cases.queries.matter import case_for, require_move
from cases.states import matter as states
from core.errors import WrongState
from core.forms import VerbForm
from core.pages import Crumb, VerbPage, answer_verb, form_from, get_or_post, nothing
from core.transitions import Transition
from deadlines.faces import until_words
from deadlines.models import Clock
from deadlines.queries import clocks_of, rule_book
from deadlines.states import OPEN_STATES

Page = Callable[[HttpRequest, int], HttpResponse]
VERB_PAGE = "deadlines/verb_page.html"


def now(request: HttpRequest) -> tuple[User, datetime]:
    """Who asks, and the one reading of the clock."""
    assert isinstance(request.user, User)  # noqa: S101 - the log-in middleware lets nobody else through
    return request.user, timezone.now()


def today() -> date:
    return timezone.localdate()


def of_case(case: Case, _user: User) -> Mapping[str, Any]:
    return {"case": case}


def of_case_today(case: Case, _user: User) -> Mapping[str, Any]:
    return {"case": case, "today": today()}


def crumbs_to(case: Case, *further: Crumb) -> list[Crumb]:
    """From the list of cases over the case to where the reader is."""
    return [
        Crumb(_("案件列表"), reverse("case_list")), Crumb(case.number, reverse("case_page", args=[case.pk])), *further,
    ]  # fmt: skip


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
    clocks: Iterable[Clock],
    row: Transition,
    form: VerbForm,
    verb: Callable[..., Case],
    said: Callable[[Case], str],
    *,
    quote: str,
    below: Crumb | None = None,
    template: str = VERB_PAGE,
    extra: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Show the form of a verb of a case or carry it out.

    :param below: the page beneath that of the case from which one comes and to which one returns.
    :param extra: what a ``template`` of its own shows besides.
    """
    actor, at = now(request)
    crumbs = crumbs_to(case, *([below] if below else []))

    def act(values: dict[str, Any]) -> tuple[str, str]:
        after = verb(case_id=case.pk, **values, actor=actor, at=at)
        url, words = done(after, said(after))
        return below.url if below else url, words

    return answer_row(
        request, row, form, act, subject=case.label, crumbs=crumbs, quote=quote, clocks=clocks, template=template,
        extra=extra,
    )  # fmt: skip


def answer_row(
    request: HttpRequest,
    row: Transition,
    form: VerbForm,
    act: Callable[[dict[str, Any]], tuple[str, str]],
    *,
    crumbs: Sequence[Crumb],
    quote: str,
    subject: str = "",
    basis: str = "",
    clocks: Iterable[Clock] = (),
    template: str = VERB_PAGE,
    extra: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Show the form of any verb or carry it out. ``act`` answers with where to go and what to say.

    :param basis: what ``quote`` is taken from, where that is not the instrument of the row.
    """
    page = VerbPage(
        title=str(row.label), submit=str(row.label), back_url=crumbs[-1].url, subject=subject,
        basis=basis or _instrument(row), quote=quote, crumbs=crumbs,
        extra={"clocks": [clock for clock in clocks if clock.state in OPEN_STATES], **(extra or {})},
    )  # fmt: skip

    def go(values: dict[str, Any]) -> str:
        url, said = act(values)
        messages.success(request, said)
        return url

    return answer_verb(request, form, page, go, template)


def verb_page(
    row: Transition,
    form: type[VerbForm],
    verb: Callable[..., Case],
    said: Callable[[Case], str],
    *,
    quote: str,
    takes: Callable[[Case, User], Mapping[str, Any]] = nothing,
    template: str = VERB_PAGE,
    shows: Callable[[Case], Mapping[str, Any]] = nothing,
) -> Page:
    """The whole page of a verb whose form and surroundings know nothing of each other.

    :param said: what the verb did, in a sentence, from the case as it is afterwards.
    :param takes: what the form is made with, by name.
    :param shows: what the template is given besides.
    """

    @get_or_post
    def page(request: HttpRequest, case_id: int) -> HttpResponse:
        case, clocks = begin(request, case_id, row)
        user, _at = now(request)
        return answer(
            request, case, clocks, row, form_from(request, form, **takes(case, user)), verb, said, quote=quote,
            template=template, extra=shows(case),
        )  # fmt: skip

    return page


def done(case: Case, said: str) -> tuple[str, str]:
    """Where to go and what to say: what happened and which period now runs until when."""
    periods = until_words(clocks_of("case", case.pk), rule_book())
    return reverse("case_page", args=[case.pk]), _("{said}{periods}").format(said=said, periods=periods)


def _instrument(row: Transition) -> str:
    """Which of the two instruments the quoted article of a verb stands in."""
    return states.HEARING_RULES if str(row.basis).startswith(states.HEARING_RULES) else states.RULES
