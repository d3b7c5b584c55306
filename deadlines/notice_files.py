"""Reading a year's holiday notice as carried by holiday-cn, trusting nothing in it."""

import json
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Invalid
from deadlines.yearplans import FIRST_YEAR, LAST_YEAR, ONE_DAY, SATURDAY, YearPlan, statutory_day_count, statutory_plan

MAX_BYTES = 65536
FESTIVALS = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
FILE_KEYS = {"$schema", "$id", "year", "papers", "days"}
DAY_KEYS = {"name", "date", "isOffDay"}


def parse_notice(raw: bytes) -> YearPlan:
    """The plan of one year from its file; every rule the notice must keep is checked.

    :raises Invalid: names the place (``days[3].date``) and the rule broken.
    """
    notice = _object(raw)
    _only_keys(notice, FILE_KEYS, "")
    year = _year(notice)
    papers = _papers(notice.get("papers"))
    days_off, working = _days(notice.get("days"), year)
    _check_festivals(days_off, year)
    _check_blocks(days_off)
    _check_balance(days_off, working, year, papers)
    return YearPlan(year, MappingProxyType(days_off), MappingProxyType(working), published=True, papers=papers)


def _refuse(code: str, field: str, detail: str) -> Invalid:
    return Invalid(
        _("放假安排文件有误（%(field)s）：%(detail)s") % {"field": field, "detail": detail}, code=code, field=field
    )


def _object(raw: bytes) -> dict[str, Any]:
    if len(raw) > MAX_BYTES:
        raise _refuse("file_too_large", "file", _("文件超过64KB。"))
    try:
        value = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError) as error:
        raise _refuse("malformed_json", "file", _("不是有效的JSON。")) from error
    if not isinstance(value, dict):
        raise _refuse("malformed_json", "file", _("应为一个JSON对象。"))
    return value


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _value in pairs]
    for name in names:
        if names.count(name) > 1:
            raise _refuse("duplicate_key", name[:40], _("同一项写了两次。"))
    return dict(pairs)


def _only_keys(record: Mapping[str, Any], allowed: set[str], place: str) -> None:
    for name in sorted(record.keys() - allowed):
        raise _refuse("unknown_key", f"{place}{name[:40]}", _("没有这一项。"))


def _year(notice: Mapping[str, Any]) -> int:
    year = notice.get("year")
    if type(year) is not int or not FIRST_YEAR <= year <= LAST_YEAR:
        raise _refuse(
            "bad_year", "year", _("年份应为%(first)s至%(last)s的整数。") % {"first": FIRST_YEAR, "last": LAST_YEAR}
        )
    address = notice.get("$id")
    if address is not None and not (isinstance(address, str) and address.endswith(f"/{year}.json")):
        raise _refuse("wrong_year", "$id", _("文件地址与年份%(year)s不符。") % {"year": year})
    return year


def _papers(papers: Any) -> tuple[str, ...]:  # Any: JSON border
    if not isinstance(papers, list) or not papers:
        raise _refuse("no_paper", "papers", _("没有写明国务院办公厅通知的网址；该年度可能尚未公布。"))
    for index, paper in enumerate(papers):
        if not isinstance(paper, str) or not paper.startswith(("http://", "https://")):
            raise _refuse("no_paper", f"papers[{index}]", _("应为通知的网址。"))
    return tuple(papers)


def _days(days: Any, year: int) -> tuple[dict[date, str], dict[date, str]]:  # Any: JSON border
    if not isinstance(days, list) or not days:
        raise _refuse("empty_notice", "days", _("没有任何放假日；该年度可能尚未公布。"))
    days_off: dict[date, str] = {}
    working: dict[date, str] = {}
    for index, record in enumerate(days):
        place = f"days[{index}]"
        day, name, is_off = _day(record, place, year)
        mine, other = (days_off, working) if is_off else (working, days_off)
        if day in other:
            raise _refuse("contradictory_day", f"{place}.date", _("%(day)s既放假又上班。") % {"day": day})
        if day in mine:
            raise _refuse("duplicate_day", f"{place}.date", _("%(day)s写了两次。") % {"day": day})
        if not is_off and day.weekday() < SATURDAY:
            raise _refuse(
                "not_a_make_up_day", f"{place}.date", _("%(day)s本来就是工作日，调休上班日只能是周末。") % {"day": day}
            )
        mine[day] = name
    return days_off, working


def _day(record: Any, place: str, year: int) -> tuple[date, str, bool]:  # Any: JSON border
    if not isinstance(record, dict):
        raise _refuse("bad_day", place, _("应为一个JSON对象。"))
    _only_keys(record, DAY_KEYS, f"{place}.")
    name, text, is_off = record.get("name"), record.get("date"), record.get("isOffDay")
    if not isinstance(name, str) or not name.strip() or len(name) > 40:
        raise _refuse("bad_name", f"{place}.name", _("应为节日名称。"))
    if not isinstance(is_off, bool):
        raise _refuse("bad_flag", f"{place}.isOffDay", _("应为true或者false。"))
    day = _date(text, f"{place}.date")
    if day.year != year and (day.year, day.month) != (year - 1, 12):
        raise _refuse("day_outside_year", f"{place}.date", _("%(day)s不在%(year)s年内。") % {"day": day, "year": year})
    return day, name, is_off


def _date(text: Any, field: str) -> date:  # Any: JSON border
    try:
        day = date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise _refuse("bad_date", field, _("应为年-月-日，例如2026-10-01。")) from error
    if day.isoformat() != text:
        raise _refuse("bad_date", field, _("应为年-月-日，例如2026-10-01。"))
    return day


def _check_festivals(days_off: Mapping[date, str], year: int) -> None:
    """Every festival of 放假办法 art. 2 appears, and every day we know it to give is a day off."""
    names = "、".join(days_off.values())
    for festival in FESTIVALS:
        if festival not in names:
            raise _refuse("missing_statutory_holiday", "days", _("缺少%(name)s。") % {"name": festival})
    for day, name in statutory_plan(year).days_off.items():
        if day not in days_off:
            raise _refuse(
                "missing_statutory_holiday", "days", _("缺少法定节假日%(name)s %(day)s。") % {"name": name, "day": day}
            )


def _check_blocks(days_off: Mapping[date, str]) -> None:
    """The days off of one festival follow each other without a hole."""
    last: dict[str, date] = {}
    for day in sorted(days_off):
        name = days_off[day]
        if name in last and last[name] + ONE_DAY != day:
            raise _refuse(
                "gap_in_holiday",
                "days",
                _("%(name)s的放假日不连续：缺少%(day)s。") % {"name": name, "day": last[name] + ONE_DAY},
            )
        last[name] = day


def _check_balance(
    days_off: Mapping[date, str], working: Mapping[date, str], year: int, papers: tuple[str, ...]
) -> None:
    """Weekdays off less make-up days are the statutory days (arts 2 and 6); only a second notice may give more."""
    net = sum(day.weekday() < SATURDAY for day in days_off) - len(working)
    statutory = statutory_day_count(year)
    if net < statutory or (net > statutory and len(papers) == 1):
        raise _refuse(
            "unbalanced_notice",
            "days",
            _("工作日放假天数减去调休上班天数应为%(expected)s天，文件为%(found)s天：可能缺少或者多出某日。")
            % {"expected": statutory, "found": net},
        )
