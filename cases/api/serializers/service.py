"""Service of papers as the API tells and takes it."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from core.api.inputs import Choice, Day, Id, Input, Text
from documents.service_ways import Posting, Relation, ServiceState, Way

MOST = 50


class ServedPaperOut(serializers.Serializer[Any]):
    """A paper in a service; ``paper`` is null for one of the office's own."""

    paper = serializers.IntegerField(source="paper_id", allow_null=True)
    form = serializers.CharField(source="key")
    title = serializers.CharField()
    number = serializers.CharField(source="number_text", allow_blank=True)
    effect = serializers.CharField(allow_blank=True, help_text=gettext_lazy("这次送达所办理的事项，没有的为空"))


class ServiceOut(serializers.Serializer[Any]):
    """One service. ``served_on`` is null while an announcement runs."""

    id = serializers.IntegerField()
    way = serializers.ChoiceField(Way.choices)
    state = serializers.ChoiceField(ServiceState.choices)
    recipient = serializers.CharField()
    served_on = serializers.DateField(allow_null=True)
    posted_on = serializers.DateField(allow_null=True)
    received_by = serializers.CharField(allow_blank=True)
    relation = serializers.CharField(allow_blank=True)
    place = serializers.CharField(allow_blank=True)
    through = serializers.CharField(allow_blank=True)
    account = serializers.CharField(allow_blank=True)
    witness = serializers.CharField(allow_blank=True)
    record = serializers.CharField(allow_blank=True)
    posting = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    is_returned = serializers.BooleanField()
    officer = serializers.IntegerField(source="officer_id")
    second_officer = serializers.IntegerField(source="second_officer_id")
    recorded_at = serializers.DateTimeField()
    void_reason = serializers.CharField(allow_blank=True)
    papers = ServedPaperOut(many=True)


class AddressOut(serializers.Serializer[Any]):
    """A signed confirmation of the address for service."""

    id = serializers.IntegerField()
    recipient = serializers.CharField()
    address = serializers.CharField()
    receiver = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    accepts_electronic = serializers.BooleanField()
    account = serializers.CharField(allow_blank=True)
    signed_on = serializers.DateField()


class ServedOut(serializers.Serializer[Any]):
    """The services of a case, what waits for service, and the confirmed addresses, the newest of them first."""

    services = ServiceOut(many=True)
    waiting = serializers.ListField(child=serializers.IntegerField(), help_text=gettext_lazy("等待送达的文书的编号"))
    addresses = AddressOut(many=True)


class ServeIn(Input):
    """Which of the facts are needed follows from the way (程序规定第八十二条)."""

    paper_ids = serializers.ListField(child=Id(), max_length=MOST, required=False)
    companions = serializers.ListField(child=Text(max_length=30), max_length=MOST, required=False)
    way = Choice(Way.choices)
    recipient = Text(max_length=120)
    on = Day(help_text=gettext_lazy("送达日期；公告送达的，公告发布日期"))
    received_by = Text(max_length=120, required=False)
    relation = Choice(Relation.choices, required=False)
    place = Text(max_length=120, required=False)
    through = Text(max_length=120, required=False)
    account = Text(max_length=120, required=False)
    witness = Text(max_length=120, required=False)
    record = Text(required=False)
    posting = Choice(Posting.choices, required=False)
    reason = Text(max_length=1000, required=False)
    is_returned = serializers.BooleanField(required=False)
    officer = Id(source="officer_id", required=False)
    second_officer = Id(source="second_officer_id", required=False)


class CompleteIn(Input):
    """Nothing: the day follows from the announcement."""


class VoidServiceIn(Input):
    reason = Text()


class AddressIn(Input):
    recipient = Text(max_length=120)
    address = Text(max_length=200)
    signed_on = Day()
    receiver = Text(max_length=120, required=False)
    phone = Text(max_length=40, required=False)
    accepts_electronic = serializers.BooleanField(required=False)
    account = Text(max_length=120, required=False)
