"""Cases as the API tells and takes them. Rows of lists come from ``values()``, so each field names its column."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from cases.states.matter import CaseState, FilingCondition, Outcome, Procedure, SuspensionGround
from core.api.inputs import Choice, Day, Id, Input, Text
from core.api.verbs import NextMove
from deadlines.states import ClockState


class CaseRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.CharField()
    lead = serializers.IntegerField(source="lead_id", allow_null=True)
    cause = serializers.CharField()
    party_name = serializers.CharField()
    party_code = serializers.CharField(allow_blank=True)
    office = serializers.IntegerField(source="office_id")
    office_name = serializers.CharField(source="office__name")
    owner = serializers.IntegerField(source="owner_id")
    owner_name = serializers.CharField(source="owner__name")
    second_officer = serializers.IntegerField(source="second_officer_id")
    state = serializers.ChoiceField(CaseState.choices)
    procedure = serializers.ChoiceField(Procedure.choices)
    outcome = serializers.ChoiceField(Outcome.choices, allow_blank=True)
    filed_on = serializers.DateField()
    decision_number = serializers.CharField(allow_blank=True)
    decided_on = serializers.DateField(allow_null=True)
    closed_on = serializers.DateField(allow_null=True)


class CaseClock(serializers.Serializer[Any]):
    """One clock of the case; the whole of it is at /clocks/{id}/."""

    id = serializers.IntegerField()
    rule = serializers.CharField()
    state = serializers.ChoiceField(ClockState.choices)
    origin_on = serializers.DateField()
    due_on = serializers.DateField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    is_provisional = serializers.BooleanField()
    ended_on = serializers.DateField(allow_null=True)


class CaseMoveOut(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    actor = serializers.IntegerField(source="actor_id", allow_null=True)
    actor_name = serializers.CharField(source="actor.name", allow_null=True)
    on_behalf_of = serializers.IntegerField(source="on_behalf_of_id", allow_null=True)
    name = serializers.CharField()
    from_state = serializers.CharField(source="source", allow_blank=True)
    to_state = serializers.CharField(source="target")
    reason = serializers.CharField(allow_blank=True)


class CaseFacts(serializers.Serializer[Any]):
    """Money is in yuan, as a string with two places."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    lead = serializers.IntegerField(source="lead_id", allow_null=True)
    cause = serializers.CharField()
    party_name = serializers.CharField()
    party_code = serializers.CharField(allow_blank=True)
    category = serializers.CharField(allow_blank=True)
    region_code = serializers.CharField(allow_blank=True)
    address = serializers.CharField(allow_blank=True)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    flags = serializers.ListField(child=serializers.CharField())
    filing_conditions = serializers.ListField(child=serializers.ChoiceField(FilingCondition.choices))
    office = serializers.IntegerField(source="office_id")
    office_name = serializers.CharField(source="office.name")
    authority = serializers.IntegerField(source="authority_id")
    authority_name = serializers.CharField(source="authority.name")
    owner = serializers.IntegerField(source="owner_id")
    owner_name = serializers.CharField(source="owner.name")
    second_officer = serializers.IntegerField(source="second_officer_id")
    second_officer_name = serializers.CharField(source="second_officer.name")
    reviewer = serializers.IntegerField(source="reviewer_id", allow_null=True)
    state = serializers.ChoiceField(CaseState.choices)
    state_label = serializers.CharField(source="get_state_display")
    filed_on = serializers.DateField()
    conclusion = serializers.CharField(allow_blank=True)
    review_opinion = serializers.CharField(allow_blank=True)
    notified_on = serializers.DateField(allow_null=True)
    defence = serializers.CharField(allow_blank=True)
    decision_number = serializers.CharField(allow_blank=True)
    decided_on = serializers.DateField(allow_null=True)
    decided_by = serializers.IntegerField(source="decided_by_id", allow_null=True)
    decision = serializers.CharField(allow_blank=True)
    fine = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    confiscated = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    served_on = serializers.DateField(allow_null=True)
    paid = serializers.DecimalField(max_digits=14, decimal_places=2)
    paid_on = serializers.DateField(allow_null=True)
    procedure = serializers.ChoiceField(Procedure.choices)
    outcome = serializers.ChoiceField(Outcome.choices, allow_blank=True)
    outcome_reason = serializers.CharField(allow_blank=True)
    ended_on = serializers.DateField(allow_null=True)
    merged_into = serializers.IntegerField(source="merged_into_id", allow_null=True)
    split_from = serializers.IntegerField(source="split_from_id", allow_null=True)
    handed_in_on = serializers.DateField(allow_null=True)
    closed_on = serializers.DateField(allow_null=True)
    created_at = serializers.DateTimeField()


class CaseOut(CaseFacts):
    """A case with its clocks, its history (the last 500 moves, oldest first), and what this user may do with it now."""

    clocks = CaseClock(many=True)
    moves = CaseMoveOut(many=True)
    legal_moves = NextMove(many=True)


class ReviewerOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class FileIn(Input):
    cause = Text(max_length=200)
    owner = Id(source="owner_id")
    second_officer = Id(source="second_officer_id")
    conditions = serializers.ListField(
        child=Choice(FilingCondition.choices), max_length=len(FilingCondition.values),
        help_text=gettext_lazy("经核查符合的立案条件，四项都须列明（程序规定第十九条第一款）"),
    )  # fmt: skip
    reason = Text(max_length=1000, required=False)


class SuspendIn(Input):
    ground = Choice(SuspensionGround.choices)
    starts_on = Day(help_text=gettext_lazy("不计入期限的第一日"))
    reason = Text()


class ResumeIn(Input):
    resumes_on = Day(help_text=gettext_lazy("重新计入期限的第一日"))
    reason = Text()


class ExtendIn(Input):
    reason = Text()


class CaseExcludeIn(Input):
    ground = Text(max_length=60)
    first_day = Day()
    last_day = Day(help_text=gettext_lazy("含当日"))
    reason = Text()


class ReassignIn(Input):
    owner = Id(source="owner_id")
    second_officer = Id(source="second_officer_id")
    reason = Text(max_length=1000)


class ServedIn(Input):
    served_on = Day()


class CloseIn(Input):
    reason = Text(max_length=900)
