"""One party over the API: what the page shows."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from casemgr.party import party_for
from cases.states.matter import CaseState
from clues.states import Channel, LeadState


class PartyLead(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.CharField()
    channel = serializers.ChoiceField(Channel.choices)
    party_name = serializers.CharField()
    party_code = serializers.CharField(allow_blank=True)
    received_on = serializers.DateField()
    state = serializers.ChoiceField(LeadState.choices)


class PartyCase(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.CharField()
    party_name = serializers.CharField()
    party_code = serializers.CharField(allow_blank=True)
    cause = serializers.CharField()
    filed_on = serializers.DateField()
    state = serializers.ChoiceField(CaseState.choices)


class PartyPenalty(serializers.Serializer[Any]):
    case = serializers.IntegerField(source="pk")
    decision_number = serializers.CharField()
    decided_on = serializers.DateField()
    cause = serializers.CharField()
    fine = serializers.DecimalField(14, 2, allow_null=True)
    confiscated = serializers.DecimalField(14, 2, allow_null=True)


class PartyFound(serializers.Serializer[Any]):
    """At most fifty of each; counts beyond a thousand read ``1000+``."""

    leads = PartyLead(many=True)
    cases = PartyCase(many=True)
    lead_count = serializers.CharField()
    case_count = serializers.CharField()


class PartyComplainer(serializers.Serializer[Any]):
    newest_lead = serializers.IntegerField(source="newest.pk")
    of_party = serializers.IntegerField()
    in_all = serializers.IntegerField()


class PartyOut(serializers.Serializer[Any]):
    """``certain`` bears the code, or without a code the name; ``likely`` only the name. Factors for reference only."""

    code = serializers.CharField(allow_blank=True)
    names = serializers.ListField(child=serializers.CharField())
    certain = PartyFound()
    likely = PartyFound(allow_null=True)
    penalties = PartyPenalty(many=True)
    penalised_in_one_year = serializers.IntegerField()
    penalised_in_two_years = serializers.IntegerField()
    complaints = serializers.IntegerField(help_text=gettext_lazy("近180天内的投诉"))
    complainers = PartyComplainer(many=True)


class PartyView(APIView):
    @extend_schema(
        operation_id="parties_retrieve",
        summary=gettext_lazy("当事人"),
        description=gettext_lazy(
            "按统一社会信用代码，或者按名称。只含您可以查看的线索和案件；有关因素仅供参考，不作为认定依据。"
        ),
        parameters=[OpenApiParameter("code", str), OpenApiParameter("name", str)],
        responses=PartyOut,
    )
    def get(self, request: Request) -> Response:
        assert isinstance(request.user, User)  # noqa: S101 - the default permission lets nobody else through
        code, name = (request.query_params.get(key, "").replace("\0", "") for key in ("code", "name"))
        return Response(PartyOut(party_for(request.user, code=code, name=name, today=timezone.localdate())).data)
