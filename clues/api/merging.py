"""One matter told twice: the POSTs of merging, and what a lead not yet logged looks like."""

from typing import Any

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from clues import states
from clues.actions import merging
from clues.api.serializers import LeadOut, ReasonIn
from clues.duplicates import likely_same
from clues.states import Channel, FactsGoOn, LeadState
from core.api.inputs import Choice, Day, Id, Input, Text
from core.api.verbs import given, user_of, verb
from informants.queries import key_of_phone


class MergeIn(Input):
    original = Id(source="original_id", help_text=gettext_lazy("主线索的id"))
    facts = Choice(FactsGoOn.choices)
    reason = Text()


class LikelyIn(Input):
    party_name = Text(max_length=120, required=False)
    party_code = Text(max_length=18, required=False)
    informant_phone = Text(max_length=40, required=False)
    summary = Text(max_length=4000, required=False)
    received_on = Day()


class LikelyOut(serializers.Serializer[Any]):
    """A lead that is likely the same matter; ``score`` from 0 to 1 orders them and says nothing else."""

    id = serializers.IntegerField(source="lead.pk")
    number = serializers.CharField(source="lead.number")
    channel = serializers.ChoiceField(Channel.choices, source="lead.channel")
    party_name = serializers.CharField(source="lead.party_name")
    received_on = serializers.DateField(source="lead.received_on")
    state = serializers.ChoiceField(LeadState.choices, source="lead.state")
    reasons = serializers.ListField(child=serializers.CharField())
    score = serializers.FloatField()


class LoggedLead(LeadOut):
    """A lead just logged, and those that were likely the same matter; it is logged all the same."""

    likely = LikelyOut(many=True)


class MergingVerbs:
    merge = verb(states.MERGE, MergeIn, merging.merge_lead, LeadOut)
    unmerge = verb(states.UNMERGE, ReasonIn, merging.unmerge_lead, LeadOut)

    @extend_schema(
        summary=gettext_lazy("可能相同的线索"),
        description=gettext_lazy("登记之前比对：您可以查看的线索中可能是同一事项的，最多十条，附理由。仅供参考。"),
        request=LikelyIn, responses=LikelyOut(many=True), filters=False,
    )  # fmt: skip
    @action(detail=False, methods=["post"], pagination_class=None)
    def likely(self, request: Request) -> Response:
        sought = {"party_name": "", "party_code": "", "summary": "", **given(LikelyIn, request)}
        phone = sought.pop("informant_phone", "")
        found = likely_same(user_of(request), informant_key=key_of_phone(phone) if phone else "", **sought)
        return Response(LikelyOut(found, many=True).data)
