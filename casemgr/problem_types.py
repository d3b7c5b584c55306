"""What the ``type`` of a problem leads to: every code the API can answer with, and its status."""

import re
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from casemgr.error_codes import error_codes, source_files
from casemgr.reference import APPS, ROOT
from core.api.problems import TITLES
from core.errors import NotFound

# What the framework and its fields refuse by themselves, in its own stable names.
OF_THE_FRAMEWORK = {
    400: (
        "blank", "date", "datetime", "inexact", "invalid", "invalid_choice", "max_decimal_places", "max_digits", "max_length",
        "max_string_length", "max_value", "max_whole_digits", "min_value", "not_a_list", "null", "null_characters_not_allowed",
        "parse_error", "required", "surrogate_characters_not_allowed", "unknown_field",
    ),
    401: ("invalid_token", "not_authenticated", "wrong_credentials"),
    403: ("csrf_failed", "permission_denied"),
    404: ("unknown_address",),
    405: ("method_not_allowed",),
    406: ("not_acceptable",),
    413: ("too_large",),
    415: ("unsupported_media_type",),
    429: ("locked_out", "throttled"),
}  # fmt: skip


class ProblemTypeOut(serializers.Serializer[Any]):
    """A part in angle brackets stands for the name of a field."""

    code = serializers.CharField()
    status = serializers.IntegerField()
    title = serializers.CharField()


class ProblemTypePage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True)
    results = ProblemTypeOut(many=True)


CODES = forced_singular_serializer(ProblemTypePage)  # type: ignore[no-untyped-call]  # the library is untyped


class ProblemTypeViewSet(ViewSet):
    """The codes are public: who is refused a log-in may read why."""

    lookup_value_converter = "slug"
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="problems_list",
        summary=gettext_lazy("错误代码"),
        description=gettext_lazy("接口可能答复的全部错误代码，一页给完。"),
        responses=CODES,
    )
    def list(self, request: Request) -> Response:
        return Response({"next": None, "results": [_told(status, code) for status, code in known_codes()]})

    @extend_schema(
        summary=gettext_lazy("错误代码的说明"),
        parameters=[OpenApiParameter("id", str, "path")],
        responses=ProblemTypeOut,
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        for status, code in known_codes():
            if re.fullmatch(re.sub(r"<\w+>", r"\\w+", code), pk):
                return Response(_told(status, code) | {"code": pk})
        raise NotFound(_("没有这个错误代码。"), code="not_found")


@cache
def known_codes() -> list[tuple[int, str]]:
    """Status and code of every refusal, read once from the source as docs/reference/errors.md is."""
    raised = {(each.status, each.code) for each in error_codes(source_files(ROOT, APPS))}
    return sorted(raised | {(status, code) for status, codes in OF_THE_FRAMEWORK.items() for code in codes})


def _told(status: int, code: str) -> dict[str, Any]:
    return {"code": code, "status": status, "title": str(TITLES[status])}
