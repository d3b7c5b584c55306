"""Leads as the API tells and takes them. Rows of lists come from ``values()``, so each field names its column."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from clues.states import Channel, CheckKind, FactsGoOn, LeadState
from core.api.inputs import Choice, Day, Id, Input, Money, Text
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
    id = serializers.IntegerField()
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
    address = serializers.CharField(allow_blank=True)
    category = serializers.CharField(allow_blank=True)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    flags = serializers.ListField(child=serializers.CharField())
    channel_facts = serializers.DictField(child=serializers.CharField())
    is_anonymous = serializers.BooleanField()
    summary = serializers.CharField()
    office = serializers.IntegerField(source="office_id")
    office_name = serializers.CharField(source="office.name")
    owner = serializers.IntegerField(source="owner_id")
    owner_name = serializers.CharField(source="owner.name")
    state = serializers.ChoiceField(LeadState.choices)
    state_label = serializers.CharField(source="get_state_display")
    original = serializers.IntegerField(source="original_id", allow_null=True)
    merged_as = serializers.ChoiceField(FactsGoOn.choices, allow_blank=True)
    findings = serializers.CharField(allow_blank=True)
    proposal = serializers.CharField(allow_blank=True)
    decline_ground = serializers.CharField(allow_blank=True)
    decline_item_text = serializers.CharField(allow_blank=True)
    transferred_to = serializers.CharField(allow_blank=True)
    receipt_no = serializers.CharField(allow_blank=True)
    receipt_on = serializers.DateField(allow_null=True)
    outcome_told_on = serializers.DateField(allow_null=True)
    accepted_on = serializers.DateField(allow_null=True)
    refusal_ground = serializers.CharField(allow_blank=True)
    agreement = serializers.CharField(allow_blank=True)
    has_mediation_document = serializers.BooleanField(allow_null=True)
    end_ground = serializers.CharField(allow_blank=True)
    origin = serializers.IntegerField(source="origin_id", allow_null=True)
    decided_on = serializers.DateField(allow_null=True)
    created_at = serializers.DateTimeField()


class LeadCheck(serializers.Serializer[Any]):
    """A check made in verification; a corrected one stays, ``corrects`` of a later one names it."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(CheckKind.choices)
    checked_at = serializers.DateTimeField()
    place = serializers.CharField(allow_blank=True)
    officer = serializers.IntegerField(source="officer_id")
    second_officer = serializers.IntegerField(source="second_officer_id", allow_null=True)
    content = serializers.CharField()
    corrects = serializers.IntegerField(source="corrects_id", allow_null=True)
    recorded_at = serializers.DateTimeField()
    file_purpose = serializers.CharField()


class LeadFile(serializers.Serializer[Any]):
    """A file of the lead; its content is at /leads/{id}/files/{file_id}/."""

    id = serializers.IntegerField()
    purpose = serializers.CharField()
    name = serializers.CharField()
    size = serializers.IntegerField()
    media_type = serializers.CharField()
    sha256 = serializers.CharField()
    sm3 = serializers.CharField()
    stored_at = serializers.DateTimeField()
    stored_by = serializers.IntegerField(source="stored_by_id", allow_null=True)


class LeadOut(LeadFacts):
    """A lead with its clocks, its history, and what this user may do with it now."""

    checks = LeadCheck(many=True)
    files = LeadFile(many=True)
    clocks = LeadClock(many=True)
    moves = LeadMoveOut(many=True)
    legal_moves = NextMove(many=True)


class LogLeadIn(Input):
    channel = Choice(Channel.choices)
    received_on = Day()
    party_name = Text(max_length=120)
    party_code = Text(max_length=40, required=False)
    region_code = Text(max_length=6, required=False)
    address = Text(max_length=200, required=False)
    summary = Text(max_length=4000)
    category = Text(max_length=40, required=False)
    amount = Money(required=False, allow_null=True)
    flags = serializers.ListField(child=Text(max_length=40), max_length=50, required=False)
    facts = serializers.DictField(
        child=Text(max_length=500), required=False, help_text=gettext_lazy("来源渠道的事项，日期写成 2026-11-20")
    )
    informant_name = Text(source="informant.name", max_length=60, required=False)
    informant_phone = Text(source="informant.phone", max_length=40, required=False)
    informant_address = Text(source="informant.address", max_length=200, required=False)
    informant_id_number = Text(source="informant.id_number", max_length=40, required=False)
    informant_is_real_name = serializers.BooleanField(source="informant.is_real_name", required=False)
    is_mixed = serializers.BooleanField(
        required=False, help_text=gettext_lazy("材料同时包含投诉和举报，投诉之外另行登记一条举报")
    )
    office = Id(source="office_id", required=False, help_text=gettext_lazy("不填的，由权力划分按事项类别确定"))
    route_reason = Text(required=False, help_text=gettext_lazy("不按权力划分确定承办机构的理由"))


class ReasonIn(Input):
    reason = Text()
