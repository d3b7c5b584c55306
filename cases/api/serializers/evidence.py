"""Evidence, its custody and the index of recordings as the API tells and takes them."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from cases.states.evidence import EvidenceKind, EvidenceState, RecordedAct
from core.api.inputs import Choice, Day, Id, Input, Text, Upload, Whole
from core.api.verbs import NextMove


class FileOut(serializers.Serializer[Any]):
    """``sha256`` and ``sm3`` were computed when the file came in."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    size = serializers.IntegerField()
    media_type = serializers.CharField()
    sha256 = serializers.CharField()
    sm3 = serializers.CharField()


class EvidenceFacts(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    case = serializers.IntegerField(source="case_id")
    number = serializers.IntegerField()
    version = serializers.IntegerField()
    exhibit = serializers.IntegerField(source="exhibit_id_or_own", help_text=gettext_lazy("第一次登记的编号"))
    kind = serializers.ChoiceField(EvidenceKind.choices)
    title = serializers.CharField()
    proves = serializers.CharField()
    origin = serializers.CharField(source="source")
    obtained_on = serializers.DateField()
    officer = serializers.IntegerField(source="officer_id")
    second_officer = serializers.IntegerField(source="second_officer_id")
    is_original = serializers.BooleanField()
    copy_note = serializers.CharField(allow_blank=True)
    storage = serializers.CharField()
    pages = serializers.IntegerField(allow_null=True)
    lead_file = serializers.IntegerField(source="lead_file_id", allow_null=True)
    check = serializers.IntegerField(source="check_record_id", allow_null=True)
    correction_reason = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(EvidenceState.choices)
    judgement = serializers.CharField(allow_blank=True)
    judged_by = serializers.IntegerField(source="judged_by_id", allow_null=True)
    recorded_at = serializers.DateTimeField()


class EvidenceRow(EvidenceFacts):
    files = FileOut(many=True)


class CustodyOut(serializers.Serializer[Any]):
    """One step; ``is_intact`` is false where the row no longer fits what was sealed."""

    step = serializers.IntegerField()
    given_by = serializers.IntegerField(source="given_by_id", allow_null=True)
    given_from = serializers.CharField(allow_blank=True)
    taken_by = serializers.IntegerField(source="taken_by_id")
    given_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    place = serializers.CharField()
    condition = serializers.CharField()
    seal_number = serializers.CharField(allow_blank=True)
    sha256 = serializers.CharField()
    confirmed_sha256 = serializers.CharField(allow_blank=True)
    is_intact = serializers.BooleanField()


class EvidenceOut(EvidenceRow):
    """An exhibit with its files, who held it, and what this user may do with it now."""

    custody = CustodyOut(many=True)
    legal_moves = NextMove(many=True)


class RecordingOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    act = serializers.ChoiceField(RecordedAct.choices)
    title = serializers.CharField()
    measure = serializers.IntegerField(source="measure_id", allow_null=True)
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField()
    device = serializers.CharField()
    operator = serializers.IntegerField(source="operator_id")
    medium = serializers.CharField(allow_blank=True)
    file = FileOut(allow_null=True)
    sha256 = serializers.CharField(allow_blank=True)
    sm3 = serializers.CharField(allow_blank=True)


class DescribedIn(Input):
    kind = Choice(EvidenceKind.choices)
    title = Text(max_length=120)
    proves = Text(max_length=1000)
    origin = Text(max_length=200, source="source", help_text=gettext_lazy("来源、提供人"))
    obtained_on = Day()
    officer = Id(source="officer_id")
    second_officer = Id(source="second_officer_id")
    storage = Text(max_length=200)
    is_original = serializers.BooleanField(required=False, default=True)
    copy_note = Text(max_length=300, required=False)
    pages = Whole(min_value=1, max_value=9999, required=False)


class AdoptIn(DescribedIn):
    lead_file = Id(source="lead_file_id", required=False)
    check = Id(source="check_id", required=False)


class CorrectIn(DescribedIn):
    reason = Text()


class EvidenceAttachIn(Input):
    upload = Upload()


class VerifyIn(Input):
    opinion = Text(max_length=1000)


class ExcludeIn(Input):
    reason = Text(max_length=1000)


class HandOverIn(Input):
    taken_by = Id(source="taken_by_id")
    place = Text(max_length=200)
    condition = Text(max_length=300)
    seal_number = Text(max_length=60, required=False)


class CustodyConfirmIn(Input):
    pass


class RecordingIn(Input):
    """A recording kept on a medium of its own; one stored here is uploaded on the page."""

    act = Choice(RecordedAct.choices)
    title = Text(max_length=200)
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField()
    device = Text(max_length=60)
    operator = Id(source="operator_id")
    measure = Id(source="measure_id", required=False)
    medium = Text(max_length=120)
    sha256 = Text(max_length=64, required=False)
    sm3 = Text(max_length=64, required=False)
