"""Rewards of informants, by code: the list, one reward, its verbs."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.queries import who_may
from core.pages import (
    Crumb,
    Fact,
    HistoryLine,
    NextStep,
    VerbPage,
    answer_verb,
    form_from,
    get_or_post,
    steps_in_order,
)
from core.paging import page_behind
from core.templatetags.words import day, money, yuan_upper
from deadlines.rules import Status
from informants import actions, states
from informants.models import Reward
from informants.pages import articles
from informants.pages.answering import answer_move, crumbs, now_of
from informants.pages.forms import FORMS, ProposeForm
from informants.queries import (
    claim_clock_of,
    informant_for,
    legal_reward_moves,
    require_reader,
    require_reward_move,
    reward_for,
    reward_moves_of,
    rewards_for,
)
from informants.rewards import carried_rules
from informants.states import RewardState

VERBS: dict[str, Callable[..., Reward]] = {
    "grant": actions.grant_reward,
    "deny": actions.deny_reward,
    "tell": actions.tell_reward,
    "claim": actions.claim_reward,
    "lapse": actions.lapse_reward,
}
DAY_FIELDS = {"tell": "told_on", "claim": "claimed_on"}


@require_safe
def reward_list(request: HttpRequest) -> HttpResponse:
    user, _now = now_of(request)
    page = page_behind(rewards_for(user), ("-id",), request.GET.get("after", ""))
    return render(request, "informants/reward_list.html", {"page": page})


@require_safe
def reward_page(request: HttpRequest, reward_id: int) -> HttpResponse:
    """:raises NotFound:"""
    user, now = now_of(request)
    reward = reward_for(user, reward_id)
    clock = claim_clock_of(reward) if reward.state == RewardState.TOLD else None
    context: dict[str, Any] = {
        "reward": reward,
        "crumbs": _way(Crumb(reward.informant.code)),
        "facts": facts_of(reward),
        "source_note": source_note(reward),
        "clock": clock,
        "now": now,
        "next_steps": _steps(user, reward),
        "history": _history(reward),
    }
    return render(request, "informants/reward_page.html", context)


@get_or_post
def reward_new(request: HttpRequest, informant_id: int) -> HttpResponse:
    """:raises NotFound, NotPermitted:"""
    user, now = now_of(request)
    informant = informant_for(user, informant_id)
    require_reader(user, informant, states.PROPOSE)
    here = reverse("informant_page", args=[informant.pk])
    page = VerbPage(
        title=str(states.PROPOSE.label),
        submit=str(states.PROPOSE.label),
        back_url=here,
        subject=f"{informant.code} · {informant.subject_number}",
        basis=states.REWARDS,
        quote=articles.REWARD,
        crumbs=crumbs(Crumb(informant.code, here)),
        extra={"rules": [rule for rule in carried_rules() if rule.is_in_force(timezone.localdate(now))]},
    )

    def act(values: dict[str, Any]) -> str:
        reward = actions.propose_reward(informant_id=informant.pk, **values, actor=user, at=now)
        messages.success(request, _("已提出奖励 {amount} 元，等待部门负责人审批。").format(amount=money(reward.amount)))
        return reverse("reward_page", args=[reward.pk])

    return answer_verb(request, form_from(request, ProposeForm), page, act, "informants/reward_form.html")


@get_or_post
def reward_verb(request: HttpRequest, reward_id: int, verb: str) -> HttpResponse:
    """:raises NotFound, NotPermitted, WrongState:"""
    user, now = now_of(request)
    reward = reward_for(user, reward_id)
    row = next(row for row in states.REWARD_TRANSITIONS if row.name == verb)
    require_reward_move(user, reward, row)
    form = form_from(request, FORMS[verb])
    if verb in DAY_FIELDS and not form.is_bound:
        form.initial = {DAY_FIELDS[verb]: timezone.localdate(now)}
    here = reverse("reward_page", args=[reward.pk])
    return answer_move(
        request, row, form, partial(VERBS[verb], reward_id=reward.pk, actor=user, at=now),
        subject=f"{reward.informant.code} · {money(reward.amount)}",
        way=_way(Crumb(reward.informant.code, here)), facts=facts_of(reward),
    )  # fmt: skip


def facts_of(reward: Reward) -> list[Fact]:
    facts = [
        Fact(_("举报人代号"), reward.informant.code, url=reverse("informant_page", args=[reward.informant_id])),
        Fact(_("事项编号"), reward.informant.subject_number),
        Fact(_("奖励等级"), reward.get_level_display()),
        Fact(_("所属领域"), reward.get_domain_display()),
        Fact(_("罚没款"), money(reward.base_amount), note=yuan_upper(reward.base_amount)),
        Fact(_("奖励金额"), money(reward.amount), note=yuan_upper(reward.amount)),
        Fact(_("计算依据"), reward.basis, is_long=True),
        Fact(_("提出人"), reward.proposed_by.name),
    ]
    if reward.needs_finance:
        facts.append(Fact(_("财政部门"), _("奖励金额达到需要商财政部门的数额")))
    if reward.decided_by is not None:
        facts += [Fact(_("审批人"), reward.decided_by.name), Fact(_("审批日期"), day(reward.decided_on))]
    if reward.told_on:
        facts.append(Fact(_("告知日期"), day(reward.told_on)))
    if reward.claimed_on:
        facts.append(Fact(_("领取日期"), day(reward.claimed_on)))
    return facts


def source_note(reward: Reward) -> str:
    """What the reader must know of the rule before relying on the amount; '' when its article was read."""
    rule = next((rule for rule in carried_rules() if rule.id == reward.rule_version), None)
    if rule is None or rule.status is Status.law:
        return ""
    return _("奖励标准为二手来源，条文原文未核对，批准前请对照文件和本地规定。") + rule.note


def _way(reward: Crumb) -> list[Crumb]:
    return crumbs(Crumb(_("举报奖励"), reverse("reward_list")), reward)


def _steps(user: User, reward: Reward) -> list[NextStep]:
    legal = legal_reward_moves(user, reward)
    return steps_in_order(
        [
            NextStep(
                label=str(row.label),
                url=reverse(f"reward_{row.name}", args=[reward.pk]) if row in legal else "",
                who="" if row in legal else who_may(reward.informant.office, row.roles),
                basis=str(row.basis),
                is_primary=row in (states.GRANT, states.TELL, states.CLAIM),
                is_danger=row in (states.DENY, states.LAPSE),
            )
            for row in states.REWARD_TRANSITIONS
            if row.starts_from(reward.state)
        ]
    )


def _history(reward: Reward) -> list[HistoryLine]:
    labels = {row.name: str(row.label) for row in states.REWARD_TRANSITIONS}
    lines = [HistoryLine(move.at, move.actor.name, labels[move.name], move.reason) for move in reward_moves_of(reward)]
    return lines[::-1]
