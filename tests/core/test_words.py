from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from core.templatetags.words import day, day_short, iso_day, matter_url, moment, money, state_badge, yuan_upper
from notices.models import Notice

UTC_EVENING = datetime(2026, 11, 20, 17, 30, tzinfo=ZoneInfo("UTC"))  # already the 21st in Shanghai


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("1", "壹元整"),
        ("10", "壹拾元整"),
        ("107.03", "壹佰零柒元零叁分"),
        ("345.60", "叁佰肆拾伍元陆角整"),
        ("1040", "壹仟零肆拾元整"),
        ("12345.60", "壹万贰仟叁佰肆拾伍元陆角整"),
        ("100000", "壹拾万元整"),
        ("100500", "壹拾万零伍佰元整"),
        ("1000000.01", "壹佰万元零壹分"),
        ("20010003", "贰仟零壹万零叁元整"),
        ("100000000", "壹亿元整"),
        ("100000005", "壹亿零伍元整"),
        ("1000500000", "壹拾亿零伍拾万元整"),
        ("999999999999.99", "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        ("-5300", "负伍仟叁佰元整"),
    ],
)
def test_an_amount_is_written_as_on_a_document(amount: str, words: str) -> None:
    assert yuan_upper(Decimal(amount)) == words


def test_an_amount_has_thousands_separators() -> None:
    assert money(Decimal("1234567.5")) == "1,234,567.50"
    assert money(0) == "0.00"
    assert money(None) == yuan_upper(None) == ""


def test_days_are_written_for_text_for_chips_and_for_tables() -> None:
    assert day(date(2026, 3, 2)) == "2026年3月2日"
    assert day_short(date(2026, 3, 2)) == "3月2日"
    assert iso_day(date(2026, 3, 2)) == "2026-03-02"
    assert day(None) == day_short(None) == iso_day(None) == moment(None) == ""


def test_a_moment_is_the_day_it_falls_on_in_shanghai() -> None:
    assert iso_day(UTC_EVENING) == "2026-11-21"
    assert moment(UTC_EVENING) == "2026-11-21 01:30"


@dataclass
class Matter:
    state: str = "verifying"

    def get_state_display(self) -> str:
        return "核查<中>"


def test_a_badge_names_the_state_and_escapes_its_words() -> None:
    assert state_badge(Matter()) == '<span class="badge state-verifying">核查&lt;中&gt;</span>'


def test_a_row_that_names_no_matter_leads_nowhere() -> None:
    assert matter_url(Notice(subject_kind="calendar", subject_id=7)) == ""


def test_words_have_an_english_form_when_asked() -> None:
    with override("en"):
        assert "2026" in day(date(2026, 3, 2))
