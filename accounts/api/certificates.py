"""The certificates that qualify people to enforce: reading, entering, taking back."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import issue_certificate, revoke_certificate
from accounts.certificates import certificate_for, certificates_for
from accounts.models import Certificate
from accounts.queries import person_for
from core.api.filters import DayFilter, Filters, IdFilter, TextFilter
from core.api.inputs import Day, Id, Input, Text
from core.api.verbs import MatterViewSet, given, user_of
from core.errors import Invalid, NotFound


class CertificateRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    user = serializers.IntegerField(source="user_id")
    user_name = serializers.CharField(source="user__name")
    number = serializers.CharField()
    issued_by = serializers.CharField(help_text=gettext_lazy("发证机关"))
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(help_text=gettext_lazy("当日也有效"))
    revoked_on = serializers.DateField(allow_null=True, help_text=gettext_lazy("自这一天起不再有效"))
    entered_by = serializers.CharField(source="entered_by_label", allow_blank=True)
    entered_at = serializers.DateTimeField(allow_null=True)
    revoked_by = serializers.CharField(source="revoked_by_label", allow_blank=True)
    revoked_at = serializers.DateTimeField(allow_null=True)


class CertificateOut(CertificateRow):
    user_name = serializers.CharField(source="user.name")


class IssueCertificateIn(Input):
    user = Id(help_text=gettext_lazy("持证人"))
    number = Text(max_length=40)
    issued_by = Text(max_length=80)
    starts_on = Day()
    ends_on = Day()


class RevokeCertificateIn(Input):
    revoked_on = Day()


class CertificateApiFilter(Filters):
    user = IdFilter(field_name="user_id")
    number = TextFilter(field_name="number")
    valid_on = DayFilter(method="on_day", help_text=gettext_lazy("这一天有效的"))
    ends_until = DayFilter(field_name="ends_on", lookup_expr="lte", help_text=gettext_lazy("至这一天到期的"))

    class Meta:
        model = Certificate
        fields: tuple[str, ...] = ()

    def on_day(self, rows: QuerySet[Any], _name: str, day: Any) -> QuerySet[Any]:
        valid: QuerySet[Any] = rows.valid_on(day)  # type: ignore[attr-defined]  # our own query set
        return valid


class CertificateViewSet(MatterViewSet[Certificate]):
    queryset = Certificate.objects.none()  # names the model to the reference; rows come through the gates
    serializer_class = CertificateOut
    filterset_class = CertificateApiFilter
    ordering: ClassVar[Sequence[str]] = ("-id",)

    @extend_schema(
        summary=gettext_lazy("执法证列表"),
        description=gettext_lazy("您本人的，以及您可见机构人员的；后登记的在前。"),
        responses=CertificateRow(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.answer_page(certificates_for(user_of(request)), CertificateRow)

    @extend_schema(summary=gettext_lazy("执法证"), responses=CertificateOut)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self.answer(certificate_for(user_of(request), pk))

    @extend_schema(
        summary=gettext_lazy("登记执法证"),
        description=gettext_lazy("由持证人所在机关设定的岗位登记（CERTIFICATE_ROLES，本系统默认）。"),
        request=IssueCertificateIn,
        responses={201: CertificateOut},
    )
    def create(self, request: Request) -> Response:
        """:raises Invalid: ``unknown_user``, also for somebody the caller does not see."""
        body, actor = given(IssueCertificateIn, request), user_of(request)
        try:
            holder = person_for(actor, body.pop("user"))
        except NotFound as refusal:  # of a number in the body, where the address exists
            raise Invalid(refusal.detail, code="unknown_user", field="user") from None
        made = issue_certificate(user=holder, **body, actor=actor, at=timezone.now())
        return self.answer_made(made, "api:certificate-detail")

    @extend_schema(
        operation_id="certificates_revoke",
        summary=gettext_lazy("收回执法证"),
        description=gettext_lazy("自收回之日起不再有效；不能恢复。"),
        request=RevokeCertificateIn,
        responses=CertificateOut,
    )
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: int) -> Response:
        body = given(RevokeCertificateIn, request)
        return self.answer(revoke_certificate(certificate_id=pk, **body, actor=user_of(request), at=timezone.now()))

    def answer(self, matter: Certificate) -> Response:
        return Response(CertificateOut(matter).data)
