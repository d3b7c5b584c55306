"""What every HTML page shares: the parts a page is composed of, refusals in plain words, how forms are drawn."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.errors import Refusal


class Stage(StrEnum):
    """Where a matter stands in relation to one step of its way."""

    DONE = "done"
    CURRENT = "current"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Crumb:
    """One place on the way to this page; without ``url`` it is the page itself."""

    label: str
    url: str = ""


@dataclass(frozen=True)
class Step:
    """One step of a matter's way (``core/components/stepper.html``); ``basis`` is its article."""

    label: str
    stage: Stage
    basis: str = ""
    on: date | None = None


@dataclass(frozen=True)
class NextStep:
    """One verb of the 下一步 panel (``core/components/next_steps.html``).

    :param url: where the verb's form is; empty when the verb is not possible now.
    :param who: who may do it, in words; shown when it is not the reader.
    :param why_not: why it is not possible yet; a verb with a reason is text and not a button.
    :param basis: its article.
    :param is_primary: the one step the matter is waiting for.
    """

    label: str
    url: str = ""
    who: str = ""
    why_not: str = ""
    basis: str = ""
    is_primary: bool = False
    is_danger: bool = False

    @property
    def is_enabled(self) -> bool:
        return bool(self.url) and not self.why_not


@dataclass(frozen=True)
class Fact:
    """One line of a summary list (``core/components/facts.html``). An empty value is shown as such, never left out."""

    label: str
    value: object
    note: str = ""
    url: str = ""
    is_long: bool = False


@dataclass(frozen=True)
class HistoryLine:
    """One sentence of a matter's history (``core/components/timeline.html``)."""

    at: datetime
    who: str
    what: str
    detail: str = ""


class FormRenderer(TemplatesSetting):
    form_template_name = "core/components/form.html"
    field_template_name = "core/components/field.html"


class RefusalPageMiddleware:
    """Turns a refusal that reached the top of a page view into a page with its own status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        return render(request, "core/refusal.html", {"refusal": exception}, status=exception.status)
