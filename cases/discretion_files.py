"""Reading the standards of discretion of an authority from their file (``data/discretion/example.yaml`` shows the schema)."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from cases.states.decision import TierKind
from cases.thresholds import Amounts, amounts_of
from deadlines.strict_yaml import Record, load_strictly

KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
LIMITS = {"title": 200, "category": 40, "basis": 300, "base": 60}
MOST = Decimal(10) ** 12


@dataclass(frozen=True)
class TierEntry:
    """One tier; ``least`` and ``most`` in yuan, or multiples of the base."""

    kind: TierKind
    factors: str
    is_multiple: bool
    least: Decimal | None
    most: Decimal | None


@dataclass(frozen=True)
class StandardEntry:
    """One version of a standard; ``office`` is the code of the authority it is for, '' for everybody."""

    key: str
    title: str
    category: str
    basis: str
    base: str
    office: str
    starts_on: date
    ends_on: date | None
    is_default: bool
    tiers: tuple[TierEntry, ...]

    @property
    def eve(self) -> date:
        """The last day of the version before this one."""
        return self.starts_on - timedelta(days=1)


@dataclass(frozen=True)
class ThresholdEntry:
    """The sums of a province for one authority."""

    office: str
    amounts: Amounts
    basis: str
    starts_on: date


@dataclass(frozen=True)
class DiscretionFile:
    standards: tuple[StandardEntry, ...]
    thresholds: tuple[ThresholdEntry, ...]


def parse_discretion(text: str) -> DiscretionFile:
    """What a file lays down, oldest version first.

    :raises Invalid: names the place (``standards[0].title``) and what is wrong there.
    """
    file = Record(load_strictly(text), "")
    standards = sorted((_standard(row) for row in file.records("standards")), key=lambda each: each.starts_on)
    thresholds = [_threshold(row) for row in file.records("hearing_thresholds")]
    file.done()
    return DiscretionFile(tuple(standards), tuple(thresholds))


def _standard(row: Record) -> StandardEntry:
    entry = StandardEntry(
        key=row.text("key"), title=row.text("title"), category=row.text("category", ""), basis=row.text("basis"),
        base=row.text("base", ""), office=row.text("office", ""), starts_on=_start(row), ends_on=row.day("effective_to"),
        is_default=row.flag("is_default"), tiers=tuple(_tier(each) for each in row.records("tiers")),
    )  # fmt: skip
    row.done()
    if not KEY.fullmatch(entry.key):
        raise row.wrong("key", _("编号只用小写字母、数字和下划线。"))
    for name, most in LIMITS.items():
        if len(getattr(entry, name)) > most:
            raise row.wrong(name, _("最多%(most)s个字。") % {"most": most}, "too_long")
    if entry.ends_on is not None and entry.ends_on < entry.starts_on:
        raise row.wrong("effective_to", _("失效日早于施行日。"), "inverted_interval")
    if not entry.tiers:
        raise row.wrong("tiers", _("至少写一个档次。"))
    if not entry.base and any(tier.is_multiple for tier in entry.tiers):
        raise row.wrong("base", _("按倍数的档次须写明基数。"))
    return entry


def _tier(row: Record) -> TierEntry:
    entry = TierEntry(
        kind=row.choice("kind", TierKind), factors=row.text("factors"), is_multiple=row.flag("is_multiple"),
        least=_amount(row, "least"), most=_amount(row, "most"),
    )  # fmt: skip
    row.done()
    if entry.least is not None and entry.most is not None and entry.most < entry.least:
        raise row.wrong("most", _("上限低于下限。"))
    return entry


def _amount(row: Record, name: str) -> Decimal | None:
    """Written as a text, so that no float comes between; absent is open."""
    if not row.has(name):
        return None
    try:
        amount = Decimal(row.text(name))
    except InvalidOperation:
        raise row.wrong(name, _('金额请写成文字，例如"5000"。')) from None
    if not amount.is_finite() or not 0 <= amount < MOST or amount != round(amount, 2):
        raise row.wrong(name, _("应为不小于零、最多两位小数的数字。"))
    return amount


def _threshold(row: Record) -> ThresholdEntry:
    entry = ThresholdEntry(row.text("office"), amounts_of(row), row.text("basis"), _start(row))
    row.done()
    if not entry.amounts.person or not entry.amounts.organisation:
        raise row.wrong("person", _("数额应大于零。"))
    if len(entry.basis) > LIMITS["basis"]:
        raise row.wrong("basis", _("最多%(most)s个字。") % {"most": LIMITS["basis"]}, "too_long")
    return entry


def _start(row: Record) -> date:
    starts_on = row.day("effective_from")
    if starts_on is None:
        raise row.wrong("effective_from", _("须写明施行日。"), "missing_key")
    return starts_on
