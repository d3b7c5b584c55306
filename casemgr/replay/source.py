"""Reading a file of published cases: only what a source states, a month where it names no day, nothing trusted."""

import json
import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import Any

from core.errors import Invalid

MAX_BYTES = 10_000_000
DATES = ("found_on", "filed_on", "referred_on", "decided_on")
AMOUNTS = ("fine_cny", "confiscated_income_cny", "total_cny")
DATE_LABELS = {"found_on": "发现日", "filed_on": "立案日", "referred_on": "移送日", "decided_on": "决定日"}
# A referral and a filing follow no order of their own; everything else does.
IN_ORDER = [pair for pair in combinations(DATES, 2) if pair != ("filed_on", "referred_on")]


@dataclass(frozen=True)
class Span:
    """The days a date can be, both included: one day, or a month when the source names no day."""

    earliest: date
    latest: date

    @property
    def is_exact(self) -> bool:
        return self.earliest == self.latest

    @property
    def text(self) -> str:
        return f"{self.earliest}" if self.is_exact else f"{self.earliest}至{self.latest}"


@dataclass(frozen=True)
class PublishedCase:
    """One case as published; None where the source says nothing. Money is in yuan."""

    party: str
    authority: str
    violation: str
    found_on: Span | None
    filed_on: Span | None
    referred_on: Span | None
    decided_on: Span | None
    fine: Decimal | None
    confiscated: Decimal | None

    def stated(self) -> dict[str, Span]:
        """The dates the source states, by name."""
        spans = {name: getattr(self, name) for name in DATES}
        return {name: span for name, span in spans.items() if span is not None}


def read_cases(raw: bytes, *, today: date) -> list[PublishedCase]:
    """The cases of a file in the shape of ``data/cases/published_cases.json``.

    :raises Invalid: names the place (``cases[2].decided_on``), the case and the rule broken.
    """
    cases = _top(raw).get("cases")
    if not isinstance(cases, list) or not cases:
        raise _refuse("cases_missing", "cases", "应为至少一个案件的列表。")
    return [_case(record, index, today) for index, record in enumerate(cases)]


def _refuse(code: str, field: str, detail: str) -> Invalid:
    return Invalid(f"案例文件有误（{field}）：{detail}", code=code, field=field)


def _top(raw: bytes) -> dict[str, Any]:
    if len(raw) > MAX_BYTES:
        raise _refuse("file_too_large", "file", "文件超过10MB。")
    try:
        value = json.loads(
            raw.decode("utf-8-sig"), object_pairs_hook=_without_repeats, parse_float=Decimal, parse_constant=_no_number
        )
    except (ValueError, RecursionError) as error:
        raise _refuse("malformed_json", "file", f"不是有效的JSON（{_where(error)}）。") from error
    if not isinstance(value, dict):
        raise _refuse("malformed_json", "file", "应为一个JSON对象。")
    return value


def _where(error: Exception) -> str:
    return f"第{error.lineno}行第{error.colno}列" if isinstance(error, json.JSONDecodeError) else "编码或者嵌套层数不对"


def _no_number(text: str) -> None:
    raise ValueError(text)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _value in pairs]
    if len(names) != len(set(names)):
        twice = next(name for name in names if names.count(name) > 1)
        raise _refuse("duplicate_key", twice[:40], "同一项写了两次。")
    return dict(pairs)


def _case(record: Any, index: int, today: date) -> PublishedCase:  # Any: JSON border
    place = f"cases[{index}]"
    if not isinstance(record, dict):
        raise _refuse("case_not_object", place, "每个案件应为一个JSON对象。")
    for name in record:
        # Other facts are free; a date under a name we do not know would silently count as not stated.
        if name.endswith(("_on", "_at")) and name not in DATES:
            raise _refuse("unknown_date", f"{place}.{name[:40]}", f"没有这种日期；可用的是{'、'.join(DATES)}。")
    party = _text(record, "party", place, required=True)
    who = f"{party}："
    spans = {name: _span(record.get(name), f"{place}.{name}", who, today) for name in DATES}
    _check_order(spans, place, who)
    fine, confiscated = _amounts(record, place, who)
    return PublishedCase(
        party=party,
        authority=_text(record, "authority", place),
        violation=_text(record, "violation", place),
        fine=fine,
        confiscated=confiscated,
        **spans,
    )


def _text(record: dict[str, Any], name: str, place: str, *, required: bool = False) -> str:
    value = record.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or not value.strip() or len(value) > 120:
        raise _refuse("bad_text", f"{place}.{name}", "应为1至120字的文字。")
    return value.strip()


def _span(value: Any, field: str, who: str, today: date) -> Span | None:  # Any: JSON border
    if value is None:
        return None
    span = _parsed(value)
    if span is None:
        raise _refuse("bad_date", field, f"{who}日期应写作2024-05-21，只知道月份的写作2024-05。")
    if span.earliest > today:
        raise _refuse("future_date", field, f"{who}{value}在今天之后。")
    return Span(span.earliest, min(span.latest, today))


def _parsed(value: Any) -> Span | None:  # Any: JSON border
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?", value):
        return None
    try:
        if len(value) == 10:
            day = date.fromisoformat(value)
            return Span(day, day)
        first = date.fromisoformat(f"{value}-01")
        return Span(first, first.replace(day=monthrange(first.year, first.month)[1]))
    except ValueError:
        return None


def _check_order(spans: dict[str, Span | None], place: str, who: str) -> None:
    for first, second in IN_ORDER:
        earlier, later = spans[first], spans[second]
        if earlier and later and later.latest < earlier.earliest:
            raise _refuse(
                "impossible_dates",
                f"{place}.{second}",
                f"{who}{DATE_LABELS[second]}{later.text}早于{DATE_LABELS[first]}{earlier.text}。",
            )


def _amounts(record: dict[str, Any], place: str, who: str) -> tuple[Decimal | None, Decimal | None]:
    """Fine and confiscated income; the latter may follow from the total."""
    fine, confiscated, total = (_amount(record.get(name), f"{place}.{name}", who) for name in AMOUNTS)
    if confiscated is None and fine is not None and total is not None:
        if total < fine:
            raise _refuse("impossible_amounts", f"{place}.total_cny", f"{who}罚没总额小于罚款。")
        confiscated = total - fine
    return fine, confiscated


def _amount(value: Any, field: str, who: str) -> Decimal | None:  # Any: JSON border
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 <= value < 10**12:
        raise _refuse("bad_amount", field, f"{who}金额应为不小于零的数字（元）。")
    return Decimal(value).quantize(Decimal("0.01"))


def days_of(span: Span) -> Iterator[date]:
    """Every day a date can be."""
    return (date.fromordinal(number) for number in range(span.earliest.toordinal(), span.latest.toordinal() + 1))
