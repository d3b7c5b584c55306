"""What a replay found for one case: its clocks with their verdicts, and who would have been told what, and when."""

from dataclasses import dataclass
from datetime import datetime, time

from casemgr.replay.source import DATE_LABELS, DATES, PublishedCase, Span
from casemgr.replay.stage import Stage
from casemgr.replay.verdicts import Judgement, Law, Verdict, earliest_origin, judge
from casemgr.replay.walk import Step, Walk
from deadlines.models import Clock
from deadlines.replay import SHANGHAI
from deadlines.states import ClockState
from notices.models import Notice

VERIFICATION, HANDLING, SERVICE = "lead_verification", "case_handling", "decision_service"
NEVER_STATED = ("延长、中止和检验鉴定等期间", "送审和告知日期", "决定书送达日期", "缴款日期", "结案日期")


@dataclass(frozen=True)
class ClockReport:
    """One period: judged by the engine; ``state`` is the stored clock's, where the verbs could start one."""

    rule: str
    judgement: Judgement | None
    state: str | None
    missing: str
    explanation: str


@dataclass(frozen=True)
class Told:
    """One notice somebody got in the replay. ``only_if``: what must have been so, where the source is silent."""

    at: datetime
    rule: str
    rung: str
    role: str
    only_if: str


@dataclass(frozen=True)
class CaseReport:
    source: PublishedCase
    not_stated: list[str]
    steps: list[Step]
    stopped: str
    clocks: list[ClockReport]
    reminders: list[Told]
    notes: list[str]


def report_on(walk: Walk, law: Law, opens: time) -> CaseReport:
    """Everything the walk and the engine can say about its case."""
    case = walk.source
    rows = {clock.rule: clock for clock in walk.clocks()}
    clocks = [
        _clock(VERIFICATION, case.found_on, _decided_on_lead(case), "发现日", law, rows, opens),
        _clock(HANDLING, _filing_day(case), case.decided_on, "立案日", law, rows, opens),
        _clock(SERVICE, case.decided_on, None, "决定日", law, rows, opens),
    ]
    return CaseReport(
        source=case,
        not_stated=[DATE_LABELS[name] for name in DATES if name not in case.stated() and name != "referred_on"]
        + list(NEVER_STATED),
        steps=walk.steps,
        stopped=walk.stopped,
        clocks=clocks,
        reminders=_reminders(walk, rows),
        notes=_notes(case, law, clocks),
    )


def _decided_on_lead(case: PublishedCase) -> Span | None:
    """When verification ended: the filing day, or no later than the next thing that happened."""
    if case.filed_on is not None:
        return case.filed_on
    later = [span.latest for span in (case.referred_on, case.decided_on) if span is not None]
    return Span(case.found_on.earliest, min(later)) if case.found_on and later else None


def _filing_day(case: PublishedCase) -> Span | None:
    """The filing day, or the days it can have been: neither before discovery nor after the decision."""
    if case.filed_on is not None or case.found_on is None or case.decided_on is None:
        return case.filed_on
    return Span(case.found_on.earliest, case.decided_on.latest)


def _clock(
    rule: str, origin: Span | None, ended: Span | None, origin_label: str, law: Law, rows: dict[str, Clock], opens: time
) -> ClockReport:
    row = rows.get(rule)
    if origin is None:
        return ClockReport(rule, None, None, origin_label, _without_origin(rule, origin_label, ended, law))
    judgement = judge(law, rule, origin, ended, opens=opens)
    if judgement is None:
        return ClockReport(rule, None, None, "", f"{origin_label}{origin.text}没有施行中的规则，不能核对")
    if row is not None and row.due_on != judgement.due.earliest:
        raise RuntimeError(f"{rule}: the clock says {row.due_on}, the engine {judgement.due.earliest}")
    return ClockReport(rule, judgement, row.state if row else None, "", _explained(judgement, origin_label))


def _without_origin(rule: str, origin_label: str, ended: Span | None, law: Law) -> str:
    earliest = earliest_origin(law, rule, ended.latest) if ended is not None and rule == HANDLING else None
    bound = f"；如按期，则{origin_label}不早于{earliest}（未计延长和扣除）" if earliest else ""
    return f"{origin_label}未载明，不能核对{bound}"


def _explained(found: Judgement, origin_label: str) -> str:
    """The verdict in words, with what would change it."""
    parts = [_reason(found, origin_label)]
    if found.if_extended is not None and found.verdict not in (Verdict.MET, Verdict.MET_WHATEVER, Verdict.UNKNOWN):
        parts.append(
            f"来源未载明是否延长；如经批准延长一次，届满日为{found.if_extended.due.text}，"
            f"{VERDICT_LABELS[found.if_extended.verdict]}"
        )
    if found.is_provisional:
        parts.append("所跨年度的放假安排未载入，仅按法定节假日推算（暂定）")
    return "；".join(parts)


def _reason(found: Judgement, origin_label: str) -> str:
    match found.verdict:
        case Verdict.UNKNOWN:
            return "何时办结未载明"
        case Verdict.MISSED:
            return f"按载明的日期超过届满日{found.days_late}天"
        case Verdict.MET:
            return "按载明的日期未超期"
        case Verdict.MET_WHATEVER:
            return f"{_varies(found, origin_label)}，均未超期"
        case Verdict.MISSED_WHATEVER:
            return f"{_varies(found, origin_label)}，均已超期"
    if found.met_from is not None:
        return f"取决于未载明的{origin_label}：在{found.met_from}或者以后的未超期，更早的超期"
    if found.ended is not None and found.origin.is_exact:
        return f"取决于未载明的办结日（{found.ended.text}之间）：在{found.due.text}或者以前的未超期，以后的超期"
    return f"取决于未载明的日期（{origin_label}{found.origin.text}）"


def _varies(found: Judgement, origin_label: str) -> str:
    if found.origin.is_exact and found.ended is not None:
        return f"办结日在{found.ended.text}之间，无论哪一天"
    return f"{origin_label}在{found.origin.text}之间，无论哪一天"


VERDICT_LABELS = {
    Verdict.MET: "按期",
    Verdict.MISSED: "超期",
    Verdict.MET_WHATEVER: "按期（不论未载明的日期）",
    Verdict.MISSED_WHATEVER: "超期（不论未载明的日期）",
    Verdict.CANNOT_TELL: "不能判断",
    Verdict.UNKNOWN: "未知",
}


def _reminders(walk: Walk, rows: dict[str, Clock]) -> list[Told]:
    told = [
        each
        for rule, clock in rows.items()
        if rule not in walk.assumed_clocks
        for each in _told_of(clock, walk.stage, walk.source)
    ]
    return sorted(told, key=lambda each: each.at)


def _told_of(clock: Clock, stage: Stage, case: PublishedCase) -> list[Told]:
    """The notices of one clock, without those that cannot have been sent because the period was over by then."""
    only_if, over_by = "", None
    if clock.state in (ClockState.RUNNING, ClockState.SUSPENDED):
        only_if = {
            VERIFICATION: "届时尚未作出处理决定",
            HANDLING: "届时尚未作出处罚决定",
            SERVICE: "届时尚未送达",
        }[clock.rule]
        ended = {VERIFICATION: _decided_on_lead(case), HANDLING: case.decided_on}.get(clock.rule)
        over_by = ended.latest if ended else None
    sent = {f"reminder:{reminder.pk}": reminder for reminder in clock.reminders.all()}
    told = [
        Told(
            at=notice.created_at.astimezone(SHANGHAI),
            rule=clock.rule,
            rung=sent[notice.key].rung,
            role=stage.role_of(notice.recipient_id),
            only_if=only_if,
        )
        for notice in Notice.objects.filter(key__in=sent).order_by("created_at", "id")
    ]
    return [each for each in told if over_by is None or each.at.date() <= over_by]


def _notes(case: PublishedCase, law: Law, clocks: list[ClockReport]) -> list[str]:
    notes = []
    if not case.stated():
        notes.append("来源未载明任何日期，各项期限均不能核对。")
    if case.referred_on is not None:
        notes.append(_referral(case))
    elif both := _both_kept(case, law, clocks):
        notes.append(both)
    if case.filed_on is None and clocks[1].judgement is not None:
        notes.append(_filing_reminders(case, clocks[1].judgement))
    return notes


def _referral(case: PublishedCase) -> str:
    assert case.referred_on is not None  # noqa: S101 - asked by the caller
    after = ""
    if case.found_on is not None and case.found_on.is_exact and case.referred_on.is_exact:
        after = f"（发现后第{(case.referred_on.earliest - case.found_on.earliest).days}天）"
    return (
        f"{case.referred_on.text}移送公安机关{after}。移送各期限（专案组、三日审批、二十四小时移送等）"
        "随行刑衔接部分建成后复盘；移送期间对办案期限的影响未载明，此处未计。"
    )


def _both_kept(case: PublishedCase, law: Law, clocks: list[ClockReport]) -> str:
    """Verification and handling share the unknown filing day: whether one day keeps both."""
    verification, handling = clocks[0].judgement, clocks[1].judgement
    if case.filed_on is not None or verification is None or handling is None or not verification.origin.is_exact:
        return ""
    if handling.met_from is None or handling.verdict is not Verdict.CANNOT_TELL or verification.if_extended is None:
        return ""
    first, last, extended = handling.met_from, verification.due.latest, verification.if_extended.due.latest
    if first <= last:
        return f"立案日在{first}至{last}之间的，核查和办案期限均未超期；核查延长一次的可至{extended}。"
    if first <= extended:
        return f"立案日在{first}至{extended}之间且核查经批准延长一次的，两项期限均未超期。"
    return "无论哪一天立案，核查期限（含延长一次）和九十日办案期限至少有一项超过，除非另有延长或者扣除。"


def _filing_reminders(case: PublishedCase, handling: Judgement) -> str:
    if case.decided_on is not None and handling.first_warning > case.decided_on.latest:
        return f"办案期限的首次提醒最早为{handling.first_warning}，在决定之后：无论哪天立案都不会发出提醒。"
    return f"办案期限的提醒取决于未载明的立案日，最早于{handling.first_warning}提醒承办人。"
