"""Declarations, withdrawal and rounds of review as the API tells and takes them."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from cases.states.duties import (
    Interest,
    RecusalAsker,
    RecusalRank,
    RecusalState,
    ReviewGround,
    ReviewHead,
    ReviewKind,
    ReviewOutcome,
)
from core.api.inputs import Choice, Day, Id, Input, Text, Whole

RETURNED = [choice for choice in ReviewOutcome.choices if choice[0] != ReviewOutcome.AGREE]


class DeclareIn(Input):
    interest = Choice(Interest.choices, required=False, help_text=gettext_lazy("没有应当回避的情形时不填"))
    note = Text(required=False)


class AskRecusalIn(Input):
    person = Id(source="person_id")
    interest = Choice(Interest.choices)
    reason = Text(max_length=1000)
    asked_on = Day()


class RefuseRecusalIn(Input):
    opinion = Text(max_length=1000)
    minutes = Text(max_length=200, required=False, help_text=gettext_lazy("集体讨论记录；主要负责人的回避须填"))


class GrantRecusalIn(RefuseRecusalIn):
    reviewer = Id(
        source="reviewer_id", required=False, help_text=gettext_lazy("该人员正在审核本案的，填接替的审核人员")
    )


class ConcludeIn(Input):
    conclusion = Text(max_length=8000)
    reviewer = Id(source="reviewer_id")
    grounds = serializers.ListField(
        child=Choice(ReviewGround.choices), max_length=len(ReviewGround.values), required=False,
        help_text=gettext_lazy("应当法制审核的情形；没有的不填，作案件审核（程序规定第五十条、第五十二条）"),
    )  # fmt: skip


class PassReviewIn(Input):
    opinion = Text(max_length=2000)
    heads = serializers.ListField(
        child=Choice(ReviewHead.choices), max_length=len(ReviewHead.values),
        help_text=gettext_lazy("没有异议的审核内容，七项都须列明（程序规定第五十三条）"),
    )  # fmt: skip


class ReturnReviewIn(Input):
    outcome = Choice(RETURNED)
    objections = serializers.DictField(
        child=Text(max_length=500), help_text=gettext_lazy("有异议的审核内容及异议，例如 {\"facts\": \"……\"}")
    )  # fmt: skip
    opinion = Text(max_length=2000)


class ExtendReviewIn(Input):
    days = Whole(min_value=1, max_value=365, help_text=gettext_lazy("工作日；法律没有规定上限"))
    reason = Text()


class RecusalOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    person = serializers.IntegerField(source="person_id")
    person_name = serializers.CharField(source="person.name")
    asker = serializers.ChoiceField(RecusalAsker.choices)
    interest = serializers.ChoiceField(Interest.choices)
    reason = serializers.CharField()
    asked_on = serializers.DateField()
    state = serializers.ChoiceField(RecusalState.choices)
    rank = serializers.ChoiceField(RecusalRank.choices, allow_blank=True)
    decided_by = serializers.IntegerField(source="decided_by_id", allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    minutes = serializers.CharField(allow_blank=True)
    opinion = serializers.CharField(allow_blank=True)


class HeadOut(serializers.Serializer[Any]):
    head = serializers.ChoiceField(ReviewHead.choices)
    note = serializers.CharField(allow_blank=True)


class ReviewOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    round = serializers.IntegerField()
    kind = serializers.ChoiceField(ReviewKind.choices)
    grounds = serializers.ListField(child=serializers.ChoiceField(ReviewGround.choices))
    reviewer = serializers.IntegerField(source="reviewer_id")
    reviewer_name = serializers.CharField(source="reviewer.name")
    asked_by = serializers.IntegerField(source="asked_by_id")
    asked_at = serializers.DateTimeField()
    heads = HeadOut(many=True)
    opinion = serializers.CharField(allow_blank=True)
    outcome = serializers.ChoiceField(ReviewOutcome.choices, allow_blank=True)
    ended_at = serializers.DateTimeField(allow_null=True)
