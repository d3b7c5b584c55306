from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from core.errors import Invalid
from core.paging import PAGE_SIZE, behind, cursor_of

MOST = 200


class KeysetPagination(BasePagination):
    """Pages behind a key: ``next`` is the address of the following page, null on the last; never a count.

    The view names in ``ordering`` the fields to order by, the last one unique; its rows are dicts holding them.
    """

    def paginate_queryset(  # type: ignore[override]  # only lists read by ``values()`` are paged here
        self, queryset: QuerySet[Any, dict[str, Any]], request: Request, view: APIView | None = None
    ) -> list[dict[str, Any]]:
        """:raises Invalid: ``invalid_page_size``, ``invalid_cursor``."""
        order: Sequence[str] = view.ordering  # type: ignore[union-attr]  # every view that pages names its order
        size, cursor = _page_size(request), request.query_params.get("after", "")
        rows = queryset.order_by(*order)
        if cursor:
            rows = rows.filter(behind(queryset.model, order, cursor))
        found = list(rows[: size + 1])
        self.next: str | None = None
        if len(found) > size:
            last = found[size - 1]
            after = cursor_of(last[field.lstrip("-")] for field in order)
            self.next = replace_query_param(request.build_absolute_uri(), "after", after)
        return found[:size]

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.next, "results": data})

    def get_paginated_response_schema(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {
                "next": {
                    "type": "string",
                    "format": "uri",
                    "nullable": True,
                    "description": gettext_lazy("下一页的地址；末页为null"),
                },
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [
            {
                "name": "after", "in": "query", "required": False, "schema": {"type": "string"},
                "description": gettext_lazy("翻页位置，取自上一页的next"),
            },
            {
                "name": "page_size", "in": "query", "required": False, "description": gettext_lazy("每页行数"),
                "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE_SIZE},
            },
        ]  # fmt: skip


def _page_size(request: Request) -> int:
    text = request.query_params.get("page_size", str(PAGE_SIZE))
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MOST):
        raise Invalid(
            _("每页行数应为1至%(most)s的整数。") % {"most": MOST}, code="invalid_page_size", field="page_size"
        )
    return int(text)
