"""How clocks start: one or many at once, each with its due date, its history, its audit entry and its reminders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Office, User
from audit.actions import Actor, Deed, record_many
from core.bulk import append, insert
from core.errors import Invalid
from core.transitions import Transition
from deadlines import states
from deadlines.actions.reminders import write_first_reminders
from deadlines.actions.set_writes import hold_calendar
from deadlines.models import Clock, ClockMove
from deadlines.queries import current_calendar, rule_book
from deadlines.replay import SHANGHAI, ClockFacts, DueDate, due_of
from deadlines.rules import RuleBook, RuleVersion
from deadlines.states import ClockState


@dataclass(frozen=True)
class Subject:
    """The matter a clock runs for, named rather than pointed at.

    ``label`` may name a party; ``number`` names nobody and is all that outside channels ever see.
    """

    kind: str
    id: int
    label: str
    office: Office
    owner: User
    number: str = ""


@dataclass(frozen=True)
class Start:
    """One period to start; its version is chosen by the day of the trigger.

    :param origin_on: the day of the trigger (not counted); may be left out when ``origin_at`` is given.
    :param met_on: of a matter that comes in with its past: the day on which what the period demanded was done.
    """

    rule: str
    subject: Subject
    origin_on: date | None = None
    origin_at: datetime | None = None
    met_on: date | None = None


def local_day(at: datetime) -> date:
    """The day it is in Shanghai at a moment of any zone.

    :raises Invalid: the moment has no zone.
    """
    _require_zone(at, "at")
    return at.astimezone(SHANGHAI).date()


def start_clock(
    *,
    rule: str,
    subject: Subject,
    origin_on: date | None = None,
    origin_at: datetime | None = None,
    actor: Actor,
    at: datetime,
) -> Clock:
    """Start one statutory period; see :class:`Start`.

    :raises Invalid: as :func:`start_clocks`.
    """
    return start_clocks([Start(rule, subject, origin_on, origin_at)], actor=actor, at=at)[0]


@transaction.atomic
def start_clocks(starts: Sequence[Start], *, actor: Actor, at: datetime) -> list[Clock]:
    """Start many periods, in the order given. Those of one rule and origin are counted once.

    :raises Invalid: unknown rule, a day outside every version, an origin in the future or without a zone, two origins
        that differ, an inactive owner; of a period already met: a day before its start, or a rule that recurs.
    """
    hold_calendar()
    rules, calendar = rule_book(), current_calendar()

    @cache
    def counted(
        rule: str, origin_on: date | None, origin_at: datetime | None
    ) -> tuple[RuleVersion, ClockFacts, DueDate]:
        facts = ClockFacts(_origin_day(origin_on, origin_at), origin_at)
        version = _version_on(rules, rule, facts.origin_on)
        _check_begun(version, facts, at)
        due = due_of(facts, version, calendar)
        assert due is not None  # noqa: S101 - only a suspended clock has none
        return version, facts, due

    clocks, running = [], []
    for start in starts:
        version, facts, due = counted(start.rule, start.origin_on, start.origin_at)
        clock = _clock(start, version, facts, due, at)
        clock.calendar_version = calendar.version
        clocks.append(clock)
        if start.met_on is None:
            running.append((clock, version))
        else:
            _meet(clock, version, start.met_on, at)
    insert(Clock, clocks)
    note_moves(clocks, states.START, actor, at)
    note_moves([clock for clock in clocks if clock.ended_on], states.MEET, actor, at)
    write_first_reminders(running, at=at)
    return clocks


def note_moves(clocks: Sequence[Clock], row: Transition, actor: Actor, at: datetime) -> None:
    """The history rows and audit entries of clocks that were started, or were ended at the due date they had."""
    is_start = row is states.START
    label = actor.label[:120]
    moves = [
        (clock.pk, at, label, row.name, None if is_start else clock.due_on, clock.due_on, "") for clock in clocks
    ]  # fmt: skip
    append(ClockMove, ("clock_id", "at", "actor_label", "name", "due_before", "due_after", "reason"), moves)
    deeds = (deed_of(clock, None if is_start else clock.due_on) for clock in clocks)
    record_many(deeds, verb=f"deadlines.{row.name}", actor=actor, at=at)


def deed_of(clock: Clock, due_before: date | None) -> Deed:
    """What the audit trail says of a move of a clock."""
    facts = {
        "clock": clock.pk, "rule": clock.rule_version, "due_before": str(due_before) if due_before else None,
        "due_after": str(clock.due_on) if clock.due_on else None,
    }  # fmt: skip
    return Deed(clock.subject_kind, clock.subject_id, clock.subject_label, facts)


def is_late(clock: Clock, version: RuleVersion, on: date, moment: datetime | None = None) -> bool:
    """Whether what is done on ``on`` (at ``moment``, for an hour rule) comes too late; a natural end never does."""
    if version.legal_effect:
        return False
    if clock.origin_at is not None and moment is not None and clock.due_at is not None:
        return moment > clock.due_at
    return clock.due_on is not None and on > clock.due_on


def check_met(clock: Clock, version: RuleVersion, on: date) -> None:
    """:raises Invalid: a period cannot be met before it began."""
    if on < clock.origin_on and version.direction == "after":
        raise Invalid(
            _("办结日期不能早于起算日%(day)s。") % {"day": clock.origin_on}, code="ends_before_start", field="on"
        )


def set_due(clock: Clock, due: DueDate | None) -> None:
    """Copy what the engine answered; None while nobody can know."""
    clock.due_on, clock.due_nominal_on, clock.due_at = (due.on, due.nominal_on, due.at) if due else (None, None, None)
    clock.is_provisional = due.provisional if due else False


def _clock(start: Start, version: RuleVersion, facts: ClockFacts, due: DueDate, at: datetime) -> Clock:
    subject = start.subject
    if not subject.owner.is_active:
        raise Invalid(
            _("%(name)s的账号已停用，不能作为承办人。") % {"name": subject.owner.name},
            code="user_deactivated", field="owner",
        )  # fmt: skip
    clock = Clock(
        rule=version.key, rule_version=version.id, subject_kind=subject.kind, subject_id=subject.id,
        subject_label=subject.label[:200], subject_number=subject.number[:60], office=subject.office,
        bureau_id=subject.office.bureau_id, owner=subject.owner, origin_on=facts.origin_on, origin_at=facts.origin_at,
        started_at=at,
    )  # fmt: skip
    set_due(clock, due)
    return clock


def _meet(clock: Clock, version: RuleVersion, on: date, at: datetime) -> None:
    if version.recurring:
        raise Invalid(
            _("“%(rule)s”是循环的期限，不能作为已办结的期限登记。") % {"rule": version.name},
            code="rule_recurs", field="rule",
        )  # fmt: skip
    check_met(clock, version, on)
    clock.state = ClockState.MET_LATE if is_late(clock, version, on) else ClockState.MET
    clock.ended_on, clock.ended_at = on, at


def _check_begun(version: RuleVersion, facts: ClockFacts, at: datetime) -> None:
    is_moment_ahead = facts.origin_at is not None and facts.origin_at > at
    if version.direction == "after" and (facts.origin_on > local_day(at) or is_moment_ahead):
        raise Invalid(
            _("起算日期%(day)s在今天之后，请核对。") % {"day": facts.origin_on}, code="future_origin", field="origin_on"
        )


def _require_zone(moment: datetime, field: str) -> None:
    if moment.utcoffset() is None:
        raise Invalid(_("时刻必须带时区。"), code="naive_datetime", field=field)


def _origin_day(origin_on: date | None, origin_at: datetime | None) -> date:
    if origin_at is None:
        if origin_on is None:
            raise Invalid(_("请写明起算日期。"), code="origin_required", field="origin_on")
        return origin_on
    _require_zone(origin_at, "origin_at")
    day = local_day(origin_at)
    if origin_on not in (None, day):
        raise Invalid(
            _("起算日期%(day)s与起算时刻所在的%(moment_day)s不一致。") % {"day": origin_on, "moment_day": day},
            code="origin_differs", field="origin_on",
        )  # fmt: skip
    return day


def _version_on(rules: RuleBook, rule: str, origin_on: date) -> RuleVersion:
    try:
        return rules.version_on(rule, origin_on)
    except Invalid as refusal:
        if refusal.code != "no_rule_version":
            raise
        raise Invalid(refusal.detail, code=refusal.code, field="origin_on") from refusal
