"""The statutory periods as data: families of dated versions, chosen by the day of the trigger."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.errors import Invalid
from deadlines.arithmetic import Roll, Unit
from deadlines.strict_yaml import Record, load_strictly
from deadlines.workdays import WorkCalendar, parse_notice
from deadlines.yearplans import DATA


class Status(StrEnum):
    """How far the rule is confirmed: the article read, seen only at second hand, or no national rule at all."""

    law = "law"
    secondary = "secondary"
    local_default = "local_default"


@dataclass(frozen=True, slots=True)
class Warning_:  # noqa: N801  # Warning is Python's own
    """A reminder so long before the due day; ours, not the statute's."""

    amount: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class ExtensionStep:
    """One extension the law allows, in order. ``amount`` None: the law sets no length, the approver does."""

    reason: str
    amount: int | None
    unit: Unit | None
    approver: str
    note: str


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """One period as one version of one instrument sets it.

    ``key`` is the family, ``id`` the version. ``effective_to`` is the last day in force; None at either end is open.
    ``duration_kind`` is ``fixed``, ``open_ended`` (no length) or ``immediately`` (amount 0). Optional texts are ''.
    """

    id: str
    key: str
    name_zh: str
    name_en: str
    trigger: str
    amount: int
    unit: Unit
    article: str
    instrument: str
    instrument_version: str
    effective_from: date | None
    effective_to: date | None
    status: Status
    source: str
    direction: str = "after"
    roll: Roll = Roll.none
    duration_kind: str = "fixed"
    recurring: bool = False
    counting: str = ""
    extensions: tuple[ExtensionStep, ...] = ()
    excluded_grounds: tuple[str, ...] = ()
    warnings: tuple[Warning_, ...] = ()
    actor: str = ""
    approver: str = ""
    on_overdue: str = ""
    legal_effect: str = ""
    gate: str = ""
    effect: str = ""
    applicability: str = ""
    confidentiality: str = ""
    copy_to: str = ""
    attachments: tuple[str, ...] = ()
    note: str = ""

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh

    def is_in_force(self, day: date) -> bool:
        """Whether a trigger on this day falls under this version."""
        begun = self.effective_from is None or self.effective_from <= day
        return begun and (self.effective_to is None or day <= self.effective_to)

    def extension_amounts(self, count: int, given: Sequence[int] = ()) -> tuple[int, ...]:
        """What the first ``count`` extensions add, in the rule's unit; ``given`` fills the steps the law leaves open.

        :raises Invalid: ``negative_amount``, ``too_many_extensions``, ``extension_amount_required``,
            ``extension_amount_unused``.
        """
        if count < 0:
            raise Invalid(_("延长次数不得为负数。"), code="negative_amount", field="extensions")
        if count > len(self.extensions):
            raise Invalid(
                _("“%(rule)s”（%(id)s）依法最多延长%(allowed)s次，不能延长%(count)s次。")
                % {"rule": self.name, "id": self.id, "allowed": len(self.extensions), "count": count},
                code="too_many_extensions",
                field="extensions",
            )
        left = list(given)
        amounts: list[int] = []
        for step in self.extensions[:count]:
            if step.amount is not None:
                amounts.append(step.amount)
            elif left:
                amounts.append(_positive(left.pop(0)))
            else:
                raise Invalid(
                    _("“%(rule)s”因“%(reason)s”延长的，法律未定长短，须写明批准的期限。")
                    % {"rule": self.name, "reason": step.reason},
                    code="extension_amount_required",
                    field="extend_by",
                )
        if left:
            raise Invalid(
                _("“%(rule)s”的延长期限由法律规定，不能另行指定。") % {"rule": self.name},
                code="extension_amount_unused",
                field="extend_by",
            )
        return tuple(amounts)


def _positive(amount: int) -> int:
    if amount < 1:
        raise Invalid(_("延长的期限须大于零。"), code="negative_amount", field="extend_by")
    return amount


class RuleBook:
    """All versions of all rules, immutable.

    :raises Invalid: ``duplicate_rule``, ``overlapping_versions``: two versions of a family in force on one day.
    """

    __slots__ = ("_by_id", "_families")

    def __init__(self, versions: Iterable[RuleVersion]) -> None:
        families: dict[str, list[RuleVersion]] = {}
        by_id: dict[str, RuleVersion] = {}
        for version in versions:
            if version.id in by_id:
                raise Invalid(_("规则编号%(id)s重复。") % {"id": version.id}, code="duplicate_rule", field=version.id)
            by_id[version.id] = version
            families.setdefault(version.key, []).append(version)
        for version in by_id.values():
            if version.id in families and version.id != version.key:
                raise Invalid(
                    _("规则编号%(id)s与另一组规则同名。") % {"id": version.id}, code="duplicate_rule", field=version.id
                )
        self._by_id = MappingProxyType(by_id)
        self._families = MappingProxyType({key: _in_order(rows) for key, rows in families.items()})

    def versions(self) -> tuple[RuleVersion, ...]:
        """Every version, in the order of the file."""
        return tuple(self._by_id.values())

    def families(self) -> Mapping[str, tuple[RuleVersion, ...]]:
        """The versions of each family by their dates."""
        return self._families

    def version(self, version_id: str) -> RuleVersion:
        """The version a clock was started under.

        :raises Invalid: ``unknown_rule``.
        """
        if version_id not in self._by_id:
            raise _unknown(version_id)
        return self._by_id[version_id]

    def version_on(self, key_or_id: str, trigger: date) -> RuleVersion:
        """The version for a trigger on this day: of the family of this key, or the one version of this id.

        :raises Invalid: ``unknown_rule``; ``no_rule_version`` when none was in force that day.
        """
        choice = self._families.get(key_or_id) or (self.version(key_or_id),)
        for version in choice:
            if version.is_in_force(trigger):
                return version
        spans = _("；").join(
            _("%(id)s：%(first)s 至 %(last)s")
            % {"id": each.id, "first": each.effective_from or "—", "last": each.effective_to or _("今")}
            for each in choice
        )
        raise Invalid(
            _("规则“%(rule)s”在%(day)s没有施行的版本（%(spans)s）。")
            % {"rule": key_or_id, "day": trigger, "spans": spans},
            code="no_rule_version",
            field="start",
        )


def _unknown(rule: str) -> Invalid:
    return Invalid(_("没有编号为“%(rule)s”的期限规则。") % {"rule": rule[:60]}, code="unknown_rule", field="rule")


def _in_order(rows: list[RuleVersion]) -> tuple[RuleVersion, ...]:
    rows = sorted(rows, key=lambda row: row.effective_from or date.min)
    for earlier, later in pairwise(rows):
        if earlier.effective_to is None or (later.effective_from or date.min) <= earlier.effective_to:
            raise Invalid(
                _("规则%(first)s与%(second)s的施行日期重叠。") % {"first": earlier.id, "second": later.id},
                code="overlapping_versions",
                field=f"{later.id}.effective_from",
            )
    return tuple(rows)


def parse_rules(text: str) -> RuleBook:
    """The rule book in a YAML text (``data/law/deadline_rules.yaml`` shows the schema).

    :raises Invalid: names the place (``lead_verification[0].amount``) and what is wrong there.
    """
    file = Record(load_strictly(text), "")
    file.day("as_of")
    file.text("as_of_note", "")
    sources = {str(name) for name in file.mapping("sources")}
    versions: list[RuleVersion] = []
    for key, rows in file.mapping("rules").items():
        if not re.fullmatch(_NAME, key):
            raise file.wrong(f"rules.{key[:60]}", _("规则编号只用小写字母、数字和下划线。"))
        family = Record({key: rows}, "").records(key)
        if not family:
            raise file.wrong(f"rules.{key}", _("至少要有一个版本。"))
        versions += [_version(key, row, sources) for row in family]
    file.done()
    return RuleBook(versions)


def _version(key: str, row: Record, sources: set[str]) -> RuleVersion:
    basis = row.record("basis")
    if not re.fullmatch(_NAME, row.text("id")):
        raise row.wrong("id", _("规则编号只用小写字母、数字和下划线。"))
    unit = row.choice("unit", Unit)
    status = row.choice("status", Status)
    used = row.texts("sources")
    if not used or not sources.issuperset(used):
        raise row.wrong("sources", _("应引用文件sources中列出的来源。"), "unknown_source")
    version = RuleVersion(
        id=row.text("id"),
        key=key,
        name_zh=row.text("name_zh"),
        name_en=row.text("name_en"),
        trigger=row.text("trigger"),
        amount=row.whole("amount"),
        unit=unit,
        direction=row.one_of("direction", ("after", "before"), "after"),
        roll=row.choice("roll", Roll, Roll.none),
        duration_kind=row.one_of("duration_kind", ("fixed", "open_ended", "immediately"), "fixed"),
        recurring=row.flag("recurring"),
        counting=row.one_of("counting", ("", "clear_days"), ""),
        extensions=tuple(_extension(step, unit) for step in row.records("extensions")),
        excluded_grounds=row.texts("excluded_grounds"),
        warnings=tuple(_warning(each) for each in row.records("warnings")),
        article=basis.text("article", "" if status is Status.secondary else None),
        instrument=basis.text("instrument"),
        instrument_version=basis.text("version", "" if status is Status.local_default else None),
        effective_from=row.day("effective_from"),
        effective_to=row.day("effective_to"),
        status=status,
        source=",".join(used),
        attachments=row.texts("attachments"),
        **{name: row.text(name, "") for name in _OPTIONAL_TEXTS},
    )
    basis.done()
    row.done()
    _check_sense(version, row)
    return version


_NAME = r"[a-z][a-z0-9_]{0,59}"
_OPTIONAL_TEXTS = (
    "actor",
    "approver",
    "on_overdue",
    "legal_effect",
    "gate",
    "effect",
    "applicability",
    "confidentiality",
    "copy_to",
    "note",
)


def _extension(step: Record, unit: Unit) -> ExtensionStep:
    """A step adds to the count, so it must be in the rule's own unit."""
    read = ExtensionStep(
        reason=step.text("reason"),
        amount=step.whole("amount") if step.has("amount") else None,
        unit=step.choice("unit", Unit) if step.has("unit") else None,
        approver=step.text("approver", ""),
        note=step.text("note", ""),
    )
    step.done()
    if read.unit is not None and read.unit is not unit:
        raise step.wrong("unit", _("延长期限的单位应与规则相同。"))
    if read.amount is not None and (read.amount == 0 or read.unit is None):
        raise step.wrong("amount", _("延长期限应大于零并写明单位。"))
    return read


def _warning(row: Record) -> Warning_:
    warning = Warning_(amount=row.whole("amount"), unit=row.choice("unit", Unit))
    row.done()
    return warning


def _check_sense(version: RuleVersion, row: Record) -> None:
    if (version.duration_kind == "fixed") is (version.amount == 0):
        raise row.wrong("amount", _("固定期限应大于零；立即办理和不定期的应为零。"))
    if version.unit is Unit.hour and (version.roll is not Roll.none or version.direction == "before"):
        raise row.wrong("roll", _("以小时计算的期限不顺延、不倒推。"))
    if version.direction == "before" and (version.roll is not Roll.none or version.extensions):
        raise row.wrong("direction", _("倒推的期限不顺延、不延长。"))
    first, last = version.effective_from, version.effective_to
    if first and last and last < first:
        raise row.wrong("effective_to", _("失效日早于施行日。"), "inverted_interval")
    if first is None and version.status is not Status.local_default:
        raise row.wrong("effective_from", _("法定期限须写明施行日。"), "missing_key")


@lru_cache(maxsize=1)
def load_files(base: Path = DATA) -> tuple[WorkCalendar, RuleBook]:
    """The calendar and the rules from the carried files alone, for use before any database exists."""
    plans = [parse_notice(path.read_bytes()) for path in sorted((base / "calendars").glob("[0-9]*.json"))]
    return WorkCalendar(plans), parse_rules((base / "law" / "deadline_rules.yaml").read_text(encoding="utf-8"))
