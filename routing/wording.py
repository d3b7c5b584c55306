"""Rules, questions and uncovered combinations in words, for the screen and for the record."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from routing.categories import category_tree, key_case_tags
from routing.engine import ANY, UNKNOWN_AMOUNT, Band, Cell, Condition, Level, Question, Rule
from routing.regions import regions

MOST_NAMED = 6


def category_words(codes: Iterable[str], most: int = MOST_NAMED) -> str:
    """A whole subtree by its root: 食品、药品零售; all of them as such; a list longer than ``most`` is cut and counted."""
    tree, wanted = category_tree(), set(codes)
    if wanted >= tree.keys():
        return _("全部类别")
    whole = {
        code
        for code in wanted
        if not tree[code].parent and all(child in wanted for child, each in tree.items() if each.parent == code)
    }
    names = [_category_name(code, whole) for code in tree if code in wanted and tree[code].parent not in whole]
    return _several(names, most)


def _category_name(code: str, whole: set[str]) -> str:
    category = category_tree()[code]
    if category.parent or code in whole:
        return category.name
    return _("%(category)s（未细分）") % {"category": category.name}


def region_words(codes: Sequence[str], most: int = MOST_NAMED) -> str:
    return _several([region_word(code) for code in codes], most)


def region_word(code: str) -> str:
    """市南区; of a whole city its name and that the district is unknown."""
    name = regions()[code].name if code in regions() else code
    return _("%(city)s（区县不明）") % {"city": name} if code.endswith("00") else name


def level_words(levels: Iterable[str]) -> str:
    return _("、").join(str(Level(level).label) for level in levels)


def bands_words(bands: Sequence[Band]) -> str:
    """Several bands, neighbours as one: 金额不明或者不满1,000,000元."""
    known: list[Band] = []
    for band in sorted((each for each in bands if each != UNKNOWN_AMOUNT), key=lambda each: each.low or 0):
        if known and known[-1].high == band.low:
            known[-1] = Band(known[-1].low, band.high)
        else:
            known.append(band)
    if UNKNOWN_AMOUNT not in bands:
        return _("或者").join(band_words(band) for band in known)
    if known == [Band(Decimal(0), None)]:
        return _("不限")
    return _("或者").join(band_words(band) for band in (UNKNOWN_AMOUNT, *known))


def band_words(band: Band) -> str:
    if band.low is None and band.high is None:
        return _("金额不明")
    if band.high is None:
        return _("%(low)s元以上") % {"low": _yuan(band.low)} if band.low else _("金额已知")
    if not band.low:
        return _("不满%(high)s元") % {"high": _yuan(band.high)}
    return _("%(low)s元以上、不满%(high)s元") % {"low": _yuan(band.low), "high": _yuan(band.high)}


def _yuan(amount: Decimal | None) -> str:
    """500,000; no places where there are none."""
    whole = amount or Decimal(0)
    return f"{whole:,.2f}".removesuffix(".00")


def flag_words(flags: Iterable[str]) -> str:
    """The tags by name in the order of the file, a whole group by its own."""
    tags, wanted = key_case_tags(), set(flags)
    whole = {
        group
        for group, each in tags.items()
        if not each.parent and all(code in wanted for code, tag in tags.items() if tag.parent == group)
    }
    named = [code for code, tag in tags.items() if code in whole or (code in wanted and tag.parent not in whole)]
    return _several([tags[code].name for code in named]) if named else _("无标签")


def _several(names: Sequence[str], most: int = MOST_NAMED) -> str:
    named = _("、").join(names[:most])
    if len(names) <= most:
        return named
    return ngettext("%(named)s等%(n)s项", "%(named)s等%(n)s项", len(names)) % {"named": named, "n": len(names)}


def cell_words(cell: Cell, most: int = MOST_NAMED) -> dict[Condition, str]:
    """Each side of an uncovered combination, in words."""
    return {
        Condition.category: category_words(cell.categories, most),
        Condition.region: region_words(cell.regions, most),
        Condition.level: level_words(cell.levels),
        Condition.amount: bands_words(cell.bands),
        Condition.flags: _("或者").join(flag_words(flags) for flags in cell.flag_sets),
    }


def cell_line(cell: Cell) -> str:
    return _("；").join(cell_words(cell).values())


def question_line(question: Question) -> str:
    """食品销售；市南区；市级；金额不明；无标签."""
    return _("；").join(_asked(question).values())


def _asked(question: Question) -> dict[Condition, str]:
    amount = question.amount
    return {
        Condition.category: category_words([question.category]).replace(_("（未细分）"), ""),
        Condition.region: region_word(question.region),
        Condition.level: level_words([question.level]),
        Condition.amount: _("金额不明") if amount is None else _("%(amount)s元") % {"amount": _yuan(amount)},
        Condition.flags: flag_words(question.flags),
    }


def rule_conditions(rule: Rule) -> dict[Condition, str]:
    """What the rule asks; conditions that hold for everything are left out."""
    asked = {}
    if rule.categories:
        asked[Condition.category] = _("、").join(category_tree()[code].name for code in rule.categories)
    if rule.regions:
        asked[Condition.region] = _("、").join(regions()[code].name for code in rule.regions)
    if rule.level != ANY:
        asked[Condition.level] = str(Level(rule.level).label)
    if rule.amount_from is not None or rule.amount_to is not None:
        asked[Condition.amount] = band_words(Band(rule.amount_from or Decimal(0), rule.amount_to))
    flags = []
    if rule.any_flags:
        flags.append(_("有其一：%(flags)s") % {"flags": flag_words(rule.any_flags)})
    if rule.all_flags:
        flags.append(_("都有：%(flags)s") % {"flags": flag_words(rule.all_flags)})
    if flags:
        asked[Condition.flags] = _("；").join(flags)
    if rule.is_template:
        asked[Condition.district] = _("须知道所在区县")
    return asked


def condition_label(condition: Condition) -> str:
    return {
        Condition.category: _("类别"),
        Condition.region: _("地区"),
        Condition.level: _("层级"),
        Condition.amount: _("金额"),
        Condition.flags: _("标签"),
        Condition.district: pgettext("of a matter", "区县"),
    }[condition]


def why_not_words(rule: Rule, question: Question, condition: Condition) -> str:
    """Why a rule does not hold: 类别不符：规则要求商标，本件为食品销售."""
    if condition is Condition.district:
        return _("由所在区市局承办，但是本件不知道所在区县")
    return _("%(condition)s不符：规则要求%(wanted)s，本件为%(given)s") % {
        "condition": condition_label(condition),
        "wanted": rule_conditions(rule)[condition],
        "given": _asked(question)[condition],
    }
