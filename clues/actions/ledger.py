"""Many leads come in at once: the set-based twin of :func:`clues.actions.intake.log_lead`.

A row means exactly what logging it would mean; a row may besides carry what became of it before it came here.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Office, User
from accounts.queries import office_named, require_role
from audit.actions import Deed, record_many
from clues import states
from clues.actions.intake import lead_from
from clues.actions.moves import KIND, searchable
from clues.actions.past import Passage, Past, past_errors, periods_of, walk
from clues.actions.placing import Placed, place
from clues.actions.received import Intake, intake_errors
from clues.models import Lead, LeadMove, Tenure
from core.bulk import append, insert
from core.errors import FieldError, Invalid, in_one_sentence
from deadlines.actions.starting import local_day, start_clocks
from deadlines.queries import rule_book
from documents.actions.numbers import draw_numbers, keep_numbers
from documents.models import IssuedNumber
from informants.actions import Told, seal_informants
from informants.sealing import Identity
from routing.actions import Decided, keep_decisions
from routing.queries import Router
from search.actions import index_texts

MOVE_COLUMNS = ("lead_id", "at", "actor_id", "name", "source", "target", "office_id", "owner_id", "reason")


@dataclass(frozen=True)
class LedgerRow:
    """One lead to register; ``office_id`` and ``route_reason`` as in ``log_lead``.

    :param past: what became of it before, None for a lead that begins here.
    """

    intake: Intake
    office_id: int | None = None
    route_reason: str = ""
    past: Past | None = None


class Examiner:
    """Says of any number of rows what ``log_lead`` would say, reading rules, division and offices once."""

    def __init__(self, actor: User, at: datetime) -> None:
        self.actor, self.today = actor, local_day(at)
        self.rules = rule_book()
        self._offices: dict[int, Office] = {}
        self._permitted: set[int] = set()

    @cached_property
    def _router(self) -> Router:
        return Router(self.today)

    def examine(self, row: LedgerRow) -> tuple[Placed | None, list[FieldError]]:
        """Where a row belongs, and what is wrong with it, field by field.

        :raises NotPermitted: no post of the actor may log for the office.
        """
        intake = row.intake
        if found := list(intake_errors(intake, self.today, self.rules)):
            return None, found
        try:
            placed = self._place(row)
        except Invalid as refusal:
            return None, [FieldError(refusal.field or "office", refusal.code, refusal.detail)]
        if row.past is not None:
            found = list(past_errors(row.past, intake.channel, intake.received_on, placed.office, self.today))
        return placed, found

    def _place(self, row: LedgerRow) -> Placed:
        named = self._office(row.office_id) if row.office_id is not None else None
        placed = place(row.intake, self.actor, named, row.route_reason, lambda question: self._router.route(question))
        if placed.office.pk not in self._permitted:
            basis = states.LOG.basis
            require_role(self.actor, placed.office, states.LOG.roles, what=str(states.LOG.label), basis=basis)
            self._permitted.add(placed.office.pk)
        return placed

    def _office(self, office_id: int) -> Office:
        if office_id not in self._offices:
            self._offices[office_id] = office_named(office_id)
        return self._offices[office_id]


@dataclass(frozen=True)
class _Entered:
    """One row on its way in: where it belongs, the lead it becomes, and by which moves."""

    row: LedgerRow
    placed: Placed
    lead: Lead
    way: list[Passage]


@transaction.atomic
def register_leads(rows: Sequence[LedgerRow], *, actor: User, at: datetime) -> list[Lead]:
    """Register many leads in the order given, each as ``log_lead`` would; call it for some thousands at a time.

    :raises Invalid: a row breaks a rule; the first of them is told. :raises NotPermitted: no post of the actor may log
        for one of the offices.
    """
    examiner = Examiner(actor, at)
    entered = [_enter(examiner, row, number, actor, at) for number, row in enumerate(rows, start=1)]
    numbers = _numbers(entered, at)
    insert(Lead, [each.lead for each in entered])
    for each, number in zip(entered, numbers, strict=True):
        number.subject_id = each.lead.pk
    keep_numbers(numbers)
    _write_moves(entered, actor, at)
    _write_tenures(entered)
    starts = [start for each in entered for start in periods_of(each.lead, each.row.past, at, examiner.rules)]
    start_clocks(starts, actor=actor, at=at)
    seal_informants([_told(each) for each in entered if not each.row.intake.informant.is_empty], actor=actor, at=at)
    keep_decisions([decided for each in entered if (decided := _decided(each))], actor=actor, at=at)
    index_texts(searchable(each.lead) for each in entered)
    return [each.lead for each in entered]


def _enter(examiner: Examiner, row: LedgerRow, place: int, actor: User, at: datetime) -> _Entered:
    placed, errors = examiner.examine(row)
    if placed is None or errors:
        detail = _("第%(row)s行：%(why)s") % {"row": place, "why": in_one_sentence([error.detail for error in errors])}
        raise Invalid(detail, code="invalid", errors=errors)
    lead = lead_from(row.intake, placed.office, actor, at)
    return _Entered(row, placed, lead, walk(lead, row.past, at))


def _numbers(entered: Sequence[_Entered], at: datetime) -> list[IssuedNumber]:
    """A number for each, drawn in one block for each office."""
    by_office: dict[Office, int] = Counter(each.placed.office for each in entered)
    drawn = {
        office: iter(draw_numbers(office=office, kind=KIND, on=local_day(at), subject_kind=KIND, count=count))
        for office, count in by_office.items()
    }
    numbers = [next(drawn[each.placed.office]) for each in entered]
    for each, number in zip(entered, numbers, strict=True):
        each.lead.number = number.text
    return numbers


def _write_moves(entered: Sequence[_Entered], actor: User, at: datetime) -> None:
    moves = [
        (
            each.lead.pk, passage.at, actor.pk, passage.row.name, passage.source, passage.target, each.placed.office.pk,
            passage.owner.pk, passage.reason,
        )
        for each in entered
        for passage in each.way
    ]  # fmt: skip
    append(LeadMove, MOVE_COLUMNS, moves)
    deeds: dict[str, list[Deed]] = {}
    for each in entered:
        for passage in each.way:
            facts = {
                "source": passage.source, "target": passage.target, "office": each.placed.office.code,
                "owner": passage.owner.pk,
            }  # fmt: skip
            deeds.setdefault(passage.row.name, []).append(Deed(KIND, each.lead.pk, each.lead.number, facts))
    for name, of_verb in deeds.items():
        record_many(of_verb, verb=f"clues.{name}", actor=actor, at=at)


def _write_tenures(entered: Sequence[_Entered]) -> None:
    """From each move that changed the owner to the next such; the last is open."""
    tenures = []
    for each in entered:
        held = [next(run) for _owner_id, run in groupby(each.way, lambda passage: passage.owner.pk)]
        ends: list[datetime | None] = [passage.at for passage in held[1:]]
        tenures += [
            Tenure(
                lead=each.lead, office=each.placed.office, bureau_id=each.placed.office.bureau_id, owner=passage.owner,
                starts_at=passage.at, ends_at=end,
            )
            for passage, end in zip(held, [*ends, None], strict=True)
        ]  # fmt: skip
    insert(Tenure, tenures)


def _told(each: _Entered) -> Told:
    told = each.row.intake.informant
    identity = Identity(told.name, told.phone, told.address, told.id_number)
    return Told(KIND, each.lead.pk, each.placed.office, identity, told.is_named, each.lead.number)


def _decided(each: _Entered) -> Decided | None:
    placed = each.placed
    if placed.question is None:
        return None
    return Decided(KIND, each.lead.pk, placed.route, placed.question, placed.office, placed.reason)
