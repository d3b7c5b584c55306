"""Clocks, rules and answers of the calculator as the API tells them."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from core.api.inputs import Day, Input, Text
from core.api.verbs import NextMove
from deadlines.arithmetic import Roll, Unit
from deadlines.faces import Tone
from deadlines.rules import Status
from deadlines.states import ClockState

UNITS = [(unit.value, unit.value) for unit in Unit]
ROLLS = [(roll.value, roll.value) for roll in Roll]
STANDINGS = [(tone.value, tone.value) for tone in Tone]
STATUSES = [(status.value, status.value) for status in Status]


class ClockRow(serializers.Serializer[Any]):
    """``due_on`` is the last day, ``due_at`` the first moment that is too late; both null while suspended."""

    id = serializers.IntegerField()
    rule = serializers.CharField()
    rule_version = serializers.CharField()
    subject_kind = serializers.CharField()
    subject_id = serializers.IntegerField()
    subject_label = serializers.CharField()
    office = serializers.IntegerField(source="office_id")
    office_name = serializers.CharField(source="office__name")
    owner = serializers.IntegerField(source="owner_id")
    owner_name = serializers.CharField(source="owner__name")
    state = serializers.ChoiceField(ClockState.choices)
    origin_on = serializers.DateField()
    due_on = serializers.DateField(allow_null=True)
    due_nominal_on = serializers.DateField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    is_provisional = serializers.BooleanField()
    ended_on = serializers.DateField(allow_null=True)


class SuspensionOut(serializers.Serializer[Any]):
    """Days that do not count, ``stops_on`` itself counts again; null while it is still open."""

    ground = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    starts_on = serializers.DateField()
    stops_on = serializers.DateField(allow_null=True)


class ExtensionOut(serializers.Serializer[Any]):
    """Time added, in the unit of the rule."""

    step = serializers.IntegerField()
    amount = serializers.IntegerField()
    reason = serializers.CharField(allow_blank=True)
    approved_on = serializers.DateField()


class ClockMoveOut(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    actor = serializers.CharField(source="actor_label")
    name = serializers.CharField()
    due_before = serializers.DateField(allow_null=True)
    due_after = serializers.DateField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)


class ClockFacts(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    rule = serializers.CharField()
    rule_version = serializers.CharField()
    subject_kind = serializers.CharField()
    subject_id = serializers.IntegerField()
    subject_label = serializers.CharField()
    office = serializers.IntegerField(source="office_id")
    office_name = serializers.CharField(source="office.name")
    owner = serializers.IntegerField(source="owner_id")
    owner_name = serializers.CharField(source="owner.name")
    state = serializers.ChoiceField(ClockState.choices)
    state_label = serializers.CharField(source="get_state_display")
    origin_on = serializers.DateField()
    origin_at = serializers.DateTimeField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    due_nominal_on = serializers.DateField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    fixed_due_on = serializers.DateField(allow_null=True)
    is_provisional = serializers.BooleanField()
    calendar_version = serializers.IntegerField()
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_on = serializers.DateField(allow_null=True)
    suspensions = SuspensionOut(many=True, source="pauses")
    extensions = ExtensionOut(many=True, source="additions")


class ClockOut(ClockFacts):
    """A clock with its history, the article it stands on, and what this user may do to it."""

    standing = serializers.ChoiceField(
        STANDINGS, help_text=gettext_lazy("此刻的情形；lapsed：届满即自然终止，不算逾期")
    )
    standing_words = serializers.CharField(help_text=gettext_lazy("例如：剩2个工作日"))
    rule_name = serializers.CharField()
    basis = serializers.CharField()
    moves = ClockMoveOut(many=True)
    legal_moves = NextMove(many=True)


class FixIn(Input):
    due_on = Day(help_text=gettext_lazy("文书载明的届满日"))
    reason = Text(help_text=gettext_lazy("依据的文书和理由"))


class ExtensionStepOut(serializers.Serializer[Any]):
    """``amount`` null: the law sets no length, the approver does."""

    reason = serializers.CharField()
    amount = serializers.IntegerField(allow_null=True)
    unit = serializers.ChoiceField(UNITS, allow_null=True)
    approver = serializers.CharField()
    note = serializers.CharField(allow_blank=True)


class RuleOut(serializers.Serializer[Any]):
    """One version of one statutory period. Dates of effect are days of the trigger, both ends included."""

    id = serializers.CharField()
    key = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    trigger = serializers.CharField()
    amount = serializers.IntegerField()
    unit = serializers.ChoiceField(UNITS)
    direction = serializers.ChoiceField([("after", "after"), ("before", "before")])
    roll = serializers.ChoiceField(ROLLS)
    duration_kind = serializers.CharField()
    recurring = serializers.BooleanField()
    extensions = ExtensionStepOut(many=True)
    excluded_grounds = serializers.ListField(child=serializers.CharField())
    instrument = serializers.CharField()
    article = serializers.CharField()
    instrument_version = serializers.CharField()
    effective_from = serializers.DateField(allow_null=True)
    effective_to = serializers.DateField(allow_null=True)
    status = serializers.ChoiceField(STATUSES)
    legal_effect = serializers.CharField(
        allow_blank=True, help_text=gettext_lazy("届满的法律后果；有后果的届满即终止，不算逾期")
    )
    note = serializers.CharField(allow_blank=True)


class RulePage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True)
    results = RuleOut(many=True)


class DueOut(serializers.Serializer[Any]):
    """``due`` is a day, or for periods in hours a moment; null when the rule has no fixed length."""

    due = serializers.CharField(allow_null=True)
    due_nominal = serializers.CharField(allow_null=True)
    provisional = serializers.BooleanField()
    latest_nth = serializers.DateField(required=False)
    start = serializers.CharField()
    amount = serializers.IntegerField(required=False)
    unit = serializers.ChoiceField(UNITS, required=False)
    roll = serializers.ChoiceField(ROLLS, required=False)
    calendar = serializers.CharField()
    rule = serializers.CharField(required=False)
    version = serializers.CharField(required=False)
    name = serializers.CharField(required=False)
    article = serializers.CharField(required=False)
    instrument = serializers.CharField(required=False)
    instrument_version = serializers.CharField(required=False)
    status = serializers.ChoiceField(STATUSES, required=False)
    extensions = serializers.ListField(child=serializers.IntegerField(), required=False)
    duration_kind = serializers.CharField(required=False)
    recurring = serializers.BooleanField(required=False)
    note = serializers.CharField(required=False, allow_blank=True)
