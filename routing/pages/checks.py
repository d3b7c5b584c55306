"""Two questions to the division of powers: is everything somebody's, and whose is this."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.errors import Invalid
from core.forms import add_refusal
from routing.engine import Cell
from routing.inspection import examine
from routing.pages.forms import TryForm, asked_day
from routing.queries import Router, current_set, division_of
from routing.wording import cell_words, region_word

MOST_GAPS = 200


@dataclass(frozen=True)
class Gap:
    """One line of what nobody takes."""

    count: str
    words: list[str]
    try_it: str


@require_safe
def coverage_page(request: HttpRequest) -> HttpResponse:
    form, on = asked_day(request)
    rule_set = current_set(on)
    examined = examine(division_of(rule_set))
    uncovered = examined.coverage.uncovered
    context = {
        "form": form, "on": on, "rule_set": rule_set, "examined": examined,
        "total": f"{examined.coverage.total:,}", "unowned": f"{examined.unowned:,}",
        "gaps": [_gap(cell) for cell in uncovered[:MOST_GAPS]], "more": max(len(uncovered) - MOST_GAPS, 0),
        "troubles": [
            (each, region_word(each.region) if each.region else "", f"{each.count:,}") for each in examined.troubles
        ],
        "rule_rows": [
            (rule, f"{sum(cell.count for cell in examined.coverage.decided[rule.key]):,}") for rule in examined.division.rules
        ],
    }  # fmt: skip
    return render(request, "routing/coverage.html", context)


def _gap(cell: Cell) -> Gap:
    """The link leads to one of the combinations, on the page that says rule by rule why none holds."""
    asked = cell.sample
    query = f"category={asked.category}&region={asked.region}&level={asked.level}"
    if asked.amount is not None:
        query += f"&amount={asked.amount}"
    query += "".join(f"&flags={flag}" for flag in sorted(asked.flags))
    return Gap(f"{cell.count:,}", list(cell_words(cell, most=len(cell.categories) + len(cell.regions)).values()), query)


@require_safe
def try_page(request: HttpRequest) -> HttpResponse:
    _form, on = asked_day(request)
    router = Router(on)
    asked = "category" in request.GET
    form = TryForm(router.places, request.GET if asked else None)
    answer = None
    if asked and form.is_valid():
        try:
            answer = router.explain(form.question())
        except Invalid as refusal:
            add_refusal(form, refusal)
    context = {"form": form, "answer": answer, "on": on}
    return render(request, "routing/try.html", context)
