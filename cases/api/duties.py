"""Withdrawal from a case and its rounds of review: what there is, and each step of a withdrawal as a POST."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from cases.actions import duties, recusal
from cases.api.serializers import duties as shapes
from cases.models import Recusal
from cases.queries.duties import recusals_of, reviews_of
from cases.queries.matter import case_for
from cases.states.duties import ASK_RECUSAL, GRANT_RECUSAL, REFUSE_RECUSAL
from core.api.inputs import Input
from core.api.verbs import given, posts, user_of
from core.transitions import Transition

MOST = 500


def _step(row: Transition, form: type[Input], act: Callable[..., Any]) -> Any:
    """The POST of one step; answers with every question of withdrawal of the case."""

    def run(self: "DutiesViewSet", request: Request, pk: int, **kwargs: int) -> Response:
        user = user_of(request)
        act(case_id=pk, **kwargs, actor=user, at=timezone.now(), **given(form, request))
        return self.recusals(request, pk)

    run.__name__ = row.name
    told = shapes.RecusalOut(many=True)
    return posts(row, form, act, told, f"cases_{row.name}", status=200, tags=["cases"])(run)


class DutiesViewSet(GenericViewSet[Recusal]):
    queryset = Recusal.objects.none()  # names the model to the reference; rows come through the gates
    pagination_class = None

    @extend_schema(
        operation_id="cases_recusals",
        tags=["cases"],
        summary=gettext_lazy("回避"),
        description=gettext_lazy("本案的回避申请和决定，新的在前，最多500项。"),
        responses=shapes.RecusalOut(many=True),
        filters=False,
    )
    def recusals(self, request: Request, pk: int) -> Response:
        rows = recusals_of(case_for(user_of(request), pk))[:MOST]
        return Response(shapes.RecusalOut(rows, many=True).data)

    @extend_schema(
        operation_id="cases_reviews",
        tags=["cases"],
        summary=gettext_lazy("历次审核"),
        description=gettext_lazy("新的在前，最多500次。"),
        responses=shapes.ReviewOut(many=True),
        filters=False,
    )
    def reviews(self, request: Request, pk: int) -> Response:
        rows = reviews_of(case_for(user_of(request), pk))[:MOST]
        return Response(shapes.ReviewOut(rows, many=True).data)

    ask = _step(ASK_RECUSAL, shapes.AskRecusalIn, duties.ask_recusal)
    grant = _step(GRANT_RECUSAL, shapes.GrantRecusalIn, recusal.grant_recusal)
    refuse = _step(REFUSE_RECUSAL, shapes.RefuseRecusalIn, recusal.refuse_recusal)
