"""The measures of a case: the list, one measure with its inventory and clocks, and every verb upon them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.policies import may_act_for
from cases.actions import goods, measure_ends, measures
from cases.models import Case, Measure, MeasureItem
from cases.pages import articles, beneath
from cases.pages.answering import crumbs_to, now, today
from cases.pages.forms import measures as forms
from cases.pages.sections import PAGE, Section
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
from core.pages import Crumb, Fact, NextStep, of_today, steps_in_order
from core.paging import page_behind
from core.templatetags.words import day, moment
from core.transitions import Transition
from deadlines.faces import until_words
from deadlines.queries import clocks_of, rule_book

MOST = 20
OF_CASE = (states.ORDER_MEASURE, states.TAKE_URGENT_MEASURE)


@require_safe
def measures_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """:raises NotFound:"""
    user, _at = now(request)
    case = case_for(user, case_id)
    page = page_behind(measures_of(case), ("number", "id"), request.GET.get("after", ""), PAGE)
    context = {
        "case": case,
        "crumbs": crumbs_to(case, Crumb(_("强制措施"))),
        "page": page,
        "given": {"rows": page.rows},
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
        "crumbs": crumbs_to(measure.case, _crumb(measure.case), Crumb(measure.label)),
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


# ---- verbs --------------------------------------------------------------------------------------


def _crumb(case: Case) -> Crumb:
    return Crumb(_("强制措施"), reverse("case_measures_page", args=[case.pk]))


def _require(user: User, measure: Measure, row: Transition) -> None:
    """What befalls its items does not depend on where the measure stands: each item has a state of its own."""
    if row in ITEM_TABLE:
        require_on_case(user, measure.case, row)
    else:
        require_measure_move(user, measure, row)


def _done(measure: Measure, row: Transition) -> tuple[str, str]:
    """Where to go, having said what happened and which period of the measure now runs until when."""
    periods = until_words(clocks_of(KIND, measure.pk), rule_book())
    said = _("“{what}”已登记。{periods}").format(what=row.label, periods=periods)
    return _here(measure), said


MEASURE = beneath.SubMatter(
    key="measure_id", fetch=measure_for, require=_require, require_on_case=require_on_case, listed=_crumb,
    way=lambda measure: crumbs_to(measure.case, _crumb(measure.case), Crumb(measure.label, _here(measure))),
    subject=lambda measure: f"{measure.case.label} {measure.label}", done=_done,
    clocks=lambda measure: clocks_of(KIND, measure.pk),
)  # fmt: skip


def _items(row: Transition) -> Callable[[Measure, User], Mapping[str, Any]]:
    """The lines of the inventory that a move of items may be made of."""

    def takes(measure: Measure, _user: User) -> Mapping[str, Any]:
        return {"items": [item for item in items_of(measure) if row.starts_from(item.state)], "today": today()}

    return takes


def _goods(
    row: Transition, form: type[forms.ItemsForm], verb: Callable[..., Measure], quote: str
) -> Callable[..., HttpResponse]:
    return MEASURE.page(row, form, verb, quote=quote, takes=_items(row))


order = MEASURE.page_on_case(states.ORDER_MEASURE, forms.OrderForm, measures.order_measure, quote=articles.MEASURES)
take_urgent = MEASURE.page_on_case(
    states.TAKE_URGENT_MEASURE, forms.UrgentForm, measures.take_urgent_measure, quote=articles.URGENT_MEASURES,
    takes=lambda case, _user: {"case": case, "now": timezone.now()},
)  # fmt: skip

take = MEASURE.page(
    states.TAKE_MEASURE, forms.TakeForm, measures.take_measure, quote=articles.INVENTORY,
    takes=lambda measure, _user: {"case": measure.case, "now": timezone.now()},
)  # fmt: skip
approve_urgent = MEASURE.page(
    states.APPROVE_URGENT, forms.WhyForm, measures.approve_urgent, quote=articles.URGENT_MEASURES
)
refuse_urgent = MEASURE.page(
    states.REFUSE_URGENT, forms.RefuseForm, measures.refuse_urgent, quote=articles.URGENT_MEASURES
)
handle = MEASURE.page(
    states.HANDLE_REGISTERED, forms.HandleForm, measure_ends.handle_registered, quote=articles.REGISTERED,
    takes=lambda measure, user: {"is_head": may_act_for(user, measure.case.office, HEAD)},
)  # fmt: skip
extend = MEASURE.page(
    states.EXTEND_SEIZURE, forms.ToldForm, measures.extend_seizure, quote=articles.SEIZURE_TERM, takes=of_today
)
exclude = MEASURE.page(
    states.EXCLUDE_TEST_DAYS, forms.ExcludeTestForm, measures.exclude_test_days, quote=articles.SEIZURE_TERM,
    takes=of_today,
)  # fmt: skip
release = MEASURE.page(
    states.RELEASE_MEASURE, forms.ReleaseForm, measure_ends.release_measure, quote=articles.RELEASE,
    takes=_items(states.FREE_ITEMS),
)  # fmt: skip

return_items = _goods(states.RETURN_ITEMS, forms.ReturnForm, goods.return_items, articles.GOODS_RETURNED)
confiscate = _goods(states.CONFISCATE_ITEMS, forms.ReasonForItemsForm, goods.confiscate_items, articles.REGISTERED)
dispose = _goods(states.DISPOSE_EARLY, forms.DisposeForm, goods.dispose_early, articles.GOODS_DISPOSED)
hand_over = _goods(states.HAND_OVER_ITEMS, forms.HandOverItemsForm, goods.hand_over_items, "")
announce = _goods(states.ANNOUNCE_ITEMS, forms.AnnounceForm, goods.announce_items, articles.GOODS_UNCLAIMED)
treasury = _goods(states.SEND_TO_TREASURY, forms.ReasonForItemsForm, goods.send_to_treasury, articles.GOODS_UNCLAIMED)


# ---- parts --------------------------------------------------------------------------------------


def section(user: User, case: Case) -> Section | None:
    """强制措施 on the page of the case, in one statement."""
    rows = [] if knows_of_none(case, "has_measures") else list(measures_of(case)[:MOST])
    if not rows and not any(may_on_case(user, case, row) for row in OF_CASE):
        return None
    return Section("measures", _("强制措施"), "cases/measures.html", {"rows": rows}, url=_crumb(case).url)


def _here(measure: Measure) -> str:
    return reverse("measure_page", args=[measure.pk])


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
