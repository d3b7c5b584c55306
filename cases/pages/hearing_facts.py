"""What a page says of a hearing, from its row alone."""

from datetime import date

from django.utils.translation import gettext as _

from cases.models import Hearing
from cases.pages.hearing_steps import short_article
from cases.states import hearing as rows
from cases.states import matter as states
from cases.states.hearing import HearingState
from core.pages import Fact, Stage, Step
from core.templatetags.words import day, moment
from core.transitions import Transition

PLACES: dict[str, int] = {
    HearingState.REQUESTED: 1, HearingState.HOST_NAMED: 2, HearingState.MATERIALS_RECEIVED: 3,
    HearingState.SCHEDULED: 4, HearingState.SUSPENDED: 4, HearingState.HELD: 5, HearingState.REPORTED: 6,
    HearingState.ENDED: 6,
}  # fmt: skip


def steps_of(hearing: Hearing) -> list[Step]:
    """From the request to the report, each with its article and, once done, its day."""
    way: list[tuple[str, Transition, date | None]] = [
        (_("要求听证"), states.REQUEST_HEARING, hearing.requested_on),
        (_("确定主持人"), rows.NAME_HOST, hearing.named_on),
        (_("移交材料"), rows.HAND_MATERIALS, hearing.handed_on),
        (_("确定时间地点"), rows.SCHEDULE, hearing.scheduled_on),
        (_("举行听证"), rows.HOLD, hearing.held_on),
        (_("听证报告"), states.REPORT_HEARING, hearing.reported_on),
    ]
    at = PLACES[hearing.state]
    if hearing.state == HearingState.ENDED:
        way = [row for row in way if row[2] is not None]
        way.append((_("终止听证"), states.END_HEARING, hearing.ended_on))
        at = len(way)
    return [
        Step(
            label,
            Stage.DONE if place < at else Stage.CURRENT if place == at else Stage.AHEAD,
            short_article(row),
            on if place < at else None,
        )
        for place, (label, row, on) in enumerate(way)
    ]


def facts_of(hearing: Hearing, *, whole: bool = False) -> list[Fact]:
    """``whole``: with the minutes, the last words and the report."""
    members = [each.name for each in (hearing.member, hearing.second_member) if each]
    facts = [
        Fact(_("状态"), hearing.get_state_display()),
        Fact(_("要求听证日期"), day(hearing.requested_on), note=hearing.get_way_display()),
    ]
    if hearing.host:
        facts.append(Fact(_("听证主持人"), hearing.host.name))
    if members:
        facts.append(Fact(_("听证员"), _("、").join(members)))
    if hearing.recorder:
        facts.append(Fact(_("记录员"), hearing.recorder.name))
    facts += [Fact(label, value) for label, value in _if_said(hearing)]
    if hearing.opens_at:
        facts += [
            Fact(_("听证时间"), moment(hearing.opens_at)),
            Fact(_("听证地点"), hearing.place),
            Fact(
                _("听证方式"), hearing.get_secrecy_display() if hearing.secrecy else _("公开"), note=_openness(hearing)
            ),
            *_notices(hearing),
        ]
    if hearing.pause_ground:
        facts.append(Fact(_("中止的情形"), hearing.get_pause_ground_display()))
    if hearing.ended_on:
        facts.append(Fact(_("终止日期"), day(hearing.ended_on)))
        facts.append(Fact(_("终止的情形"), hearing.get_end_ground_display(), note=hearing.end_reason))
    return [*facts, *(_words(hearing) if whole else [])]


def _if_said(hearing: Hearing) -> list[tuple[str, str]]:
    said = ((_("翻译人员"), hearing.interpreter), (_("第三人"), hearing.third_party))
    return [(label, value) for label, value in said if value]


def _openness(hearing: Hearing) -> str:
    return _("不公开举行") if hearing.secrecy else ""


def _notices(hearing: Hearing) -> list[Fact]:
    missing = _("尚未登记")
    facts = [
        Fact(_("听证通知书送达日期"), day(hearing.party_told_on) if hearing.party_told_on else missing),
        Fact(_("通知办案人员日期"), day(hearing.officers_told_on) if hearing.officers_told_on else missing),
    ]
    if hearing.third_party:
        told = day(hearing.third_party_told_on) if hearing.third_party_told_on else missing
        facts.append(Fact(_("通知第三人日期"), told))
    if hearing.is_public:
        announced = day(hearing.announced_on) if hearing.announced_on else missing
        facts.append(Fact(_("公告日期"), announced, note=hearing.announced_where))
    return facts


def _words(hearing: Hearing) -> list[Fact]:
    texts = (
        (_("要求听证的内容"), hearing.request), (_("听证笔录"), hearing.minutes),
        (_("第三人的最后意见"), hearing.last_word_third_party), (_("办案人员的最后意见"), hearing.last_word_officers),
        (_("当事人的最后意见"), hearing.last_word_party), (_("拒绝签名或者盖章的情况"), hearing.refused_to_sign),
        (_("听证的基本情况"), hearing.summary), (_("处理意见和建议"), hearing.advice),
        (_("需要报告的其他事项"), hearing.remarks),
    )  # fmt: skip
    return [Fact(label, text, is_long=True) for label, text in texts if text]
