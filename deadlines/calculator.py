"""The calculator: when a period ends, by rule or in raw form, asked in text and answered for programs and for people."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from core.errors import Invalid
from deadlines.arithmetic import Roll, Unit, due_after, latest_before, moment_after
from deadlines.queries import current_calendar, rule_book
from deadlines.rules import RuleBook, RuleVersion, Status, load_files
from deadlines.workdays import Interval, WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
ONE_DAY = timedelta(days=1)
Choice = TypeVar("Choice", Unit, Roll)


@dataclass(frozen=True)
class Question:
    """A period to count: ``amount`` is what is counted in all, extensions included."""

    amount: int
    unit: Unit
    roll: Roll
    before: bool
    start: str
    excluded: tuple[Interval, ...]


def answer_to(options: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The answer for programs and the lines for people.

    :raises Invalid: with the option at fault as field.
    """
    calendar, book, origin = _law()
    forms = [name for name in ("rule", "add", "before") if options[name] is not None]
    if len(forms) != 1:
        raise Invalid(_("请在rule、add、before中选用一种。"), code="one_form", field="rule")
    if options["start"] is None:
        raise Invalid(_("请写明起算日start。"), code="start_required", field="start")
    if forms == ["rule"]:
        answer, lines = _by_rule(options, calendar, book)
    else:
        question = _raw_question(options, forms[0])
        answer, lines = _count(question, calendar)
    answer["calendar"] = origin
    return answer, lines


def _law() -> tuple[WorkCalendar, RuleBook, str]:
    """What the database holds, or the carried files where nothing has been loaded yet."""
    try:
        return current_calendar(), rule_book(), "database"
    except Invalid as refusal:
        if refusal.code != "law_not_loaded":
            raise
    return *load_files(), "files"


def _by_rule(options: dict[str, Any], calendar: WorkCalendar, book: RuleBook) -> tuple[dict[str, Any], list[str]]:
    for name in ("unit", "roll"):
        if options[name] is not None:
            raise Invalid(_("按规则计算时，单位和顺延由规则决定。"), code="fixed_by_rule", field=name)
    start = options["start"]
    rule = book.version_on(options["rule"], _moment(start).date() if "T" in start else _day(start, "start"))
    steps = _whole(options["extensions"] or "0", "extensions")
    extensions = rule.extension_amounts(steps, [_whole(each, "extend_by") for each in options["extend_by"]])
    about = {
        "rule": rule.key,
        "version": rule.id,
        "name": rule.name,
        "article": rule.article,
        "instrument": rule.instrument,
        "instrument_version": rule.instrument_version,
        "status": rule.status,
        "extensions": list(extensions),
        "duration_kind": rule.duration_kind,
        "recurring": rule.recurring,
        "note": rule.note,
    }
    if rule.duration_kind == "open_ended":
        answer: dict[str, Any] = {"due": None, "due_nominal": None, "provisional": False, "start": start}
        lines = [_("没有固定期限，不产生届满日。")]
    else:
        before = rule.direction == "before"
        excluded = _intervals(options["exclude"])
        question = Question(rule.amount + sum(extensions), rule.unit, rule.roll, before, start, excluded)
        answer, lines = _count(question, calendar)
    return about | answer, [*_rule_lines(rule), *lines]


def _raw_question(options: dict[str, Any], form: str) -> Question:
    if options["extensions"] is not None or options["extend_by"]:
        raise Invalid(_("延长只用于按规则计算。"), code="rule_required", field="extensions")
    return Question(
        amount=_whole(options[form], form),
        unit=_choice(Unit, options["unit"] or "", "unit"),
        roll=_choice(Roll, options["roll"] or "none", "roll"),
        before=form == "before",
        start=options["start"],
        excluded=_intervals(options["exclude"]),
    )


def _count(question: Question, calendar: WorkCalendar) -> tuple[dict[str, Any], list[str]]:
    given = {"start": question.start, "amount": question.amount, "unit": question.unit, "roll": question.roll}
    if question.unit is Unit.hour or question.before:
        _refuse_what_cannot_apply(question)
    if question.unit is Unit.hour:
        moment = _local(moment_after(_moment(question.start), question.amount))
        answer: dict[str, Any] = {"due": moment, "due_nominal": moment, "provisional": False}
        lines = [_("届满：%(due)s（精确到时刻，不顺延）") % {"due": moment.replace("T", " ")}]
    elif question.before:
        latest = latest_before(calendar, _day(question.start, "start"), question.amount, question.unit)
        answer = {"due": latest.due.isoformat(), "latest_nth": latest.latest_nth.isoformat()}
        answer |= {"due_nominal": latest.due.isoformat(), "provisional": latest.provisional}
        lines = [
            _("最迟：%(due)s（留足清日）") % {"due": _spoken(latest.due)},
            _("倒数第%(n)s日：%(day)s") % {"n": question.amount, "day": _spoken(latest.latest_nth)},
        ]
    else:
        start = _day(question.start, "start")
        due = due_after(calendar, start, question.amount, question.unit, question.roll, question.excluded)
        answer = {"due": due.due.isoformat(), "due_nominal": due.nominal.isoformat(), "provisional": due.provisional}
        lines = [_("届满：%(due)s") % {"due": _spoken(due.due)}]
        if due.due != due.nominal:
            lines.append(_("名义届满日：%(due)s，顺延") % {"due": _spoken(due.nominal)})
    if answer["provisional"]:
        lines.append(_("暂定：所跨年度的放假安排尚未公布，公布后重算。"))
    return answer | given, [_("起算：%(start)s（当日不计）") % {"start": question.start}, _length(question), *lines]


def _refuse_what_cannot_apply(question: Question) -> None:
    if question.unit is Unit.hour and question.before:
        raise Invalid(_("以小时计算的期限不能倒推。"), code="unit_not_allowed", field="unit")
    if question.excluded:
        raise Invalid(_("按小时计算或者倒推时，不能扣除期间。"), code="exclude_not_allowed", field="exclude")
    if question.roll is not Roll.none:
        raise Invalid(_("按小时计算或者倒推时，不顺延。"), code="roll_not_allowed", field="roll")


def _rule_lines(rule: RuleVersion) -> list[str]:
    lines = [f"{rule.name}（{rule.id}）", _("依据：%(basis)s") % {"basis": f"{rule.instrument}{rule.article}"}]
    if rule.status is Status.secondary:
        lines.append(_("注意：条文未经核对原文，请自行核对。"))
    if rule.status is Status.local_default:
        lines.append(_("注意：这是系统默认值，不是法律规定。"))
    return [*lines, _("起算点：%(trigger)s") % {"trigger": rule.trigger}]


def _length(question: Question) -> str:
    names = {
        Unit.working_day: _("个工作日"),
        Unit.calendar_day: _("日（自然日）"),
        Unit.hour: _("小时"),
        Unit.month: _("个月"),
        Unit.year: _("年"),
    }
    return _("期限：%(amount)s%(unit)s") % {"amount": question.amount, "unit": names[question.unit]}


def _spoken(day: date) -> str:
    return f"{day.isoformat()} {WEEKDAYS[day.weekday()]}"


def _local(moment: datetime) -> str:
    local = moment.astimezone(SHANGHAI).replace(tzinfo=None)
    return local.isoformat(timespec="seconds" if local.second else "minutes")


def _whole(text: str, field: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,9}", str(text)):
        raise Invalid(_("应为整数：%(text)s") % {"text": str(text)[:40]}, code="bad_number", field=field)
    number = int(text)
    if number < 0:
        raise Invalid(_("不得为负数：%(n)s") % {"n": number}, code="negative_amount", field=field)
    return number


def _choice(kind: type[Choice], text: str, field: str) -> Choice:
    try:
        return kind(text)
    except ValueError:
        raise Invalid(
            _("%(field)s只能是：%(choices)s。") % {"field": field, "choices": " ".join(kind)},
            code=f"bad_{field}",
            field=field,
        ) from None


def _day(text: str, field: str) -> date:
    if field == "start" and re.match(r"[0-9-]{10}[T ]", text):
        raise Invalid(
            _("该期限按日计算，起算日只写日期：%(text)s") % {"text": text[:40]}, code="date_expected", field=field
        )
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass  # not a day of the calendar: the same error as any other wrong text
    raise Invalid(_("不是有效的日期：%(text)s，应写作2024-01-29。") % {"text": text[:40]}, code="bad_date", field=field)


def _moment(text: str) -> datetime:
    """A moment written in Beijing time; another offset is refused rather than converted."""
    if "T" not in text:
        raise Invalid(
            _("以小时计算的期限须写明起算时刻，例如2024-09-30T17:20。"), code="moment_expected", field="start"
        )
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(
            _("不是有效的时刻：%(text)s，应写作2024-09-30T17:20。") % {"text": text[:40]},
            code="bad_date",
            field="start",
        ) from None
    if moment.utcoffset() not in (None, timedelta(hours=8)):
        raise Invalid(_("时刻应为北京时间（+08:00）。"), code="wrong_time_zone", field="start")
    return moment.replace(tzinfo=SHANGHAI)


def _intervals(texts: Sequence[str]) -> tuple[Interval, ...]:
    found = []
    for text in texts:
        first, dots, last = text.partition("..")
        if not dots:
            raise Invalid(
                _("不计入的期间应写作2024-03-06..2024-03-15（含首尾）：%(text)s") % {"text": text[:40]},
                code="bad_interval",
                field="exclude",
            )
        starts, ends = _day(first, "exclude"), _day(last, "exclude")
        if ends < starts:
            raise Invalid(
                _("不计入的期间首尾颠倒：%(text)s") % {"text": text[:40]}, code="inverted_interval", field="exclude"
            )
        found.append(Interval(starts, ends + ONE_DAY))
    return tuple(found)
