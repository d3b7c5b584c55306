"""Where a lead comes from, whose matter it is and why, who told: the parts of its page."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from clues.channels import DAY, FACTS, MONEY
from clues.models import Lead
from clues.queries import leads_for
from core.pages import Fact
from core.templatetags.words import day, money
from informants.queries import informants_for
from routing.queries import category_named, decisions_of, division_of, region_name, tag_named

MOST_LINKED = 100


def source_facts(lead: Lead) -> list[Fact]:
    """What its channel asked for, by the labels of the form."""
    return [
        Fact(str(fact.label), _shown(text, fact.kind), is_long=fact.max_length > 200)
        for fact in FACTS[lead.channel]
        if (text := lead.channel_facts.get(fact.name, ""))
    ]


def _shown(text: str, kind: str) -> str:
    if kind == DAY:
        return day(date.fromisoformat(text))
    return money(Decimal(text)) if kind == MONEY else text


def place_facts(lead: Lead) -> list[Fact]:
    """What the division of powers is asked: kind of matter, place, amount, tags."""
    flags = _("、").join(tag_named(flag).name for flag in lead.flags)
    return [
        Fact(_("事项类别"), _category(lead.category) if lead.category else ""),
        Fact(_("行为发生地"), f"{region_name(lead.region_code)} {lead.region_code}"),
        *([Fact(_("涉及金额"), money(lead.amount))] if lead.amount is not None else []),
        *([Fact(_("重点案件标签"), flags)] if flags else []),
    ]


def _category(code: str) -> str:
    """食品安全 › 食品销售."""
    category = category_named(code)
    return f"{category_named(category.parent).name} › {category.name}" if category.parent else category.name


def placed_on(lead: Lead) -> list[Fact]:
    """How the lead came to its office when it was registered: the rule, or who decided otherwise and why."""
    found = decisions_of("lead", lead.pk).first()
    if found is None:
        return []
    rule = ""
    if found.rule_set:
        name = next((each.name for each in division_of(found.rule_set).rules if each.key == found.rule_key), "")
        rule = f"{found.rule_set.name} {found.rule_set.version}：{name}"
    return [
        Fact(_("登记时确定"), found.office.name, note=_("人工确定") if found.is_override else ""),
        Fact(_("权力划分规则"), rule or _("没有适用的规则"), url=reverse("division_page") if rule else ""),
        Fact(_("理由"), found.reason, is_long=True),
        Fact(_("确定人和时间"), f"{found.actor_label} {timezone.localtime(found.at):%Y-%m-%d %H:%M}"),
    ]


def told_on(user: User, lead: Lead) -> dict[str, Any]:
    """Who told, by code and never more; nothing for channels nobody tells by."""
    told = informants_for(user).filter(subject_kind="lead", subject_id=lead.pk).first()
    return {"informant": told, "is_nameless": told is None and lead.is_anonymous}


def linked_on(user: User, lead: Lead) -> list[tuple[str, Lead]]:
    """The lead this one came from and those that came from it, as far as the user sees them, each with how."""
    linked = leads_for(user).filter(Q(origin=lead) | Q(pk=lead.origin_id))[:MOST_LINKED]
    return [(_("由它登记了本线索") if each.pk == lead.origin_id else _("由本线索登记"), each) for each in linked]
