"""Payments corrected, cash handed in, the extra fine for paying late decided, money given back after the decision fell."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries import unseen
from cases.actions.execution import refresh_court_term
from cases.actions.moves import KIND, not_outside, required, subject_of, write_move, yuan
from cases.actions.performance import DEPOSIT, HANDOVER, settle, unperform
from cases.models import Case, LateFineEntry, Payment, PaymentRefund
from cases.queries.matter import lock_case
from cases.queries.money import account_of, is_annulled, refundable, require_money_move, total_late_fine
from cases.states import money as moves
from cases.states.matter import CaseState
from cases.states.money import MONEY_TRANSITIONS, LateFineKind, PaymentKind, RefundGround
from core.errors import Invalid, WrongState
from core.transitions import Transition
from deadlines.actions.clocks import cancel_clock, local_day, meet_open, start_clock
from deadlines.queries import open_clock


def begin_money(actor: User, case_id: int, row: Transition) -> Case:
    """The case, locked, if this person may make this move of its money now.

    :raises NotFound, NotPermitted, WrongState:
    """
    case = lock_case(actor, case_id)
    require_money_move(actor, case, row, MONEY_TRANSITIONS)
    return case


def note(case: Case, row: Transition, actor: User, at: datetime, reason: str) -> Case:
    """Save the case and write down a move that leaves its state as it is."""
    case.save()
    write_move(case, row, case.state, actor, at, reason)
    return case


@transaction.atomic
def reverse_payment(*, case_id: int, payment_id: int, reason: str, actor: User, at: datetime) -> Case:
    """Take a payment recorded by mistake back by a row of its own; a case that was paid with it is not any more.

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin_money(actor, case_id, moves.REVERSE_PAYMENT)
    payment = _payment(case, payment_id)
    if payment.reverses_id is not None or hasattr(payment, "reversal"):
        raise WrongState(_("这笔缴款已经更正，不能再更正。"), code="already_reversed")
    if payment.deposited_on is not None:
        raise WrongState(_("这笔现金已经缴付银行，不能更正；多收的请办理退还。"), code="already_deposited")
    why = required(reason, "reason", _("请写明更正的原因。"), limit=500)
    if case.paid - payment.amount < case.refunded:
        raise WrongState(_("这笔缴款已经退还，不能更正。"), code="already_refunded")
    Payment.objects.create(
        case=case, reverses=payment, amount=-payment.amount, to_fine=-payment.to_fine,
        to_confiscated=-payment.to_confiscated, to_late_fine=-payment.to_late_fine, paid_on=payment.paid_on,
        kind=payment.kind, receipt_number=payment.receipt_number, payer=payment.payer, cash_ground=payment.cash_ground,
        reason=why, recorded_by=actor, recorded_at=at,
    )  # fmt: skip
    case.paid -= payment.amount
    said = f"{payment.paid_on}缴款{payment.amount}元：{why}"
    note(case, moves.REVERSE_PAYMENT, actor, at, said)
    if case.state == CaseState.PERFORMED:
        unperform(case, said, actor, at)
    settle(case, local_day(at), actor, at)
    for rule, is_waiting in ((HANDOVER, _cash(case, handed_over=False)), (DEPOSIT, _cash(case, handed_over=True))):
        clock = open_clock(rule=rule, subject_kind=KIND, subject_id=case.pk)
        if clock is not None and not is_waiting:
            cancel_clock(clock_id=clock.pk, reason=said, actor=actor, at=at)
    refresh_court_term(case, actor, at)
    return case


@transaction.atomic
def record_handover(*, case_id: int, payment_id: int, handed_over_on: date, actor: User, at: datetime) -> Case:
    """The cash an officer took is handed in; the office has two working days to pay it into the bank (程序规定第七十三条).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin_money(actor, case_id, moves.RECORD_HANDOVER)
    payment = _cash_payment(case, payment_id)
    if payment.handed_over_on is not None:
        raise WrongState(_("这笔现金已经登记交局。"), code="already_handed_over")
    not_outside(handed_over_on, payment.paid_on, local_day(at), "handed_over_on", _("交局日期"))
    payment.handed_over_on = handed_over_on
    payment.save(update_fields=["handed_over_on"])
    note(case, moves.RECORD_HANDOVER, actor, at, f"{handed_over_on}交局{payment.amount}元")
    if not _cash(case, handed_over=False):
        meet_open(rule=HANDOVER, subject_kind=KIND, subject_id=case.pk, on=handed_over_on, actor=actor, at=at)
    if open_clock(rule=DEPOSIT, subject_kind=KIND, subject_id=case.pk) is None:
        start_clock(rule=DEPOSIT, subject=subject_of(case), origin_on=handed_over_on, actor=actor, at=at)
    return case


@transaction.atomic
def record_bank_deposit(*, case_id: int, payment_id: int, deposited_on: date, actor: User, at: datetime) -> Case:
    """The cash handed in is paid into the bank (程序规定第七十三条).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin_money(actor, case_id, moves.RECORD_BANK_DEPOSIT)
    payment = _cash_payment(case, payment_id)
    if payment.handed_over_on is None:
        raise WrongState(_("这笔现金还没有交局，先登记现金交局。"), code="not_handed_over")
    if payment.deposited_on is not None:
        raise WrongState(_("这笔现金已经缴付银行。"), code="already_deposited")
    not_outside(deposited_on, payment.handed_over_on, local_day(at), "deposited_on", _("缴付银行日期"))
    payment.deposited_on = deposited_on
    payment.save(update_fields=["deposited_on"])
    note(case, moves.RECORD_BANK_DEPOSIT, actor, at, f"{deposited_on}缴付银行{payment.amount}元")
    if not _cash(case, handed_over=True):
        meet_open(rule=DEPOSIT, subject_kind=KIND, subject_id=case.pk, on=deposited_on, actor=actor, at=at)
    return case


def _payment(case: Case, payment_id: int) -> Payment:
    payment = case.payments.select_related("reversal").filter(pk=payment_id).first()
    if payment is None:
        raise unseen(_("缴款记录"))
    return payment


def _cash_payment(case: Case, payment_id: int) -> Payment:
    payment = _payment(case, payment_id)
    if payment.kind != PaymentKind.CASH or payment.reverses_id is not None or hasattr(payment, "reversal"):
        raise Invalid(_("请选择一笔当场收缴的罚款。"), code="not_cash", field="payment")
    return payment


def _cash(case: Case, *, handed_over: bool) -> bool:
    """Whether cash waits to be handed in, or, once it was, to be paid into the bank."""
    rows = case.payments.filter(kind=PaymentKind.CASH, reverses=None, reversal=None, deposited_on=None)
    return rows.filter(handed_over_on__isnull=not handed_over).exists()


# ---- the extra fine for paying late --------------------------------------------------------------


@transaction.atomic
def charge_late_fine(*, case_id: int, reason: str, actor: User, at: datetime, amount: Decimal | None = None) -> Case:
    """Decide to charge for paying late: by the day at three per cent, never above the fine (程序规定第七十五条).

    :param amount: yuan; what the days up to today come to, less what was charged already, when left out.
    :raises NotFound, NotPermitted, Invalid: :raises WrongState: nothing is left to be charged.
    """
    case = begin_money(actor, case_id, moves.CHARGE_LATE_FINE)
    account, today = account_of(case), local_day(at)
    counted = account.late_fine(today)
    most = counted.amount - account.charged
    if most <= 0:
        raise WrongState(
            _("截至今天没有可以加处的罚款：没有逾期未缴的罚款，或者已经加处到罚款数额（程序规定第七十五条）。"),
            code="no_late_fine",
        )
    why = required(reason, "reason", _("请写明加处罚款的理由。"), limit=1000)
    wanted = most if amount is None else yuan(amount, "amount")
    if not 0 < wanted <= most:
        raise Invalid(
            _("加处罚款应大于0且不超过截至今天的%(most)s元（每日百分之三，不超出罚款数额；程序规定第七十五条）。")
            % {"most": most},
            code="late_fine_out_of_range", field="amount",
        )  # fmt: skip
    LateFineEntry.objects.create(
        case=case, kind=LateFineKind.CHARGE, amount=wanted, counted_on=today, reason=why, decided_by=actor, decided_at=at,
        arithmetic=[
            [str(each.first), str(each.last), each.days, str(each.overdue), str(each.amount)]
            for each in counted.stretches
        ],
    )  # fmt: skip
    case.late_fine = total_late_fine(case)
    note(case, moves.CHARGE_LATE_FINE, actor, at, f"截至{today}加处{wanted}元：{why}")
    if case.state == CaseState.PERFORMED:
        unperform(case, f"加处罚款{wanted}元", actor, at)
    refresh_court_term(case, actor, at)
    return case


@transaction.atomic
def waive_late_fine(*, case_id: int, amount: Decimal, reason: str, actor: User, at: datetime) -> Case:
    """Waive of the extra fine what an agreement with a party that makes good allows (行政强制法第四十二条第一款).

    :param amount: yuan, at most what was charged and is not paid.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin_money(actor, case_id, moves.WAIVE_LATE_FINE)
    left = account_of(case).left_of_late_fine
    if not 0 < yuan(amount, "amount") <= left:
        raise Invalid(
            _("减免的金额应大于0且不超过尚未缴纳的加处罚款%(left)s元。") % {"left": left},
            code="waiver_out_of_range", field="amount",
        )  # fmt: skip
    why = required(
        reason, "reason", _("请写明执行协议和当事人采取的补救措施（行政强制法第四十二条第一款）。"), limit=1000
    )
    LateFineEntry.objects.create(
        case=case, kind=LateFineKind.WAIVER, amount=amount, counted_on=local_day(at), reason=why, decided_by=actor,
        decided_at=at,
    )  # fmt: skip
    case.late_fine = total_late_fine(case)
    note(case, moves.WAIVE_LATE_FINE, actor, at, f"减免{amount}元：{why}")
    settle(case, local_day(at), actor, at)
    return case


# ---- money given back ----------------------------------------------------------------------------


@transaction.atomic
def refund_payment(
    *, case_id: int, amount: Decimal, refunded_on: date, payee: str, voucher: str, actor: User, at: datetime
) -> Case:
    """Record that money paid for a decision set aside or changed went back (行政强制法第四十一条).

    :param amount: yuan, at most what was paid and is not demanded any more.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin_money(actor, case_id, moves.REFUND_PAYMENT)
    annulled = is_annulled(case)
    most = refundable(case, is_annulled=annulled)
    if not 0 < yuan(amount, "amount") <= most:
        raise Invalid(
            _("退还金额应大于0且不超过应退的%(most)s元；决定没有被撤销或者变更的，没有应退的款项。") % {"most": most},
            code="refund_out_of_range", field="amount",
        )  # fmt: skip
    last = max(case.payments.values_list("paid_on", flat=True))
    not_outside(refunded_on, last, local_day(at), "refunded_on", _("退还日期"))
    PaymentRefund.objects.create(
        case=case, ground=RefundGround.ANNULLED if annulled else RefundGround.CHANGED, amount=amount,
        refunded_on=refunded_on, payee=required(payee, "payee", _("请填写收款人。"), limit=120),
        voucher=required(voucher, "voucher", _("请填写退库凭证号。"), limit=60), recorded_by=actor, recorded_at=at,
    )  # fmt: skip
    case.refunded += amount
    return note(case, moves.REFUND_PAYMENT, actor, at, f"{refunded_on}退还{payee.strip()}{amount}元")
