"""Whose matter it is, by the division of powers in effect on a day; the categories, tags and regions it speaks of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Office, OfficeKind
from accounts.policies import authority_of
from accounts.queries import OFFICE_WITH_ANCESTORS
from core.errors import Invalid
from core.transitions import in_record
from routing import regions
from routing.categories import Category, Tag, category_tree, key_case_tags
from routing.engine import (
    DEFAULT_RETURNS,
    Division,
    Level,
    Question,
    Rule,
    Space,
    decide,
)
from routing.models import RouteDecision, RuleSet
from routing.rule_files import parse_division
from routing.wording import question_line, why_not_words

BY_RULE = gettext_lazy("按《%(division)s》（%(version)s）：%(rule)s。")


@dataclass(frozen=True)
class Route:
    """Whose matter it is and by which rule; ``reason`` is a Chinese sentence for the record."""

    office: Office
    rule_key: str
    rule_set_id: int
    reason: str


@dataclass(frozen=True)
class PassedOver:
    """A rule asked before the deciding one, and why it did not hold, in words."""

    rule: Rule
    why: str


@dataclass(frozen=True)
class Explanation:
    """An answer with everything that led to it; ``route`` and ``rule`` are None when refused."""

    rule_set: RuleSet
    rule: Rule | None
    route: Route | None
    refusal: Invalid | None
    passed_over: tuple[PassedOver, ...]


@dataclass(frozen=True)
class Move:
    """Where a matter that is with one office would go under other rules. ``office`` is None when nobody would take it."""

    label: str
    question: Question
    office_before: str
    office: Office | None
    rule_key: str
    refusal: str


# ---- categories, tags, regions ----------------------------------------------


def categories() -> list[Category]:
    """The tree, each parent before its children."""
    return list(category_tree().values())


def category_named(code: str) -> Category:
    """:raises Invalid: ``unknown_category``."""
    category = category_tree().get(code)
    if category is None:
        raise Invalid(
            _("没有编号为“%(code)s”的类别，请从类别表中选择。") % {"code": code[:60]},
            code="unknown_category", field="category",
        )  # fmt: skip
    return category


def tags() -> list[Tag]:
    """The groups of key-case tags, each before its tags (a group has no ``parent``)."""
    return list(key_case_tags().values())


def tag_named(code: str) -> Tag:
    """:raises Invalid: ``unknown_flag``."""
    tag = key_case_tags().get(code)
    if tag is None or not tag.parent:
        raise Invalid(_("没有编号为“%(code)s”的标签。") % {"code": code[:60]}, code="unknown_flag", field="flags")
    return tag


def region_named(code: str, *, field: str = "region") -> regions.Region:
    """:raises Invalid: ``unknown_region``."""
    region = regions.regions().get(code)
    if region is None:
        raise Invalid(
            _("没有“%(code)s”这个行政区划代码，应为六位数字，例如370202。") % {"code": code[:60]},
            code="unknown_region",
            field=field,
        )
    return region


def region_name(code: str) -> str:
    """山东省青岛市市南区; the code itself when nobody knows it."""
    return regions.full_name(code)


def city_of(code: str) -> str:
    """The city or municipality a region lies in, by code: 370202 → 370200, 110101 → 110000; '' when there is none."""
    region = regions.regions().get(code)
    while region is not None and (region.is_county or (region.parent and region.name in regions.NAMELESS[:2])):
        region = regions.regions().get(region.parent)
    return region.code if region is not None else ""


def level_of(office: Office) -> Level:
    """The level of a matter this office received: that of the authority in whose name the office acts."""
    return Level.CITY if authority_of(office).kind == OfficeKind.CITY else Level.DISTRICT


# ---- the division in effect -------------------------------------------------


def rule_sets() -> QuerySet[RuleSet]:
    """What was loaded, by day of effect, newest first."""
    return RuleSet.objects.defer("text").order_by("-effective_on", "-id")


def current_set(on: date) -> RuleSet:
    """:raises Invalid: ``division_not_loaded``."""
    newest = rule_sets().filter(effective_on__lte=on).first()
    if newest is None:
        raise Invalid(
            _("%(day)s没有施行的权力划分。请系统管理员运行 manage.py load_routing 加载。") % {"day": on.isoformat()},
            code="division_not_loaded",
        )
    return newest


def division_of(rule_set: RuleSet) -> Division:
    return _division_of(rule_set.pk, rule_set.sha256)


# Keyed by content as well as number: a load that is rolled back leaves its number to the next one.
@lru_cache(maxsize=8)
def _division_of(pk: int, sha256: str) -> Division:
    return parse_division(RuleSet.objects.get(pk=pk).text)


def space_of(division: Division) -> Space:
    """Every category, and the city's districts besides the city itself for matters whose district is unknown."""
    inside = (each.code for each in regions.counties_of(division.city))
    return Space(tuple(category_tree()), (division.city, *inside))


def returns_allowed(on: date) -> int:
    """How often a lead may be returned under the division in effect, or by our default; a local value and not law."""
    in_effect = rule_sets().filter(effective_on__lte=on).first()
    return DEFAULT_RETURNS if in_effect is None else division_of(in_effect).returns_allowed


# ---- whose matter -----------------------------------------------------------


class Offices:
    """All offices, read once, to be asked for the target of any number of rules."""

    def __init__(self) -> None:
        self._by_code: dict[str, Office] = {}
        self._districts: dict[str, list[Office]] = {}
        for office in Office.objects.select_related(*OFFICE_WITH_ANCESTORS):
            self._by_code[office.code] = office
            if office.kind == OfficeKind.DISTRICT:
                self._districts.setdefault(office.region_code, []).append(office)

    def target_of(self, rule: Rule, region: str) -> Office:
        """:raises Invalid: ``unknown_office``, ``no_district_office``, ``several_district_offices``, ``office_closed``."""
        office = self._district_of(rule, region) if rule.is_template else self._by_code.get(rule.office)
        if office is None:
            raise Invalid(
                _("规则%(key)s写的机构%(office)s不存在。") % {"key": rule.key, "office": rule.office[:60]},
                code="unknown_office", field="office",
            )  # fmt: skip
        if not office.is_open:
            raise Invalid(
                _("规则%(key)s指向的%(office)s已停用。请加载新的权力划分，或者人工指定承办机构并写明理由。")
                % {"key": rule.key, "office": office.name},
                code="office_closed",
                field="office",
            )
        return office

    def _district_of(self, rule: Rule, region: str) -> Office:
        """The open bureau of a district; of closed ones any, so that it can be named."""
        found = self._districts.get(region, [])
        working = [office for office in found if office.is_open] or found[:1]
        if len(working) == 1:
            return working[0]
        place = {"key": rule.key, "region": region_name(region)}
        if working:
            raise Invalid(
                _("规则%(key)s指向所在区市局，但是%(region)s有不止一个区市局。") % place,
                code="several_district_offices", field="office",
            )  # fmt: skip
        raise Invalid(
            _("规则%(key)s指向所在区市局，但是%(region)s没有区市局。") % place,
            code="no_district_office", field="office",
        )  # fmt: skip


class Router:
    """The division of a day with all offices, read once: two queries for any number of questions."""

    def __init__(self, on: date) -> None:
        """:raises Invalid: ``division_not_loaded``."""
        self.rule_set = current_set(on)
        self.division = division_of(self.rule_set)
        self.places = space_of(self.division).regions
        self._offices = Offices()

    def route(self, question: Question) -> Route:
        """:raises Invalid: as :func:`route`."""
        rule = self._rule_for(question)
        office = self._offices.target_of(rule, question.region)
        words = {"division": self.division.name, "version": self.division.version, "rule": rule.name}
        return Route(office, rule.key, self.rule_set.pk, in_record(BY_RULE) % words)

    def explain(self, question: Question) -> Explanation:
        """The same answer with the rules that were asked before. A question that cannot be asked is refused.

        :raises Invalid: as :func:`check_question`.
        """
        check_question(question)
        rule, route, refusal = decide(self.division.rules, question), None, None
        try:
            route = self.route(question)
        except Invalid as error:
            refusal = error
        passed = []
        for each in self.division.rules:
            condition = each.why_not(question)
            if condition is None:
                break
            passed.append(PassedOver(each, why_not_words(each, question, condition)))
        return Explanation(self.rule_set, rule, route, refusal, tuple(passed))

    def _rule_for(self, question: Question) -> Rule:
        check_question(question)
        if question.region not in self.places:
            raise Invalid(
                _("%(region)s不在《%(division)s》的范围内，应当移送有管辖权的机关。")
                % {"region": region_name(question.region), "division": self.division.name},
                code="no_route", field="office",
            )  # fmt: skip
        rule = decide(self.division.rules, question)
        if rule is None:
            raise Invalid(
                _("《%(division)s》没有规定这种情形由谁承办（%(question)s）。请人工指定承办机构并写明理由。")
                % {"division": self.division.name, "question": question_line(question)},
                code="no_route",
                field="office",
            )
        return rule


def route(question: Question, *, on: date) -> Route:
    """Whose matter it is by the division in effect on a day.

    :raises Invalid: ``no_route`` naming the combination nobody takes, ``office_closed`` naming rule and office,
        ``no_district_office``, ``several_district_offices``, ``division_not_loaded``, or as :func:`check_question`.
    """
    return Router(on).route(question)


def check_question(question: Question) -> None:
    """:raises Invalid: ``unknown_category``, ``unknown_region``, ``unknown_level``, ``unknown_flag``, ``negative_amount``."""
    category_named(question.category)
    region_named(question.region)
    for flag in sorted(question.flags):
        tag_named(flag)
    if question.level not in Level.values:
        raise Invalid(_("层级只能是市级或者区县级。"), code="unknown_level", field="level")
    if question.amount is not None and question.amount < 0:
        raise Invalid(_("金额不能小于零。"), code="negative_amount", field="amount")


def dry_run(text: str, matters: Iterable[tuple[str, Question, str]]) -> list[Move]:
    """Which matters another division would send elsewhere.

    :param matters: label, question and the code of the office the matter is with.
    :raises Invalid: the text is not a division.
    """
    division, offices = parse_division(text), Offices()
    places, moves = frozenset(space_of(division).regions), []
    for label, question, office_code in matters:
        rule, office, refusal = decide(division.rules, question), None, ""
        if question.region not in places:
            rule = None  # as Router: not a matter of this city
        if rule is not None:
            try:
                office = offices.target_of(rule, question.region)
            except Invalid as error:
                refusal = error.detail
        if office is None or office.code != office_code:
            moves.append(Move(label, question, office_code, office, rule.key if rule else "", refusal))
    return moves


# ---- decisions kept ---------------------------------------------------------


def decisions_of(subject_kind: str, subject_id: int) -> QuerySet[RouteDecision]:
    """How a matter came to its offices, newest first, for callers that fetched the matter through its gate."""
    rows = RouteDecision.objects.filter(subject_kind=subject_kind, subject_id=subject_id)
    return rows.select_related("rule_set", "office").defer("rule_set__text").order_by("-id")


def questions_kept(subject_kind: str, subject_ids: Iterable[int]) -> dict[int, Question]:
    """What the division was asked when each of many matters came in; those no decision was kept of are left out."""
    rows = RouteDecision.objects.filter(subject_kind=subject_kind, subject_id__in=list(subject_ids)).order_by("-id")
    return {subject_id: _as_asked(kept) for subject_id, kept in rows.values_list("subject_id", "question")}


def _as_asked(kept: dict[str, Any]) -> Question:
    amount = kept["amount"]
    return Question(
        kept["category"], kept["region"], kept["level"], None if amount is None else Decimal(amount),
        frozenset(kept["flags"]),
    )  # fmt: skip
