from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from core.api.filters import DayFilter, Filters, FlagFilter, IdFilter, OneOfFilter, TextFilter
from deadlines import queries
from deadlines.models import Clock
from deadlines.states import ClockState


class ClockFilter(Filters):
    """Days are inclusive; a filter given several values takes any of them."""

    state = OneOfFilter(choices=ClockState.choices)
    overdue = FlagFilter(
        method="filter_overdue", help_text=gettext_lazy("true：正在计时且已过届满时刻（以存储的届满时刻为准）")
    )
    rule = TextFilter(help_text=gettext_lazy("规则族编号，例如lead_verification"))
    subject_kind = TextFilter(help_text=gettext_lazy("lead或者case"))
    subject_id = IdFilter()
    office = IdFilter(field_name="office_id")
    bureau = IdFilter(field_name="bureau_id")
    owner = IdFilter(field_name="owner_id")
    due_from = DayFilter(field_name="due_on", lookup_expr="gte")
    due_until = DayFilter(field_name="due_on", lookup_expr="lte")

    class Meta:
        model = Clock
        fields: tuple[str, ...] = ()

    @extend_schema_field(OpenApiTypes.BOOL)
    def filter_overdue(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        late = queries.overdue(rows, timezone.now())
        return late if value else rows.exclude(pk__in=late.values("pk"))
