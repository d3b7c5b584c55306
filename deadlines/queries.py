"""Fetching clocks, the calendar and the rules in force."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.db import OperationalError, ProgrammingError, connection
from django.db.models import F, Max, OuterRef, Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext

from accounts.models import User
from accounts.policies import scope_of
from accounts.queries import unseen
from core.errors import Invalid
from core.memo import remembered
from deadlines.ladder import Step
from deadlines.models import (
    CalendarNotice,
    CalendarReport,
    CalendarReportLine,
    Clock,
    Heartbeat,
    LadderStep,
    Reminder,
    ReminderState,
    RuleSet,
)
from deadlines.policies import visible_to
from deadlines.rules import RuleBook, RuleVersion, parse_rules
from deadlines.states import OPEN_STATES, ClockState
from deadlines.workdays import WorkCalendar, parse_notice

SWEEP = "sweep"
NO_CALENDAR = gettext_lazy("尚未加载工作日历，请运行 manage.py load_law。")
NO_RULES = gettext_lazy("尚未加载期限规则，请运行 manage.py load_law。")


def clocks_for(user: User) -> QuerySet[Clock]:
    """Every clock the user may see."""
    return Clock.objects.filter(visible_to(user))


def clock_for(user: User, clock_id: int) -> Clock:
    """:raises NotFound:"""
    clock = clocks_for(user).select_related("office", "owner").filter(pk=clock_id).first()
    if clock is None:
        raise unseen(pgettext("in a sentence", "期限"))
    return clock


def clocks_of(subject_kind: str, subject_id: int) -> QuerySet[Clock]:
    """The clocks of one matter, for callers that have already passed the matter's own gate."""
    return with_facts(
        Clock.objects.filter(subject_kind=subject_kind, subject_id=subject_id)
        .select_related("owner", "office")
        .order_by("id")
    )


def with_facts(clocks: QuerySet[Clock]) -> QuerySet[Clock]:
    """The clocks with their ``pauses`` and ``additions``, fetched for all at once.

    Into attributes of their own: filling the related managers of every row would cost three times as much.
    """
    return clocks.prefetch_related(
        Prefetch("suspensions", to_attr="pauses"),  # type: ignore[no-redef]  # a cached property, which this fills
        Prefetch("extensions", to_attr="additions"),
    )


def nearest_clocks(subject_kind: str, subject_ids: Iterable[int], now: datetime) -> dict[int, Clock]:
    """The open clock of each matter that ends first, for the rows of a list already gated.

    A suspended one comes last, and after it one whose expiry was its natural end: nothing is left to be done before it.
    """
    clocks = list(
        with_facts(
            Clock.objects.filter(subject_kind=subject_kind, subject_id__in=list(subject_ids), state__in=OPEN_STATES)
        ).order_by(F("due_at").desc(nulls_first=True), "-id")
    )
    lapsing = natural_ends() if any(clock.due_at and clock.due_at <= now for clock in clocks) else frozenset()
    clocks.sort(
        key=lambda clock: bool(clock.due_at and clock.due_at <= now and clock.rule_version in lapsing), reverse=True
    )
    return {clock.subject_id: clock for clock in clocks}


def open_clock(*, rule: str, subject_kind: str, subject_id: int) -> Clock | None:
    return Clock.objects.filter(
        rule=rule, subject_kind=subject_kind, subject_id=subject_id, state__in=OPEN_STATES
    ).first()


def lock_clock(clock_id: int) -> Clock:
    """:raises NotFound:"""
    clock = Clock.objects.select_for_update().filter(pk=clock_id).first()
    if clock is None:
        raise unseen(pgettext("in a sentence", "期限"))
    return clock


def worklist_for(user: User) -> QuerySet[Clock]:
    """What the user themself must do, nearest first."""
    return with_facts(user.clocks.filter(state=ClockState.RUNNING).select_related("office").order_by("due_at", "id"))


def office_worklist_for(user: User) -> QuerySet[Clock]:
    """Everything running in the user's offices, nearest first; one indexed walk whatever the office's age."""
    return with_facts(
        Clock.objects.filter(scope_of(user).rows(), state=ClockState.RUNNING)
        .select_related("office", "owner")
        .order_by("due_at", "id")
    )


def suspended_for(user: User) -> QuerySet[Clock]:
    return with_facts(user.clocks.filter(state=ClockState.SUSPENDED).select_related("office").order_by("-id"))


def overdue_of(subject_kind: str, now: datetime) -> QuerySet[Clock]:
    """The overdue clocks of the matter an outer query stands on."""
    return overdue(Clock.objects.filter(subject_kind=subject_kind, subject_id=OuterRef("pk")), now)


def subjects_overdue(user: User, subject_kind: str, now: datetime) -> QuerySet[Clock, int]:
    """The ids of the matters of a kind with an overdue clock in the user's offices, walked by the clocks' own index."""
    mine = Clock.objects.filter(scope_of(user).rows(), subject_kind=subject_kind)
    return overdue(mine, now).order_by().values_list("subject_id", flat=True)


def subjects_due_by(user: User, subject_kind: str, now: datetime, until: datetime) -> QuerySet[Clock, int]:
    """The same for those not overdue whose last moment comes until ``until``."""
    mine = Clock.objects.filter(scope_of(user).rows(), subject_kind=subject_kind, state=ClockState.RUNNING)
    return mine.filter(due_at__gt=now, due_at__lte=until).order_by().values_list("subject_id", flat=True)


def overdue(clocks: QuerySet[Clock], now: datetime) -> QuerySet[Clock]:
    """Overdue is a stored fact: running, and the stored moment has passed; where expiry is the end, nobody is late."""
    return clocks.filter(state=ClockState.RUNNING, due_at__lte=now).exclude(rule_version__in=natural_ends())


def natural_ends() -> frozenset[str]:
    """The rule versions whose expiry is their natural end (a right lapses, a gate opens): they lapse, never overdue."""
    return frozenset(version.id for version in rule_book().versions() if version.legal_effect)


# ---- the law in force -------------------------------------------------------


def current_calendar() -> WorkCalendar:
    """The calendar in force, built once per load; costs one small query to learn which load that is.

    :raises Invalid: none has been loaded.
    """
    return _calendar_of(*remembered(CalendarNotice, lambda: _newest(CalendarNotice, NO_CALENDAR)))


def calendar_as_of(notice: CalendarNotice) -> WorkCalendar:
    """The calendar as it stood after this load: the newest notice of each year up to it."""
    return _calendar_of(notice.pk, notice.sha256)


def rule_book() -> RuleBook:
    """The rules in force.

    :raises Invalid: none have been loaded.
    """
    return _rule_book_of(*remembered(RuleSet, lambda: _newest(RuleSet, NO_RULES)))


# Keyed by content as well as number: a load that is rolled back leaves its number to the next one.
@lru_cache(maxsize=4)
def _calendar_of(version: int, sha256: str) -> WorkCalendar:
    newest = (
        CalendarNotice.objects.filter(pk__lte=version).order_by().values("year").annotate(id=Max("id")).values("id")
    )
    notices = CalendarNotice.objects.filter(pk__in=newest)
    return WorkCalendar([parse_notice(notice.text.encode()) for notice in notices], version)


@lru_cache(maxsize=4)
def _rule_book_of(version: int, sha256: str) -> RuleBook:
    return parse_rules(RuleSet.objects.get(pk=version).text)


def _newest(model: type[CalendarNotice] | type[RuleSet], missing: Promise) -> tuple[int, str]:
    try:
        newest = model._default_manager.order_by("-id").values_list("pk", "sha256").first()
    except (OperationalError, ProgrammingError):
        if connection.in_atomic_block:
            raise
        newest = None  # before the first migration: nothing is loaded
    if newest is None:
        raise Invalid(str(missing), code="law_not_loaded")
    return newest


def rule_version_of(clock: Clock) -> RuleVersion:
    return rule_book().version(clock.rule_version)


def ladder_steps() -> dict[str, list[Step]]:
    """The escalation steps after the due moment, by ``days`` and ``hours``."""
    steps: dict[str, list[Step]] = {"days": [], "hours": []}
    for row in LadderStep.objects.all():
        steps[row.counted_in].append(Step(row.name, row.audience, row.amount))
    return steps


def provisional_years(first: date, last: date) -> list[int]:
    calendar = current_calendar()
    return [year for year in range(first.year, last.year + 1) if not calendar.is_published(date(year, 1, 1))]


# ---- is anybody sweeping? ---------------------------------------------------


def sweep_silence(now: datetime) -> timedelta | None:
    """How long no sweep has finished, if longer than tolerated; None while all is well.

    A system that has never swept is silent since its first reminder was written.
    """
    heartbeat = Heartbeat.objects.filter(name=SWEEP).first()
    if heartbeat is None:
        first = Reminder.objects.order_by("id").values_list("clock__started_at", flat=True).first()
        silence = now - first if first is not None else timedelta()
    else:
        silence = now - heartbeat.beat_at
    return silence if silence > timedelta(seconds=settings.SWEEP_SILENCE_ALARM_SECONDS) else None


def stuck_reminders() -> int:
    """Reminders nobody could be told of: no active owner, head or supervisor was found."""
    return Reminder.objects.filter(state=ReminderState.STUCK)[:1001].count()


def sweep_age(now: datetime) -> timedelta | None:
    """How long ago the last sweep finished; None before the first."""
    heartbeat = Heartbeat.objects.filter(name=SWEEP).first()
    return None if heartbeat is None else now - heartbeat.beat_at


def reminders_overdue(now: datetime) -> int:
    """Pending reminders whose moment passed longer ago than the silence tolerated, counted no further than 1001."""
    before = now - timedelta(seconds=settings.SWEEP_SILENCE_ALARM_SECONDS)
    return Reminder.objects.filter(state=ReminderState.PENDING, fire_at__lt=before)[:1001].count()


# ---- what was loaded when ---------------------------------------------------


def calendar_loads(year: int) -> QuerySet[CalendarNotice]:
    """The loads of a year's notice, newest first; public law, open to everybody."""
    return CalendarNotice.objects.filter(year=year).select_related("report").order_by("-id")


def report_lines_for(user: User, report: CalendarReport) -> QuerySet[CalendarReportLine]:
    """Which of the clocks the user may see a calendar notice moved."""
    return report.lines.filter(clock__in=clocks_for(user)).select_related("clock").order_by("id")
