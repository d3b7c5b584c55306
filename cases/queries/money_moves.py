"""Which verbs of the money of a case have something to act upon now."""

from cases.models import Case
from cases.queries.money import open_refund_order
from cases.queries.remedy import court_steps, pending_remedy
from cases.states import money, remedy
from cases.states.money import MONEY_TRANSITIONS, PaymentKind
from cases.states.remedy import AFTER_SERVICE, REMEDY_TRANSITIONS
from core.transitions import Transition


def money_moves(case: Case) -> list[Transition]:
    """For a case fetched through a gate, whoever asks; four statements."""
    idle = _idle(case)
    moves = [row for row in MONEY_TRANSITIONS if row.starts_from(case.state) and row not in idle]
    pending = pending_remedy(case)
    if pending is not None:
        moves += [row for row in REMEDY_TRANSITIONS if row.starts_from(pending.state)]
    elif case.state in AFTER_SERVICE and case.served_on is not None:
        moves.append(remedy.FILE_REMEDY)
    if court_steps(case):
        moves.append(remedy.COURT_STEP)
    return moves


def _idle(case: Case) -> set[Transition]:
    """What the state of the case allows and nothing of its money asks for."""
    cash = case.payments.filter(kind=PaymentKind.CASH, reverses=None, reversal=None, deposited_on=None)
    waiting = set(cash.values_list("handed_over_on", flat=True)) if case.paid else set()
    idle: set[Transition] = set()
    if None not in waiting:
        idle.add(money.RECORD_HANDOVER)
    if waiting <= {None}:
        idle.add(money.RECORD_BANK_DEPOSIT)
    if not case.paid:
        idle |= {money.REVERSE_PAYMENT, money.REFUND_PAYMENT}
    if not case.late_fine:
        idle.add(money.WAIVE_LATE_FINE)
    if open_refund_order(case) is None:
        return idle | {money.RECORD_REFUND, money.ANNOUNCE_REFUND, money.END_REFUND}
    return idle | {money.ORDER_REFUND}
