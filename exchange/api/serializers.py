"""Imports as the API tells and takes them."""

from typing import Any

from rest_framework import serializers

from core.api.inputs import BIGGEST_ID, Choice, Input, Text
from core.api.inputs import Upload as UploadField
from exchange.states import ImportMode, ImportState


class ImportRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    file_name = serializers.CharField()
    sha256 = serializers.CharField()
    office = serializers.IntegerField(source="office_id")
    actor = serializers.IntegerField(source="actor_id")
    mode = serializers.ChoiceField(ImportMode.choices)
    state = serializers.ChoiceField(ImportState.choices)
    total = serializers.IntegerField()
    place = serializers.IntegerField()
    good = serializers.IntegerField()
    bad = serializers.IntegerField()
    known = serializers.IntegerField()
    alike = serializers.IntegerField()
    imported = serializers.IntegerField()
    refusal = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class ProblemOut(serializers.Serializer[Any]):
    row = serializers.IntegerField()
    field = serializers.CharField(allow_blank=True)
    code = serializers.CharField()
    detail = serializers.CharField()
    is_warning = serializers.BooleanField()


class ImportOut(ImportRow):
    """An import with its columns and the first problems of its rows."""

    headers = serializers.ListField(child=serializers.CharField(allow_blank=True))
    mapping = serializers.ListField(child=serializers.CharField(allow_blank=True))
    problems = ProblemOut(many=True)


class UploadIn(Input):
    upload = UploadField()
    office = serializers.IntegerField(source="office_id", min_value=1, max_value=BIGGEST_ID)  # a form knows only text
    mode = Choice(ImportMode.choices)


class MappingIn(Input):
    mapping = serializers.ListField(child=Text(max_length=60), max_length=100)


class ConfirmIn(Input):
    mode = Choice(ImportMode.choices)


class CancelIn(Input):
    """Nothing to say."""
