"""Whose a lead is: the POSTs of its custody, and who owned what at a moment."""

from datetime import MAXYEAR, MINYEAR, datetime
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from clues import states
from clues.actions import custody
from clues.api.serializers import LeadOut
from clues.models import Tenure
from clues.queries import held_at, tenures_for
from core.api.filters import Filters, IdFilter
from core.api.inputs import Id, Input, Text
from core.api.verbs import MatterViewSet, user_of, verb
from core.errors import Invalid

SEEN = gettext_lazy(
    "您看到的最后一条经过（moves）的id；此后线索又有人分派、签收、退回、移交的，答复409 moved_meanwhile"
)


class SignIn(Input):
    seen = Id(required=False, help_text=SEEN)


class AssignIn(SignIn):
    office = Id(source="office_id")
    owner = Id(source="owner_id", required=False, help_text=gettext_lazy("不填的，由该机构的接收人员签收"))
    reason = Text(max_length=1000, required=False)


class ReturnIn(SignIn):
    reason = Text(max_length=1000)


class OfficeIn(SignIn):
    office = Id(source="office_id")
    reason = Text(max_length=1000)


class TenureRow(serializers.Serializer[Any]):
    lead = serializers.IntegerField(source="lead_id")
    lead_number = serializers.CharField(source="lead__number")
    office = serializers.IntegerField(source="office_id")
    office_name = serializers.CharField(source="office__name")
    owner = serializers.IntegerField(source="owner_id")
    owner_name = serializers.CharField(source="owner__name")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)


class OwnersFilter(Filters):
    at = django_filters.IsoDateTimeFilter(
        method="held", help_text=gettext_lazy("时刻，例如2026-11-20T10:00:00+08:00；默认现在")
    )
    office = IdFilter(field_name="office_id")

    class Meta:
        model = Tenure
        fields: tuple[str, ...] = ()

    def held(self, rows: QuerySet[Tenure], _name: str, moment: datetime) -> QuerySet[Tenure]:
        """:raises Invalid: at either end of time, where a moment has no UTC."""
        if not MINYEAR < moment.year < MAXYEAR:
            raise Invalid(_("时刻超出可以计算的范围，请核对。"), code="date_out_of_range", field="at")
        return rows.filter(held_at(moment))


class CustodyVerbs:
    assign = verb(states.ASSIGN, AssignIn, custody.assign_lead, LeadOut)
    sign = verb(states.SIGN, SignIn, custody.sign_lead, LeadOut)
    return_ = verb(states.RETURN, ReturnIn, custody.return_lead, LeadOut)
    hand_over = verb(states.HAND_OVER, OfficeIn, custody.hand_over_lead, LeadOut)
    take_over = verb(states.TAKE_OVER, OfficeIn, custody.take_over_lead, LeadOut)
    hand_down = verb(states.HAND_DOWN, OfficeIn, custody.hand_down_lead, LeadOut)

    @extend_schema(
        summary=gettext_lazy("任一时刻的承办情况"),
        description=gettext_lazy("那一刻在办的每条线索由谁承办：一条线索一行。"),
        responses=TenureRow(many=True),
    )
    @action(
        detail=False, url_path="owners", url_name="owners", filterset_class=OwnersFilter, ordering=("-id",),
        queryset=Tenure.objects.none(),  # names the model to the reference, as in the viewset
    )  # fmt: skip
    def owners(self: MatterViewSet[Any], request: Request) -> Response:
        held = tenures_for(user_of(request))
        return self.answer_page(
            held if "at" in request.query_params else held.filter(held_at(timezone.now())), TenureRow
        )
