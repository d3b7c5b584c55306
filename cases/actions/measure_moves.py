"""What every verb of a measure does: lock, ask, save, write the histories of measure and items, keep its clocks."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions import Actor, record
from cases.models import Case, Measure, MeasureItem, MeasureItemMove, MeasureMove
from cases.queries.measures import KIND, REPORTS, items_of, lock_measure, require_measure_move, term_of
from cases.states import measures as states
from cases.states.measures import UNDER_MEASURE, MeasureKind
from core.errors import Invalid, WrongState
from core.transitions import Transition
from deadlines.actions.clocks import Subject, hand_over_clocks, local_day, meet_clock
from deadlines.queries import open_clock


def begin(actor: User, measure_id: int, row: Transition) -> Measure:
    """:raises NotFound, NotPermitted, WrongState:"""
    measure = lock_measure(actor, measure_id)
    require_measure_move(actor, measure, row)
    return measure


def subject_of(measure: Measure) -> Subject:
    """Whom the clocks of a measure run for: its own page, the case's office and leading officer."""
    case = measure.case
    label = f"{case.party_name} {measure.label}"
    return Subject(KIND, measure.pk, label, case.office, case.owner, f"{case.number} {measure.label}")


def move(measure: Measure, row: Transition, actor: Actor, at: datetime, reason: str) -> Measure:
    source = measure.state
    measure.state = row.target or source
    measure.save()
    write_move(measure, row, source, actor, at, reason)
    return measure


def write_move(measure: Measure, row: Transition, source: str, actor: Actor, at: datetime, reason: str) -> None:
    MeasureMove.objects.create(
        measure=measure, at=at, actor_id=actor.pk, name=row.name, source=source, target=measure.state,
        reason=reason[:1000],
    )  # fmt: skip
    record(
        verb=f"cases.{row.name}", actor=actor, at=at, subject_kind=KIND, subject_id=measure.pk,
        subject_label=f"{measure.case.number} {measure.label}", source=source, target=measure.state,
        case=measure.case_id,
    )  # fmt: skip


def move_items(items: Iterable[MeasureItem], row: Transition, actor: Actor, at: datetime, reason: str) -> None:
    """Move items that may make the move; each leaves its history, all of them one entry in the trail."""
    moved = list(items)
    for item in moved:
        source = item.state
        item.state = str(row.target)
        item.save()
        MeasureItemMove.objects.create(
            item=item, at=at, actor_id=actor.pk, name=row.name, source=source, target=item.state, reason=reason[:1000]
        )
    if moved:
        measure = moved[0].measure
        record(
            verb=f"cases.{row.name}", actor=actor, at=at, subject_kind=KIND, subject_id=measure.pk,
            subject_label=f"{measure.case.number} {measure.label}", case=measure.case_id,
            items=[item.number for item in moved], target=row.target,
        )  # fmt: skip


def chosen(measure: Measure, item_ids: Sequence[int] | None, row: Transition) -> list[MeasureItem]:
    """The items to move: those named, all of which must be able to; without names all that are.

    :raises Invalid: one that is not of this inventory. :raises WrongState: ``wrong_item_state``, ``nothing_to_move``.
    """
    mine = items_of(measure)
    if item_ids is None:
        found = [item for item in mine if row.starts_from(item.state)]
    else:
        wanted = set(item_ids)
        found = [item for item in mine if item.pk in wanted]
        if len(found) < len(wanted):
            raise Invalid(_("清单中没有这项物品，请从列表中选择。"), code="unknown_item", field="items")
    for item in found:
        item.measure = measure
        if not row.starts_from(item.state):
            raise WrongState(
                _("清单第%(number)s项“%(name)s”%(state)s，不能“%(what)s”（%(basis)s）。")
                % {
                    "number": item.number, "name": item.name, "state": item.get_state_display(), "what": row.label,
                    "basis": row.basis,
                },
                code="wrong_item_state",
            )  # fmt: skip
    if not found:
        raise WrongState(
            _("清单中没有可以“%(what)s”的物品（%(basis)s）。") % {"what": row.label, "basis": row.basis},
            code="nothing_to_move",
        )
    return found


def end(measure: Measure, on: date, actor: Actor, at: datetime) -> None:
    """The measure is over: its term is met, and with it the report of an urgent one that nobody answered."""
    measure.ended_on = on
    term = term_of(measure)
    if term is not None:
        meet_clock(clock_id=term.pk, on=max(on, term.origin_on), actor=actor, at=at)
    end_report(measure, actor, at)


def end_report(measure: Measure, actor: Actor, at: datetime) -> None:
    """The head has answered an urgent measure, or there is nothing left to answer."""
    report = open_clock(rule=REPORTS[MeasureKind(measure.kind)], subject_kind=KIND, subject_id=measure.pk)
    if report is not None:
        meet_clock(clock_id=report.pk, on=local_day(at), actor=actor, at=at, moment=at)


def settle_if_done(measure: Measure, actor: Actor, at: datetime, reason: str) -> None:
    """A measure under which nothing is left is over."""
    if states.SETTLE_MEASURE.starts_from(measure.state) and not any(
        item.state in UNDER_MEASURE for item in items_of(measure)
    ):
        end(measure, local_day(at), actor, at)
        measure.end_reason = reason[:1000]
        move(measure, states.SETTLE_MEASURE, actor, at, reason)


def stays(row: Transition) -> Transition:
    """The same move where part of the items stay under the measure."""
    return replace(row, target=None)


def hand_over_terms(case: Case, from_owner: User, actor: Actor, at: datetime) -> None:
    """The open clocks of the case's measures go to its new leading officer; none restarts."""
    for measure in case.measures.all():
        measure.case = case
        hand_over_clocks(subject=subject_of(measure), from_owner=from_owner, actor=actor, at=at)
