from datetime import date
from importlib import import_module

import pytest
from django.apps import apps

from audit.models import Entry
from core.errors import Invalid
from documents.actions.numbers import issue_number, set_number_format
from documents.models import NumberFormat, NumberSeries
from tests.builders import NOW, SYSTEM, City


def test_an_office_writes_its_numbers_its_own_way_and_the_others_by_default(city: City) -> None:
    set_number_format(
        office=city.east, kind="case", kind_word="立", office_word="东市监", width=3, actor=SYSTEM, at=NOW
    )
    mine = issue_number(office=city.east, kind="case", on=date(2026, 3, 2), subject_kind="case")
    other = issue_number(office=city.west, kind="case", on=date(2026, 3, 2), subject_kind="case")
    assert mine.text == "东市监立〔2026〕001号"
    assert other.text == f"{city.west.short_name}case〔2026〕1号"
    assert Entry.objects.filter(verb="documents.set_number_format").count() == 1


def test_a_changed_format_leaves_given_numbers_and_goes_on_counting(city: City) -> None:
    first = issue_number(office=city.east, kind="case", on=date(2026, 3, 2), subject_kind="case")
    set_number_format(office=None, kind="case", kind_word="立", width=4, actor=SYSTEM, at=NOW)
    second = issue_number(office=city.east, kind="case", on=date(2026, 3, 3), subject_kind="case")
    first.refresh_from_db()
    assert (first.text, second.text) == (
        f"{city.east.short_name}case〔2026〕1号",
        f"{city.east.short_name}立〔2026〕0002号",
    )


@pytest.mark.parametrize(
    "pattern", ["{word}第{serial}号", "{word}〔{year}〕", "{year}{serial}{secret}", "{year}{serial", "{year}{serial}{}"]
)
def test_a_pattern_that_could_not_number_is_refused(city: City, pattern: str) -> None:
    before = list(NumberFormat.objects.order_by("id").values())
    with pytest.raises(Invalid) as refusal:
        set_number_format(office=None, kind="case", kind_word="立", pattern=pattern, actor=SYSTEM, at=NOW)
    assert (refusal.value.code, refusal.value.field) == ("bad_number_pattern", "pattern")
    assert list(NumberFormat.objects.order_by("id").values()) == before


def test_decisions_go_on_in_the_series_they_had_before_they_took_the_name_of_their_form(city: City) -> None:
    NumberFormat.objects.filter(kind="penalty_decision").update(kind="penalty")
    issue_number(office=city.east, kind="penalty", on=date(2026, 3, 2), subject_kind="case")
    NumberFormat.objects.create(kind="penalty_decision", kind_word="unused", office_word="")
    import_module("documents.migrations.0005_numbers_of_decisions").take_the_name_of_the_form(apps, None)
    assert not NumberFormat.objects.filter(kind="penalty").exists()
    number = issue_number(office=city.east, kind="penalty_decision", on=date(2026, 3, 3), subject_kind="case")
    assert number.text == "eastpenalty_decision〔2026〕2号"
    assert NumberSeries.objects.get().kind == "penalty_decision"
