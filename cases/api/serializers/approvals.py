"""Approvals as the API tells and takes them."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from accounts.roles import Role
from cases.states.approvals import ApprovalKind, ApprovalState, StepOutcome
from core.api.inputs import Choice, Id, Input, Text

SEEN = gettext_lazy("审批人所见内容的SHA-256，即本审批的shown_sha256")
OF_CASE = [choice for choice in ApprovalKind.choices if choice[0] != ApprovalKind.FILE]


class ApprovalRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(ApprovalKind.choices)
    case = serializers.IntegerField(source="case_id", allow_null=True)
    lead = serializers.IntegerField(source="lead_id", allow_null=True)
    subject_label = serializers.CharField()
    office = serializers.IntegerField(source="office_id")
    state = serializers.ChoiceField(ApprovalState.choices)
    waiting_role = serializers.ChoiceField(Role.choices, allow_blank=True)
    asked_by = serializers.IntegerField(source="asked_by_id")
    asked_by_name = serializers.CharField(source="asked_by__name")
    asked_at = serializers.DateTimeField()


class ApprovalStepOut(serializers.Serializer[Any]):
    order = serializers.IntegerField()
    role = serializers.ChoiceField(Role.choices)
    decided_by = serializers.IntegerField(source="decided_by_id", allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.ChoiceField(StepOutcome.choices, allow_blank=True)
    opinion = serializers.CharField(allow_blank=True)
    adds = serializers.DictField()
    shown = serializers.CharField(allow_blank=True)
    shown_sha256 = serializers.CharField(allow_blank=True)


class ApprovalOut(serializers.Serializer[Any]):
    """``shown`` is all that whoever signs next has before them, as canonical JSON; ``shown_sha256`` its hash."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(ApprovalKind.choices)
    case = serializers.IntegerField(source="case_id", allow_null=True)
    lead = serializers.IntegerField(source="lead_id", allow_null=True)
    subject_label = serializers.CharField()
    arguments = serializers.DictField()
    state = serializers.ChoiceField(ApprovalState.choices)
    waiting_role = serializers.ChoiceField(Role.choices, allow_blank=True)
    asked_by = serializers.IntegerField(source="asked_by_id")
    asked_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    end_reason = serializers.CharField(allow_blank=True)
    replaces = serializers.IntegerField(source="replaces_id", allow_null=True)
    steps = ApprovalStepOut(many=True)
    shown = serializers.CharField()
    shown_sha256 = serializers.CharField()


class AskIn(Input):
    kind = Choice(OF_CASE)
    arguments = serializers.DictField(help_text=gettext_lazy("所报请事项的内容，字段与直接办理该事项时相同"))
    replaces = Id(source="replaces_id", required=False, help_text=gettext_lazy("修改后重新报请的，原来被退回的审批"))


class AskToFileIn(Input):
    arguments = serializers.DictField(help_text=gettext_lazy("cause、conditions、reason，与直接立案时相同"))
    replaces = Id(source="replaces_id", required=False, help_text=gettext_lazy("修改后重新报请的，原来被退回的审批"))


class ApprovalSignIn(Input):
    seen = Text(max_length=64, help_text=SEEN)
    opinion = Text(max_length=1000, required=False)
    owner = Id(source="owner_id", required=False, help_text=gettext_lazy("立案：办案机构负责人指定的主办人员"))
    second_officer = Id(
        source="second_officer_id", required=False, help_text=gettext_lazy("立案：办案机构负责人指定的协办人员")
    )


class ApprovalReturnIn(Input):
    seen = Text(max_length=64, help_text=SEEN)
    opinion = Text(max_length=1000)


class WithdrawApprovalIn(Input):
    reason = Text(max_length=500)
