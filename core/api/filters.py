"""Filters of lists. What is not declared is refused: a misspelt filter would otherwise return everything."""

from collections.abc import Iterable
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework.request import Request
from rest_framework.views import APIView

from core.api.inputs import BIGGEST_ID
from core.errors import FieldError, Invalid

OF_EVERY_LIST = ("after", "page_size")


class DeclaredFilters(DjangoFilterBackend):  # type: ignore[misc]  # the library is untyped
    """The filters a view declares in ``filterset_class``, each checked before anything is read."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        """:raises Invalid: ``unknown_parameter``. :raises ValidationError: a value that is not of the filter's type."""
        filterset = self.get_filterset_class(view, queryset)
        names = list(filterset.base_filters) if filterset is not None else []
        require_known_parameters(request, (*names, *OF_EVERY_LIST))
        filtered: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return filtered


def require_known_parameters(request: Request, known: Iterable[str]) -> None:
    """:raises Invalid: ``unknown_parameter``, naming each."""
    names = sorted(known)
    unknown = [name for name in request.query_params if name not in names]
    if unknown:
        detail = _("没有这个参数。可用的参数：%(known)s。") % {"known": _("、").join(names) or _("无")}
        errors = [FieldError(name[:60], "unknown_parameter", detail) for name in unknown[:20]]
        first = _("%(field)s：%(detail)s") % {"field": unknown[0][:60], "detail": detail}
        raise Invalid(first, code="unknown_parameter", errors=errors)


@extend_schema_field({"type": "integer", "minimum": 1})
class IdFilter(django_filters.Filter):  # type: ignore[misc]  # the library is untyped
    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, min_value=1, max_value=BIGGEST_ID, **kwargs)


class DayFilter(django_filters.DateFilter):  # type: ignore[misc]  # the library is untyped
    """A day, ``2026-11-20`` and nothing like it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, input_formats=["%Y-%m-%d"], **kwargs)


@extend_schema_field(OpenApiTypes.BOOL)
class FlagFilter(django_filters.TypedChoiceFilter):  # type: ignore[misc]  # the library is untyped
    """``true`` or ``false``; anything else is refused, where the stock filter would quietly not filter."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        choices = [("true", "true"), ("false", "false")]
        super().__init__(*args, choices=choices, coerce=lambda text: text == "true", **kwargs)


class TextFilter(django_filters.CharFilter):  # type: ignore[misc]  # the library is untyped
    """An exact text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, max_length=200, **kwargs)


class OneOfFilter(django_filters.MultipleChoiceFilter):  # type: ignore[misc]  # the library is untyped
    """One of the choices; given several times, any of them."""


class Filters(django_filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    """The filters of one list, each declared."""
