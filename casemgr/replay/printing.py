"""A replay's report for programs (JSON) and for people (plain Chinese text)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from casemgr.replay.report import NEVER_STATED, VERDICT_LABELS, CaseReport, ClockReport, Told
from casemgr.replay.source import DATE_LABELS, Span
from casemgr.replay.verdicts import Verdict
from casemgr.replay.walk import LATEST_LAWFUL, SAME_DAY, STATED

ASSUMPTIONS = (
    "来源未载明的一律写明未知，不补造；只知道月份的按该月首日至末日给出上下限。",
    "按普通程序核对；来源未载明的延长、中止、听证、公告、检验鉴定等期间未计入。",
    "来源未载明线索渠道，复盘时登记为监督检查，不影响计时；没有自己日期的步骤注明所推定的日期。",
    "提醒按本系统的规则和现行阶梯得出；对象依次为承办人、办案机构负责人、监督机构。",
)
RESTS_ON = {STATED: "载明", SAME_DAY: "推定同日", LATEST_LAWFUL: "推定为法律允许的最晚日"}
CLOCK_NAMES = {"lead_verification": "线索核查", "case_handling": "办案期限", "decision_service": "决定书送达"}


def as_data(reports: Sequence[CaseReport], source: str) -> dict[str, Any]:
    """The whole report in JSON values; days as ``2024-05-21``, spans as earliest and latest."""
    return {
        "source": source,
        "assumptions": list(ASSUMPTIONS),
        "never_stated": list(NEVER_STATED),
        "summary": _summary(reports),
        "cases": [_case(report) for report in reports],
    }


def _summary(reports: Sequence[CaseReport]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for clock in (clock for report in reports for clock in report.clocks):
        counts.setdefault(clock.rule, Counter())[_verdict(clock)] += 1
    return {rule: dict(sorted(counter.items())) for rule, counter in counts.items()}


def _verdict(clock: ClockReport) -> str:
    if clock.judgement is not None:
        return clock.judgement.verdict.value
    return (Verdict.UNKNOWN if clock.missing else Verdict.NO_RULE).value


def _case(report: CaseReport) -> dict[str, Any]:
    case = report.source
    return {
        "party": case.party,
        "authority": case.authority,
        "violation": case.violation,
        "stated": {name: _span(span) for name, span in case.stated().items()},
        "not_stated": report.not_stated,
        "steps": [
            {"day": str(step.day), "verb": step.verb, "label": step.label, "rests_on": step.rests_on}
            for step in report.steps
        ],
        "stopped": report.stopped,
        "clocks": [_clock(clock) for clock in report.clocks],
        "reminders": [
            {
                "at": told.at.isoformat(timespec="minutes"),
                "day": str(told.at.date()),
                "rule": told.rule,
                "rung": told.rung,
                "role": told.role,
                "only_if": told.only_if or None,
            }
            for told in report.reminders
        ],
        "notes": report.notes,
    }


def _span(span: Span | None) -> dict[str, str] | None:
    return {"earliest": str(span.earliest), "latest": str(span.latest)} if span else None


def _clock(clock: ClockReport) -> dict[str, Any]:
    found = clock.judgement
    head: dict[str, Any] = {
        "rule": clock.rule,
        "verdict": _verdict(clock),
        "explanation": clock.explanation,
        "state": clock.state,
    }
    if found is None:
        return head | {"missing": clock.missing or None}
    extended = found.if_extended
    return head | {
        "rule_version": found.version.id,
        "basis": f"{found.version.instrument}{found.version.article}",
        "origin": _span(found.origin),
        "due": _span(found.due),
        "ended": _span(found.ended),
        "days_late": found.days_late,
        "provisional": found.is_provisional,
        "met_from": str(found.met_from) if found.met_from else None,
        "if_extended": {"due": _span(extended.due), "verdict": extended.verdict.value} if extended else None,
    }


def as_text(reports: Sequence[CaseReport], source: str) -> str:
    """The same for people."""
    return "\n".join(_lines(reports, source))


def _lines(reports: Sequence[CaseReport], source: str) -> Iterator[str]:
    yield f"已公布案例复盘：{source}，共{len(reports)}件"
    yield from (f"  说明{number}：{text}" for number, text in enumerate(ASSUMPTIONS, 1))
    for number, report in enumerate(reports, 1):
        yield ""
        yield from _case_lines(number, report)
    yield ""
    yield "汇总"
    for rule, counts in _summary(reports).items():
        listed = "，".join(f"{_label(Verdict(verdict))}{count}件" for verdict, count in counts.items())
        yield f"  {CLOCK_NAMES[rule]}：{listed}"


def _case_lines(number: int, report: CaseReport) -> Iterator[str]:
    case = report.source
    yield f"{number}. {case.party}（{case.authority or '机关未载明'}）{case.violation or '违法行为未载明'}"
    stated = "，".join(f"{DATE_LABELS[name]}{span.text}" for name, span in case.stated().items())
    missing = "、".join(name for name in report.not_stated if name not in NEVER_STATED)
    yield f"  载明：{stated or '没有任何日期'}" + (f"；未载明：{missing}" if missing else "")
    for clock in report.clocks:
        yield _clock_line(clock)
    if report.steps:
        walked = "，".join(f"{step.day}{step.label}（{RESTS_ON[step.rests_on]}）" for step in report.steps)
        yield f"  办理：{walked}；到此为止：{report.stopped or '已到载明的最后一步'}"
    yield from _reminder_lines(report.reminders)
    yield from (f"  注：{note}" for note in report.notes)


def _clock_line(clock: ClockReport) -> str:
    name = CLOCK_NAMES[clock.rule]
    if clock.judgement is None:
        return f"  {name}：{_label(Verdict(_verdict(clock)))}——{clock.explanation}"
    found = clock.judgement
    days = f"{found.origin.text}起，届满日{found.due.text}"
    return f"  {name}：{_label(found.verdict)}——{days}（{found.version.instrument}{found.version.article}）；{clock.explanation}"


def _label(verdict: Verdict) -> str:
    return "起算日没有施行的规则" if verdict is Verdict.NO_RULE else VERDICT_LABELS[verdict]


def _reminder_lines(reminders: Sequence[Told]) -> Iterator[str]:
    for told in reminders:
        condition = f"（如{told.only_if}）" if told.only_if else ""
        yield f"  提醒：{told.at:%Y-%m-%d %H:%M} {told.role} {CLOCK_NAMES[told.rule]}{_rung(told.rung)}{condition}"


def _rung(rung: str) -> str:
    if rung.startswith("warn_"):
        _word, amount, unit = rung.split("_", 2)
        return f"届满前{amount}{'个工作日' if unit == 'working_day' else '天'}"
    return {"due": "届满当日", "overdue_owner": "逾期"}.get(rung, "逾期，请督促")
