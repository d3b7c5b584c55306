"""Who is calling: a token in the ``Authorization`` header, or the session of somebody logged in on the pages."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication as KnoxTokenAuthentication
from knox.models import AuthToken
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from accounts.models import User


class TokenAuthentication(KnoxTokenAuthentication):  # type: ignore[misc]  # the library is untyped
    """``Authorization: Token …``. Refused with 401 when malformed, unknown, expired, or of a deactivated user."""

    def authenticate(self, request: Request) -> tuple[User, AuthToken] | None:
        """:raises AuthenticationFailed: ``invalid_token``."""
        try:
            found: tuple[User, AuthToken] | None = super().authenticate(request)
        except (AuthenticationFailed, UnicodeDecodeError):
            raise AuthenticationFailed(
                _("令牌无效、已过期，或者账号已停用，请重新登录取得令牌。"), "invalid_token"
            ) from None
        return found

    def _cleanup_token(self, auth_token: AuthToken) -> bool:
        # Knox reads and deletes all expired tokens of the user on every request: one statement is enough to refuse.
        return auth_token.expiry is not None and auth_token.expiry < timezone.now()


class SessionAuthentication(authentication.SessionAuthentication):
    def enforce_csrf(self, request: Any) -> None:
        """:raises PermissionDenied: ``csrf_failed``."""
        try:
            super().enforce_csrf(request)
        except PermissionDenied:
            raise PermissionDenied(
                _("缺少或者不符的CSRF令牌：用网页会话调用时，请带上X-CSRFToken。"), "csrf_failed"
            ) from None


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # the library is untyped
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": gettext_lazy("`Token <令牌>`"),
        }


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # the library is untyped
    target_class = SessionAuthentication
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": gettext_lazy("网页登录；POST须带X-CSRFToken"),
        }
