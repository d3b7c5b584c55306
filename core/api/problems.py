"""Every refusal of the API is an RFC 9457 problem with a stable code, and names each wrong field or parameter."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions, status
from rest_framework.renderers import JSONRenderer
from rest_framework.views import set_rollback

from core.errors import FieldError, Refusal, in_one_sentence

MEDIA_TYPE = "application/problem+json"
TITLES: dict[int, str | Promise] = {
    400: gettext_lazy("输入有误"),
    401: gettext_lazy("需要登录"),
    403: gettext_lazy("没有权限"),
    404: gettext_lazy("未找到"),
    405: gettext_lazy("不支持的方法"),
    406: gettext_lazy("无法提供所要的格式"),
    409: gettext_lazy("当前状态不能办理"),
    413: gettext_lazy("请求内容过大"),
    415: gettext_lazy("不支持的内容类型"),
    429: gettext_lazy("请求过于频繁"),
}


class TooLarge(exceptions.APIException):
    """413: the body is larger than the server is willing to read."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = gettext_lazy("请求内容过大，请减少后重试。")
    default_code = "too_large"


class LockedOut(exceptions.Throttled):
    """429: too many wrong passwords; the right one does not help before ``wait`` seconds are over."""

    default_detail = gettext_lazy("密码连续输错，账号暂时锁定，请稍后再试。")
    extra_detail_singular = extra_detail_plural = ""
    default_code = "locked_out"


def problem(
    http_status: int, code: str, detail: str, errors: Sequence[FieldError] = (), *, in_query: bool = False
) -> HttpResponse:
    """The problem as JSON, whatever format the view speaks; ``errors`` point into the body or name query parameters."""
    body: dict[str, Any] = {
        "type": f"/api/v1/problems/{code}/",
        "title": str(TITLES.get(http_status, _("请求未完成"))),
        "status": http_status,
        "code": code,
        "detail": detail,
    }
    if errors:
        place = "parameter" if in_query else "pointer"
        body["errors"] = [
            {place: _place(error.field, in_query), "code": error.code, "detail": error.detail} for error in errors
        ]
    return HttpResponse(JSONRenderer().render(body), status=http_status, content_type=MEDIA_TYPE)


@csrf_exempt  # changes nothing; a caller with a token has no such cookie
def unknown_address(request: HttpRequest) -> HttpResponse:
    """404 for whatever the API has no route for, in the API's own words; never a redirect or a page."""
    detail = _("没有这个接口地址：%(path)s。") % {"path": request.path[:200]}
    if not request.path.endswith("/"):
        detail += _("接口地址以“/”结尾。")
    return problem(404, "unknown_address", detail)


def problem_response(exc: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """The exception handler of the API.

    Returns None for what is not a refusal, so that a defect stays a 500 and is logged as one.
    """
    set_rollback()
    request = context.get("request")
    in_query = request is not None and request.method in ("GET", "HEAD")
    if isinstance(exc, Refusal):
        return problem(exc.status, exc.code, exc.detail, exc.errors, in_query=in_query)
    if isinstance(exc, Http404):
        exc = exceptions.NotFound(_("没有找到，或者不在您的查看范围内。"))
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    if isinstance(exc, exceptions.ValidationError):
        errors = _field_errors(exc.detail)
        codes = {error.code for error in errors}
        detail = in_one_sentence([_named(error) for error in errors])
        return problem(400, codes.pop() if len(codes) == 1 else "invalid", detail, errors, in_query=in_query)
    if not isinstance(exc, exceptions.APIException):
        return None
    return _with_headers(problem(exc.status_code, _code(exc), str(exc.detail)), exc)


def _named(error: FieldError) -> str:
    return _("%(field)s：%(detail)s") % {"field": error.field, "detail": error.detail} if error.field else error.detail


def _place(field: str, in_query: bool) -> str:
    if in_query:
        return field
    return "#" + "".join(f"/{part.replace('~', '~0').replace('/', '~1')}" for part in field.split(".") if part)


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


def _code(exc: exceptions.APIException) -> str:
    code = exc.get_codes()
    return code if isinstance(code, str) else "refused"


def _with_headers(response: HttpResponse, exc: exceptions.APIException) -> HttpResponse:
    """What HTTP wants said beside the body: how to log in (401), when to come back (429)."""
    challenge = getattr(exc, "auth_header", None)
    if challenge:
        response["WWW-Authenticate"] = challenge
    wait = getattr(exc, "wait", None)
    if wait is not None:
        response["Retry-After"] = str(max(1, round(wait)))
    return response
