"""What a request knows of drafts; ``core.pages`` asks ``request.draft`` and knows nothing of this app."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.models import User
from core.pages import DraftOffer
from drafts.actions import DraftedForm, forget_draft
from drafts.models import FormDraft
from drafts.pages.leave import leave_for
from drafts.queries import draft_at

LONGEST_QUERY = 500


class DraftMiddleware:
    """Gives each request its draft; nothing is read before a form asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.draft = DraftHere(request)  # type: ignore[attr-defined]  # core.pages asks with getattr
        return self.get_response(request)


class DraftHere:
    """The reader's draft for the address of this request (``core.pages.Draft``)."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def _user(self) -> User:
        assert isinstance(self.request.user, User)  # noqa: S101 - the log-in middleware lets nobody else to a form
        return self.request.user

    @cached_property
    def _row(self) -> FormDraft | None:
        return draft_at(self._user, self.request.path)

    @property
    def fields(self) -> Mapping[str, Sequence[str]] | None:
        return self._row.fields if self._row else None

    def offer(self, title: str, subject: str) -> DraftOffer:
        query = self.request.GET.copy()
        query.pop("draft", None)
        opened = query.urlencode()
        form = DraftedForm(self.request.path, opened if len(opened) <= LONGEST_QUERY else "", title, subject)
        leave, save_url = leave_for(self._user, form), reverse("draft_save")
        is_chosen = self.request.method == "POST" or "draft" in self.request.GET
        if is_chosen or self._row is None:
            return DraftOffer(leave, save_url)
        discard_url = reverse("draft_discard", args=[self._row.pk])
        return DraftOffer(leave, save_url, self._row.saved_at, self._row.continue_url, discard_url)

    def forget(self) -> None:
        forget_draft(address=self.request.path, actor=self._user)
