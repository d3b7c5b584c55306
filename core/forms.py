"""Fields as people type them here, and the way a refusal comes back to the form it came from."""

import re
from collections.abc import Mapping, Sequence
from datetime import MAXYEAR, MINYEAR, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.days import day_of as day_of  # forms of pages find it here
from core.errors import Refusal

CHOOSE = gettext_lazy("请选择")


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


class MomentField(forms.Field):
    """A day and the time, such as 2026-11-20 10:00; the value is an aware ``datetime`` of the local zone."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.update({"placeholder": "2026-11-20 10:00", "autocomplete": "off", "class": "input-day"})

    def prepare_value(self, value: Any) -> Any:
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, datetime) or value in self.empty_values:
            return value or None
        day, _between, hour = str(value).strip().replace("T", " ").replace("：", ":").partition(" ")
        try:
            on = day_of(day)
            if not MINYEAR < on.year < MAXYEAR:  # at either end of time a moment has no UTC
                raise ValueError(day)
            return timezone.make_aware(datetime.combine(on, time.fromisoformat(hour.strip().zfill(5))))
        except ValueError:
            raise ValidationError(
                _("“%(value)s”不是时刻。请写成 2026-11-20 10:00。"),
                code="not_a_moment",
                params={"value": str(value)[:40]},
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


class Words(forms.CharField):
    """Several lines of text."""

    widget = forms.Textarea

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs["rows"] = rows


class FileInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or more files; the value is a list. What a file must be, the verb says once it has read it."""

    widget = FileInput

    def __init__(self, *, most: int = 10, **kwargs: Any) -> None:
        super().__init__(allow_empty_file=True, **kwargs)
        self.most = most
        self.widget.attrs["multiple"] = most > 1

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        files = data if isinstance(data, list) else [data] if data else []
        if len(files) > self.most:
            raise ValidationError(_("一次最多选择%(most)s个文件。"), code="too_many_files", params={"most": self.most})
        cleaned = [super(FilesField, self).clean(file, initial) for file in files or [None]]
        return [file for file in cleaned if file]


class RowField(forms.IntegerField):
    """A row picked from a list (:func:`choose`). The list offers what the gates allow; the verb refuses the rest."""

    widget = forms.Select

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=2**63 - 1, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


def choose(form: forms.Form, name: str, choices: Sequence[Any]) -> None:
    """Give a list field its choices, for this reader and this matter, with an empty one on top."""
    widget = form.fields[name].widget
    assert isinstance(widget, forms.Select)  # noqa: S101 - declared with the field
    widget.choices = [("", CHOOSE), *choices]


def add_refusal(form: forms.BaseForm, refusal: Refusal) -> None:
    """Show a refusal on the form it came from: at its field when the form has it, else above the form."""
    if not refusal.errors:
        form.add_error(None, ValidationError(refusal.detail, code=refusal.code))
    for error in refusal.errors:
        field = error.field if error.field in form.fields else None
        form.add_error(field, ValidationError(error.detail, code=error.code))


class VerbForm(forms.Form):
    """The input of one verb: the fields carry the names the verb's errors use.

    ``groups`` are its parts in order, each a heading and field names. ``consequence`` says what cannot be undone;
    a form that has one asks for a tick before it is sent. Where other choices hang on one field, ``refreshed_by``
    names it and ``refresh_label`` the button that brings the form back with them. ``is_drafted`` False keeps what is
    typed here out of drafts, for what must not lie in the open.
    """

    groups: ClassVar[Sequence[tuple[str | Promise, Sequence[str]]]] = ()
    consequence: ClassVar[str | Promise] = ""
    refreshed_by: ClassVar[str] = ""
    refresh_label: ClassVar[str | Promise] = ""
    is_drafted: ClassVar[bool] = True

    def __init__(self, *args: Any, draft: Mapping[str, Sequence[str]] | None = None, **kwargs: Any) -> None:
        """:param draft: what the form is filled with before every default, as it was typed, unchecked."""
        self._draft = None if draft is None else MultiValueDict({name: list(each) for name, each in draft.items()})
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            picks = isinstance(field.widget, forms.Select | forms.RadioSelect | forms.FileInput)
            field.error_messages["required"] = gettext_lazy("请选择。") if picks else gettext_lazy("请填写。")
        if self.consequence:
            self.fields["confirmed"] = forms.BooleanField(
                label=gettext_lazy("我已核对，知道上述后果"),
                error_messages={"required": gettext_lazy("请核对后勾选确认，再提交。")},
            )

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """Of a draft only what the reader sees: a hidden field says what is shown now, not what was shown then."""
        widget, draft = field.widget, self._draft
        if draft is None or widget.is_hidden or widget.value_omitted_from_data(draft, MultiValueDict(), field_name):
            return super().get_initial_for_field(field, field_name)
        return widget.value_from_datadict(draft, MultiValueDict(), field_name)

    def parts(self) -> list[tuple[str | Promise, list[forms.BoundField]]]:
        """The visible fields by group; those no group names come last, without a heading."""
        named = [(title, [self[name] for name in names if name in self.fields]) for title, names in self.groups]
        placed = {field.name for _title, fields in named for field in fields} | {"confirmed"}
        rest = [field for field in self.visible_fields() if field.name not in placed]
        return [(title, fields) for title, fields in [*named, ("", rest)] if fields]

    def values(self) -> dict[str, Any]:
        """What the verb is called with: a picked row by its id, ``owner`` as ``owner_id``."""
        return {
            f"{name}_id" if isinstance(self.fields[name], RowField) else name: value
            for name, value in self.cleaned_data.items()
            if name != "confirmed"
        }
