"""A verb of a state table as one POST: read the body, make one domain call, answer with the matter as it now is."""

import re
from abc import abstractmethod
from collections.abc import Callable, Iterable
from keyword import iskeyword
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import GenericViewSet

from core.api.inputs import Input, Upload
from core.api.parsing import UploadParser
from core.transitions import Transition, in_record

if TYPE_CHECKING:
    from django.contrib.auth.models import _User  # accounts.User to the type checker; core knows no accounts

Matter = TypeVar("Matter", bound=Model)
Run = TypeVar("Run", bound=Callable[..., Any])
PLAIN = (
    serializers.IntegerField, serializers.CharField, serializers.ChoiceField, serializers.BooleanField,
    serializers.DateField,
)  # fmt: skip


class MatterViewSet(GenericViewSet[Any], Generic[Matter]):
    """A list, one matter, and a POST for each of its verbs; ``subject`` is what verbs call the matter's number."""

    lookup_value_converter = "int"
    subject: str

    def answer_page(self, rows: QuerySet[Any], row: type[serializers.Serializer[Any]]) -> Response:
        """One page of a gated list in one statement: filters and order as declared, only the columns ``row`` names."""
        fields = row().fields.values()
        order = (name.lstrip("-") for name in getattr(self, "ordering", ()))  # the cursor is made of these
        columns = dict.fromkeys([*(str(field.source) for field in fields), *order])
        page = self.paginate_queryset(self.filter_queryset(rows).values(*columns))
        return self.get_paginated_response(told(fields, page or []))

    @abstractmethod
    def answer(self, matter: Matter) -> Response:
        """The matter in full, as the user of this request sees it."""

    def answer_made(self, matter: Matter, route: str = "") -> Response:
        """The same for a matter this request made; ``route`` is where it can be read from now on."""
        answer = self.answer(matter)
        answer.status_code = 201
        if route:
            answer["Location"] = reverse(route, args=[matter.pk], request=self.request)
        return answer


def user_of(request: Request) -> "_User":
    """Who asks."""
    assert request.user.is_authenticated  # noqa: S101 - the default permission lets nobody else through
    return request.user


def told(
    fields: Iterable[serializers.Field[Any, Any, Any, Any]], rows: Iterable[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Rows read by ``values()`` as their serializer tells them, without asking it for what needs no telling.

    Numbers, texts, choices and days go out as they are; a serializer takes a hundred times as long to say so.
    """
    plan = [(str(field.field_name), str(field.source), None if isinstance(field, PLAIN) else field) for field in fields]
    return [
        {
            name: row[column] if field is None or row[column] is None else field.to_representation(row[column])
            for name, column, field in plan
        }
        for row in rows
    ]


class NextMove(serializers.Serializer[Transition]):
    """A move that is legal now and this user's to make."""

    name = serializers.CharField()
    label = serializers.CharField(help_text=gettext_lazy("名称"))  # type: ignore[assignment]  # declared fields never become attributes
    basis = serializers.CharField(help_text=gettext_lazy("依据的条文"))
    url = serializers.CharField(help_text=gettext_lazy("POST到这里办理"))


def next_moves(rows: Iterable[Transition], kind: str, matter_id: int, request: Request) -> list[dict[str, str]]:
    """What may be done with a matter now, each with where to POST it."""
    return [
        {
            "name": row.name,
            "label": str(row.label),
            "basis": str(row.basis),
            "url": reverse(f"api:{kind}-{row.name.replace('_', '-')}", args=[matter_id], request=request),
        }
        for row in rows
    ]


def given(form: type[Input], request: Request) -> dict[str, Any]:
    """The body as the arguments a verb takes.

    :raises ValidationError:
    """
    body = form(data=request.data)
    body.is_valid(raise_exception=True)
    found: dict[str, Any] = body.validated_data
    return found


def verb(row: Transition, form: type[Input], act: Callable[..., Any], answer: type[serializers.Serializer[Any]]) -> Any:
    """The POST that makes the move ``row`` of a state table; ``form`` names its fields as ``act`` names its arguments."""

    def run(self: MatterViewSet[Any], request: Request, pk: int) -> Response:
        arguments = given(form, request)
        return self.answer(act(**{self.subject: pk}, actor=request.user, at=timezone.now(), **arguments))

    run.__name__ = f"{row.name}_" if iskeyword(row.name) else row.name
    run.__doc__ = described(row.basis, act)
    named: dict[str, Any] = {"url_path": row.name, "url_name": row.name.replace("_", "-")}
    if any(isinstance(field, Upload) for field in form().fields.values()):
        named["parser_classes"] = [UploadParser]
    posted = action(detail=True, methods=["post"], **named)(run)
    return extend_schema(summary=row.label, request=form, responses=answer)(posted)


def posts(
    row: Transition, form: type[Input], act: Callable[..., Any], answer: Any, operation_id: str, *, status: int = 201,
    **named: Any,
) -> Callable[[Run], Run]:  # fmt: skip
    """What the reference says of a POST that makes the move ``row`` by ``act`` in a way of its own."""
    schema: Callable[[Run], Run] = extend_schema(
        operation_id=operation_id, summary=row.label, description=described(row.basis, act), request=form,
        responses={status: answer}, **named,
    )  # fmt: skip
    return schema


def described(basis: str | Promise, act: Callable[..., Any]) -> str:
    """What the reference says of a verb: its article, and what its docstring promises without the refusals."""
    promise = re.split(r"\n\s*\n|\n\s*:|\.\s", (act.__doc__ or "").strip())[0].rstrip(".")
    return f"{in_record(basis)}\n\n{' '.join(promise.split())}."
