"""Categories, regions and the division of powers as the API tells them, and the question it answers."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from core.api.inputs import Choice, Day, Input, Money, Text
from routing.engine import Level


class CategoryOut(serializers.Serializer[Any]):
    """``parent`` empty: a subject of the first level."""

    code = serializers.CharField()
    parent = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # a field, not the serializer's parent
    zh = serializers.CharField()
    en = serializers.CharField()


class CategoryPage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True)
    results = CategoryOut(many=True)


class FlagOut(CategoryOut):
    """``parent`` empty: a group, which no matter carries."""

    is_default = serializers.BooleanField(help_text=gettext_lazy("本系统默认值，由本单位按自己的文件替换"))


class FlagPage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True)
    results = FlagOut(many=True)


class RegionOut(serializers.Serializer[Any]):
    code = serializers.CharField(help_text=gettext_lazy("GB/T 2260，六位"))
    parent = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # a field, not the serializer's parent
    name = serializers.CharField()


class RegionPage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True)
    results = RegionOut(many=True)


class RoutingRuleOut(serializers.Serializer[Any]):
    """An empty condition holds for everything; amounts are from (included) to (excluded), in yuan."""

    key = serializers.CharField()
    order = serializers.IntegerField()
    name = serializers.CharField()
    office = serializers.CharField(help_text=gettext_lazy("机构代码；district-of-region为所在区市局"))
    categories = serializers.ListField(child=serializers.CharField())
    regions = serializers.ListField(child=serializers.CharField())
    level = serializers.ChoiceField([("*", "*"), *((level, level) for level in Level.values)])
    amount_from = serializers.DecimalField(14, 2, allow_null=True)
    amount_to = serializers.DecimalField(14, 2, allow_null=True)
    any_flags = serializers.ListField(child=serializers.CharField())
    all_flags = serializers.ListField(child=serializers.CharField())


class DivisionOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    version = serializers.CharField()
    name = serializers.CharField()
    effective_on = serializers.DateField()
    city = serializers.CharField()
    returns_allowed = serializers.IntegerField(
        help_text=gettext_lazy("线索最多可以退回几次；本系统默认值，不是法定限制")
    )
    note = serializers.CharField(allow_blank=True)
    rules = RoutingRuleOut(many=True)


class OnIn(Input):
    on = Day(required=False, help_text=gettext_lazy("哪一天的划分，默认今天"))


class DecideIn(OnIn):
    category = Text(max_length=60)
    region = Text(max_length=6)
    level = Choice(Level.choices)
    amount = Money(required=False, allow_null=True, default=None)
    flags = serializers.ListField(child=Text(max_length=60), required=False, default=list, max_length=50)


class PassedOverOut(serializers.Serializer[Any]):
    key = serializers.CharField(source="rule.key")
    order = serializers.IntegerField(source="rule.order")
    why = serializers.CharField()


class DecisionOut(serializers.Serializer[Any]):
    """The office, the rule that decided, and why the rules before it did not hold."""

    office = serializers.IntegerField(source="route.office.pk")
    office_code = serializers.CharField(source="route.office.code")
    office_name = serializers.CharField(source="route.office.name")
    rule = serializers.CharField(source="route.rule_key")
    rule_set = serializers.IntegerField(source="route.rule_set_id")
    version = serializers.CharField(source="rule_set.version")
    reason = serializers.CharField(source="route.reason")
    passed_over = PassedOverOut(many=True)
