"""The division of powers: what it speaks of, what it says, and whose a matter would be. Nothing is stored."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.filters import require_known_parameters
from core.api.inputs import Input
from routing import queries
from routing.api import serializers as shapes
from routing.engine import Level, Question
from routing.regions import under

ONCE = ("category", "region", "level", "amount", "on")
CATEGORIES = forced_singular_serializer(shapes.CategoryPage)  # type: ignore[no-untyped-call]  # the library is untyped
FLAGS = forced_singular_serializer(shapes.FlagPage)  # type: ignore[no-untyped-call]  # the library is untyped
REGIONS = forced_singular_serializer(shapes.RegionPage)  # type: ignore[no-untyped-call]  # the library is untyped
DAY = OpenApiParameter("on", OpenApiTypes.DATE, description=gettext_lazy("哪一天的划分，默认今天"))


class Categories(APIView):
    @extend_schema(
        summary=gettext_lazy("类别"), description=gettext_lazy("全部类别，上级在前，一页给完。"), responses=CATEGORIES
    )
    def get(self, request: Request) -> Response:
        require_known_parameters(request, ())
        return _page(shapes.CategoryOut(queries.categories(), many=True).data)


class Flags(APIView):
    @extend_schema(
        summary=gettext_lazy("重点案件标签"),
        description=gettext_lazy("全部标签，标签组在前，一页给完。"),
        responses=FLAGS,
    )
    def get(self, request: Request) -> Response:
        require_known_parameters(request, ())
        return _page(shapes.FlagOut(queries.tags(), many=True).data)


class Regions(APIView):
    @extend_schema(
        summary=gettext_lazy("行政区划"), description=gettext_lazy("某一地区的下一级；不写under为各省。"),
        parameters=[OpenApiParameter("under", str, description=gettext_lazy("上级代码，例如3702或者370200"))],
        responses=REGIONS,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """:raises Invalid: ``unknown_region``."""
        require_known_parameters(request, ("under",))
        above = request.query_params.get("under", "")
        code = above.ljust(6, "0") if above else ""
        if code:
            queries.region_named(code, field="under")
        return _page(shapes.RegionOut(under(code), many=True).data)


class Rules(APIView):
    @extend_schema(
        summary=gettext_lazy("权力划分规则"), description=gettext_lazy("某一天施行的全部规则，按比对的次序。"), parameters=[DAY],
        responses=shapes.DivisionOut,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """:raises Invalid: ``division_not_loaded``."""
        require_known_parameters(request, ("on",))
        rule_set = queries.current_set(_asked(request, shapes.OnIn).get("on") or timezone.localdate())
        division = queries.division_of(rule_set)
        return Response(shapes.DivisionOut({**vars(division), "id": rule_set.pk}).data)


class Decide(APIView):
    @extend_schema(
        summary=gettext_lazy("由谁承办"),
        description=gettext_lazy("按某一天施行的权力划分，这种情形由哪个机构承办、由哪条规则决定、前面的规则为什么不适用。"),
        parameters=[
            OpenApiParameter("category", str, required=True), OpenApiParameter("region", str, required=True),
            OpenApiParameter("level", str, required=True, enum=list(Level.values)),
            OpenApiParameter("amount", str, description=gettext_lazy("元；不知道就不写")),
            OpenApiParameter("flags", str, many=True), DAY,
        ],
        responses=shapes.DecisionOut,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """:raises Invalid: as :func:`routing.queries.route`."""
        require_known_parameters(request, (*ONCE, "flags"))
        asked = _asked(request, shapes.DecideIn)
        on: date = asked.pop("on", None) or timezone.localdate()
        found = queries.Router(on).explain(Question(**asked | {"flags": frozenset(asked["flags"])}))
        if found.refusal is not None:
            raise found.refusal
        return Response(shapes.DecisionOut(found).data)


def _asked(request: Request, shape: type[Input]) -> dict[str, Any]:
    """The query in the declared types; a parameter given twice counts as its last, ``flags`` as all of them.

    :raises ValidationError: naming each parameter that is not of its type.
    """
    query: dict[str, Any] = {name: request.query_params[name] for name in ONCE if name in request.query_params}
    if "flags" in request.query_params:
        query["flags"] = request.query_params.getlist("flags")
    checked = shape(data=query)
    checked.is_valid(raise_exception=True)
    values: dict[str, Any] = checked.validated_data
    return values


def _page(results: object) -> Response:
    return Response({"next": None, "results": results})
