"""Leads as the API tells and takes them. Rows of lists come from ``values()``, so each field names its column."""

from typing import Any

from rest_framework import serializers

from clues.states import Channel, LeadState
from core.api.inputs import Choice, Day, Id, Input, Text
from core.api.verbs import NextMove
from deadlines.states import ClockState


class LeadRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.CharField()
    channel = serializers.ChoiceField(Channel.choices)
    received_on = serializers.DateField()
    party_name = serializers.CharField()
    party_code = serializers.CharField(allow_blank=True)
    office = serializers.IntegerField(source="office_id")
    office_name = serializers.CharField(source="office__name")
    owner = serializers.IntegerField(source="owner_id")
    owner_name = serializers.CharField(source="owner__name")
    state = serializers.ChoiceField(LeadState.choices)
    decided_on = serializers.DateField(allow_null=True)


class LeadClock(serializers.Serializer[Any]):
    """One clock of the lead; the whole of it is at /clocks/{id}/."""

    id = serializers.IntegerField()
    rule = serializers.CharField()
    state = serializers.ChoiceField(ClockState.choices)
    origin_on = serializers.DateField()
    due_on = serializers.DateField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    is_provisional = serializers.BooleanField()
    ended_on = serializers.DateField(allow_null=True)


class LeadMoveOut(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    actor = serializers.IntegerField(source="actor_id")
    actor_name = serializers.CharField(source="actor.name")
    name = serializers.CharField()
    from_state = serializers.CharField(source="source", allow_blank=True)
    to_state = serializers.CharField(source="target")
    office = serializers.IntegerField(source="office_id")
    office_name = serializers.CharField(source="office.name")
    owner = serializers.IntegerField(source="owner_id")
    owner_name = serializers.CharField(source="owner.name")
    reason = serializers.CharField(allow_blank=True)


class LeadFacts(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.CharField()
    channel = serializers.ChoiceField(Channel.choices)
    received_on = serializers.DateField()
    party_name = serializers.CharField()
    party_code = serializers.CharField(allow_blank=True)
    has_party_code_doubt = serializers.BooleanField()
    region_code = serializers.CharField()
    summary = serializers.CharField()
    office = serializers.IntegerField(source="office_id")
    office_name = serializers.CharField(source="office.name")
    owner = serializers.IntegerField(source="owner_id")
    owner_name = serializers.CharField(source="owner.name")
    state = serializers.ChoiceField(LeadState.choices)
    state_label = serializers.CharField(source="get_state_display")
    findings = serializers.CharField(allow_blank=True)
    proposal = serializers.CharField(allow_blank=True)
    decline_ground = serializers.CharField(allow_blank=True)
    transferred_to = serializers.CharField(allow_blank=True)
    decided_on = serializers.DateField(allow_null=True)
    created_at = serializers.DateTimeField()


class LeadOut(LeadFacts):
    """A lead with its clocks, its history, and what this user may do with it now."""

    clocks = LeadClock(many=True)
    moves = LeadMoveOut(many=True)
    legal_moves = NextMove(many=True)


class LogLeadIn(Input):
    channel = Choice(Channel.choices)
    received_on = Day()
    party_name = Text(max_length=120)
    party_code = Text(max_length=18, required=False)
    region_code = Text(max_length=6, required=False)
    summary = Text(max_length=4000)
    office = Id(source="office_id")


class ReasonIn(Input):
    reason = Text()
