"""What a paper asks for: a field for each that its form has, in the order of the form."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DayField, MoneyField, VerbForm, Words
from documents.form_kinds import FormField, FormKind
from documents.typed_fields import LONGEST


class PaperForm(VerbForm):
    """A draft may be incomplete: what the form requires is asked for when it is issued."""

    def full_clean(self) -> None:
        demanded = [field for field in self.fields.values() if field.required]
        for field in demanded:
            field.required = False
        super().full_clean()
        for field in demanded:
            field.required = True


def paper_form(kind: FormKind, common: Mapping[str, Any]) -> type[PaperForm]:
    """The form of one kind of paper; what stays empty is taken from ``common`` where the kind says so."""
    fields = {field.name: _field(field, str(common.get(field.default_from, ""))) for field in kind.fields}
    return type("PaperForm", (PaperForm,), fields)


def typed_before(kind: FormKind, kept: Mapping[str, Any]) -> dict[str, Any]:
    """What a draft keeps, as its form shows it."""
    days = {field.name for field in kind.fields if field.kind == "day"}
    amounts = {field.name for field in kind.fields if field.kind == "money"}
    return {
        name: date.fromisoformat(value) if name in days else Decimal(value) if name in amounts else value
        for name, value in kept.items()
    }


def _field(field: FormField, default: str) -> forms.Field:
    default = Truncator(" ".join(default.split())).chars(60)
    said = [field.help, _("留空时填入“{default}”。").format(default=default) if default else ""]
    shared: dict[str, Any] = {
        "label": field.name, "required": field.required and not default, "help_text": " ".join(filter(None, said)),
    }  # fmt: skip
    match field.kind:
        case "day":
            return DayField(**shared)
        case "money":
            return MoneyField(**shared)
        case "count":
            return forms.IntegerField(min_value=0, max_value=10**6 - 1, **shared)
        case "yes_no":
            return forms.BooleanField(**{**shared, "required": False})
        case "words":
            return Words(max_length=LONGEST["words"], **shared)
    return forms.CharField(max_length=LONGEST["line"], **shared)


class IssueForm(VerbForm):
    dated_on = DayField(label=gettext_lazy("落款日期"))
    consequence = gettext_lazy(
        "签发后文号、文字、模板和法律依据都固定下来，不能再改；有错的只能作废后重新制作，作废的文号不再使用。"
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"dated_on": today}, **kwargs)


class VoidForm(VerbForm):
    reason = Words(label=gettext_lazy("作废原因"), max_length=500)
    consequence = gettext_lazy("作废不能撤回。文书连同文号和作废原因留在案卷里，文号不再使用。")
