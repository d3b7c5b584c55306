"""What every verb of a case does: lock, ask who may, ask the state table, save, write the history and the trail."""

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries import InCharge
from audit.actions import Actor, record
from cases.models import Approval, Case, CaseMove
from cases.money import CENT
from cases.policies import principal_of
from cases.queries.matter import lock_case, require_move
from cases.states.approvals import MOVED_ON, MOVES, VOID, ApprovalKind, ApprovalState
from core.errors import Invalid
from core.texts import optional as optional  # the verbs of a case find both here
from core.texts import required as required
from core.transitions import Transition, in_record
from deadlines.actions.clocks import Subject, cancel_clock, meet_clock
from deadlines.queries import open_clock
from search.actions import Searchable, index_texts

KIND = "case"
HANDLING, REVIEW, DEFENCE = "case_handling", "legal_review", "statement_defence"
HEARING_REQUEST = "hearing_request"
SERVICE, PAYMENT, CLOSING = "decision_service", "fine_payment", "case_closing"
MOST_YUAN = Decimal(10) ** 12  # what the columns hold


def subject_of(case: Case) -> Subject:
    """The matter of a clock: of the owner, or of the head of the office when the owner has left."""
    heads = [] if case.owner.is_active else InCharge().heads_of(case.office)
    return Subject(KIND, case.pk, case.label, case.office, heads[0] if heads else case.owner, case.number)


def begin(actor: User, case_id: int, row: Transition) -> Case:
    case = lock_case(actor, case_id)
    require_move(actor, case, row)
    return case


def move(case: Case, row: Transition, actor: Actor, at: datetime, reason: str) -> Case:
    source = case.state
    case.state = row.target or source
    case.save()
    write_move(case, row, source, actor, at, reason)
    if case.state != source:
        _void_what_was_asked(case, actor, at)
    return case


def _void_what_was_asked(case: Case, actor: Actor, at: datetime) -> None:
    """What was asked for and is not possible any more, now that the case has moved on, ends visibly."""
    for approval in Approval.objects.filter(case=case, state=ApprovalState.ASKED):
        kind = ApprovalKind(approval.kind)
        if not MOVES[kind].starts_from(case.state):
            void_approval(approval, in_record(MOVED_ON), at)
            write_move(case, VOID, case.state, actor, at, in_record(kind.label))


def void_approval(approval: Approval, reason: str, at: datetime) -> None:
    """End an open approval that cannot be carried out any more; it stays on record."""
    approval.state, approval.waiting_role = ApprovalState.VOID, ""
    approval.ended_at, approval.end_reason = at, reason[:500]
    approval.save(update_fields=["state", "waiting_role", "ended_at", "end_reason"])


def write_move(case: Case, row: Transition, source: str, actor: Actor, at: datetime, reason: str) -> None:
    principal = principal_of(actor, case, row) if isinstance(actor, User) else None
    CaseMove.objects.create(
        case=case, at=at, actor_id=actor.pk, on_behalf_of=principal, name=row.name, source=source, target=case.state,
        reason=reason[:1000],
    )  # fmt: skip
    record(
        verb=f"cases.{row.name}", actor=actor, at=at, subject_kind=KIND, subject_id=case.pk, subject_label=case.number,
        source=source, target=case.state, owner=case.owner_id, on_behalf_of=principal and principal.pk,
    )  # fmt: skip


def index_case(case: Case) -> None:
    """Make the case findable by what it says now."""
    index_texts([searchable(case)])


def searchable(case: Case) -> Searchable:
    texts = (case.number, case.party_name, case.party_code, case.cause, case.decision_number, case.conclusion)
    return Searchable(KIND, case.pk, texts, case.office, case.filed_on)


def open_clock_id(case: Case, rule: str) -> int:
    """The open clock of a rule on this case.

    :raises Invalid:
    """
    clock = open_clock(rule=rule, subject_kind=KIND, subject_id=case.pk)
    if clock is None:
        raise Invalid(_("本案没有正在计时的办案期限。"), code="no_open_clock", field="case")
    return clock.pk


def meet_if_open(case: Case, rule: str, on: date, actor: Actor, at: datetime) -> None:
    """Meet a period of the case if it runs: one that was never started has nothing to meet."""
    clock = open_clock(rule=rule, subject_kind=KIND, subject_id=case.pk)
    if clock is not None:
        meet_clock(clock_id=clock.pk, on=on, actor=actor, at=at)


def cancel_open(case: Case, rule: str, reason: str, actor: Actor, at: datetime) -> None:
    """Cancel a period of the case if it runs."""
    clock = open_clock(rule=rule, subject_kind=KIND, subject_id=case.pk)
    if clock is not None:
        cancel_clock(clock_id=clock.pk, reason=reason, actor=actor, at=at)


def not_outside(day: date, earliest: date, today: date, field: str, name: str) -> None:
    """Refuse a day before ``earliest`` or after today.

    :raises Invalid:
    """
    if day > today:
        raise Invalid(_("%(name)s不能晚于今天。") % {"name": name}, code="future_date", field=field)
    if day < earliest:
        raise Invalid(
            _("%(name)s不能早于%(day)s。") % {"name": name, "day": earliest}, code="date_too_early", field=field
        )


def yuan(amount: Decimal, field: str) -> Decimal:
    """An amount of money as the columns hold it: to the cent.

    :raises Invalid:
    """
    if not amount.is_finite() or abs(amount) >= MOST_YUAN or amount != amount.quantize(CENT):
        raise Invalid(_("金额应为小于一万亿元的数字，最多两位小数。"), code="bad_amount", field=field)
    return amount
