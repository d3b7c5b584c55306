"""Disputes over whose a lead is: raised on the lead, carried on and ended on the dispute."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from clues import states
from clues.actions import disputes
from clues.api.custody import OfficeIn
from clues.api.serializers import LeadOut
from clues.models import Dispute
from clues.queries import dispute_for, disputes_for, legal_settlements
from clues.states import DisputeState
from core.api.filters import Filters, IdFilter, OneOfFilter
from core.api.inputs import Id, Input, Text
from core.api.verbs import MatterViewSet, NextMove, next_moves, user_of, verb


class DisputeRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    lead = serializers.IntegerField(source="lead_id")
    lead_number = serializers.CharField(source="lead__number")
    office = serializers.IntegerField(source="office_id", help_text=gettext_lazy("提出争议的机构"))
    office_name = serializers.CharField(source="office__name")
    claimed_office = serializers.IntegerField(source="claimed_office_id", help_text=gettext_lazy("认为应当承办的机构"))
    claimed_office_name = serializers.CharField(source="claimed_office__name")
    superior = serializers.IntegerField(source="superior_id", help_text=gettext_lazy("共同的上一级"))
    state = serializers.ChoiceField(DisputeState.choices)
    raised_at = serializers.DateTimeField()
    escalated_at = serializers.DateTimeField(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)
    settled_office = serializers.IntegerField(source="settled_office_id", allow_null=True)


class DisputeFacts(DisputeRow):
    lead_number = serializers.CharField(source="lead.number")
    office_name = serializers.CharField(source="office.name")
    claimed_office_name = serializers.CharField(source="claimed_office.name")
    reason = serializers.CharField()
    opinion = serializers.CharField(allow_blank=True)


class DisputeOut(DisputeFacts):
    """A dispute and what this user may do with it now."""

    legal_moves = NextMove(many=True)


class DisputeFilter(Filters):
    state = OneOfFilter(choices=DisputeState.choices)
    office = IdFilter(field_name="office_id")
    claimed_office = IdFilter(field_name="claimed_office_id")

    class Meta:
        model = Dispute
        fields: tuple[str, ...] = ()


class SettleDisputeIn(Input):
    office = Id(source="office_id", help_text=gettext_lazy("由谁承办"))
    opinion = Text(max_length=900)


class EscalateIn(Input):
    reason = Text(max_length=900)


class DisputeVerbs:
    raise_dispute = verb(states.RAISE_DISPUTE, OfficeIn, disputes.raise_dispute, LeadOut)


class DisputeViewSet(MatterViewSet[Dispute]):
    queryset = Dispute.objects.none()  # names the model to the reference; rows come through the gates
    subject = "dispute_id"
    serializer_class = DisputeOut
    filterset_class = DisputeFilter
    ordering: ClassVar[Sequence[str]] = ("-id",)

    @extend_schema(
        summary=gettext_lazy("权限争议列表"),
        description=gettext_lazy("您的机构是一方的争议，新的在前。"),
        responses=DisputeRow(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.answer_page(disputes_for(user_of(request)), DisputeRow)

    @extend_schema(summary=gettext_lazy("权限争议"), responses=DisputeOut)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self.answer(dispute_for(user_of(request), pk))

    settle_dispute = verb(states.SETTLE_DISPUTE, SettleDisputeIn, disputes.settle_dispute, DisputeOut)
    escalate_dispute = verb(states.ESCALATE_DISPUTE, EscalateIn, disputes.escalate_dispute, DisputeOut)
    designate = verb(states.DESIGNATE, SettleDisputeIn, disputes.designate_office, DisputeOut)

    def answer(self, matter: Dispute) -> Response:
        legal = legal_settlements(user_of(self.request), matter)
        body: dict[str, Any] = {
            **DisputeFacts(matter).data,
            "legal_moves": next_moves(legal, "dispute", matter.pk, self.request),
        }
        return Response(body)
