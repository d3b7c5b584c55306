"""What is proposed for a case, and what standards and like cases say, as the API tells it."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.serializers.decision import DefenceOut, DiscretionOut, LikeCase, ProposalOut, TierOut
from cases.queries.decision import defences_of, proposals_of
from cases.queries.discretion import like_cases, tiers_for
from cases.queries.matter import case_for
from core.api.verbs import user_of

MOST = 500


class DecisionReads:
    """The addresses below a case from the proposal to the decision that only tell."""

    @extend_schema(
        operation_id="cases_proposals",
        summary=gettext_lazy("处理意见的全部版本"),
        description=gettext_lazy("新的在前，最多500版；每一版的批准，包括已失效的，都在。"),
        responses=ProposalOut(many=True),
        filters=False,
    )
    @action(detail=True, pagination_class=None)
    def proposals(self, request: Request, pk: int) -> Response:
        rows = proposals_of(case_for(user_of(request), pk)).prefetch_related("approvals__approved_by")
        return Response(ProposalOut(rows[:MOST], many=True).data)

    @extend_schema(
        operation_id="cases_defences",
        summary=gettext_lazy("陈述申辩及复核"),
        description=gettext_lazy("最多500次。"),
        responses=DefenceOut(many=True),
        filters=False,
    )
    @action(detail=True, pagination_class=None)
    def defences(self, request: Request, pk: int) -> Response:
        return Response(DefenceOut(defences_of(case_for(user_of(request), pk))[:MOST], many=True).data)

    @extend_schema(
        operation_id="cases_discretion",
        summary=gettext_lazy("裁量基准和同类案件"),
        description=gettext_lazy("今天适用于本案的裁量档次，和本机关近三年已决定的同类案件（最多十件）。"),
        responses=DiscretionOut,
        filters=False,
    )
    @action(detail=True, pagination_class=None)
    def discretion(self, request: Request, pk: int) -> Response:
        user, today = user_of(request), timezone.localdate()
        case = case_for(user, pk)
        body: dict[str, Any] = {
            "tiers": TierOut(tiers_for(case, today), many=True).data,
            "like_cases": LikeCase(like_cases(user, case, today), many=True).data,
        }
        return Response(body)
