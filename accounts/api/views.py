"""Tokens, and who the caller is."""

from collections.abc import Sequence
from typing import Any, ClassVar

from axes.helpers import get_cool_off
from django.contrib.auth import authenticate
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiResponse, extend_schema
from knox.models import AuthToken
from knox.views import LoginView, LogoutAllView, LogoutView
from rest_framework.decorators import action
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from accounts.api.authentication import TokenAuthentication
from accounts.api.serializers import LogInIn, MeOut, OfficeRow, PersonOut, TokenOut
from accounts.models import Office, User
from accounts.policies import scope_of
from accounts.queries import office_for, offices_for, posts_in
from core.api.problems import LockedOut
from core.api.verbs import MatterViewSet, given
from core.errors import WrongState

MOST_TOKENS = 10


class LogIn(LoginView):  # type: ignore[misc]  # the library is untyped
    """User name and password for a token. The token is told once and stored only as its hash."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (ScopedRateThrottle,)
    throttle_scope = "token"

    def get_authenticate_header(self, request: Request) -> str:
        return "Token"

    @extend_schema(
        summary=gettext_lazy("登录取得令牌"), request=LogInIn, responses=TokenOut, extensions={"x-throttled": True}
    )  # fmt: skip
    def post(self, request: Request, format: str | None = None) -> Response:
        request.user = _authenticated(request, **given(LogInIn, request))
        if AuthToken.objects.filter(user=request.user, expiry__gt=timezone.now()).count() >= MOST_TOKENS:
            raise WrongState(
                _("您已有%(most)s个有效令牌，请先注销不用的令牌。") % {"most": MOST_TOKENS}, code="too_many_tokens"
            )
        answer: Response = super().post(request, format)
        return answer

    def get_token_limit_per_user(self) -> None:
        return None  # counted above, and refused in the API's own form


class LogOut(LogoutView):  # type: ignore[misc]  # the library is untyped
    """End the token this request carries."""

    authentication_classes = (TokenAuthentication,)

    @extend_schema(
        summary=gettext_lazy("注销本令牌"),
        request=None,
        responses={204: OpenApiResponse(description=gettext_lazy("已注销"))},
    )
    def post(self, request: Request, format: str | None = None) -> Response:
        answer: Response = super().post(request, format)
        return answer


class LogOutEverywhere(LogoutAllView):  # type: ignore[misc]  # the library is untyped
    """End every token of the user."""

    authentication_classes = APIView.authentication_classes

    @extend_schema(
        summary=gettext_lazy("注销全部令牌"),
        request=None,
        responses={204: OpenApiResponse(description=gettext_lazy("已注销"))},
    )
    def post(self, request: Request, format: str | None = None) -> Response:
        answer: Response = super().post(request, format)
        return answer


class Me(APIView):
    """The caller: posts held, and whose rows they open."""

    @extend_schema(summary=gettext_lazy("当前用户"), responses=MeOut)
    def get(self, request: Request) -> Response:
        user = _user(request)
        return Response(MeOut({"user": user, "scope": scope_of(user)}).data)


class OfficeViewSet(MatterViewSet[Office]):
    """The offices whose rows the caller sees: what ``office`` in a body can be."""

    queryset = Office.objects.none()  # names the model to the reference; rows come through the gates
    serializer_class = OfficeRow
    ordering: ClassVar[Sequence[str]] = ("id",)

    @extend_schema(summary=gettext_lazy("机构列表"), responses=OfficeRow(many=True))
    def list(self, request: Request) -> Response:
        return self.answer_page(offices_for(_user(request)), OfficeRow)

    @extend_schema(
        operation_id="offices_people",
        summary=gettext_lazy("机构的在职人员"),
        description=gettext_lazy("可以作为owner、second_officer等填写的人员。"),
        responses=PersonOut(many=True),
        filters=False,
    )
    @action(detail=True, pagination_class=None)
    def people(self, request: Request, pk: int) -> Response:
        posts = posts_in(office_for(_user(request), pk))
        return Response(PersonOut(posts, many=True).data)


def _user(request: Request) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the default permission lets nobody else through
    return request.user


def _authenticated(request: Request, username: str, password: str) -> User:
    """:raises LockedOut: too many wrong passwords. :raises AuthenticationFailed: ``wrong_credentials``."""
    django_request: Any = request._request  # axes counts attempts on Django's own request
    user = authenticate(django_request, username=username, password=password)
    if isinstance(user, User):
        return user
    if getattr(django_request, "axes_locked_out", False):
        django_request.axes_locked_out = False  # answered here: the middleware would put its page instead
        raise LockedOut(wait=get_cool_off(django_request).total_seconds())
    raise AuthenticationFailed(_("用户名或者密码不正确，或者账号已停用。"), "wrong_credentials")
