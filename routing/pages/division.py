"""权力划分: who handles what, as the rules of a day say it, and the categories the rules speak of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.errors import Invalid
from routing.categories import Category
from routing.engine import Rule
from routing.models import RuleSet
from routing.pages.forms import asked_day
from routing.queries import Offices, categories, current_set, division_of, rule_sets, tags
from routing.wording import condition_label, rule_conditions

MOST_SETS = 20


@dataclass(frozen=True)
class RuleRow:
    """A rule as a line of the table; ``office`` is empty for the bureau of the district, ``trouble`` for a working office."""

    rule: Rule
    conditions: list[tuple[str, str]]
    office: str
    trouble: str


@require_safe
def division_page(request: HttpRequest) -> HttpResponse:
    form, on = asked_day(request)
    rule_set = _set_on(on)
    division = division_of(rule_set) if rule_set else None
    context = {
        "form": form, "on": on, "rule_set": rule_set, "division": division,
        "rows": _rows(division.rules) if division else [], "sets": list(rule_sets()[:MOST_SETS]),
    }  # fmt: skip
    return render(request, "routing/division.html", context)


@require_safe
def category_list(request: HttpRequest) -> HttpResponse:
    tree = categories()
    context = {"subjects": _grouped(tree), "total": len(tree), "groups": _grouped(tags())}
    return render(request, "routing/categories.html", context)


def _set_on(on: date) -> RuleSet | None:
    try:
        return current_set(on)
    except Invalid:
        return None  # the page says so itself and goes on listing what is loaded


def _rows(rules: tuple[Rule, ...]) -> list[RuleRow]:
    offices = Offices()
    rows = []
    for rule in rules:
        office = trouble = ""
        if not rule.is_template:
            try:
                office = offices.target_of(rule, "").name
            except Invalid as refusal:
                trouble = refusal.detail
        conditions = [(condition_label(name), words) for name, words in rule_conditions(rule).items()]
        rows.append(RuleRow(rule, conditions, office, trouble))
    return rows


def _grouped(nodes: Sequence[Category]) -> list[tuple[Category, list[Category]]]:
    return [(top, [each for each in nodes if each.parent == top.code]) for top in nodes if not top.parent]
