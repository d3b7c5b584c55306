"""Every refusal of the API is an RFC 9457 problem with a stable code and a pointer to each wrong field."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.errors import FieldError, Refusal

TITLES = {
    400: "输入有误",
    401: "需要登录",
    403: "没有权限",
    404: "未找到",
    405: "不支持的方法",
    406: "无法提供所要的格式",
    409: "当前状态不能办理",
    415: "不支持的内容类型",
    429: "请求过于频繁",
}


def problem(http_status: int, code: str, detail: str, errors: tuple[FieldError, ...] = ()) -> Response:
    body: dict[str, Any] = {
        "type": f"/api/v1/problems/{code}/",
        "title": TITLES.get(http_status, "请求未完成"),
        "status": http_status,
        "code": code,
        "detail": detail,
    }
    if errors:
        body["errors"] = [
            {"pointer": "#/" + error.field.replace(".", "/"), "code": error.code, "detail": error.detail}
            for error in errors
        ]
    return Response(body, status=http_status, content_type="application/problem+json")


def _field_errors(detail: Any, path: str = "") -> list[FieldError]:
    if isinstance(detail, dict):
        found = []
        for name, inner in detail.items():
            found += _field_errors(inner, path if name == "non_field_errors" else f"{path}.{name}".strip("."))
        return found
    if isinstance(detail, list):
        found = []
        for index, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            found += _field_errors(inner, f"{path}.{index}".strip(".") if nested else path)
        return found
    return [FieldError(path, getattr(detail, "code", "invalid"), str(detail))]


def problem_response(exc: Exception, context: dict[str, Any]) -> Response | None:
    """The exception handler of the API.

    Returns None for what is not a refusal, so that a defect stays a 500 and is logged as one.
    """
    set_rollback()
    if isinstance(exc, Refusal):
        return problem(exc.status, exc.code, exc.detail, exc.errors)
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    if isinstance(exc, exceptions.ValidationError):
        errors = tuple(_field_errors(exc.detail))
        return problem(status.HTTP_400_BAD_REQUEST, "invalid", "；".join(error.detail for error in errors), errors)
    if not isinstance(exc, exceptions.APIException):
        return None
    code = exc.get_codes()
    response = problem(exc.status_code, code if isinstance(code, str) else "refused", str(exc.detail))
    if isinstance(exc, exceptions.NotAuthenticated | exceptions.AuthenticationFailed) and "request" in context:
        response["WWW-Authenticate"] = getattr(exc, "auth_header", "Token")
    wait = getattr(exc, "wait", None)
    if wait is not None:
        response["Retry-After"] = str(int(wait))
    return response
