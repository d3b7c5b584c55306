"""What a request may carry: exactly the declared fields, of exactly the declared types."""

from collections.abc import Mapping
from datetime import MAXYEAR, MINYEAR
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

BIGGEST_ID = 2**63 - 1


class Input(serializers.Serializer[Any]):
    """A body. A field nobody declared is refused rather than dropped: it is a misspelt one."""

    def to_internal_value(self, data: Any) -> Any:
        """:raises ValidationError: ``unknown_field``, or whatever the fields refuse."""
        if isinstance(data, Mapping) and (unknown := [name for name in data if name not in self.fields]):
            known = "、".join(self.fields) or _("无")
            raise ValidationError(
                {
                    str(name)[:60]: [
                        ErrorDetail(_("没有这个字段。可用的字段：%(known)s。") % {"known": known}, "unknown_field")
                    ]
                    for name in unknown[:20]
                }
            )
        return super().to_internal_value(data)

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        if data is None and self.root is self:  # the framework has words for it in English alone
            self.to_internal_value(data)
        return super().validate_empty_values(data)


class Text(serializers.CharField):
    """A string and nothing that could be turned into one. Whether it may be empty is for the verb to say."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 500)
        kwargs.setdefault("allow_blank", True)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Choice(serializers.ChoiceField):
    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    """A whole number, not a string of digits, not 3.0, not true."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class Id(Whole):
    """The number of an office, a user, a matter."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=BIGGEST_ID, **kwargs)


class Upload(serializers.FileField):
    """A file, in a body of ``multipart/form-data``. What it must be, the verb says once it has read it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_empty_file=True, **kwargs)


class Day(serializers.DateField):
    """A day as ``2026-11-20``; a moment is refused, not cut."""

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str) or len(value) != len("2026-11-20"):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(value)


class Moment(serializers.DateTimeField):
    """A moment as ``2026-11-20T10:00:00+08:00``; without an offset it is the local time."""

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str) or "T" not in value:
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ss[+HH:MM]")
        moment = super().to_internal_value(value)
        if not MINYEAR < moment.year < MAXYEAR:  # at either end of time a moment has no UTC
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ss[+HH:MM]")
        return moment


@extend_schema_field(
    {"oneOf": [{"type": "string", "pattern": r"^\d{1,12}(\.\d{1,2})?$"}, {"type": "integer", "minimum": 0}]}
)
class Money(serializers.DecimalField):
    """Yuan with at most two places, written as a string (``"5000.00"``) or a whole number: a float is not exact."""

    default_error_messages = {"inexact": _('金额请写成字符串（例如"5000.00"）或者整数，不要写成浮点数。')}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, **kwargs)

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, bool | float):
            self.fail("inexact")
        if not isinstance(data, str | int):
            self.fail("invalid")
        return super().to_internal_value(data)
