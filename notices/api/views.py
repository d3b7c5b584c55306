"""The caller's own inbox."""

from collections.abc import Sequence
from typing import ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from core.api.verbs import MatterViewSet, given
from notices.actions import mark_all_read, mark_read
from notices.api.filters import NoticeFilter
from notices.api.serializers import NothingIn, NoticeOut, ReadAllOut
from notices.models import Notice
from notices.queries import notices_for


class NoticeViewSet(MatterViewSet[Notice]):
    queryset = Notice.objects.none()  # names the model to the reference; rows come through the gates
    serializer_class = NoticeOut
    filterset_class = NoticeFilter
    ordering: ClassVar[Sequence[str]] = ("-id",)

    @extend_schema(
        summary=gettext_lazy("通知列表"), description=gettext_lazy("新的在前。"), responses=NoticeOut(many=True)
    )
    def list(self, request: Request) -> Response:
        return self.answer_page(notices_for(_user(request)), NoticeOut)

    @extend_schema(summary=gettext_lazy("标为已读"), request=NothingIn, responses=NoticeOut)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: int) -> Response:
        given(NothingIn, request)
        return Response(NoticeOut(mark_read(notice_id=pk, actor=_user(request), at=timezone.now())).data)

    @extend_schema(summary=gettext_lazy("全部标为已读"), request=NothingIn, responses=ReadAllOut)
    @action(detail=False, methods=["post"], url_path="read-all", url_name="read-all")
    def read_all(self, request: Request) -> Response:
        given(NothingIn, request)
        return Response({"marked": mark_all_read(actor=_user(request), at=timezone.now())})


def _user(request: Request) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the default permission lets nobody else through
    return request.user
