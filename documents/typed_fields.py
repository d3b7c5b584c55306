"""What somebody types for one paper: checked and kept as data, printed as words.

Kept as JSON: a day ``2026-03-05``, money ``12000.00``, a count ``3``, a yes_no as true; what is empty is not kept.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from core.days import day_of
from core.errors import FieldError, Invalid, in_one_sentence
from documents.form_kinds import TICKED, UNTICKED, CommonField, FormField, FormKind
from documents.templating import UNPRINTABLE

Kept = dict[str, str | bool]
LONGEST = {"line": 300, "words": 20_000}
MOST_YUAN, LONGEST_COUNT = Decimal(10) ** 12, 6


def kept_fields(kind: FormKind, given: Mapping[str, object]) -> Kept:
    """What was typed, as it is kept.

    :param given: by name: text, or a ``date``, ``Decimal``, ``int``, ``bool`` as a form has read it.
    :raises Invalid: ``unknown_paper_field``, ``not_a_day``, ``bad_amount``, ``bad_count``, ``not_yes_or_no``, ``not_text``, ``too_long``,
        each with its field.
    """
    known = {field.name: field for field in kind.fields}
    kept: Kept = {}
    errors: list[FieldError] = []
    for name, value in given.items():
        try:
            if name not in known:
                raise Invalid(
                    _("《%(form)s》没有“%(name)s”这一项。") % {"form": kind.name, "name": name[:40]},
                    code="unknown_paper_field", field=name[:40],
                )  # fmt: skip
            found = _kept(known[name], value)
        except Invalid as refusal:
            errors += refusal.errors
        else:
            if found:
                kept[name] = found
    if errors:
        raise _all(errors)
    return kept


def printed_fields(kind: FormKind, kept: Mapping[str, str | bool], common: Mapping[str, object]) -> dict[str, str]:
    """Every field of the form as its template prints it; what nobody typed comes from its common field."""
    return {field.name: _printed(field, kept, common) for field in kind.fields}


def require_complete(kind: FormKind, printed: Mapping[str, str]) -> None:
    """:raises Invalid: ``required``, one error per field that is still empty."""
    errors = [
        FieldError(
            field.name, "required", _("《%(form)s》须填写“%(name)s”。") % {"form": kind.name, "name": field.name}
        )
        for field in missing_fields(kind, printed)
    ]
    if errors:
        raise _all(errors)


def missing_fields(kind: FormKind, printed: Mapping[str, str]) -> list[FormField]:
    """The required fields that are still empty, in the order of the form."""
    return [field for field in kind.fields if field.required and not printed[field.name].strip()]


def day_in_words(on: date | None) -> str:
    """2026年3月5日, as papers write it in every language of the screen."""
    return f"{on.year}年{on.month}月{on.day}日" if on else ""


def sample_context(kind: FormKind, common: Mapping[str, CommonField]) -> dict[str, str | list[dict[str, str]]]:
    """A value for every name of a form, to look at a template with."""
    filled: dict[str, str | list[dict[str, str]]] = {
        name: [{column: f"示例{column}" for column in field.columns}] * 2 if field.columns else f"〔{name}〕"
        for name, field in common.items()
    }
    return filled | {field.name: TICKED if field.kind == "yes_no" else f"〔{field.name}〕" for field in kind.fields}


def _kept(field: FormField, value: object) -> str | bool:
    if value is None or value == "":
        return ""
    match field.kind:
        case "yes_no":
            if not isinstance(value, bool):
                raise Invalid(_("请选择是或者否。"), code="not_yes_or_no", field=field.name)
            return value
        case "day":
            return _day(field, value)
        case "money":
            return _amount(field, value)
        case "count":
            return _count(field, value)
    if not isinstance(value, str):
        raise Invalid(_("请填写文字。"), code="not_text", field=field.name)
    text = UNPRINTABLE.sub("", value).strip()
    if len(text) > LONGEST[field.kind]:
        raise Invalid(_("最多%(most)s个字。") % {"most": LONGEST[field.kind]}, code="too_long", field=field.name)
    return text


def _day(field: FormField, value: object) -> str:
    try:
        return (value if isinstance(value, date) else day_of(str(value))).isoformat()
    except ValueError:
        raise Invalid(_("日期请写成 2026-11-20。"), code="not_a_day", field=field.name) from None


def _amount(field: FormField, value: object) -> str:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount < MOST_YUAN or amount != amount.quantize(Decimal("0.01")):
        raise Invalid(_("金额应为小于一万亿元的数字，最多两位小数。"), code="bad_amount", field=field.name)
    return f"{amount:.2f}"


def _count(field: FormField, value: object) -> str:
    text = str(value).strip()
    if isinstance(value, bool) or not (text.isascii() and text.isdigit()) or len(text) > LONGEST_COUNT:
        raise Invalid(_("请填写不带单位的整数。"), code="bad_count", field=field.name)
    return str(int(text))


def _printed(field: FormField, kept: Mapping[str, str | bool], common: Mapping[str, object]) -> str:
    value = kept.get(field.name, "")
    if field.kind == "yes_no":
        return TICKED if value is True else UNTICKED
    if value == "":
        return str(common.get(field.default_from, ""))
    return day_in_words(date.fromisoformat(str(value))) if field.kind == "day" else str(value)


def _all(errors: list[FieldError]) -> Invalid:
    detail = in_one_sentence([error.detail for error in errors])
    return Invalid(detail, code=errors[0].code, field=errors[0].field, errors=errors)
