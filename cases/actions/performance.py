"""What the decision demands is paid, and the case closed."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions import Actor
from cases.actions.moves import (
    CLOSING,
    KIND,
    PAYMENT,
    begin,
    cancel_open,
    meet_if_open,
    move,
    not_outside,
    optional,
    subject_of,
    yuan,
)
from cases.models import Case, Payment
from cases.money import cash_allowed, filled
from cases.queries.measures import require_goods_settled
from cases.queries.money import Account, account_of
from cases.queries.outcomes import ENDING_WITH_THE_CASE, closing_ground, require_duties_met
from cases.queries.remedy import ENFORCEMENT_RULES
from cases.states import matter as states
from cases.states.matter import PartyKind, Procedure
from cases.states.money import CashGround, PaymentKind, Purpose
from clues.actions.decisions import start_reward_feedback
from core.errors import Invalid
from core.transitions import in_record
from deadlines.actions.clocks import fix_due, local_day, start_clock
from deadlines.models import Clock
from deadlines.queries import open_clock

HANDOVER, DEPOSIT = "cash_fine_handover", "cash_fine_to_bank"
PURPOSES = (Purpose.FINE, Purpose.CONFISCATED, Purpose.LATE_FINE)


@transaction.atomic
def record_payment(
    *,
    case_id: int,
    amount: Decimal,
    paid_on: date,
    actor: User,
    at: datetime,
    kind: str = PaymentKind.BANK,
    purpose: str = Purpose.DUE,
    receipt_number: str = "",
    payer: str = "",
    cash_ground: str = "",
    ashore_on: date | None = None,
) -> Case:
    """Record a payment, in yuan; the one that completes what is due ends performance and starts the closing term.

    Cash is taken only on the grounds of 程序规定第七十二条, for the fine, against an official receipt; two working days
    to hand it in start (第七十三条).

    :param purpose: one of :class:`cases.states.money.Purpose`.
    :param payer: the party when left out.
    :param ashore_on: of cash taken on the water: the day the officer came ashore.
    :raises NotFound, NotPermitted, WrongState: :raises Invalid: nothing, or more than is still due of what it is for;
        a receipt recorded already; cash where it may not be taken, or without a receipt.
    """
    case = begin(actor, case_id, states.RECORD_PAYMENT)
    assert case.served_on is not None  # noqa: S101 - the state table: payments follow service
    not_outside(paid_on, case.served_on, local_day(at), "paid_on", _("缴款日期"))
    account, receipt = account_of(case), optional(receipt_number, "receipt_number", limit=60)
    if receipt and any(_stands(each) and each.receipt_number == receipt for each in account.payments):
        raise Invalid(
            _("票据%(number)s已经登记过缴款，请核对号码；登记有误的先更正。") % {"number": receipt},
            code="receipt_used", field="receipt_number",
        )  # fmt: skip
    to_fine, to_confiscated, to_late_fine = _parts(account, yuan(amount, "amount"), purpose)
    if kind == PaymentKind.CASH:
        _check_cash(case, cash_ground, receipt, is_fine=to_fine == amount, ashore_on=ashore_on, paid_on=paid_on, at=at)
    elif kind not in PaymentKind.values:
        raise Invalid(_("请选择缴款方式。"), code="unknown_kind", field="kind")
    Payment.objects.create(
        case=case, amount=amount, to_fine=to_fine, to_confiscated=to_confiscated, to_late_fine=to_late_fine,
        paid_on=paid_on, kind=kind, receipt_number=receipt, payer=optional(payer, "payer", limit=120) or case.party_name,
        cash_ground=cash_ground if kind == PaymentKind.CASH else "", ashore_on=ashore_on, recorded_by=actor,
        recorded_at=at,
    )  # fmt: skip
    case.paid += amount
    move(case, states.RECORD_PAYMENT, actor, at, f"{paid_on}缴款{amount}元")
    if kind == PaymentKind.CASH and open_clock(rule=HANDOVER, subject_kind=KIND, subject_id=case.pk) is None:
        start_clock(rule=HANDOVER, subject=subject_of(case), origin_on=ashore_on or paid_on, actor=actor, at=at)
    settle(case, max([paid_on, *(each.paid_on for each in account.payments if _stands(each))]), actor, at)
    return case


def _stands(payment: Payment) -> bool:
    """Whether a payment is neither a mistake nor what takes one back."""
    return payment.reverses_id is None and not hasattr(payment, "reversal")


def _parts(account: Account, amount: Decimal, purpose: str) -> list[Decimal]:
    if purpose not in Purpose.values:
        raise Invalid(_("请选择款项用途。"), code="unknown_purpose", field="purpose")
    rooms = [account.left_of_fine, account.left_of_confiscated, account.left_of_late_fine]
    if purpose != Purpose.DUE:
        rooms = [room if each == purpose else Decimal() for each, room in zip(PURPOSES, rooms, strict=True)]
    left = sum(rooms, Decimal())
    if not 0 < amount <= left:
        raise Invalid(
            _("缴款金额应大于0且不超过尚欠的%(left)s元。") % {"left": left}, code="payment_out_of_range", field="amount"
        )
    return filled(amount, rooms)


def _check_cash(
    case: Case, ground: str, receipt: str, *, is_fine: bool, ashore_on: date | None, paid_on: date, at: datetime
) -> None:
    fits = ground in CashGround.values and cash_allowed(
        is_small=ground == CashGround.SMALL,
        is_remote=ground == CashGround.REMOTE,
        is_on_the_spot=case.procedure == Procedure.SUMMARY,
        is_person=case.party_kind == PartyKind.PERSON,
        fine=case.fine or Decimal(),
    )
    if not fits:
        raise Invalid(
            _(
                "当场收缴限于当场处以一百元以下罚款、当场处罚不当场收缴事后难以执行、边远水上交通不便地区经当事人提出三种情形"
                "（程序规定第七十二条）。本案不符合所选情形，请由当事人到银行或者通过电子支付系统缴纳。"
            ),
            code="cash_not_allowed", field="cash_ground",
        )  # fmt: skip
    if not is_fine:
        raise Invalid(_("当场只能收缴罚款（程序规定第七十二条）。"), code="cash_for_fine_only", field="purpose")
    if not receipt:
        raise Invalid(
            _("当场收缴罚款必须出具财政部门统一制发的专用票据（程序规定第七十二条第二款），请填写票据号码。"),
            code="receipt_required", field="receipt_number",
        )  # fmt: skip
    if ashore_on is not None:
        not_outside(ashore_on, paid_on, local_day(at), "ashore_on", _("抵岸日期"))


def settle(case: Case, on: date, actor: Actor, at: datetime) -> None:
    """After money moved: everything paid ends performance, else the period to pay runs to the next part of a plan."""
    if case.left_amount == 0:
        perform(case, on, actor, at)
        return
    clock = open_clock(rule=PAYMENT, subject_kind=KIND, subject_id=case.pk)
    pay_by = account_of(case).pay_by
    if clock is not None and pay_by not in (None, clock.due_on):
        fix_due(clock_id=clock.pk, due_on=pay_by, reason="分期缴纳的下一期", actor=actor, at=at)


def perform(case: Case, on: date, actor: Actor, at: datetime) -> None:
    """Everything due is paid: the periods that waited for it end, the one for closing begins."""
    case.paid_on = on
    move(case, states.PERFORM, actor, at, "")
    meet_if_open(case, PAYMENT, on, actor, at)
    for rule in ENFORCEMENT_RULES:
        cancel_open(case, rule, "罚没款已缴清", actor, at)
    start_closing(case, on, actor, at)


def start_closing(case: Case, on: date, actor: Actor, at: datetime) -> None:
    """Fifteen working days to close the case; the law sets them for the ordinary procedure alone (程序规定第七十七条)."""
    if case.procedure == Procedure.ORDINARY:
        start_clock(rule=CLOSING, subject=subject_of(case), origin_on=on, actor=actor, at=at)


def unperform(case: Case, reason: str, actor: Actor, at: datetime) -> None:
    """Something is due again: the period to pay goes on as it was, the one for closing is taken back."""
    case.paid_on = None
    move(case, states.UNPERFORM, actor, at, reason)
    cancel_open(case, CLOSING, reason, actor, at)
    before = Clock.objects.filter(subject_kind=KIND, subject_id=case.pk, rule=PAYMENT).order_by("-id").first()
    clock = start_clock(rule=PAYMENT, subject=subject_of(case), origin_on=case.served_on, actor=actor, at=at)
    if before is not None and before.fixed_due_on is not None:
        fix_due(clock_id=clock.pk, due_on=before.fixed_due_on, reason=reason, actor=actor, at=at)


@transaction.atomic
def close_case(*, case_id: int, reason: str, actor: User, at: datetime) -> Case:
    """Close a case that has ended, on the ground that follows from how (程序规定第七十七条第一款).

    :raises NotFound, NotPermitted: :raises WrongState: also while goods are held or a duty is left (``duty_left``).
    """
    case = begin(actor, case_id, states.CLOSE)
    require_goods_settled(case)
    require_duties_met(case)
    ground, why = in_record(closing_ground(case).label), optional(reason, "reason", limit=900)
    case.closed_on = local_day(at)
    move(case, states.CLOSE, actor, at, f"{ground}：{why}")
    meet_if_open(case, CLOSING, case.closed_on, actor, at)
    for rule in ENDING_WITH_THE_CASE:
        cancel_open(case, rule, in_record(states.CLOSE.label), actor, at)
    if case.lead is not None:
        start_reward_feedback(lead=case.lead, closed_on=case.closed_on, actor=actor, at=at)
    return case
