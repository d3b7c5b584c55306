"""What the pages of evidence and of measures share: both lie beneath a case, with verbs and a history of their own."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.queries import who_may
from cases.models import Case
from cases.pages.progress import short_basis
from cases.states import matter as states
from core.forms import VerbForm
from core.pages import Crumb, HistoryLine, NextStep, VerbPage, answer_verb
from core.transitions import Transition
from deadlines.models import Clock


def crumbs_to(case: Case, *further: Crumb) -> list[Crumb]:
    """From the list of cases over the case to where the reader is."""
    return [
        Crumb(_("案件列表"), reverse("case_list")), Crumb(case.number, reverse("case_page", args=[case.pk])), *further,
    ]  # fmt: skip


def answer(
    request: HttpRequest,
    row: Transition,
    form: VerbForm,
    act: Callable[[dict[str, Any]], tuple[str, str]],
    *,
    subject: str,
    crumbs: Sequence[Crumb],
    quote: str,
    clocks: Sequence[Clock] = (),
    extra: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Show a verb's form or carry it out. ``act`` answers with where to go and what to say."""
    page = VerbPage(
        title=str(row.label), submit=str(row.label), back_url=crumbs[-1].url, subject=subject,
        basis=short_basis(row), quote=quote, crumbs=crumbs, extra={"clocks": clocks, **(extra or {})},
    )  # fmt: skip

    def done(values: dict[str, Any]) -> str:
        url, said = act(values)
        messages.success(request, said)
        return url

    return answer_verb(request, form, page, done, "deadlines/verb_page.html")


def next_steps(
    case: Case, rows: Iterable[Transition], legal: Sequence[Transition], url: Callable[[Transition], str]
) -> list[NextStep]:
    """A button for what the reader may do, in words who does the rest."""
    return [
        NextStep(
            label=str(row.label),
            url=url(row) if row in legal else "",
            who="" if row in legal else who_does(case, row),
            basis=short_basis(row),
        )
        for row in rows
    ]


def who_does(case: Case, row: Transition) -> str:
    """Whom to ask for a move of this case."""
    if row.roles == frozenset(states.OFFICER):
        return _("办案人员{owner}、{second}").format(owner=case.owner.name, second=case.second_officer.name)
    return who_may(case.office, row.roles)


def lines(
    moves: Iterable[Any], table: Iterable[Transition], prefix: Callable[[Any], str] = lambda _move: ""
) -> list[HistoryLine]:
    """Moves as sentences, newest first; what happened by law has nobody's name."""
    labels = {row.name: row.label for row in table}
    found = [
        HistoryLine(
            at=move.at, who=move.actor.name if move.actor else _("系统"),
            what=f"{prefix(move)}{labels[move.name]}", detail=move.reason,
        )
        for move in moves
    ]  # fmt: skip
    return found[::-1]
