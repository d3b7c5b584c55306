"""Many leads in one POST: always 200, with an answer per lead."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from clues import states
from clues.actions.bulk import MOST, assign_leads
from clues.states import LeadState
from core.api.inputs import Id, Input, Text
from core.api.verbs import described, given, user_of


class AssignManyIn(Input):
    leads = serializers.ListField(child=Id(), min_length=1, max_length=MOST, source="lead_ids")
    office = Id(source="office_id")
    owner = Id(source="owner_id", required=False, help_text=gettext_lazy("不填的，由该机构的接收人员签收后再分"))
    reason = Text(max_length=1000, required=False)


class AssignOutcome(serializers.Serializer[Any]):
    lead = serializers.IntegerField(source="lead.pk")
    number = serializers.CharField(source="lead.number")
    state = serializers.ChoiceField(LeadState.choices, source="lead.state")
    owner = serializers.IntegerField(source="lead.owner_id")
    code = serializers.CharField(
        source="refusal.code", allow_null=True, default=None, help_text=gettext_lazy("没有办成的原因代码")
    )
    detail = serializers.CharField(source="refusal.detail", allow_null=True, default=None)


class BulkVerbs:
    @extend_schema(
        operation_id="leads_assign_many",
        summary=gettext_lazy("批量分派"),
        description=described(states.ASSIGN.basis, assign_leads),
        request=AssignManyIn,
        responses=AssignOutcome(many=True),
        filters=False,
    )
    @action(detail=False, methods=["post"], url_path="assign", url_name="assign-many", pagination_class=None)
    def assign_many(self, request: Request) -> Response:
        outcomes = assign_leads(actor=user_of(request), at=timezone.now(), **given(AssignManyIn, request))
        return Response(AssignOutcome(outcomes, many=True).data)
