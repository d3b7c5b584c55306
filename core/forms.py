"""Fields as people type them here, and the way a refusal comes back to the form it came from."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.errors import Refusal

DAY = re.compile(r"(\d{4})(?:(\d{2})(\d{2})|[-/.年](\d{1,2})[-/.月](\d{1,2})日?)")


def day_of(text: str) -> date:
    """A day as typed: 2026-11-20, 20261120, 2026/11/20, 2026.11.20 or 2026年11月20日.

    :raises ValueError: it is none of these, or no such day exists.
    """
    match = DAY.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    year, *rest = match.groups()
    month, day = (part for part in rest if part is not None)
    return date(int(year), int(month), int(day))


class DayField(forms.Field):
    """A day; the value is a ``date``. See :func:`day_of` for what may be typed."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.update(
            {"placeholder": "2026-11-20", "inputmode": "numeric", "autocomplete": "off", "class": "input-day"}
        )

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, date) or value in self.empty_values:
            return value or None
        try:
            return day_of(str(value))
        except ValueError:
            raise ValidationError(
                _("“%(value)s”不是日期。请写成 2026-11-20 或者 20261120。"), code="not_a_day", params={"value": value}
            ) from None


class MoneyField(forms.Field):
    """An amount in yuan, thousands separators allowed; the value is a ``Decimal`` with at most two places."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.update(
            {"inputmode": "decimal", "autocomplete": "off", "class": "input-money", "data-yuan-upper": ""}
        )

    def to_python(self, value: Any) -> Any:
        if isinstance(value, Decimal) or value in self.empty_values:
            return None if value == "" else value
        try:
            amount = Decimal(re.sub(r"[,，\s]", "", str(value)))
        except InvalidOperation:
            raise ValidationError(
                _("“%(value)s”不是金额。请写成 1234.50。"), code="not_an_amount", params={"value": value}
            ) from None
        if not amount.is_finite() or amount < 0 or amount >= 10**12 or amount != round(amount, 2):
            raise ValidationError(_("金额应当是不小于零、最多两位小数的元数。"), code="amount_out_of_range")
        return amount


def add_refusal(form: forms.BaseForm, refusal: Refusal) -> None:
    """Show a refusal on the form it came from: at its field when the form has it, else above the form."""
    if not refusal.errors:
        form.add_error(None, ValidationError(refusal.detail, code=refusal.code))
    for error in refusal.errors:
        field = error.field if error.field in form.fields else None
        form.add_error(field, ValidationError(error.detail, code=error.code))
