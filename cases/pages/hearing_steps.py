"""What may be done with a hearing next, by whom and why not yet."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from cases.models import Case, Hearing
from cases.policies import who_hears
from cases.queries.hearing import legal_steps, open_hearing, untold
from cases.states import hearing as steps
from cases.states import matter as states
from cases.states.hearing import HearingState
from core.pages import NextStep
from core.templatetags.words import day, moment
from core.transitions import Transition

AWAITED_STEPS: dict[str, Transition] = {
    HearingState.REQUESTED: steps.NAME_HOST,
    HearingState.HOST_NAMED: steps.HAND_MATERIALS,
    HearingState.MATERIALS_RECEIVED: steps.SCHEDULE,
    HearingState.SCHEDULED: steps.HOLD,
    HearingState.SUSPENDED: steps.RESUME,
    HearingState.HELD: states.REPORT_HEARING,
}


def awaited_step(case: Case) -> Transition:
    """The step an open hearing waits for; of a hearing that is over, its report."""
    hearing = open_hearing(case)
    if hearing is not None and hearing.state == HearingState.SCHEDULED and hearing.party_told_on is None:
        return steps.TELL
    return AWAITED_STEPS[hearing.state] if hearing else states.REPORT_HEARING


def short_article(row: Transition) -> str:
    """第二十条 of 市场监督管理行政处罚听证办法, as people there say it."""
    return str(row.basis).replace(states.HEARING_RULES, "听证办法").replace(states.RULES, "程序规定")


def hearing_steps(user: User, case: Case, now: datetime) -> list[NextStep]:
    """Every step the hearing has now: a button where this user may, else who may or why not yet."""
    hearing = open_hearing(case)
    if hearing is None:
        return []
    legal, awaited = legal_steps(user, case), awaited_step(case)
    found = []
    for row in steps.STEPS:
        if not row.starts_from(hearing.state):
            continue
        may, why = row in legal, why_not_yet(hearing, row, now)
        found.append(
            NextStep(
                label=str(row.label),
                url=reverse(f"case_{row.name}", args=[case.pk]) if may and not why else "",
                who="" if may else who_hears(case, row),
                why_not=why,
                basis=short_article(row),
                is_primary=row is awaited,
            )
        )
    return found


def why_not_yet(hearing: Hearing, row: Transition, now: datetime) -> str:
    """Why a step the hearing allows is not possible yet; '' when it is."""
    if row is steps.HOLD and hearing.opens_at is not None and now < hearing.opens_at:
        return _("听证定于 {at} 举行。").format(at=moment(hearing.opens_at))
    if row is steps.TELL and not hearing.has_begun and not untold(hearing):
        return _("应当通知的人都已通知；改期的，重新通知。")
    if row is steps.ANNOUNCE and not hearing.is_public:
        return _("不公开举行，不需要公告。")
    if row is steps.ANNOUNCE and not hearing.has_begun and hearing.announced_on is not None:
        return _("已于 {day} 公告；改期的，重新公告。").format(day=day(hearing.announced_on))
    if row is steps.DECIDE_RECUSAL and not _is_asked(hearing):
        return _("没有待决定的回避申请。")
    if row is steps.RESUME and _is_asked(hearing):
        return _("回避申请尚未决定。")
    if row is states.REPORT_HEARING and hearing.state != HearingState.HELD:
        return _("听证会还没有结束。")
    if row is states.END_HEARING and hearing.state == HearingState.HELD:
        return _("听证会已经结束，请提交听证报告。")
    return ""


def _is_asked(hearing: Hearing) -> bool:
    return hearing.recusals.filter(is_granted__isnull=True).exists()
