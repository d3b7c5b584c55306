"""责令退款: what was charged too much goes back to those who paid it, before the decision (程序规定第五十九条)."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.money import begin_money, note
from cases.actions.moves import HANDLING, KIND, not_outside, open_clock_id, required, yuan
from cases.models import Beneficiary, Case, RefundOrder
from cases.queries.money import open_refund_order
from cases.states import money as moves
from core.errors import Invalid, WrongState
from deadlines.actions.clocks import local_day, resume_clock, suspend_clock
from deadlines.queries import open_clock
from deadlines.states import ClockState

GROUND = "责令退还多收价款"  # as the rule of the ninety days names it
MOST_BENEFICIARIES = 500


@transaction.atomic
def order_refund(
    *,
    case_id: int,
    heard: str,
    due_on: date,
    beneficiaries: Sequence[tuple[str, Decimal]],
    amount: Decimal,
    actor: User,
    at: datetime,
) -> Case:
    """Order the party, having heard it, to give back by ``due_on`` what it charged too much (程序规定第五十九条).

    The ninety days stand still until the order has ended (第六十四条第二款).

    :param beneficiaries: names and yuan of those who paid too much, as far as they are known.
    :param amount: all of it, in yuan; more than the sum of the known where somebody is still to be found.
    :raises NotFound, NotPermitted, Invalid: :raises WrongState: an order is open, or the ninety days stand still already.
    """
    case, today = begin_money(actor, case_id, moves.ORDER_REFUND), local_day(at)
    if open_refund_order(case) is not None:
        raise WrongState(_("已经责令退款，尚未完结。"), code="refund_order_open")
    words = required(
        heard, "heard", _("责令退款前应当听取当事人意见（程序规定第五十九条），请写明当事人的意见。"), limit=2000
    )
    if due_on < today:
        raise Invalid(_("退款期限不能早于今天。"), code="date_too_early", field="due_on")
    if yuan(amount, "amount") <= 0:
        raise Invalid(_("多收价款应大于0。"), code="not_positive", field="amount")
    _check_beneficiaries(beneficiaries, amount)
    order = RefundOrder.objects.create(
        case=case, ordered_on=today, ordered_by=actor, heard=words, amount=amount, due_on=due_on
    )
    for name, each in beneficiaries:
        Beneficiary.objects.create(order=order, name=name.strip(), amount=each)
    note(case, moves.ORDER_REFUND, actor, at, f"{due_on}前退还{amount}元")
    suspend_clock(
        clock_id=open_clock_id(case, HANDLING), ground=GROUND, starts_on=today, approved_by=actor,
        reason=f"责令退款{amount}元", actor=actor, at=at,
    )  # fmt: skip
    return case


def _check_beneficiaries(beneficiaries: Sequence[tuple[str, Decimal]], amount: Decimal) -> None:
    if len(beneficiaries) > MOST_BENEFICIARIES:
        raise Invalid(
            _("最多登记%(most)s个退还对象，更多的合并登记。") % {"most": MOST_BENEFICIARIES},
            code="too_many", field="beneficiaries",
        )  # fmt: skip
    for name, each in beneficiaries:
        required(name, "beneficiaries", _("请填写退还对象的名称。"), limit=120)
        if yuan(each, "beneficiaries") <= 0:
            raise Invalid(_("每个退还对象的应退金额应大于0。"), code="not_positive", field="beneficiaries")
    total = sum((each for _name, each in beneficiaries), Decimal())
    if total > amount:
        raise Invalid(
            _("各退还对象合计%(total)s元，超过多收价款%(amount)s元。") % {"total": total, "amount": amount},
            code="beneficiaries_exceed", field="beneficiaries",
        )  # fmt: skip


@transaction.atomic
def record_refund(
    *, case_id: int, beneficiary_id: int, amount: Decimal, refunded_on: date, voucher: str, actor: User, at: datetime
) -> Case:
    """Record what came back to somebody who had paid too much, in yuan.

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin_money(actor, case_id, moves.RECORD_REFUND)
    order = _open_order(case)
    person = order.beneficiaries.select_for_update().filter(pk=beneficiary_id).first()
    if person is None:
        raise Invalid(_("请选择退还对象。"), code="unknown_beneficiary", field="beneficiary")
    left = person.amount - person.refunded
    if not 0 < yuan(amount, "amount") <= left:
        raise Invalid(
            _("退还金额应大于0且不超过尚未退还的%(left)s元。") % {"left": left},
            code="refund_out_of_range",
            field="amount",
        )
    not_outside(refunded_on, order.ordered_on, local_day(at), "refunded_on", _("退还日期"))
    person.refunded += amount
    person.refunded_on, person.is_found = refunded_on, True
    person.voucher = required(voucher, "voucher", _("请填写退款凭证。"), limit=120)
    person.save()
    return note(case, moves.RECORD_REFUND, actor, at, f"{refunded_on}退还{person.name}{amount}元")


@transaction.atomic
def announce_refund(*, case_id: int, announced_on: date, announcement: str, actor: User, at: datetime) -> Case:
    """Record the announcement for those hard to find (程序规定第五十九条); who has had nothing back counts as not found.

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin_money(actor, case_id, moves.ANNOUNCE_REFUND)
    order = _open_order(case)
    if order.announced_on is not None:
        raise WrongState(_("已经登记公告查找。"), code="already_announced")
    not_outside(announced_on, order.ordered_on, local_day(at), "announced_on", _("公告日期"))
    order.announced_on = announced_on
    order.announcement = required(announcement, "announcement", _("请写明公告的方式和内容。"), limit=1000)
    order.save()
    order.beneficiaries.filter(refunded=0).update(is_found=False)
    return note(case, moves.ANNOUNCE_REFUND, actor, at, f"{announced_on}公告：{order.announcement}")


@transaction.atomic
def end_refund(*, case_id: int, remark: str, actor: User, at: datetime) -> Case:
    """The order has been carried out or its time is over; the ninety days go on (程序规定第六十四条第二款).

    :param remark: what came of it; why the rest cannot be given back.
    :raises NotFound, NotPermitted, Invalid: :raises WrongState: time is left and so is money to be given back.
    """
    case, today = begin_money(actor, case_id, moves.END_REFUND), local_day(at)
    order = _open_order(case)
    refunded = sum((each.refunded for each in order.beneficiaries.all()), Decimal())
    if refunded < order.amount and today <= order.due_on:
        raise WrongState(
            _("还有%(left)s元没有退还，退款期限至%(day)s届满（程序规定第五十九条）。")
            % {"left": order.amount - refunded, "day": order.due_on},
            code="refund_term_running",
        )
    order.ended_on = today
    order.remark = required(remark, "remark", _("请写明退款情况；未退还的写明原因。"), limit=1000)
    order.save()
    said = f"应退{order.amount}元，已退{refunded}元：{order.remark}"
    note(case, moves.END_REFUND, actor, at, said)
    clock = open_clock(rule=HANDLING, subject_kind=KIND, subject_id=case.pk)
    if clock is not None and clock.state == ClockState.SUSPENDED:
        resume_clock(clock_id=clock.pk, resumes_on=today, reason=said[:500], actor=actor, at=at)
    return case


def _open_order(case: Case) -> RefundOrder:
    order = open_refund_order(case)
    if order is None:
        raise WrongState(_("没有尚未完结的责令退款。"), code="no_refund_order")
    return order
