"""The other ends of a case, merging, splitting and the summary procedure below a case."""

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cases.actions import joining, on_spot, outcomes
from cases.api.serializers import outcomes as shapes
from cases.api.serializers.matter import CaseOut
from cases.queries.matter import case_for
from cases.queries.outcomes import endings_of, linked_cases
from cases.states import matter as states
from core.api.verbs import user_of, verb

MOST = 100


class OutcomeVerbs:
    """Moves of the case that end it otherwise than by a penalty performed, and what belongs to them."""

    spare = verb(states.SPARE, shapes.SpareIn, outcomes.spare_party, CaseOut)
    transfer = verb(states.TRANSFER, shapes.CaseTransferIn, outcomes.transfer_case, CaseOut)
    refer = verb(states.REFER, shapes.ReferIn, outcomes.refer_case, CaseOut)
    terminate = verb(states.TERMINATE, shapes.TerminateIn, outcomes.terminate_case, CaseOut)
    withdraw = verb(states.WITHDRAW, shapes.WithdrawIn, outcomes.withdraw_case, CaseOut)
    merge = verb(states.MERGE, shapes.CaseMergeIn, joining.merge_case, CaseOut)
    split = verb(states.SPLIT, shapes.CaseSplitIn, joining.split_case, CaseOut)
    annul = verb(states.ANNUL, shapes.AnnulIn, outcomes.annul_decision, CaseOut)
    withdraw_publication = verb(
        states.WITHDRAW_PUBLICATION, shapes.WithdrawPublicationIn, outcomes.withdraw_publication, CaseOut
    )
    hand_in = verb(states.HAND_IN, shapes.HandInIn, on_spot.hand_in, CaseOut)

    @extend_schema(
        operation_id="cases_outcomes",
        summary=gettext_lazy("处理结果和关联案件"),
        description=gettext_lazy("如何终结或者被撤销（新的在前），与本案合并或者分出的案件（看得到的）。"),
        responses=shapes.OutcomesOut,
        filters=False,
    )
    @action(detail=True, pagination_class=None)
    def outcomes(self, request: Request, pk: int) -> Response:
        user = user_of(request)
        case = case_for(user, pk)
        body = {
            "endings": shapes.EndingOut(endings_of(case)[:MOST], many=True).data,
            "linked": shapes.LinkedOut(linked_cases(user, case), many=True).data,
        }
        return Response(body)
