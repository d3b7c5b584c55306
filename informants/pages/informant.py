"""The page of one informant: a code, the matter, who asked and who read. Nothing here opens a seal."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.policies import may_act_for
from accounts.queries import who_may
from core.pages import Crumb, Fact, NextStep
from core.paging import capped
from core.templatetags.words import moment
from core.transitions import Transition
from informants import states
from informants.models import Informant
from informants.pages.answering import crumbs, now_of
from informants.pages.openings import time_left
from informants.queries import informant_for, openings_for, rewards_for, same_person_count
from informants.sealing import FIELDS
from informants.states import LIVE_REWARDS, Wanted

LOOK_BACK = timedelta(days=365)  # of this system; the law names no span
SHOWN = 20


@require_safe
def informant_page(request: HttpRequest, informant_id: int) -> HttpResponse:
    """:raises NotFound:"""
    user, now = now_of(request)
    informant = informant_for(user, informant_id)
    rewards = list(rewards_for(user).filter(informant=informant)[:SHOWN])
    context: dict[str, Any] = {
        "informant": informant,
        "crumbs": crumbs(Crumb(informant.code)),
        "facts": [
            *_facts(informant),
            _others(informant, same_person_count(informant.phone_key, now - LOOK_BACK)),
        ],
        "openings": [(row, time_left(row, now)) for row in openings_for(user).filter(informant=informant)[:SHOWN]],
        "rewards": rewards,
        "next_steps": _steps(user, informant, has_reward=any(row.state in LIVE_REWARDS for row in rewards)),
    }
    return render(request, "informants/informant_page.html", context)


def _facts(informant: Informant) -> list[Fact]:
    held = [str(Wanted(field).label) for field in FIELDS if informant.sealed(field)]
    return [
        Fact(_("事项编号"), informant.subject_number),
        Fact(_("承办机构"), informant.office.name),
        Fact(_("是否实名"), _("实名") if informant.is_real_name else _("匿名，留有联系方式")),
        Fact(_("已加密登记"), _("、").join(held)),
        Fact(_("登记时间"), moment(informant.created_at)),
    ]


def _others(informant: Informant, count: int) -> Fact:
    """This matter is one of the count; the factor never decides (第十七条)."""
    if not informant.phone_key:
        return Fact(_("同一电话来件"), _("没有登记电话，无法比对"))
    words = _("近一年共 {n} 件（含本件）").format(n=capped(count))
    return Fact(_("同一电话来件"), words, note=_("仅供参考，不作为处理依据；统计区间是本系统默认值"))


def _steps(user: User, informant: Informant, *, has_reward: bool) -> list[NextStep]:
    steps = [_step(user, informant, states.REQUEST, "opening_new", is_primary=True)]
    if not has_reward:
        steps.append(_step(user, informant, states.PROPOSE, "reward_new"))
    return steps


def _step(user: User, informant: Informant, row: Transition, url_name: str, *, is_primary: bool = False) -> NextStep:
    may = may_act_for(user, informant.office, row.roles)
    return NextStep(
        label=str(row.label),
        url=reverse(url_name, args=[informant.pk]) if may else "",
        who="" if may else who_may(informant.office, row.roles),
        basis=str(row.basis),
        is_primary=is_primary,
    )
