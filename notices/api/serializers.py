from typing import Any

from rest_framework import serializers

from core.api.inputs import Input


class NoticeOut(serializers.Serializer[Any]):
    """``is_late``: told later than it should have been, because nothing was sweeping."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    subject_kind = serializers.CharField()
    subject_id = serializers.IntegerField()
    title = serializers.CharField()
    body = serializers.CharField(allow_blank=True)
    is_urgent = serializers.BooleanField()
    is_late = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


class NothingIn(Input):
    """No fields."""


class ReadAllOut(serializers.Serializer[Any]):
    marked = serializers.IntegerField()
