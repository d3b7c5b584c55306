"""Informants by code, openings and rewards, as the API tells and takes them. Only ``IdentityOut`` is in plain."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from core.api.inputs import Choice, Day, Input, Money, Text, Whole
from core.api.verbs import NextMove
from informants.states import Ground, OpeningState, RewardDomain, RewardLevel, RewardState, Wanted


class InformantRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    code = serializers.CharField()
    subject_kind = serializers.CharField()
    subject_id = serializers.IntegerField()
    subject_number = serializers.CharField(allow_blank=True)
    is_real_name = serializers.BooleanField()
    office = serializers.IntegerField(source="office_id")
    office_name = serializers.CharField(source="office__name")
    created_at = serializers.DateTimeField()


class InformantOut(InformantRow):
    office_name = serializers.CharField(source="office.name")


class OpeningRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    informant = serializers.IntegerField(source="informant_id")
    code = serializers.CharField(source="informant__code")
    subject_number = serializers.CharField(source="informant__subject_number", allow_blank=True)
    ground = serializers.ChoiceField(Ground.choices)
    wanted = serializers.ListField(child=serializers.ChoiceField(Wanted.choices))
    requested_by = serializers.IntegerField(source="requested_by_id")
    requested_at = serializers.DateTimeField()
    state = serializers.ChoiceField(OpeningState.choices)
    decided_by = serializers.IntegerField(source="decided_by_id", allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    hours = serializers.IntegerField(allow_null=True)


class ReadingOut(serializers.Serializer[Any]):
    reader = serializers.IntegerField(source="reader_id")
    reader_name = serializers.CharField(source="reader.name")
    read_at = serializers.DateTimeField()
    read_fields = serializers.ListField(source="fields", child=serializers.ChoiceField(Wanted.choices))


class OpeningFacts(OpeningRow):
    code = serializers.CharField(source="informant.code")
    subject_number = serializers.CharField(source="informant.subject_number", allow_blank=True)
    reason = serializers.CharField()
    opinion = serializers.CharField(allow_blank=True)
    expires_at = serializers.DateTimeField(allow_null=True)


class OpeningOut(OpeningFacts):
    readings = ReadingOut(many=True)
    legal_moves = NextMove(many=True)


class IdentityOut(serializers.Serializer[Any]):
    """What the consent names; the other fields are empty."""

    name = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    address = serializers.CharField(allow_blank=True)
    id_number = serializers.CharField(allow_blank=True)


class RewardRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    informant = serializers.IntegerField(source="informant_id")
    code = serializers.CharField(source="informant__code")
    level = serializers.ChoiceField(RewardLevel.choices)
    domain = serializers.ChoiceField(RewardDomain.choices)
    base_amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    state = serializers.ChoiceField(RewardState.choices)
    decided_on = serializers.DateField(allow_null=True)
    told_on = serializers.DateField(allow_null=True)
    claimed_on = serializers.DateField(allow_null=True)


class RewardMoveOut(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    actor = serializers.IntegerField(source="actor_id")
    actor_name = serializers.CharField(source="actor.name")
    name = serializers.CharField()
    from_state = serializers.CharField(source="source", allow_blank=True)
    to_state = serializers.CharField(source="target")
    reason = serializers.CharField(allow_blank=True)


class RewardFacts(RewardRow):
    code = serializers.CharField(source="informant.code")
    basis = serializers.CharField()
    rule_version = serializers.CharField()
    needs_finance = serializers.BooleanField()


class RewardOut(RewardFacts):
    moves = RewardMoveOut(many=True)
    legal_moves = NextMove(many=True)


class RequestIn(Input):
    ground = Choice(Ground.choices)
    wanted = serializers.ListField(child=Choice(Wanted.choices), max_length=len(Wanted))
    reason = Text()


class ApproveIn(Input):
    hours = Whole(min_value=1, max_value=24, help_text=gettext_lazy("从批准时起算，1至24小时"))
    opinion = Text(required=False)


class InformantReasonIn(Input):
    reason = Text()


class SealedNothingIn(Input):
    pass


class ProposeIn(Input):
    level = Choice(RewardLevel.choices)
    domain = Choice(RewardDomain.choices)
    base_amount = Money()
    reason = Text()


class GrantIn(Input):
    opinion = Text(required=False)


class TellRewardIn(Input):
    told_on = Day()


class ClaimIn(Input):
    claimed_on = Day()
