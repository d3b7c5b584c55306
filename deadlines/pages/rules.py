"""期限规则: the reference of all statutory periods, generated from the rules in force."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from deadlines.pages.forms import RuleFilter
from deadlines.queries import rule_book
from deadlines.rules import RuleVersion


@require_safe
def rule_list(request: HttpRequest) -> HttpResponse:
    book = rule_book()
    form = RuleFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    families = [
        {"key": key, "versions": list(reversed(versions))}
        for key, versions in book.families().items()
        if _matches(versions, wanted)
    ]
    context: dict[str, Any] = {"form": form, "families": families, "total": len(book.versions())}
    return render(request, "deadlines/rule_list.html", context)


def _matches(versions: Iterable[RuleVersion], wanted: dict[str, str]) -> bool:
    text, status = wanted.get("q", "").lower(), wanted.get("status", "")
    return any(
        (not status or version.status == status) and all(word in _words_of(version) for word in text.split())
        for version in versions
    )


def _words_of(version: RuleVersion) -> str:
    parts = (version.id, version.name_zh, version.name_en, version.trigger, version.instrument, version.article)
    return " ".join(parts).lower()
