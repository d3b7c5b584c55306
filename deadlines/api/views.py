"""Clocks, the rules behind them, and the calculator."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from accounts.models import User
from core.api.filters import require_known_parameters
from core.api.verbs import MatterViewSet, next_moves, verb
from core.errors import Invalid, NotFound
from deadlines import states
from deadlines.actions.fixing import fix_due_by_head
from deadlines.api import serializers as shapes
from deadlines.api.filters import ClockFilter
from deadlines.arithmetic import Roll, Unit
from deadlines.calculator import answer_to
from deadlines.faces import face_of
from deadlines.models import Clock
from deadlines.policies import legal_moves
from deadlines.queries import clock_for, clocks_for, current_calendar, rule_book, rule_version_of
from deadlines.rules import RuleVersion

ONCE = ("rule", "add", "before", "unit", "roll", "start", "extensions")
REPEATED = ("extend_by", "exclude")
RULES = forced_singular_serializer(shapes.RulePage)  # type: ignore[no-untyped-call]  # the library is untyped


class ClockViewSet(MatterViewSet[Clock]):
    queryset = Clock.objects.none()  # names the model to the reference; rows come through the gates
    subject = "clock_id"
    serializer_class = shapes.ClockOut
    filterset_class = ClockFilter

    @property
    def ordering(self) -> Sequence[str]:
        """Running clocks by what ends first, along the index of the worklist; any other list newest first."""
        query = self.request.query_params
        is_worklist = query.getlist("state") == [states.RUNNING] or query.get("overdue") == "true"
        return ("due_at", "id") if is_worklist else ("-id",)

    @extend_schema(
        summary=gettext_lazy("期限列表"),
        description=gettext_lazy("state=running或者overdue=true时，届满早的在前；否则新的在前。"),
        responses=shapes.ClockRow(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.answer_page(clocks_for(_user(request)), shapes.ClockRow)

    @extend_schema(
        summary=gettext_lazy("期限"),
        description=gettext_lazy("起算、扣除、延长、届满，依据的条文和变动经过。"),
        responses=shapes.ClockOut,
    )
    def retrieve(self, request: Request, pk: int) -> Response:
        return self.answer(clock_for(_user(request), pk))

    fix = verb(states.FIX, shapes.FixIn, fix_due_by_head, shapes.ClockOut)

    def answer(self, matter: Clock) -> Response:
        rule = rule_version_of(matter)
        face = face_of(matter, rule, current_calendar(), timezone.now())
        body: dict[str, Any] = {
            **shapes.ClockFacts(matter).data,
            "standing": face.tone,
            "standing_words": face.words,
            "rule_name": rule.name,
            "basis": f"{rule.instrument}{rule.article}",
            "moves": shapes.ClockMoveOut(matter.moves.order_by("id"), many=True).data,
            "legal_moves": next_moves(legal_moves(_user(self.request), matter), "clock", matter.pk, self.request),
        }
        return Response(body)


class RuleViewSet(ViewSet):
    """The reference of statutory periods, the same for everybody."""

    lookup_value_converter = "slug"
    known: ClassVar[Sequence[OpenApiParameter]] = (
        OpenApiParameter("key", str, description=gettext_lazy("规则族编号")),
        OpenApiParameter("on", OpenApiTypes.DATE, description=gettext_lazy("只要这一天起算时施行的版本")),
    )

    @extend_schema(
        summary=gettext_lazy("期限规则"), description=gettext_lazy("全部规则的全部版本，一页给完。"), parameters=list(known),
        operation_id="rules_list", responses=RULES,
    )  # fmt: skip
    def list(self, request: Request) -> Response:
        require_known_parameters(request, ("key", "on"))
        query = request.query_params
        day = _day(query["on"]) if "on" in query else None
        rules = [
            version
            for version in rule_book().versions()
            if query.get("key") in (None, version.key) and (day is None or version.is_in_force(day))
        ]
        return Response({"next": None, "results": shapes.RuleOut(rules, many=True).data})

    @extend_schema(
        summary=gettext_lazy("期限规则的一个版本"),
        parameters=[OpenApiParameter("id", str, "path")],
        responses=shapes.RuleOut,
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(shapes.RuleOut(_rule(pk)).data)


class Due(APIView):
    """The calculator: the same questions and answers as ``manage.py due``; nothing is stored."""

    @extend_schema(
        summary=gettext_lazy("期限计算"),
        description=gettext_lazy("按规则（rule）、向后数（add）或者倒推（before）三选一；exclude写作2024-03-06..2024-03-15，含首尾。"),
        parameters=[
            OpenApiParameter("start", str, required=True, description=gettext_lazy("2024-01-29；按小时的写2024-09-30T17:20+08:00")),
            OpenApiParameter("rule", str, description=gettext_lazy("规则编号，版本按起算日选择")),
            OpenApiParameter("add", int), OpenApiParameter("before", int),
            OpenApiParameter("unit", str, enum=list(Unit)), OpenApiParameter("roll", str, enum=list(Roll)),
            OpenApiParameter("extensions", int, description=gettext_lazy("使用前N次法定延长")),
            OpenApiParameter("extend_by", int, many=True, description=gettext_lazy("法律未定长短的延长所批准的期限")),
            OpenApiParameter("exclude", str, many=True, description=gettext_lazy("不计入的期间")),
        ],
        responses=shapes.DueOut,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        require_known_parameters(request, (*ONCE, *REPEATED))
        answer, _lines = answer_to(_question(request.query_params))
        return Response(shapes.DueOut(answer).data)


def _question(query: QueryDict) -> dict[str, Any]:
    """The query in the form of the command's options; a moment must say its offset.

    :raises Invalid: ``naive_datetime``.
    """
    options: dict[str, Any] = {name: query.get(name) for name in ONCE}
    options |= {name: query.getlist(name) for name in REPEATED}
    start = options["start"] or ""
    if "T" in start and _is_naive(start):
        raise Invalid(
            _("时刻须写明时区，例如2024-09-30T17:20+08:00（地址中的“+”写作%2B）。"),
            code="naive_datetime",
            field="start",
        )
    return options


def _is_naive(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is None
    except ValueError:
        return False  # not a moment at all: the calculator says so


def _day(text: str) -> date:
    """:raises Invalid: ``bad_date``."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day, not a moment
    except ValueError:
        raise Invalid(_("不是有效的日期，应写作2024-01-29。"), code="bad_date", field="on") from None


def _rule(version_id: str) -> RuleVersion:
    """:raises NotFound:"""
    try:
        return rule_book().version(version_id)
    except Invalid as refusal:
        if refusal.code != "unknown_rule":
            raise
        raise NotFound(refusal.detail) from None


def _user(request: Request) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the default permission lets nobody else through
    return request.user
