"""What the pages about informants share: who asks and when, where they hang, making a move of one of the two tables."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.forms import VerbForm
from core.pages import Crumb, Fact, VerbPage, answer_verb
from core.transitions import Transition
from informants.models import Opening, Reward


def now_of(request: HttpRequest) -> tuple[User, datetime]:
    """Who asks, and the one reading of the clock."""
    assert isinstance(request.user, User)  # noqa: S101 - the log-in middleware lets nobody else through
    return request.user, timezone.now()


def crumbs(*more: Crumb) -> list[Crumb]:
    return [Crumb(_("举报人保密"), reverse("opening_list")), *more]


def answer_move(
    request: HttpRequest,
    row: Transition,
    form: VerbForm,
    verb: Callable[..., Opening | Reward],
    *,
    subject: str,
    way: Sequence[Crumb],
    facts: Sequence[Fact],
    quote: str = "",
) -> HttpResponse:
    """Show the form of a move below what it is about, or make it and say what became of the matter.

    :param way: the crumbs down to the matter's own page, where one comes from and returns to.
    """
    here = way[-1].url
    page = VerbPage(
        title=str(row.label), submit=str(row.label), back_url=here, subject=subject, basis=str(row.basis), quote=quote,
        crumbs=way, extra={"facts": facts},
    )  # fmt: skip

    def act(values: dict[str, Any]) -> str:
        after = verb(**values)
        messages.success(
            request, _("{code}：{state}。").format(code=after.informant.code, state=after.get_state_display())
        )
        return here

    return answer_verb(request, form, page, act, "informants/verb_page.html")
