"""The bound file of a case as the API tells it."""

from typing import Any

from rest_framework import serializers

from cases.states.casefile import CaseFileState
from core.api.inputs import Input


class ManifestLine(serializers.Serializer[Any]):
    """One document: ``first`` and ``last`` are pages of its volume; hashes are those of the original."""

    volume = serializers.CharField()
    place = serializers.IntegerField()
    order = serializers.IntegerField()
    title = serializers.CharField()
    number = serializers.CharField(allow_blank=True)
    on = serializers.DateField(allow_null=True)
    first = serializers.IntegerField()
    last = serializers.IntegerField()
    file = serializers.CharField(allow_null=True)
    sha256 = serializers.CharField(allow_null=True)
    sm3 = serializers.CharField(allow_null=True)


class CaseFileOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    state = serializers.ChoiceField(CaseFileState.choices)
    requested_at = serializers.DateTimeField()
    requested_by = serializers.IntegerField(source="requested_by_id")
    finished_at = serializers.DateTimeField(allow_null=True)
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    pages = serializers.IntegerField()
    failure = serializers.CharField(allow_blank=True)
    manifest = ManifestLine(many=True)


class RequestFileIn(Input):
    """Nothing is asked."""


class ArchiveIn(Input):
    """Nothing is asked."""
