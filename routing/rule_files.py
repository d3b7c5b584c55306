"""Reading a division of powers from its file (``data/routing/demo_division.yaml`` shows the schema)."""

import re
from collections.abc import Container
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from deadlines.strict_yaml import Record, load_strictly
from routing.categories import category_tree, key_case_tags
from routing.engine import ANY, DEFAULT_RETURNS, Division, Level, Rule, in_order
from routing.regions import is_within, prefix_of, regions

KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
MONEY = re.compile(r"\d{1,12}(\.\d{1,2})?")
MOST_RULES = 500


def parse_division(text: str) -> Division:
    """The division in a YAML text. Whether its offices exist and its rules leave gaps is asked when it is loaded.

    :raises Invalid: names the place (``rules[0].categories``) and what is wrong there.
    """
    file = Record(load_strictly(text), "")
    version, city = file.text("version"), file.text("city")
    if not VERSION.fullmatch(version):
        raise file.wrong("version", _("版本号只用字母、数字、点和连字符，最多40个字符。"))
    if city not in regions() or len(prefix_of(city)) > 4:
        raise file.wrong("city", _("应为一个市的六位行政区划代码，例如370200。"), "unknown_region")
    rows = file.records("rules")
    if not rows or len(rows) > MOST_RULES:
        raise file.wrong("rules", _("应有1至%(most)s条规则。") % {"most": MOST_RULES})
    returns = file.whole("returns_allowed") if file.has("returns_allowed") else DEFAULT_RETURNS
    if returns > 20:
        raise file.wrong("returns_allowed", _("退回次数上限不超过20次。"))
    division = Division(
        version=version, name=file.text("name"), effective_on=_day(file), city=city, returns_allowed=returns,
        note=file.text("note", ""), rules=in_order(_rule(row, city) for row in rows),
    )  # fmt: skip
    file.done()
    _check_keys(division.rules, file)
    return division


def _day(file: Record) -> date:
    day = file.day("effective_on")
    if day is None:
        raise file.wrong("effective_on", _("须写明施行日。"), "missing_key")
    return day


def _rule(row: Record, city: str) -> Rule:
    rule = Rule(
        key=row.text("key"), order=row.whole("order"), name=row.text("name"), office=row.text("office"),
        categories=_known(row, "categories", category_tree()),
        regions=_known(row, "regions", regions()),
        level=row.one_of("level", (ANY, *Level.values), ANY),
        amount_from=_amount(row, "amount_from"), amount_to=_amount(row, "amount_to"),
        any_flags=frozenset(_known(row, "any_flags", _flags())), all_flags=frozenset(_known(row, "all_flags", _flags())),
    )  # fmt: skip
    row.done()
    if not KEY.fullmatch(rule.key):
        raise row.wrong("key", _("规则编号只用小写字母、数字和下划线。"))
    if rule.amount_from is not None and rule.amount_to is not None and rule.amount_to <= rule.amount_from:
        raise row.wrong("amount_to", _("金额上限应大于下限。"), "inverted_interval")
    outside = next((each for each in rule.regions if not is_within(each, city)), None)
    if outside is not None:
        raise row.wrong("regions", _("%(code)s不在本市。") % {"code": outside}, "region_outside_city")
    return rule


def _known(row: Record, name: str, known: Container[str]) -> tuple[str, ...]:
    codes = row.texts(name)
    for code in codes:
        if code not in known:
            raise row.wrong(name, _("没有编号%(code)s。") % {"code": code[:60]}, "unknown_code")
    if row.has(name) and not codes:
        raise row.wrong(name, _("不限的条件不写这一项。"))
    return codes


def _flags() -> set[str]:
    return {tag.code for tag in key_case_tags().values() if tag.parent}


def _amount(row: Record, name: str) -> Decimal | None:
    if not row.has(name):
        return None
    text = row.text(name)
    if not MONEY.fullmatch(text):
        raise row.wrong(name, _('金额以元为单位，加引号写，例如"500000"。'))
    return Decimal(text)


def _check_keys(rules: tuple[Rule, ...], file: Record) -> None:
    seen: set[str] = set()
    for rule in rules:
        if rule.key in seen:
            raise file.wrong("rules", _("规则编号%(key)s重复。") % {"key": rule.key}, "duplicate_key")
        seen.add(rule.key)
