"""Template words every page may use: days, amounts, states, icons."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.dates import MONTHS_3
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")


def _as_day(value: date | datetime) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


@register.filter
def day(value: date | datetime | None) -> str:
    """2026年11月20日, for text. A moment is shown as the day it falls on in Shanghai."""
    if value is None:
        return ""
    on = _as_day(value)
    # xgettext:no-python-brace-format - English says the name of the month
    return _("{year}年{month}月{day}日").format(
        year=on.year, month=on.month, day=on.day, month_name=MONTHS_3[on.month].capitalize()
    )


@register.filter
def day_short(value: date | datetime | None) -> str:
    """11月20日, where the year is plain from what stands around it."""
    if value is None:
        return ""
    on = _as_day(value)
    # xgettext:no-python-brace-format - English says the name of the month
    return _("{month}月{day}日").format(month=on.month, day=on.day, month_name=MONTHS_3[on.month].capitalize())


@register.filter
def iso_day(value: date | datetime | None) -> str:
    """2026-11-20, for tables."""
    return "" if value is None else _as_day(value).isoformat()


@register.filter
def moment(value: datetime | None) -> str:
    """2026-11-20 09:12 in Shanghai."""
    return "" if value is None else f"{timezone.localtime(value):%Y-%m-%d %H:%M}"


@register.filter
def money(value: Decimal | int | None) -> str:
    """1,234.00 (yuan)."""
    return "" if value is None else f"{Decimal(value):,.2f}"


def _group_in_words(number: int) -> str:
    """0 < number < 10000, without leading zero: 1040 → 壹仟零肆拾."""
    words = ""
    for place, digit in enumerate(reversed(f"{number:d}")):
        if digit != "0":
            words = DIGITS[int(digit)] + PLACES[place] + words
        elif words and not words.startswith("零"):
            words = "零" + words
    return words


def _whole_in_words(number: int) -> str:
    words, place = "", 0
    while number:
        number, group = divmod(number, 10_000)
        if group:
            # a zero is spoken where this group and what follows it are not adjacent
            words = _group_in_words(group) + GROUPS[place] + words
            if number and group < 1000:
                words = "零" + words
        elif words and not words.startswith("零"):
            words = "零" + words
        place += 1
    return words


@register.filter
def yuan_upper(value: Decimal | int | None) -> str:
    """The amount as written on a document: 12345.60 → 壹万贰仟叁佰肆拾伍元陆角整. Below 10**16."""
    if value is None:
        return ""
    cents = int(Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP) * 100)
    sign, cents = ("负" if cents < 0 else ""), abs(cents)
    whole, rest = divmod(cents, 100)
    jiao, fen = divmod(rest, 10)
    words = f"{_whole_in_words(whole)}元" if whole else ""
    if jiao:
        words += f"{DIGITS[jiao]}角"
    elif fen and whole:
        words += "零"
    if fen:
        return f"{sign}{words}{DIGITS[fen]}分"
    return f"{sign}{words or '零元'}整"


@register.filter
def state_badge(matter: Any) -> SafeString:
    """The state of a matter as a badge; its tone follows the state's slug in the stylesheet."""
    return format_html('<span class="badge state-{}">{}</span>', matter.state, matter.get_state_display())


@register.simple_tag
def icon(name: str) -> SafeString:
    """A picture of the sprite; always beside a word, so hidden from screen readers."""
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-{}"></use></svg>', name)


@register.simple_tag
def matter_url(row: models.Model) -> str:
    """The page of the matter a clock or a notice names; "" for a kind of subject that has no page."""
    kind, number = getattr(row, "subject_kind", ""), getattr(row, "subject_id", None)
    try:
        return reverse(f"{kind}_page", args=[number])
    except NoReverseMatch:
        return ""
