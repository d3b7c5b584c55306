"""Measures and the goods under them as the API tells and takes them."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from cases.api.serializers.matter import CaseClock
from cases.states.measures import DisposalBasis, Handling, ItemState, MeasureKind, MeasureState, ReleaseGround
from core.api.inputs import Choice, Day, Id, Input, Money, Text
from core.api.verbs import NextMove

MOST_ITEMS = 500


class ItemMoveOut(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    actor = serializers.IntegerField(source="actor_id", allow_null=True)
    name = serializers.CharField()
    from_state = serializers.CharField(source="source", allow_blank=True)
    to_state = serializers.CharField(source="target")
    reason = serializers.CharField(allow_blank=True)


class ItemOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.IntegerField()
    name = serializers.CharField()
    spec = serializers.CharField(allow_blank=True)
    quantity = serializers.DecimalField(max_digits=12, decimal_places=3)
    unit = serializers.CharField()
    condition = serializers.CharField(allow_blank=True)
    place = serializers.CharField(allow_blank=True)
    seal_number = serializers.CharField(allow_blank=True)
    value = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    proceeds = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    state = serializers.ChoiceField(ItemState.choices)
    moves = ItemMoveOut(many=True, source="moves.all")


class MeasureRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    case = serializers.IntegerField(source="case_id")
    number = serializers.IntegerField()
    kind = serializers.ChoiceField(MeasureKind.choices)
    state = serializers.ChoiceField(MeasureState.choices)
    is_urgent = serializers.BooleanField()
    reason = serializers.CharField()
    basis = serializers.CharField()
    approved_by = serializers.IntegerField(source="approved_by_id", allow_null=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    officer = serializers.IntegerField(source="officer_id", allow_null=True)
    second_officer = serializers.IntegerField(source="second_officer_id", allow_null=True)
    taken_at = serializers.DateTimeField(allow_null=True)
    place = serializers.CharField(allow_blank=True)
    presence = serializers.CharField(allow_blank=True)
    follows = serializers.IntegerField(source="follows_id", allow_null=True)
    handling = serializers.CharField(allow_blank=True)
    release_ground = serializers.CharField(allow_blank=True)
    end_reason = serializers.CharField(allow_blank=True)
    ended_on = serializers.DateField(allow_null=True)
    announced_on = serializers.DateField(allow_null=True)


class MeasureOut(MeasureRow):
    """A measure with its inventory, its clocks, its history, and what this user may do with it now."""

    items = ItemOut(many=True)
    clocks = CaseClock(many=True)
    moves = ItemMoveOut(many=True)
    legal_moves = NextMove(many=True)


class ItemIn(Input):
    name = Text(max_length=120)
    quantity = serializers.DecimalField(max_digits=12, decimal_places=3)
    unit = Text(max_length=20)
    spec = Text(max_length=120, required=False)
    condition = Text(max_length=200, required=False)
    place = Text(max_length=200, required=False)
    seal_number = Text(max_length=60, required=False)
    value = Money(required=False)


class OrderIn(Input):
    kind = Choice(MeasureKind.choices)
    reason = Text(max_length=1000)
    basis = Text(max_length=300, help_text=gettext_lazy("授权采取该措施的法律、法规条款"))


class TakeIn(Input):
    officer = Id(source="officer_id")
    second_officer = Id(source="second_officer_id")
    taken_at = serializers.DateTimeField()
    place = Text(max_length=200)
    presence = Text(max_length=500, help_text=gettext_lazy("当事人到场、见证和签名情况"))
    items = serializers.ListField(child=ItemIn(), max_length=MOST_ITEMS)


class TakeUrgentIn(TakeIn, OrderIn):
    pass


class MeasureReasonIn(Input):
    reason = Text(max_length=900)


class HandleIn(Input):
    handling = Choice(Handling.choices)
    reason = Text(max_length=1000)
    kind = Choice(MeasureKind.choices, required=False)
    basis = Text(max_length=300, required=False)


class ToldIn(Input):
    told_on = Day(help_text=gettext_lazy("书面告知当事人的日期"))
    reason = Text()


class ExcludeTestIn(ToldIn):
    first_day = Day()
    last_day = Day(help_text=gettext_lazy("含当日"))


class ItemsIn(Input):
    items = serializers.ListField(
        child=Id(), source="item_ids", required=False, max_length=MOST_ITEMS,
        help_text=gettext_lazy("清单各项的id；不写的为可以办理的全部"),
    )  # fmt: skip


class ReleaseIn(ItemsIn):
    ground = Choice(ReleaseGround.choices)
    reason = Text(max_length=1000)


class GoodsReturnIn(ItemsIn):
    returned_on = Day()
    received_by = Text(max_length=120)


class ItemsReasonIn(ItemsIn):
    reason = Text(max_length=900)


class DisposeIn(Input):
    items = serializers.ListField(child=Id(), source="item_ids", max_length=MOST_ITEMS)
    basis = Choice(DisposalBasis.choices)
    proceeds = Money()
    kept_proof = Text(max_length=900)


class HandOverItemsIn(ItemsReasonIn):
    receiver = Text(max_length=120)


class GoodsAnnounceIn(ItemsReasonIn):
    announced_on = Day()
