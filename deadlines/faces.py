"""How a clock looks at a moment: its tone, its words, what is left. Pure; the same for pages, boards and print."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.utils.dates import MONTHS_3
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deadlines import states
from deadlines.arithmetic import Unit
from deadlines.models import Clock, ClockMove
from deadlines.replay import SHANGHAI, end_of_day
from deadlines.rules import RuleBook, RuleVersion
from deadlines.states import ClockState
from deadlines.workdays import WorkCalendar

SOON_WORKING_DAYS = 3


class Tone(StrEnum):
    """What the chip's shape and colour say; its words say it too."""

    RUNNING = "running"
    SOON = "soon"
    OVERDUE = "overdue"
    LAPSED = "lapsed"
    SUSPENDED = "suspended"
    MET = "met"
    MET_LATE = "met_late"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Face:
    """``words`` stand alone (剩 2 个工作日); ``when`` is the day or hour it is about, '' when nobody can know."""

    tone: Tone
    words: str
    when: str


def name_of(rule: RuleVersion) -> str:
    """The rule's name in the reader's language."""
    return rule.name


def until_words(clocks: Iterable[Clock], rules: RuleBook) -> str:
    """Which periods run now and until when, as sentences; '' when none does."""
    words = ""
    for clock in clocks:
        name = name_of(rules.version(clock.rule_version))
        if clock.state == ClockState.RUNNING and clock.due_on:
            words += _("“{name}”期限至 {day}。").format(name=name, day=_whole_day(clock.due_on))
        elif clock.state == ClockState.SUSPENDED:
            words += _("“{name}”期限中止计算。").format(name=name)
    return words


def due_changes(clocks: Iterable[Clock], rules: RuleBook) -> dict[datetime, list[str]]:
    """What happened to the due days, in sentences by the moment; needs ``moves`` prefetched."""
    found: dict[datetime, list[str]] = {}
    for clock in clocks:
        name = name_of(rules.version(clock.rule_version))
        for move in clock.moves.all():
            if words := _change(move, name):
                found.setdefault(move.at, []).append(words)
    return found


def _change(move: ClockMove, name: str) -> str:
    before, after = move.due_before, move.due_after
    if move.name == states.START.name and after:
        return _("“{name}”期限开始计算，至 {day}。").format(name=name, day=_whole_day(after))
    if move.name == states.SUSPEND.name:
        return _("“{name}”期限中止计算。").format(name=name)
    if move.name in (states.RESUME.name, states.EXCLUDE.name, states.EXTEND.name, states.FIX.name) and after:
        if before and before != after:
            return _("“{name}”期限由 {before} 改为 {day}。").format(
                name=name, before=_whole_day(before), day=_whole_day(after)
            )
        return _("“{name}”期限至 {day}。").format(name=name, day=_whole_day(after))
    return ""


def _whole_day(day: date) -> str:
    # xgettext:no-python-brace-format - English says the name of the month
    return _("{year}年{month}月{day}日").format(
        year=day.year, month=day.month, day=day.day, month_name=MONTHS_3[day.month].capitalize()
    )


def end_of_soon(calendar: WorkCalendar, now: datetime) -> datetime:
    """The first moment after 三个工作日内."""
    return end_of_day(calendar.add(now.astimezone(SHANGHAI).date(), SOON_WORKING_DAYS))


def face_of(clock: Clock, rule: RuleVersion, calendar: WorkCalendar, now: datetime) -> Face:
    """The face of a clock at ``now``."""
    if clock.state == ClockState.SUSPENDED:
        return Face(Tone.SUSPENDED, _("中止"), _("恢复后续算"))
    if clock.state == ClockState.CANCELLED:
        return Face(Tone.CANCELLED, _("已取消"), "")
    if clock.state in (ClockState.MET, ClockState.MET_LATE):
        return _ended(clock, now)
    assert clock.due_at is not None  # noqa: S101 - a constraint: a running clock has a due moment
    assert clock.due_on is not None  # noqa: S101 - the same
    if now >= clock.due_at and rule.legal_effect:  # expiry is its natural end: nobody was late
        return Face(Tone.LAPSED, _("已届满"), _when(clock, rule, now))
    if now >= clock.due_at:
        return Face(Tone.OVERDUE, _since(clock.due_at, clock.due_on, rule, now), _when(clock, rule, now))
    tone = Tone.SOON if now >= _soon_from(clock.due_at, clock.due_on, rule, calendar) else Tone.RUNNING
    return Face(tone, _left(clock.due_at, clock.due_on, rule, calendar, now), _when(clock, rule, now))


def _ended(clock: Clock, now: datetime) -> Face:
    words = _("已按期") if clock.state == ClockState.MET else _("逾期办结")
    tone = Tone.MET if clock.state == ClockState.MET else Tone.MET_LATE
    return Face(tone, words, _short_day(clock.ended_on, now) if clock.ended_on else "")


def _soon_from(due_at: datetime, due_on: date, rule: RuleVersion, calendar: WorkCalendar) -> datetime:
    """The rule's first warning: from then on the clock is 临期."""
    starts = [due_at]
    for warning in rule.warnings:
        if warning.unit is Unit.hour:
            starts.append(due_at - timedelta(hours=warning.amount))
        elif warning.unit is Unit.working_day:
            starts.append(end_of_day(calendar.subtract(due_on, warning.amount)) - timedelta(days=1))
        else:
            starts.append(end_of_day(due_on) - timedelta(days=warning.amount + 1))
    return min(starts)


def _left(due_at: datetime, due_on: date, rule: RuleVersion, calendar: WorkCalendar, now: datetime) -> str:
    if rule.unit is Unit.hour:
        return _("剩 {span}").format(span=span_in_words(due_at - now))
    today = now.astimezone(SHANGHAI).date()
    if due_on == today:
        return _("今天到期")
    working = calendar.count(today, due_on)
    if rule.unit is Unit.working_day and working > 0:
        return ngettext("剩 {n} 个工作日", "剩 {n} 个工作日", working).format(n=working)
    days = (due_on - today).days
    return ngettext("剩 {n} 天", "剩 {n} 天", days).format(n=days)


def _since(due_at: datetime, due_on: date, rule: RuleVersion, now: datetime) -> str:
    if rule.unit is Unit.hour and now - due_at < timedelta(days=2):
        return _("逾期 {span}").format(span=span_in_words(now - due_at))
    days = (now.astimezone(SHANGHAI).date() - due_on).days
    return ngettext("逾期 {n} 天", "逾期 {n} 天", days).format(n=days)


def span_in_words(span: timedelta) -> str:
    """40 分钟, 5 小时 (up to two days), 3 天; rounded down."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return ngettext("{n} 分钟", "{n} 分钟", minutes).format(n=minutes)
    if minutes < 48 * 60:
        return ngettext("{n} 小时", "{n} 小时", minutes // 60).format(n=minutes // 60)
    return ngettext("{n} 天", "{n} 天", minutes // 1440).format(n=minutes // 1440)


def _when(clock: Clock, rule: RuleVersion, now: datetime) -> str:
    assert clock.due_on is not None  # noqa: S101 - only asked of running clocks
    if rule.unit is not Unit.hour or clock.due_at is None:
        return _short_day(clock.due_on, now)
    local, today = clock.due_at.astimezone(SHANGHAI), now.astimezone(SHANGHAI).date()
    if local.date() == today:
        return _("今日 {time}").format(time=f"{local:%H:%M}")
    return f"{_short_day(local.date(), now)} {local:%H:%M}"


def _short_day(day: date, now: datetime) -> str:
    if day.year == now.astimezone(SHANGHAI).year:
        # xgettext:no-python-brace-format - English says the name of the month
        return _("{month}月{day}日").format(month=day.month, day=day.day, month_name=MONTHS_3[day.month].capitalize())
    return _whole_day(day)
