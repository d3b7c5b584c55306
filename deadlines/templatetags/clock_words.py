"""Clocks as template parts: the chip that is the same everywhere, and the time axis."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import template
from django.template import Context
from django.utils.dates import MONTHS
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from deadlines.arithmetic import Unit
from deadlines.axis import axis_of
from deadlines.faces import face_of, name_of
from deadlines.models import Clock
from deadlines.queries import current_calendar, rule_book
from deadlines.rules import RuleBook, RuleVersion, Status
from deadlines.workdays import WorkCalendar

register = template.Library()


@dataclass(frozen=True)
class LawInForce:
    calendar: WorkCalendar
    rules: RuleBook


def _law(context: Context) -> LawInForce:
    """Read once per page, not once per chip."""
    law = context.get("law_in_force")
    if law is None:
        law = context.dicts[0]["law_in_force"] = LawInForce(current_calendar(), rule_book())
    assert isinstance(law, LawInForce)  # noqa: S101 - nobody else writes this name
    return law


@register.inclusion_tag("deadlines/clock_chip.html", takes_context=True)
def clock_chip(context: Context, clock: Clock, now: datetime) -> dict[str, Any]:
    """The chip of a clock at ``now``; a list fetches ``pauses`` and ``additions`` for all its clocks at once."""
    law = _law(context)
    rule = law.rules.version(clock.rule_version)
    return {
        "clock": clock,
        "rule": rule,
        "face": face_of(clock, rule, law.calendar, now),
        "suspensions": clock.pauses,
        "extensions": clock.additions,
        "added": sum(extension.amount for extension in clock.additions),
    }


@register.inclusion_tag("deadlines/time_axis.html", takes_context=True)
def time_axis(context: Context, clocks: Iterable[Clock], now: datetime) -> dict[str, Any]:
    """All clocks of a matter on one axis with today's line."""
    held = list(clocks)
    law = _law(context)
    tones = {clock.pk: face_of(clock, law.rules.version(clock.rule_version), law.calendar, now).tone for clock in held}
    return {"axis": axis_of(held, now), "tones": tones, "now": now, "law_in_force": law}


@register.filter
def rule_name(rule: RuleVersion) -> str:
    """The rule's name in the reader's language."""
    return name_of(rule)


@register.simple_tag(takes_context=True)
def clock_rule_name(context: Context, clock: Clock) -> str:
    """What the clock is about, in the reader's language."""
    return rule_name(_law(context).rules.version(clock.rule_version))


@register.filter
def in_unit(amount: int, unit: Unit) -> str:
    """15 个工作日."""
    return {
        Unit.working_day: ngettext("{n} 个工作日", "{n} 个工作日", amount),
        Unit.calendar_day: ngettext("{n} 日", "{n} 日", amount),
        Unit.hour: ngettext("{n} 小时", "{n} 小时", amount),
        Unit.month: ngettext("{n} 个月", "{n} 个月", amount),
        Unit.year: ngettext("{n} 年", "{n} 年", amount),
    }[unit].format(n=amount)


@register.filter
def month_name(first: date) -> str:
    """11月."""
    # xgettext:no-python-brace-format - English says the name of the month
    return _("{month}月").format(month=first.month, month_name=MONTHS[first.month])


@register.filter
def month_of_year(first: date) -> str:
    """2026年11月."""
    # xgettext:no-python-brace-format - English says the name of the month
    return _("{year}年{month}月").format(year=first.year, month=first.month, month_name=MONTHS[first.month])


@register.simple_tag
def cell_mark(kind: str, note: str) -> str:
    """What the cell of a day has room for: two characters of Chinese, in other languages a short word for its kind."""
    if (get_language() or "zh").startswith("zh"):
        return note[:2]
    words = {
        "start": pgettext("cell", "起算"),
        "off": pgettext("cell", "放假"),
        "excluded": pgettext("cell", "扣除"),
        "rolled": pgettext("cell", "顺延"),
    }
    return words.get(kind, "")


@register.filter
def status_label(status: Status) -> str:
    """How far a rule is confirmed, in words."""
    return {
        Status.law: _("法律依据"),
        Status.secondary: _("二手来源，待核实"),
        Status.local_default: _("本地默认值（非法律规定）"),
    }[status]


@register.filter
def tone_of(tones: dict[int, str], clock: Clock) -> str:
    return tones[clock.pk]
