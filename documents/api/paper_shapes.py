"""Papers of a matter as the API tells and takes them."""

from typing import Any

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.inputs import Day, Input, Text
from documents.states import PaperState

MOST_FIELDS = 200


@extend_schema_field(
    {
        "type": "object",
        "additionalProperties": {"oneOf": [{"type": "string"}, {"type": "boolean"}, {"type": "integer"}]},
        "maxProperties": MOST_FIELDS,
    }
)
class TypedFields(serializers.Field[Any, Any, Any, Any]):
    """What is typed for a paper, by the names of its form; which there are, the verb says."""

    default_error_messages = {
        "invalid": gettext_lazy("请写成“名称：内容”的对象，内容是字符串、整数或者true、false，最多200项。")
    }

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict) or len(data) > MOST_FIELDS:
            self.fail("invalid")
        if not all(isinstance(value, str | bool | int) for value in data.values()):
            self.fail("invalid")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class PaperRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    subject_kind = serializers.CharField(help_text=gettext_lazy("case或者lead；案源线索的文书也列在案件里"))
    form = serializers.CharField(help_text=gettext_lazy("文书种类，如penalty_notice"))
    title = serializers.CharField()
    state = serializers.ChoiceField(PaperState.choices)
    number = serializers.CharField(source="number_text", allow_blank=True)
    dated_on = serializers.DateField(allow_null=True)
    made_at = serializers.DateTimeField()
    made_by = serializers.IntegerField(source="made_by_id")
    issued_at = serializers.DateTimeField(allow_null=True)
    voided_at = serializers.DateTimeField(allow_null=True)
    void_reason = serializers.CharField(allow_blank=True)


class FittingForm(serializers.Serializer[Any]):
    """A kind of paper this user may make now."""

    key = serializers.CharField()
    name = serializers.CharField()
    basis = serializers.CharField()
    is_suggested = serializers.BooleanField(help_text=gettext_lazy("这一步通常制作，还没有签发有效的一份"))


class PapersOut(serializers.Serializer[Any]):
    """The papers read through a matter in the order they were made, and what this user may make now."""

    papers = PaperRow(many=True)
    forms = FittingForm(many=True)


class PaperOut(PaperRow):
    """``text`` and what follows it are empty until the paper is issued."""

    typed = TypedFields(source="fields", help_text=gettext_lazy("制作时填写的内容"))
    text = serializers.CharField(allow_blank=True)
    basis = serializers.CharField(allow_blank=True)
    template_sha256 = serializers.CharField(allow_blank=True)
    context_sha256 = serializers.CharField(allow_blank=True)
    sha256 = serializers.CharField(source="file.sha256", default="", allow_blank=True)


class DraftPaperIn(Input):
    form = Text(max_length=30)
    typed = TypedFields(
        source="fields", help_text=gettext_lazy("按文书种类的栏目名称填写；日期写成2026-03-05，可以先不填齐")
    )


class RevisePaperIn(Input):
    typed = TypedFields(source="fields", help_text=gettext_lazy("全部内容，不只是改动的"))


class IssuePaperIn(Input):
    dated_on = Day(help_text=gettext_lazy("落款日期，文号属于这一天的年份"))


class VoidPaperIn(Input):
    reason = Text()
