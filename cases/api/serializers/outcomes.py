"""Other ends of a case, merging, splitting and the summary procedure, as the API tells and takes them."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from cases.states.decision import PenaltyKind
from cases.states.matter import CaseState, PartyKind
from cases.states.money import CashGround
from cases.states.outcomes import AnnulledBy, EndKind, SpareGround, TerminationGround, TransferGround
from core.api.inputs import Choice, Day, Id, Input, Moment, Money, Text


class SpareIn(Input):
    ground = Choice(SpareGround.choices)
    reason = Text(max_length=4000)
    education = Text(max_length=2000, required=False, help_text=gettext_lazy("对当事人的教育（程序规定第六十一条）"))


class ReferIn(Input):
    recipient = Text(max_length=120)
    handed_over = Text(max_length=4000, help_text=gettext_lazy("移送的材料和物品"))
    reason = Text(max_length=4000)


class CaseTransferIn(Input):
    ground = Choice(TransferGround.choices)
    office = Id(
        source="office_id", required=False,
        help_text=gettext_lazy("本系统内的单位，属于其他市场监督管理部门：案件在那里登记为线索；与recipient填写一项"),
    )  # fmt: skip
    recipient = Text(max_length=120, required=False, help_text=gettext_lazy("不在本系统内的接收机关"))
    handed_over = Text(max_length=4000, help_text=gettext_lazy("移送的材料和物品"))
    reason = Text(max_length=4000)


class TerminateIn(Input):
    ground = Choice(TerminationGround.choices)
    reason = Text(max_length=4000)


class WithdrawIn(Input):
    reason = Text(max_length=4000)


class CaseMergeIn(Input):
    into = Id(source="into_id", help_text=gettext_lazy("并入的案件：同一当事人、立案不晚于本案、也在调查中"))
    reason = Text(max_length=1000)


class CaseSplitIn(Input):
    cause = Text(max_length=200)
    party_kind = Choice(PartyKind.choices, required=False)
    party_name = Text(max_length=120)
    party_code = Text(max_length=18, required=False)
    address = Text(max_length=200, required=False)
    owner = Id(source="owner_id")
    second_officer = Id(source="second_officer_id")
    reason = Text(max_length=900)


class AnnulIn(Input):
    annulled_by = Choice(AnnulledBy.choices)
    body = Text(max_length=120, required=False, help_text=gettext_lazy("机关名称；本机关自行纠正的不填"))
    paper = Text(max_length=120, required=False, help_text=gettext_lazy("文书文号"))
    annulled_on = Day()
    reason = Text(max_length=4000)


class WithdrawPublicationIn(Input):
    withdrawn_on = Day()
    explanation = Text(max_length=1000)
    was_published = serializers.BooleanField(required=False, help_text=gettext_lazy("决定曾经公开；缺省为是"))


class HandInIn(Input):
    handed_in_on = Day()


class SpotIn(Input):
    office = Id(source="office_id", help_text=gettext_lazy("办案机构，您是其办案人员"))
    second_officer = Id(source="second_officer_id")
    lead = Id(source="lead_id", required=False, help_text=gettext_lazy("正在本机构核查的线索"))
    party_kind = Choice(PartyKind.choices)
    party_name = Text(max_length=120)
    party_code = Text(max_length=18, required=False)
    address = Text(max_length=200, required=False)
    cause = Text(max_length=200)
    decided_at = Moment()
    place = Text(max_length=200)
    facts = Text(max_length=4000)
    basis = Text(max_length=2000)
    is_informed = serializers.BooleanField(help_text=gettext_lazy("已告知内容、事实、理由、依据和陈述申辩的权利"))
    said = Text(max_length=2000, required=False, help_text=gettext_lazy("当事人的陈述和申辩"))
    penalties = serializers.ListField(child=Choice(PenaltyKind.choices), max_length=len(PenaltyKind.values))
    fine = Money(required=False)
    is_unsigned = serializers.BooleanField(required=False, help_text=gettext_lazy("当事人拒绝签收，已注明"))
    cash_ground = Choice(CashGround.choices, required=False, help_text=gettext_lazy("当场收缴的情形"))
    receipt_number = Text(max_length=60, required=False)


class EndingOut(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(EndKind.choices)
    ground = serializers.CharField(allow_blank=True)
    happened_on = serializers.DateField()
    recipient = serializers.CharField(allow_blank=True)
    # No secret: both sides speak of the matter by it. The lead itself is read through the gate of leads.
    lead_number = serializers.CharField(
        allow_blank=True, help_text=gettext_lazy("移送本系统内的单位的，那里的线索编号")
    )
    paper = serializers.CharField(allow_blank=True)
    handed_over = serializers.CharField(allow_blank=True)
    education = serializers.CharField(allow_blank=True)
    reason = serializers.CharField()
    decided_by = serializers.IntegerField(source="decided_by_id")
    recorded_at = serializers.DateTimeField()


class LinkedOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.CharField()
    party_name = serializers.CharField()
    cause = serializers.CharField()
    state = serializers.ChoiceField(CaseState.choices)
    merged_into = serializers.IntegerField(source="merged_into_id", allow_null=True)
    split_from = serializers.IntegerField(source="split_from_id", allow_null=True)


class OutcomesOut(serializers.Serializer[Any]):
    endings = EndingOut(many=True)
    linked = LinkedOut(many=True)
