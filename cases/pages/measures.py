"""The measures of a case: the list, one measure with its inventory and clocks, and every verb upon them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.policies import may_act_for
from cases.actions import goods, measure_ends, measures
from cases.models import Case, Measure, MeasureItem
from cases.pages import articles, beneath
from cases.pages.answering import get_or_post, now, today
from cases.pages.forms import measures as forms
from cases.pages.sections import Section
from cases.queries.matter import case_for, knows_of_none
from cases.queries.measures import (
    KIND,
    has_lapsed,
    histories,
    items_of,
    legal_measure_moves,
    may_on_case,
    measure_for,
    measures_of,
    moves_of_measure,
    require_measure_move,
    require_on_case,
    rows_of,
    term_of,
)
from cases.states import measures as states
from cases.states.matter import HEAD
from cases.states.measures import ITEM_TABLE, MEASURE_TABLE
from core.forms import VerbForm
from core.pages import Crumb, Fact, NextStep, form_from, steps_in_order
from core.templatetags.words import day, moment
from core.transitions import Transition
from deadlines.faces import until_words
from deadlines.queries import clocks_of, rule_book
from deadlines.states import OPEN_STATES

MOST = 20
OF_CASE = (states.ORDER_MEASURE, states.TAKE_URGENT_MEASURE)


@require_safe
def measures_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """:raises NotFound:"""
    user, _at = now(request)
    case = case_for(user, case_id)
    context = {
        "case": case,
        "crumbs": beneath.crumbs_to(case, Crumb(_("强制措施"))),
        "given": {"rows": list(measures_of(case))},
        "buttons": [
            (row, reverse(f"case_{row.name}", args=[case.pk])) for row in OF_CASE if may_on_case(user, case, row)
        ],
    }
    return render(request, "cases/measures_page.html", context)


@require_safe
def measure_page(request: HttpRequest, measure_id: int) -> HttpResponse:
    """One measure: its inventory with what became of each item, its clocks, its verbs.

    :raises NotFound:
    """
    user, at = now(request)
    measure = measure_for(user, measure_id)
    items, term = list(histories(items_of(measure))), term_of(measure)
    context = {
        "measure": measure,
        "crumbs": beneath.crumbs_to(measure.case, _list_crumb(measure.case), Crumb(measure.label)),
        "clocks": list(clocks_of(KIND, measure.pk).prefetch_related("moves")),
        "facts": _facts(measure),
        "items": items,
        "lapsed": has_lapsed(measure, term, at),
        "next_steps": _steps(
            measure,
            items,
            legal_measure_moves(user, measure, items, at),
            is_over=term is not None and term.due_at is not None and term.due_at <= at,
        ),
        "history": _history(measure, items),
    }
    return render(request, "cases/measure_page.html", context)


# ---- verbs on the case --------------------------------------------------------------------------


@get_or_post
def order(request: HttpRequest, case_id: int) -> HttpResponse:
    case = _case(request, case_id, states.ORDER_MEASURE)
    form = form_from(request, forms.OrderForm)
    return _on_case(request, case, states.ORDER_MEASURE, form, measures.order_measure, articles.MEASURES)


@get_or_post
def take_urgent(request: HttpRequest, case_id: int) -> HttpResponse:
    case = _case(request, case_id, states.TAKE_URGENT_MEASURE)
    form = form_from(request, forms.UrgentForm, case=case, now=now(request)[1])
    return _on_case(
        request, case, states.TAKE_URGENT_MEASURE, form, measures.take_urgent_measure, articles.URGENT_MEASURES
    )


def _case(request: HttpRequest, case_id: int, row: Transition) -> Case:
    user, _at = now(request)
    case = case_for(user, case_id)
    require_on_case(user, case, row)
    return case


def _on_case(
    request: HttpRequest, case: Case, row: Transition, form: VerbForm, verb: Callable[..., Measure], quote: str
) -> HttpResponse:
    def act(values: dict[str, Any]) -> tuple[str, str]:
        user, at = now(request)
        return _done(verb(case_id=case.pk, **values, actor=user, at=at), row)

    crumbs = beneath.crumbs_to(case, _list_crumb(case))
    return beneath.answer(request, row, form, act, subject=case.label, crumbs=crumbs, quote=quote)


# ---- verbs on one measure -----------------------------------------------------------------------


@get_or_post
def take(request: HttpRequest, measure_id: int) -> HttpResponse:
    measure = _begin(request, measure_id, states.TAKE_MEASURE)
    form = form_from(request, forms.TakeForm, case=measure.case, now=now(request)[1])
    return _on(request, measure, states.TAKE_MEASURE, form, measures.take_measure, articles.INVENTORY)


@get_or_post
def approve_urgent(request: HttpRequest, measure_id: int) -> HttpResponse:
    measure = _begin(request, measure_id, states.APPROVE_URGENT)
    form = form_from(request, forms.WhyForm)
    return _on(request, measure, states.APPROVE_URGENT, form, measures.approve_urgent, articles.URGENT_MEASURES)


@get_or_post
def refuse_urgent(request: HttpRequest, measure_id: int) -> HttpResponse:
    measure = _begin(request, measure_id, states.REFUSE_URGENT)
    form = form_from(request, forms.RefuseForm)
    return _on(request, measure, states.REFUSE_URGENT, form, measures.refuse_urgent, articles.URGENT_MEASURES)


@get_or_post
def handle(request: HttpRequest, measure_id: int) -> HttpResponse:
    measure = _begin(request, measure_id, states.HANDLE_REGISTERED)
    is_head = may_act_for(now(request)[0], measure.case.office, HEAD)
    form = form_from(request, forms.HandleForm, is_head=is_head)
    return _on(request, measure, states.HANDLE_REGISTERED, form, measure_ends.handle_registered, articles.REGISTERED)


@get_or_post
def extend(request: HttpRequest, measure_id: int) -> HttpResponse:
    measure = _begin(request, measure_id, states.EXTEND_SEIZURE)
    form = form_from(request, forms.ToldForm, today=today())
    return _on(request, measure, states.EXTEND_SEIZURE, form, measures.extend_seizure, articles.SEIZURE_TERM)


@get_or_post
def exclude(request: HttpRequest, measure_id: int) -> HttpResponse:
    measure = _begin(request, measure_id, states.EXCLUDE_TEST_DAYS)
    form = form_from(request, forms.ExcludeTestForm, today=today())
    return _on(request, measure, states.EXCLUDE_TEST_DAYS, form, measures.exclude_test_days, articles.SEIZURE_TERM)


@get_or_post
def release(request: HttpRequest, measure_id: int) -> HttpResponse:
    measure = _begin(request, measure_id, states.RELEASE_MEASURE)
    form = _items_form(request, measure, states.FREE_ITEMS, forms.ReleaseForm)
    return _on(request, measure, states.RELEASE_MEASURE, form, measure_ends.release_measure, articles.RELEASE)


# ---- verbs on its items -------------------------------------------------------------------------


@get_or_post
def return_items(request: HttpRequest, measure_id: int) -> HttpResponse:
    return _goods(
        request, measure_id, states.RETURN_ITEMS, forms.ReturnForm, goods.return_items, articles.GOODS_RETURNED
    )


@get_or_post
def confiscate(request: HttpRequest, measure_id: int) -> HttpResponse:
    return _goods(
        request, measure_id, states.CONFISCATE_ITEMS, forms.ReasonForItemsForm, goods.confiscate_items,
        articles.REGISTERED,
    )  # fmt: skip


@get_or_post
def dispose(request: HttpRequest, measure_id: int) -> HttpResponse:
    return _goods(
        request, measure_id, states.DISPOSE_EARLY, forms.DisposeForm, goods.dispose_early, articles.GOODS_DISPOSED
    )


@get_or_post
def hand_over(request: HttpRequest, measure_id: int) -> HttpResponse:
    return _goods(request, measure_id, states.HAND_OVER_ITEMS, forms.HandOverItemsForm, goods.hand_over_items, "")


@get_or_post
def announce(request: HttpRequest, measure_id: int) -> HttpResponse:
    return _goods(
        request, measure_id, states.ANNOUNCE_ITEMS, forms.AnnounceForm, goods.announce_items, articles.GOODS_UNCLAIMED
    )


@get_or_post
def treasury(request: HttpRequest, measure_id: int) -> HttpResponse:
    return _goods(
        request, measure_id, states.SEND_TO_TREASURY, forms.ReasonForItemsForm, goods.send_to_treasury,
        articles.GOODS_UNCLAIMED,
    )  # fmt: skip


def _goods(
    request: HttpRequest,
    measure_id: int,
    row: Transition,
    form: type[forms.ItemsForm],
    verb: Callable[..., Measure],
    quote: str,
) -> HttpResponse:
    user, _at = now(request)
    measure = measure_for(user, measure_id)
    require_on_case(user, measure.case, row)
    return _on(request, measure, row, _items_form(request, measure, row, form), verb, quote)


def _items_form(
    request: HttpRequest, measure: Measure, row: Transition, form: type[forms.ItemsForm]
) -> forms.ItemsForm:
    items = [item for item in items_of(measure) if row.starts_from(item.state)]
    return form_from(request, form, items=items, today=today())


def _begin(request: HttpRequest, measure_id: int, row: Transition) -> Measure:
    user, _at = now(request)
    measure = measure_for(user, measure_id)
    require_measure_move(user, measure, row)
    return measure


def _on(
    request: HttpRequest, measure: Measure, row: Transition, form: VerbForm, verb: Callable[..., Measure], quote: str
) -> HttpResponse:
    def act(values: dict[str, Any]) -> tuple[str, str]:
        user, at = now(request)
        return _done(verb(measure_id=measure.pk, **values, actor=user, at=at), row)

    crumbs = beneath.crumbs_to(measure.case, _list_crumb(measure.case), Crumb(measure.label, _here(measure)))
    clocks = [clock for clock in clocks_of(KIND, measure.pk) if clock.state in OPEN_STATES]
    subject = f"{measure.case.label} {measure.label}"
    return beneath.answer(request, row, form, act, subject=subject, crumbs=crumbs, quote=quote, clocks=clocks)


# ---- parts --------------------------------------------------------------------------------------


def section(user: User, case: Case) -> Section | None:
    """强制措施 on the page of the case, in one statement."""
    rows = [] if knows_of_none(case, "has_measures") else list(measures_of(case)[:MOST])
    if not rows and not any(may_on_case(user, case, row) for row in OF_CASE):
        return None
    return Section(
        "measures", _("强制措施"), "cases/measures.html", {"rows": rows},
        url=reverse("case_measures_page", args=[case.pk]),
    )  # fmt: skip


def _list_crumb(case: Case) -> Crumb:
    return Crumb(_("强制措施"), reverse("case_measures_page", args=[case.pk]))


def _here(measure: Measure) -> str:
    return reverse("measure_page", args=[measure.pk])


def _done(measure: Measure, row: Transition) -> tuple[str, str]:
    """Where to go, having said what happened and which period of the measure now runs until when."""
    periods = until_words(clocks_of(KIND, measure.pk), rule_book())
    said = _("“{what}”已登记。{periods}").format(what=row.label, periods=periods)
    return _here(measure), said


def _steps(
    measure: Measure, items: Sequence[MeasureItem], legal: Sequence[Transition], *, is_over: bool
) -> list[NextStep]:
    """The verbs of the measure and its items; once the term is over the release comes first."""
    found = beneath.next_steps(
        measure.case,
        rows_of(measure, items),
        legal,
        lambda row: reverse(f"measure_{SHORT.get(row.name, row.name)}", args=[measure.pk]),
    )
    awaited = str(states.RELEASE_MEASURE.label) if is_over else ""
    return steps_in_order([replace(step, is_primary=step.label == awaited) for step in found])


SHORT = {
    "take_measure": "take", "handle_registered": "handle", "extend_seizure": "extend", "exclude_test_days": "exclude",
    "release_measure": "release", "confiscate_items": "confiscate", "dispose_early": "dispose",
    "hand_over_items": "hand_over", "announce_items": "announce", "send_to_treasury": "treasury",
}  # fmt: skip


def _facts(measure: Measure) -> list[Fact]:
    approved = (
        _("{name}，{at}").format(name=measure.approved_by.name, at=moment(measure.approved_at))
        if measure.approved_by
        else ""
    )
    facts = [
        Fact(_("措施种类"), measure.get_kind_display(), note=_("当场紧急采取") if measure.is_urgent else ""),
        Fact(_("理由"), measure.reason, is_long=True),
        Fact(_("所依据的条款"), measure.basis),
        Fact(_("批准"), approved),
    ]
    if measure.officer and measure.second_officer:
        facts += [
            Fact(_("实施"), f"{moment(measure.taken_at)} {measure.place}"),
            Fact(_("实施人员"), f"{measure.officer.name}、{measure.second_officer.name}"),
            Fact(_("当事人到场和签名情况"), measure.presence, is_long=True),
        ]
    if measure.follows:
        facts.append(Fact(_("转自"), measure.follows.label, url=_here(measure.follows)))
    if measure.ended_on:
        how = measure.get_handling_display() or measure.get_release_ground_display()
        facts += [
            Fact(_("结束日期"), day(measure.ended_on), note=how),
            Fact(_("说明"), measure.end_reason, is_long=True),
        ]
    return facts


def _history(measure: Measure, items: Sequence[MeasureItem]) -> list[Any]:
    """The measure's moves and those of its items together; that a line was listed is told by the inventory itself."""
    of_items = [move for item in items for move in item.moves.all() if move.name != states.LIST_ITEM.name]
    names = {item.pk: f"{item.number} {item.name}：" for item in items}
    told = beneath.lines(moves_of_measure(measure), MEASURE_TABLE)
    told += beneath.lines(of_items, ITEM_TABLE, lambda move: names[move.item_id])
    return sorted(told, key=lambda line: line.at, reverse=True)
