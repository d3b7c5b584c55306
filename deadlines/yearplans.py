"""What one year's holidays are: as a notice says, or as far as the law alone tells (全国年节及纪念日放假办法 art. 2)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FIRST_YEAR, LAST_YEAR = 2015, 2045
DATA = Path(__file__).resolve().parent.parent / "data"
ONE_DAY = timedelta(days=1)
SATURDAY = 5
# As the notices name them.
FESTIVALS = {
    "元旦": gettext_lazy("元旦"),
    "春节": gettext_lazy("春节"),
    "清明节": gettext_lazy("清明节"),
    "劳动节": gettext_lazy("劳动节"),
    "端午节": gettext_lazy("端午节"),
    "中秋节": gettext_lazy("中秋节"),
    "国庆节": gettext_lazy("国庆节"),
}


@dataclass(frozen=True)
class YearPlan:
    """What one year's notice changes: days off and make-up working days, each with the festival's name.

    A notice may also name the last days of the year before (2022-12-31 is in the notice for 2023).
    """

    year: int
    days_off: Mapping[date, str]
    working_days: Mapping[date, str]
    published: bool
    papers: tuple[str, ...] = ()


def festival_name(name: str) -> str:
    """What a notice calls a day (one festival or several), in the reader's language."""
    return _("、").join(str(FESTIVALS.get(part, part)) for part in name.split("、"))


@lru_cache(maxsize=1)
def _festivals() -> Mapping[int, Mapping[str, date]]:
    table = json.loads((DATA / "calendars" / "festivals.json").read_text(encoding="utf-8"))["years"]
    return {int(year): {name: date.fromisoformat(day) for name, day in row.items()} for year, row in table.items()}


def statutory_day_count(year: int) -> int:
    """How many days the 放假办法 gives everybody in a year: 13 since its revision of 2024-11-10, 11 before."""
    return 13 if year >= 2025 else 11


def statutory_plan(year: int) -> YearPlan:
    """The year as far as the law alone tells: statutory holidays, no make-up days. Not published, so provisional.

    Years outside ``data/calendars/festivals.json`` have only the fixed dates.
    """
    longer = statutory_day_count(year) == 13
    days = [(date(year, 1, 1), "元旦"), (date(year, 5, 1), "劳动节")]
    days += [(date(year, 10, day), "国庆节") for day in (1, 2, 3)]
    if longer:
        days.append((date(year, 5, 2), "劳动节"))
    for name, day in _festivals().get(year, {}).items():
        if name == "春节":
            days += [(day + timedelta(days=shift), name) for shift in range(-1 if longer else 0, 3)]
        else:
            days.append((day, name))
    named: dict[date, str] = {}
    for day, name in sorted(days):
        named[day] = f"{named[day]}、{name}" if day in named else name
    return YearPlan(year, MappingProxyType(named), MappingProxyType({}), published=False)
