"""What is proposed, approved and decided, as the API tells and takes it."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from cases.states.decision import Adoption, DefenceWay, PenaltyKind, TierKind
from cases.states.matter import Outcome, PartyKind
from core.api.inputs import Choice, Day, Id, Input, Money, Text, Whole

KINDS = len(PenaltyKind.values)


def _kinds(**kwargs: Any) -> "serializers.ListField":
    return serializers.ListField(
        child=Choice(PenaltyKind.choices),
        max_length=KINDS,
        help_text=gettext_lazy("处罚种类（行政处罚法第九条）"),
        **kwargs,
    )


class PenaltyProposeIn(Input):
    outcome = Choice(Outcome.choices, required=False)
    penalties = _kinds(required=False)
    fine = Money(required=False)
    confiscated = Money(required=False)
    goods_value = Money(required=False, help_text=gettext_lazy("没收的非法财物的价值"))
    content = Text(max_length=4000, required=False, help_text=gettext_lazy("数额之外的处罚内容"))
    party_kind = Choice(PartyKind.choices, required=False)
    tier = Id(source="tier_id", required=False, help_text=gettext_lazy("裁量档次，见discretion"))
    base_amount = Money(required=False, help_text=gettext_lazy("裁量基数"))
    discretion_reason = Text(max_length=2000, required=False)
    deviation_reason = Text(max_length=2000, required=False, help_text=gettext_lazy("偏离裁量基准的理由"))
    hearing_right = serializers.BooleanField(required=False, help_text=gettext_lazy("告知当事人有要求听证的权利"))
    facts = Text(max_length=8000)
    basis = Text(max_length=4000)


class ApproveNoticeIn(Input):
    version = Whole(min_value=1, max_value=2**31 - 1, help_text=gettext_lazy("您看到的处理意见的版本"))
    opinion = Text(max_length=1000, required=False)
    allows_deviation = serializers.BooleanField(required=False, help_text=gettext_lazy("批准偏离裁量基准"))


class ReviseIn(Input):
    reason = Text()


class DefenceIn(Input):
    made_on = Day()
    way = Choice(DefenceWay.choices)
    content = Text(max_length=4000)
    evidence = Text(max_length=2000, required=False)
    adopted = Choice(Adoption.choices)
    reply = Text(max_length=4000)


class PenaltyDecideIn(Input):
    decision = Text(max_length=4000)
    penalties = _kinds(required=False)
    fine = Money()
    confiscated = Money()
    defence = Text(max_length=4000)


class NoticeApprovalOut(serializers.Serializer[Any]):
    approved_by = serializers.IntegerField(source="approved_by_id")
    approved_by_name = serializers.CharField(source="approved_by.name")
    approved_at = serializers.DateTimeField()
    opinion = serializers.CharField(allow_blank=True)
    sha256 = serializers.CharField()
    allows_deviation = serializers.BooleanField()
    is_void = serializers.BooleanField()
    voided_at = serializers.DateTimeField(allow_null=True)
    void_reason = serializers.CharField(allow_blank=True)


class ProposalOut(serializers.Serializer[Any]):
    """Money is in yuan, as a string with two places; sha256 is over the canonical JSON of the content."""

    version = serializers.IntegerField()
    outcome = serializers.ChoiceField(Outcome.choices)
    penalties = serializers.ListField(child=serializers.ChoiceField(PenaltyKind.choices))
    fine = serializers.DecimalField(max_digits=14, decimal_places=2)
    confiscated = serializers.DecimalField(max_digits=14, decimal_places=2)
    goods_value = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    content = serializers.CharField(allow_blank=True)
    facts = serializers.CharField()
    basis = serializers.CharField()
    party_kind = serializers.ChoiceField(PartyKind.choices)
    hearing_right = serializers.BooleanField()
    tier = serializers.IntegerField(source="tier_id", allow_null=True)
    base_amount = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    discretion_reason = serializers.CharField(allow_blank=True)
    is_deviation = serializers.BooleanField()
    deviation_reason = serializers.CharField(allow_blank=True)
    made_by = serializers.IntegerField(source="made_by_id")
    made_at = serializers.DateTimeField()
    sha256 = serializers.CharField()
    approvals = NoticeApprovalOut(many=True)


class DefenceOut(serializers.Serializer[Any]):
    made_on = serializers.DateField()
    is_late = serializers.BooleanField()
    way = serializers.ChoiceField(DefenceWay.choices)
    content = serializers.CharField()
    evidence = serializers.CharField(allow_blank=True)
    adopted = serializers.ChoiceField(Adoption.choices)
    reply = serializers.CharField()
    recorded_by = serializers.IntegerField(source="recorded_by_id")
    recorded_at = serializers.DateTimeField()


class TierOut(serializers.Serializer[Any]):
    """One tier; least and most in yuan, or multiples of the standard's base."""

    id = serializers.IntegerField()
    standard = serializers.CharField(source="standard.title")
    basis = serializers.CharField(source="standard.basis")
    base = serializers.CharField(source="standard.base", allow_blank=True)
    is_default = serializers.BooleanField(source="standard.is_default", help_text=gettext_lazy("示例，非法定基准"))
    kind = serializers.ChoiceField(TierKind.choices)
    factors = serializers.CharField()
    is_multiple = serializers.BooleanField()
    least = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    most = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)


class LikeCase(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.CharField()
    cause = serializers.CharField()
    decided_on = serializers.DateField()
    fine = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    confiscated = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)


class DiscretionOut(serializers.Serializer[Any]):
    tiers = TierOut(many=True)
    like_cases = LikeCase(many=True)
