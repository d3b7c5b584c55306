"""The moment and the office of the list of owners, from the address."""

from datetime import MAXYEAR, MINYEAR, date, datetime
from datetime import time as clock_time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.queries import offices_for
from clues.pages.forms.choices import grouped
from core.forms import RowField, day_of
from deadlines.replay import SHANGHAI

ALL = gettext_lazy("全部")


class MomentField(forms.Field):
    """A moment in Shanghai: a day, or a day and the time after a T or a blank; a day alone is its end."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.update({"placeholder": "2026-11-20 10:00", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return None
        day, _between, time = text.replace("T", " ").partition(" ")
        try:
            return datetime.combine(_real(day_of(day)), clock_time.fromisoformat(time.strip() or "23:59:59"), SHANGHAI)
        except ValueError:
            raise ValidationError(
                _("“%(value)s”不是时刻。请写成 2026-11-20 10:00。"), code="not_a_moment", params={"value": text[:40]}
            ) from None


def _real(day: date) -> date:
    """:raises ValueError: at either end of time, where a moment has no UTC."""
    if not MINYEAR < day.year < MAXYEAR:
        raise ValueError(day)
    return day


class OwnersForm(forms.Form):
    at = MomentField(label=gettext_lazy("时刻"), required=False)
    office = RowField(label=gettext_lazy("承办机构"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget = self.fields["office"].widget
        assert isinstance(widget, forms.Select)  # noqa: S101 - declared with the field
        widget.choices = [("", ALL), *grouped(offices_for(user))]
