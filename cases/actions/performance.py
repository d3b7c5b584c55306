"""What the decision demands is paid, and the case closed."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases import states
from cases.actions.moves import CLOSING, KIND, PAYMENT, begin, move, not_outside, subject_of, yuan
from cases.models import Case
from clues.actions.decisions import start_reward_feedback
from core.errors import Invalid
from deadlines.actions.clocks import local_day, meet_open, start_clock


@transaction.atomic
def record_payment(*, case_id: int, amount: Decimal, paid_on: date, actor: User, at: datetime) -> Case:
    """Record a payment, in yuan; the one that completes what is due ends performance and starts the closing term.

    :raises NotFound, NotPermitted, WrongState: :raises Invalid: nothing, or more than is still due.
    """
    case = begin(actor, case_id, states.RECORD_PAYMENT)
    assert case.served_on is not None  # noqa: S101 - the state table: payments follow service
    not_outside(paid_on, case.served_on, local_day(at), "paid_on", _("缴款日期"))
    left = case.due_amount - case.paid
    if not 0 < yuan(amount, "amount") <= left:
        raise Invalid(
            _("缴款金额应大于0且不超过尚欠的%(left)s元。") % {"left": left}, code="payment_out_of_range", field="amount"
        )
    case.paid += amount
    move(case, states.RECORD_PAYMENT, actor, at, f"{paid_on}缴款{amount}元")
    if case.paid == case.due_amount:
        perform(case, paid_on, actor, at)
    return case


def perform(case: Case, on: date, actor: User, at: datetime) -> None:
    case.paid_on = on
    move(case, states.PERFORM, actor, at, "")
    meet_open(rule=PAYMENT, subject_kind=KIND, subject_id=case.pk, on=on, actor=actor, at=at)
    start_clock(rule=CLOSING, subject=subject_of(case), origin_on=on, actor=actor, at=at)


@transaction.atomic
def close_case(*, case_id: int, reason: str, actor: User, at: datetime) -> Case:
    """Close a case whose decision has been performed (程序规定第七十七条第一款第一项).

    :raises NotFound, NotPermitted, WrongState:
    """
    case = begin(actor, case_id, states.CLOSE)
    case.closed_on = local_day(at)
    move(case, states.CLOSE, actor, at, reason)
    meet_open(rule=CLOSING, subject_kind=KIND, subject_id=case.pk, on=case.closed_on, actor=actor, at=at)
    start_reward_feedback(lead=case.lead, closed_on=case.closed_on, actor=actor, at=at)
    return case
