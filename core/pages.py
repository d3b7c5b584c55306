"""What every HTML page shares: refusals as pages in plain words, and how forms are drawn."""

from collections.abc import Callable

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.errors import Refusal


class FormRenderer(TemplatesSetting):
    form_template_name = "core/form.html"
    field_template_name = "core/field.html"


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
