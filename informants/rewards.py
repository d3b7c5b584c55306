"""How much an informant is rewarded: arithmetic over versioned data, without a database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _

from core.errors import Invalid
from deadlines.rules import Status
from deadlines.strict_yaml import Record, load_strictly
from deadlines.yearplans import DATA
from informants.states import RewardLevel

FILE = DATA / "law" / "reward_rules.yaml"
CENT = Decimal("0.01")


@dataclass(frozen=True)
class LevelRule:
    """``percent`` of the penalty, in whole hundredths; ``least`` in yuan."""

    percent: int
    least: Decimal


@dataclass(frozen=True)
class RewardRule:
    """One version: amounts in yuan, in force from ``effective_from`` to ``effective_to`` (both included, None is open)."""

    id: str
    instrument: str
    number: str
    effective_from: date
    effective_to: date | None
    levels: dict[RewardLevel, LevelRule]
    most: Decimal
    finance_from: Decimal
    status: Status
    note: str

    def is_in_force(self, on: date) -> bool:
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)


@dataclass(frozen=True)
class RewardAmount:
    """What a level of a penalty earns, in yuan, and which of the limits decided it."""

    amount: Decimal
    rule: RewardRule
    level: RewardLevel
    is_least: bool
    is_most: bool
    needs_finance: bool

    @property
    def basis(self) -> str:
        """The computation as the record keeps it."""
        rate = self.rule.levels[self.level]
        limit = f"，不足{rate.least:,.0f}元的按{rate.least:,.0f}元" if self.is_least else ""
        limit = f"，最高{self.rule.most:,.0f}元" if self.is_most else limit
        return f"罚没款的{rate.percent}%{limit}（{self.rule.instrument}，{self.rule.number}）"


def reward_of(level: str, penalty: Decimal, rule: RewardRule) -> RewardAmount:
    """A share of the penalty (fine and confiscation, yuan), not less than the level's least, not more than the most.

    :raises Invalid: ``unknown_level``, ``amount_out_of_range``.
    """
    if level not in RewardLevel.values:
        raise Invalid(_("请选择举报奖励等级。"), code="unknown_level", field="level")
    if not penalty.is_finite() or penalty < 0 or penalty >= 10**12:
        raise Invalid(_("罚没款金额应当是不小于零的元数。"), code="amount_out_of_range", field="base_amount")
    rate = rule.levels[RewardLevel(level)]
    share = (penalty * rate.percent / 100).quantize(CENT, ROUND_HALF_UP)
    amount = min(max(share, rate.least), rule.most)
    return RewardAmount(
        amount=amount,
        rule=rule,
        level=RewardLevel(level),
        is_least=share < rate.least,
        is_most=share > rule.most,
        needs_finance=amount >= rule.finance_from,
    )


def rule_on(rules: Sequence[RewardRule], on: date) -> RewardRule:
    """:raises Invalid: ``no_reward_rule``: none is in force that day."""
    for rule in rules:
        if rule.is_in_force(on):
            return rule
    raise Invalid(
        _("%(day)s没有可用的举报奖励标准，请系统管理员核对奖励规则文件。") % {"day": on}, code="no_reward_rule"
    )


def day_between(day: date, first: date | None, last: date, field: str) -> date:
    """:raises Invalid: ``day_out_of_range``: before the first day, or after the last."""
    if first is None or not first <= day <= last:
        raise Invalid(
            _("日期应当在%(first)s至%(last)s之间。") % {"first": first, "last": last},
            code="day_out_of_range",
            field=field,
        )
    return day


def parse_rules(text: str) -> tuple[RewardRule, ...]:
    """:raises Invalid: names the place in the file and what is wrong there."""
    file = Record(load_strictly(text), "")
    sources = set(file.mapping("sources"))
    rules = tuple(_rule(row, sources) for row in file.records("versions"))
    file.done()
    return rules


@lru_cache(maxsize=1)
def carried_rules(path: Path = FILE) -> tuple[RewardRule, ...]:
    """The versions in ``data/law/reward_rules.yaml``."""
    return parse_rules(path.read_text(encoding="utf-8"))


def _rule(row: Record, sources: set[str]) -> RewardRule:
    effective_from = row.day("effective_from")
    if effective_from is None:
        raise row.wrong("effective_from", _("须写明施行日。"))
    used = row.texts("sources")
    if not used or not sources.issuperset(used):
        raise row.wrong("sources", _("应引用文件sources中列出的来源。"), "unknown_source")
    levels = dict(_level(each) for each in row.records("levels"))
    if set(levels) != set(RewardLevel):
        raise row.wrong("levels", _("三个等级各一行。"))
    rule = RewardRule(
        id=row.text("id"),
        instrument=row.text("instrument"),
        number=row.text("number", ""),
        effective_from=effective_from,
        effective_to=row.day("effective_to"),
        levels=levels,
        most=Decimal(row.whole("most")),
        finance_from=Decimal(row.whole("finance_from")),
        status=row.choice("status", Status),
        note=row.text("note", ""),
    )
    row.done()
    return rule


def _level(row: Record) -> tuple[RewardLevel, LevelRule]:
    level = RewardLevel(row.one_of("level", tuple(RewardLevel.values), ""))
    rule = LevelRule(row.whole("percent"), Decimal(row.whole("least")))
    row.done()
    return level, rule
