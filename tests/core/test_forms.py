from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError

from core.errors import FieldError, Invalid, WrongState
from core.forms import DayField, MoneyField, add_refusal


@pytest.mark.parametrize("typed", ["2026-11-20", "20261120", " 2026/11/20 ", "2026.11.20", "2026年11月20日"])
def test_a_day_may_be_typed_in_the_ways_people_type_it(typed: str) -> None:
    assert DayField().clean(typed) == date(2026, 11, 20)


@pytest.mark.parametrize("typed", ["2026-13-01", "2026-02-30", "昨天", "2026-11-2000", "0000-01-01", "20\0"])
def test_what_is_no_day_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(ValidationError, match="2026-11-20"):
        DayField().clean(typed)


def test_an_empty_day_is_none_when_it_may_be() -> None:
    assert DayField(required=False).clean("") is None
    assert MoneyField(required=False).clean("") is None
    with pytest.raises(ValidationError):
        DayField().clean("")


@pytest.mark.parametrize(
    ("typed", "amount"), [("5,300.5", "5300.5"), ("0", "0"), ("１００", "100"), ("1，000", "1000")]
)
def test_an_amount_may_have_separators(typed: str, amount: str) -> None:
    assert MoneyField().clean(typed) == Decimal(amount)


@pytest.mark.parametrize("typed", ["-1", "1.234", "NaN", "Infinity", "1e12", "五百", "9999999999999"])
def test_an_amount_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        MoneyField().clean(typed)


class ShortForm(forms.Form):
    on = DayField(label="日期")


def test_a_refusal_comes_back_to_its_field_or_above_the_form() -> None:
    form = ShortForm({"on": "20261120"})
    add_refusal(form, Invalid("日期在今天之后。", code="future_date", field="on"))
    add_refusal(form, Invalid("没有这个机构。", code="unknown_office", field="office"))
    add_refusal(form, WrongState("当前状态不能办理。"))
    add_refusal(form, Invalid("两处", errors=[FieldError("on", "a", "甲"), FieldError("x", "b", "乙")]))
    assert form.errors["on"] == ["日期在今天之后。", "甲"]
    assert form.non_field_errors() == ["没有这个机构。", "当前状态不能办理。", "乙"]


def test_a_form_shows_a_summary_that_leads_to_the_field_and_keeps_what_was_typed() -> None:
    page = str(ShortForm({"on": "昨天"}))
    assert 'href="#id_on"' in page
    assert 'value="昨天"' in page
    assert 'aria-describedby="id_on_error"' in page
    assert 'aria-invalid="true"' in page
