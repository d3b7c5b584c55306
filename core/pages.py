"""What every HTML page shares: the parts a page is composed of, refusals in plain words, how forms are drawn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import is_valid_path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import Invalid, Refusal, WrongState
from core.forms import VerbForm, add_refusal
from core.memo import remembering

Form = TypeVar("Form", bound=VerbForm)
MOST_BASES = 3
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


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


def steps_in_order(steps: Sequence[NextStep]) -> list[NextStep]:
    """Buttons before words, the awaited one first; moves of the same people become one line."""
    buttons = sorted((step for step in steps if step.is_enabled), key=lambda step: not step.is_primary)
    others: dict[tuple[str, str], list[NextStep]] = {}
    for step in steps:
        if not step.is_enabled:
            others.setdefault((step.who, step.why_not), []).append(step)
    return buttons + [_together(group) for group in others.values()]


def _together(steps: Sequence[NextStep]) -> NextStep:
    labels, bases = (dict.fromkeys(words) for words in ((s.label for s in steps), (s.basis for s in steps)))
    told = bases if len(bases) <= MOST_BASES else ()  # a column of articles says nothing any more
    return replace(steps[0], label=_("、").join(labels), basis=_("、").join(filter(None, told)))


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


@dataclass(frozen=True)
class VerbPage:
    """The page around a verb's form (``core/verb_page.html``).

    :param quote: the article, word for word; ``basis`` names it.
    :param extra: what the template of one app needs besides, such as the clocks of the matter.
    """

    title: str
    submit: str
    back_url: str
    subject: str = ""
    basis: str = ""
    quote: str = ""
    crumbs: Sequence[Crumb] = ()
    extra: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class DraftOffer:
    """What the page of a form has of drafts (``core/components/draft_notice.html``).

    :param leave: what the script of the form shows at ``save_url`` to have a draft kept.
    :param saved_at: when the reader typed here without submitting; None when there is nothing to go on with.
    """

    leave: str
    save_url: str
    saved_at: datetime | None = None
    continue_url: str = ""
    discard_url: str = ""


class Draft(Protocol):
    """What the reader typed into the form at this address and did not submit; the app ``drafts`` keeps it."""

    @property
    def fields(self) -> Mapping[str, Sequence[str]] | None: ...

    def offer(self, title: str, subject: str) -> DraftOffer: ...

    def forget(self) -> None: ...


def _draft_of(request: HttpRequest, form: VerbForm | type[VerbForm]) -> Draft | None:
    return getattr(request, "draft", None) if form.is_drafted else None


def nothing(*_asked: object) -> Mapping[str, Any]:
    """What the form of a verb is made with when it needs to know nothing."""
    return {}


def of_today(*_asked: object) -> Mapping[str, Any]:
    """The same for a form that proposes today."""
    return {"today": timezone.localdate()}


def id_in(text: str) -> int | None:
    """The number of a row as an address gives it; None where it can be none."""
    return int(text) if text.isdecimal() and len(text) < 19 else None


def form_from(request: HttpRequest, form: type[Form], **context: Any) -> Form:
    """The form of a request. A ``refresh`` button brings it back with what was typed and new choices, unchecked.

    So does ``?draft`` with what the reader typed another time.
    """
    if request.method != "POST":
        draft = _draft_of(request, form) if "draft" in request.GET else None
        return form(**context, draft=draft.fields) if draft else form(**context)
    if "refresh" in request.POST:
        typed = {name: each if len(each) > 1 else each[-1] for name, each in request.POST.lists()}
        return form(initial=typed, **context)
    return form(request.POST, request.FILES, **context)


def answer_verb(
    request: HttpRequest,
    form: VerbForm,
    page: VerbPage,
    act: Callable[[dict[str, Any]], str],
    template: str = "core/verb_page.html",
) -> HttpResponse:
    """Show a verb's form, or carry the verb out and go where ``act`` says.

    What the verb refuses about the input (400) or the state (409) comes back on the form, everything typed kept.
    """
    status, draft = 200, _draft_of(request, form)
    if form.is_bound:
        status = 400
        if form.is_valid():
            try:
                answer = redirect(act(form.values()))
                if draft:
                    draft.forget()
                return answer
            except (Invalid, WrongState) as refusal:
                add_refusal(form, refusal)
                status = refusal.status
        for name in request.FILES.keys() & form.fields.keys():  # a browser does not send a page's files twice
            if not form.has_error(name):
                form.add_error(name, _("表单没有提交成功，请重新选择文件。"))
    offer = draft.offer(page.title, page.subject) if draft else None
    context = {"form": form, "page": page, "draft": offer, **(page.extra or {})}
    return render(request, template, context, status=status)


class FormRenderer(TemplatesSetting):
    form_template_name = "core/components/form.html"
    field_template_name = "core/components/field.html"


class MemoMiddleware:
    """Lets one request read the law in force once (``core.memo``)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with remembering():
            return self.get_response(request)


class RefusalPageMiddleware:
    """Turns a refusal that reached the top of a page view into a page with its own status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        back_url = "" if exception.status == 404 else _page_above(request.path)
        context = {"refusal": exception, "back_url": back_url}
        return render(request, "core/refusal.html", context, status=exception.status)


def _page_above(path: str) -> str:
    """The page a form hangs on, such as the lead of ``/leads/5/decline/``; '' when there is none."""
    above = path.rstrip("/").rpartition("/")[0] + "/"
    return above if above != "/" and is_valid_path(above) else ""
