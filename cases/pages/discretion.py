"""裁量基准和听证标准: what the authority goes by on a day, from which sums on a party may ask for a hearing; to read only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import Office
from accounts.policies import authority_of
from cases.models import DiscretionStandard, DiscretionTier, LocalHearingThreshold
from cases.pages.answering import now, today
from cases.pages.forms.decision import range_words
from cases.queries.discretion import local_threshold, local_thresholds, standards_in_force, versions_of, with_tiers
from cases.states.decision import PenaltyKind
from cases.thresholds import Amounts, HearingRule, SummaryRule, carried, in_force
from core.forms import DayField
from core.paging import page_behind
from core.templatetags.words import money
from deadlines.rules import Status
from routing.queries import categories

PAGE, MOST_VERSIONS = 20, 500


@dataclass(frozen=True)
class Shown:
    """A standard with its tiers, what its category is called, and the days its versions began."""

    standard: DiscretionStandard
    category: str
    tiers: Sequence[tuple[DiscretionTier, str]]
    versions: Sequence[DiscretionStandard]


@dataclass(frozen=True)
class Threshold:
    """One limb: what it is about, from which sums on in yuan ('' for kinds of penalty), and where that stands."""

    what: str
    person: str
    organisation: str
    basis: str
    origin: str


class DiscretionFilter(forms.Form):
    on = DayField(label=gettext_lazy("哪一天有效"), required=False)
    q = forms.CharField(label=gettext_lazy("违法行为"), required=False, max_length=60)


@require_safe
def discretion_list(request: HttpRequest) -> HttpResponse:
    user, _at = now(request)
    office = next((authority_of(post.office) for post in user.active_posts), None)
    form = DiscretionFilter({"on": today(), **request.GET.dict()})
    context: dict[str, Any] = {
        "form": form,
        "office": office,
        "is_filtered": any(request.GET.get(name) for name in form.fields),
    }
    if form.is_valid() and office is not None:
        context |= _in_force(
            office, form.cleaned_data["on"] or today(), form.cleaned_data["q"], request.GET.get("after", "")
        )
    return render(request, "cases/discretion_list.html", context)


def _in_force(office: Office, on: date, words: str, after: str) -> dict[str, Any]:
    """:raises Invalid: ``invalid_cursor``."""
    standards = standards_in_force(office, on).filter(title__icontains=words)
    page = page_behind(with_tiers(standards), ("title", "id"), after, PAGE)
    local = local_thresholds(office)
    hearing, summary = in_force(carried().hearing, on), in_force(carried().summary, on)
    return {
        "on": on,
        "page": page,
        "rows": _shown(office, page.rows),
        "hearing": _hearing(hearing, local_threshold(local, office, on)) if hearing else [],
        "hearing_note": hearing.note if hearing else "",
        "summary": _summary(summary) if summary else [],
        "days": _days(local),
    }


def _shown(office: Office, standards: Sequence[DiscretionStandard]) -> list[Shown]:
    versions: dict[str, list[DiscretionStandard]] = {}
    for each in versions_of(office, [standard.key for standard in standards])[:MOST_VERSIONS]:
        versions.setdefault(each.key, []).append(each)
    names = {category.code: category.name for category in categories()}
    return [
        Shown(
            standard, names.get(standard.category, standard.category),
            [(tier, range_words(tier)) for tier in standard.tiers.all()], versions[standard.key],
        )
        for standard in standards
    ]  # fmt: skip


def _days(local: Iterable[LocalHearingThreshold]) -> list[date]:
    """On which days a version of the sums began, newest first."""
    began = {rule.effective_from for rule in carried().hearing} | {rule.effective_from for rule in carried().summary}
    return sorted(began | {row.starts_on for row in local}, reverse=True)


def _hearing(rule: HearingRule, local: LocalHearingThreshold | None) -> list[Threshold]:
    """The limbs in their order; where the province set sums of its own, those stand in the place of the article's."""
    found = [
        Threshold(_("、").join(_kinds(kinds)), "", "", f"{rule.basis}{limb}", _origin(rule.status))
        for limb, kinds in rule.kinds
    ]
    taken = _("没收违法所得和非法财物的价值合计")
    for what, (limb, sums) in ((_("罚款"), rule.fine), (taken, rule.confiscation)):
        amounts = sums if local is None else Amounts(local.person, local.organisation)
        origin = (
            _origin(rule.status) if local is None else _("本省规定，代替规章的数额：{basis}").format(basis=local.basis)
        )
        found.append(Threshold(what, money(amounts.person), money(amounts.organisation), f"{rule.basis}{limb}", origin))
    return found


def _summary(rule: SummaryRule) -> list[Threshold]:
    what = _("、").join(_kinds(rule.penalties))
    return [Threshold(what, money(rule.most.person), money(rule.most.organisation), rule.basis, _origin(rule.status))]


def _kinds(kinds: Iterable[str]) -> list[str]:
    return [str(kind.label) for kind in PenaltyKind if kind in set(kinds)]


def _origin(status: Status) -> str:
    return {
        Status.law: _("法定"), Status.secondary: _("转引，未读到原文"), Status.local_default: _("本系统默认"),
    }[status]  # fmt: skip
