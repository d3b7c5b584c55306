"""Pages of a list by key: each page starts behind the last row of the one before, however long the list is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from core.errors import Invalid

Row = TypeVar("Row", bound=Model)
PAGE_SIZE = 50
SEPARATOR = "~"
COUNT_CAP = 1000


@dataclass(frozen=True)
class Page(Generic[Row]):
    """``after`` is the cursor of the next page, '' on the last one."""

    rows: list[Row]
    after: str
    is_first: bool


def page_behind(rows: QuerySet[Row], order: Sequence[str], cursor: str, size: int = PAGE_SIZE) -> Page[Row]:
    """The page of ``rows`` behind ``cursor`` ('' for the first).

    :param order: the fields the rows are ordered by, ``-`` for descending, the last one unique: ``("-received_on", "-id")``.
    :raises Invalid: ``invalid_cursor``.
    """
    wanted = rows.order_by(*order)
    if cursor:
        wanted = wanted.filter(behind(rows.model, order, cursor))
    found = list(wanted[: size + 1])
    more = len(found) > size
    after = cursor_of([getattr(found[size - 1], field.lstrip("-")) for field in order]) if more else ""
    return Page(found[:size], after, not cursor)


def capped(count: int) -> str:
    """1000+ beyond a thousand; nobody needs more, and counting on would cost."""
    return f"{COUNT_CAP}+" if count > COUNT_CAP else str(count)


def capped_count(rows: QuerySet[Row]) -> str:
    """How many rows there are, counted no further than needed."""
    return capped(rows.order_by()[: COUNT_CAP + 1].count())


def cursor_of(values: Iterable[Any]) -> str:
    """The cursor of a row, from its values in the fields the list is ordered by."""
    return SEPARATOR.join(value.isoformat() if hasattr(value, "isoformat") else str(value) for value in values)


def behind(model: type[Model], order: Sequence[str], cursor: str) -> Q:
    """Behind in the first field, or equal there and behind in the next; bounded by the first field for its index.

    :raises Invalid: ``invalid_cursor``.
    """
    behind, level, bound = Q(), Q(), Q()
    for field, value in zip(order, values_of(model, order, cursor), strict=True):
        name, side = field.lstrip("-"), "lt" if field.startswith("-") else "gt"
        bound = bound or Q(**{f"{name}__{side}e": value})
        behind |= level & Q(**{f"{name}__{side}": value})
        level &= Q(**{name: value})
    return bound & behind


def values_of(model: type[Model], order: Sequence[str], cursor: str) -> list[Any]:
    """What :func:`cursor_of` wrote, as values of the fields.

    :raises Invalid: ``invalid_cursor``.
    """
    parts = cursor.split(SEPARATOR)
    if len(parts) != len(order):
        raise _invalid()
    return [_value(model, field.lstrip("-"), part) for field, part in zip(order, parts, strict=True)]


def _value(model: type[Model], name: str, text: str) -> Any:
    field: Any = model._meta.pk if name == "pk" else model._meta.get_field(name)
    try:
        value = field.to_python(text)
    except ValidationError:
        raise _invalid() from None
    if value is None or (isinstance(value, int) and abs(value) >= 2**63):
        raise _invalid()
    if isinstance(value, datetime) and (value.tzinfo is None or not MINYEAR < value.year < MAXYEAR):
        raise _invalid()  # a moment at either end of time has no UTC to compare in
    return value


def _invalid() -> Invalid:
    return Invalid(_("翻页位置无效，请回到第一页重新翻阅。"), code="invalid_cursor", field="after")
