"""Measures over the API: those of a case, one with its inventory and clocks, and a POST for each verb."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from cases.actions import goods, measure_ends, measures
from cases.actions.measures import Listed, Taking
from cases.api.serializers import measures as shapes
from cases.api.serializers.matter import CaseClock
from cases.models import Measure
from cases.queries.matter import case_for
from cases.queries.measures import (
    KIND,
    histories,
    items_of,
    legal_measure_moves,
    measure_for,
    measures_of,
    moves_of_measure,
)
from cases.states import measures as rows
from core.api.verbs import MatterViewSet, given, next_moves, posts, user_of, verb
from deadlines.queries import clocks_of

OUT = shapes.MeasureOut
MOST = 500


def taken(facts: dict[str, Any]) -> Taking:
    """The part of a body that says how a measure was carried out, taken out of it."""
    names = ("officer_id", "second_officer_id", "taken_at", "place", "presence")
    lines = [Listed(**line) for line in facts.pop("items")]
    return Taking(items=lines, **{name: facts.pop(name) for name in names})


def take_measure(*, measure_id: int, actor: User, at: datetime, **facts: Any) -> Measure:
    """Record that two officers carried out what was approved, with the inventory."""
    return measures.take_measure(measure_id=measure_id, taking=taken(facts), actor=actor, at=at)


class MeasureViewSet(MatterViewSet[Measure]):
    queryset = Measure.objects.none()  # names the model to the reference; rows come through the gates
    pagination_class = None  # a case has some dozens at most
    subject = "measure_id"
    serializer_class = OUT

    @extend_schema(summary=gettext_lazy("强制措施"), responses=OUT)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self.answer(measure_for(user_of(request), pk))

    take_measure = verb(rows.TAKE_MEASURE, shapes.TakeIn, take_measure, OUT)
    approve_urgent = verb(rows.APPROVE_URGENT, shapes.MeasureReasonIn, measures.approve_urgent, OUT)
    refuse_urgent = verb(rows.REFUSE_URGENT, shapes.MeasureReasonIn, measures.refuse_urgent, OUT)
    handle_registered = verb(rows.HANDLE_REGISTERED, shapes.HandleIn, measure_ends.handle_registered, OUT)
    extend_seizure = verb(rows.EXTEND_SEIZURE, shapes.ToldIn, measures.extend_seizure, OUT)
    exclude_test_days = verb(rows.EXCLUDE_TEST_DAYS, shapes.ExcludeTestIn, measures.exclude_test_days, OUT)
    release_measure = verb(rows.RELEASE_MEASURE, shapes.ReleaseIn, measure_ends.release_measure, OUT)
    return_items = verb(rows.RETURN_ITEMS, shapes.GoodsReturnIn, goods.return_items, OUT)
    confiscate_items = verb(rows.CONFISCATE_ITEMS, shapes.ItemsReasonIn, goods.confiscate_items, OUT)
    dispose_early = verb(rows.DISPOSE_EARLY, shapes.DisposeIn, goods.dispose_early, OUT)
    hand_over_items = verb(rows.HAND_OVER_ITEMS, shapes.HandOverItemsIn, goods.hand_over_items, OUT)
    announce_items = verb(rows.ANNOUNCE_ITEMS, shapes.GoodsAnnounceIn, goods.announce_items, OUT)
    send_to_treasury = verb(rows.SEND_TO_TREASURY, shapes.ItemsReasonIn, goods.send_to_treasury, OUT)

    @extend_schema(
        operation_id="cases_measures_list", summary=gettext_lazy("案件的强制措施"),
        description=gettext_lazy("编号为序，最多500项。"), responses=shapes.MeasureRow(many=True), filters=False,
    )  # fmt: skip
    def of_case(self, request: Request, case_id: int) -> Response:
        found = measures_of(case_for(user_of(request), case_id))[:MOST]
        return Response(shapes.MeasureRow(found, many=True).data)

    @posts(rows.ORDER_MEASURE, shapes.OrderIn, measures.order_measure, OUT, "cases_measures_order")
    def order(self, request: Request, case_id: int) -> Response:
        made = measures.order_measure(
            case_id=case_id, actor=user_of(request), at=timezone.now(), **given(shapes.OrderIn, request)
        )
        return self.answer_made(measure_for(user_of(request), made.pk))

    @posts(
        rows.TAKE_URGENT_MEASURE, shapes.TakeUrgentIn, measures.take_urgent_measure, OUT, "cases_measures_take_urgent"
    )
    def take_urgent(self, request: Request, case_id: int) -> Response:
        facts = given(shapes.TakeUrgentIn, request)
        made = measures.take_urgent_measure(
            case_id=case_id, taking=taken(facts), actor=user_of(request), at=timezone.now(), **facts
        )
        return self.answer_made(measure_for(user_of(request), made.pk))

    def answer(self, matter: Measure) -> Response:
        user, items = user_of(self.request), list(histories(items_of(matter)))
        legal = legal_measure_moves(user, matter, items, timezone.now())
        body = {
            **shapes.MeasureRow(matter).data,
            "items": shapes.ItemOut(items, many=True).data,
            "clocks": CaseClock(clocks_of(KIND, matter.pk).prefetch_related(None), many=True).data,
            "moves": shapes.ItemMoveOut(moves_of_measure(matter), many=True).data,
            "legal_moves": next_moves(legal, "measure", matter.pk, self.request),
        }
        return Response(body)
