"""Delegations: whose duties lie in whose hands; lending those of a post, taking them back."""

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

from accounts.actions import delegate_post, revoke_delegation
from accounts.models import Delegation
from accounts.queries import delegation_for, delegations_for
from accounts.roles import Role
from core.api.filters import DayFilter, Filters, IdFilter
from core.api.inputs import Day, Id, Input, Text
from core.api.verbs import MatterViewSet, given, user_of
from core.errors import Invalid, NotFound


class DelegationRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    post = serializers.IntegerField(source="post_id")
    office = serializers.IntegerField(source="post__office_id")
    role = serializers.ChoiceField(Role.choices, source="post__role")
    from_user = serializers.IntegerField(source="from_user_id", help_text=gettext_lazy("委托人"))
    from_user_name = serializers.CharField(source="from_user__name")
    to_user = serializers.IntegerField(source="to_user_id", help_text=gettext_lazy("受托人"))
    to_user_name = serializers.CharField(source="to_user__name")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    reason = serializers.CharField()
    made_by = serializers.CharField(source="made_by_label")
    made_at = serializers.DateTimeField()
    revoked_by = serializers.CharField(source="revoked_by_label", allow_blank=True)
    revoked_at = serializers.DateTimeField(allow_null=True)


class DelegationOut(DelegationRow):
    office = serializers.IntegerField(source="post.office_id")
    role = serializers.ChoiceField(Role.choices, source="post.role")
    from_user_name = serializers.CharField(source="from_user.name")
    to_user_name = serializers.CharField(source="to_user.name")


class DelegateIn(Input):
    post = Id(source="post_id", help_text=gettext_lazy("本人的或者下属的岗位，编号见/me/和机构的在职人员"))
    to_user = Id(source="to_user_id", help_text=gettext_lazy("受托人"))
    starts_on = Day()
    ends_on = Day(help_text=gettext_lazy("当日也算在内"))
    reason = Text(max_length=500)


class RevokeDelegationIn(Input):
    pass


class DelegationFilter(Filters):
    post = IdFilter(field_name="post_id")
    from_user = IdFilter(field_name="from_user_id")
    to_user = IdFilter(field_name="to_user_id")
    in_force_on = DayFilter(method="on_day", help_text=gettext_lazy("这一天有效、没有收回的"))

    class Meta:
        model = Delegation
        fields: tuple[str, ...] = ()

    def on_day(self, rows: QuerySet[Any], _name: str, day: Any) -> QuerySet[Any]:
        return rows.filter(starts_on__lte=day, ends_on__gte=day, revoked_at__isnull=True)


class DelegationViewSet(MatterViewSet[Delegation]):
    queryset = Delegation.objects.none()  # names the model to the reference; rows come through the gates
    serializer_class = DelegationOut
    filterset_class = DelegationFilter
    ordering: ClassVar[Sequence[str]] = ("-id",)

    @extend_schema(
        summary=gettext_lazy("委托列表"),
        description=gettext_lazy("您委托他人的、他人委托您的，以及您可见机构的；新的在前。"),
        responses=DelegationRow(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.answer_page(delegations_for(user_of(request)), DelegationRow)

    @extend_schema(summary=gettext_lazy("委托"), responses=DelegationOut)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self.answer(delegation_for(user_of(request), pk))

    @extend_schema(
        summary=gettext_lazy("委托他人代行职责"),
        description=gettext_lazy("由岗位的本人或者上级负责人委托。受托人不能办委托人自己不能办的事，经办记录写明两人。"),
        request=DelegateIn, responses={201: DelegationOut},
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """:raises Invalid: ``unknown_post``, also for a post the caller does not see."""
        try:
            made = delegate_post(**given(DelegateIn, request), actor=user_of(request), at=timezone.now())
        except NotFound as refusal:  # of a number in the body, where the address exists
            raise Invalid(refusal.detail, code="unknown_post", field="post") from None
        return self.answer_made(made, "api:delegation-detail")

    @extend_schema(
        operation_id="delegations_revoke",
        summary=gettext_lazy("收回委托"),
        description=gettext_lazy("立即生效；由能够委托这一岗位的人收回。"),
        request=RevokeDelegationIn,
        responses=DelegationOut,
    )
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: int) -> Response:
        given(RevokeDelegationIn, request)
        return self.answer(revoke_delegation(delegation_id=pk, actor=user_of(request), at=timezone.now()))

    def answer(self, matter: Delegation) -> Response:
        return Response(DelegationOut(matter).data)
