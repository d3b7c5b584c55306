"""What the pages of sub-matters share: evidence and measures lie beneath a case, with verbs and a history of their own."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.models import User
from cases.models import Case
from cases.pages.answering import Page, answer_row, crumbs_to, now
from cases.pages.progress import short_basis, who_does
from cases.queries.matter import case_for
from core.forms import VerbForm
from core.pages import Crumb, HistoryLine, NextStep, form_from, get_or_post, nothing
from core.transitions import Transition
from deadlines.models import Clock

M = TypeVar("M", bound=Model)
Done = Callable[[Any, Transition], tuple[str, str]]


@dataclass(frozen=True)
class SubMatter(Generic[M]):
    """One kind of sub-matter, as the pages of its verbs know it.

    :param key: what addresses and verbs call its id.
    :param fetch: its gate.
    :param require: refuses whoever may not make a move of one now; ``require_on_case`` where there is none yet.
    :param listed: the page of all of a case.
    :param way: the crumbs down to the page of one.
    :param subject: what a form says it is about.
    :param done: where to go after a move and what to say.
    """

    key: str
    fetch: Callable[[User, int], M]
    require: Callable[[User, M, Transition], None]
    require_on_case: Callable[[User, Case, Transition], None]
    listed: Callable[[Case], Crumb]
    way: Callable[[M], Sequence[Crumb]]
    subject: Callable[[M], str]
    done: Done
    clocks: Callable[[M], Iterable[Clock]] = lambda _matter: ()

    def page_on_case(
        self, row: Transition, form: type[VerbForm], verb: Callable[..., Model], *, quote: str,
        takes: Callable[[Case, User], Mapping[str, Any]] = nothing, done: Done | None = None,
    ) -> Page:  # fmt: skip
        """The whole page of a verb on the case that makes one."""

        @get_or_post
        def page(request: HttpRequest, case_id: int) -> HttpResponse:
            user, at = now(request)
            case = case_for(user, case_id)
            self.require_on_case(user, case, row)

            def act(values: dict[str, Any]) -> tuple[str, str]:
                return (done or self.done)(verb(case_id=case.pk, **values, actor=user, at=at), row)

            return answer_row(
                request, row, form_from(request, form, **takes(case, user)), act, subject=case.label,
                crumbs=crumbs_to(case, self.listed(case)), basis=short_basis(row), quote=quote,
            )  # fmt: skip

        return page

    def page(
        self, row: Transition, form: type[VerbForm], verb: Callable[..., M], *, quote: str,
        takes: Callable[[M, User], Mapping[str, Any]] = nothing,
    ) -> Callable[..., HttpResponse]:  # fmt: skip
        """The whole page of a verb on one of them."""

        @get_or_post
        def page(request: HttpRequest, **address: int) -> HttpResponse:
            user, at = now(request)
            matter = self.fetch(user, address[self.key])
            self.require(user, matter, row)

            def act(values: dict[str, Any]) -> tuple[str, str]:
                return self.done(verb(**address, **values, actor=user, at=at), row)

            return answer_row(
                request, row, form_from(request, form, **takes(matter, user)), act, subject=self.subject(matter),
                crumbs=self.way(matter), basis=short_basis(row), quote=quote, clocks=self.clocks(matter),
            )  # fmt: skip

        return page


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
