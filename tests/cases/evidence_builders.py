"""Evidence and measures of a case of the east squad, made through the verbs."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from cases.actions.evidence import Described, add_evidence
from cases.actions.measures import Listed, Taking, order_measure, take_measure, take_urgent_measure
from cases.models import Case, Evidence, Measure
from cases.states.measures import MeasureState
from tests.builders import City, moment

LAW = "食品安全法第一百一十条第四项"


def described(city: City, **changes: Any) -> Described:
    """An original document, valid in every field."""
    return replace(
        Described(
            kind="document", title="进货单", proves="购进过期食品的数量", source="示例商店提供",
            obtained_on=date(2026, 3, 2), officer_id=city.east_handler.pk, second_officer_id=city.east_handler2.pk,
            storage="证物室一号柜", pages=3,
        ),
        **changes,
    )  # fmt: skip


def make_evidence(city: City, case: Case, *, at: datetime, **changes: Any) -> Evidence:
    return add_evidence(case_id=case.pk, described=described(city, **changes), actor=city.east_handler, at=at)


def taking(city: City, at: datetime, lines: int = 2, **changes: Any) -> Taking:
    """Carried out at ``at`` by both officers, with ``lines`` lines of inventory."""
    names = ["饼干", "牛奶", "罐头", "糖果"]
    listed = [
        Listed(name=name, quantity=Decimal("12.5"), unit="箱", seal_number=f"封{place}", value=Decimal("300.00"))
        for place, name in enumerate(names[:lines], start=1)
    ]
    return replace(
        Taking(
            officer_id=city.east_handler.pk, second_officer_id=city.east_handler2.pk, taken_at=at, place="示例商店仓库",
            presence="当事人到场，清单已签名。", items=listed,
        ),
        **changes,
    )  # fmt: skip


def make_measure(city: City, case: Case, kind: str = "seizure", *, at: datetime, lines: int = 2) -> Measure:
    """Ordered by the head and carried out an hour later."""
    ordered = order_measure(
        case_id=case.pk, kind=kind, reason="货物可能转移", basis=LAW, actor=city.east_director, at=at
    )
    later = at + timedelta(hours=1)
    return take_measure(measure_id=ordered.pk, taking=taking(city, later, lines), actor=city.east_handler, at=later)


def make_urgent(city: City, case: Case, kind: str = "seizure", *, at: datetime) -> Measure:
    return take_urgent_measure(
        case_id=case.pk, kind=kind, reason="正在装车转移", basis=LAW, taking=taking(city, at), actor=city.east_handler,
        at=at,
    )  # fmt: skip


def measure_in(city: City, case: Case, state: str, kind: str = "seizure") -> Measure:
    """A measure of this kind in this state by 4 March 2026."""
    from cases.actions.measure_ends import handle_registered, release_lapsed_measures, release_measure

    at = moment("2026-03-03")
    if state == MeasureState.ORDERED:
        return order_measure(
            case_id=case.pk, kind=kind, reason="货物可能转移", basis=LAW, actor=city.east_director, at=at
        )
    if state == MeasureState.URGENT:
        return make_urgent(city, case, kind, at=at)
    made = make_measure(city, case, kind, at=at)
    if state == MeasureState.HANDLED:
        handle_registered(
            measure_id=made.pk, handling="test", reason="送检", actor=city.east_handler, at=moment("2026-03-04")
        )
    if state == MeasureState.RELEASED:
        release_measure(
            measure_id=made.pk, ground="other", reason="不再需要", actor=city.east_director, at=moment("2026-03-04")
        )
    if state == MeasureState.LAPSED:
        release_lapsed_measures(at=moment("2026-04-01"))
    return Measure.objects.get(pk=made.pk)
