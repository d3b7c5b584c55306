"""A party in need pays later or in parts (程序规定第七十四条)."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.execution import refresh_court_term
from cases.actions.moves import begin, cancel_open, move, not_outside, required, yuan
from cases.actions.performance import settle
from cases.models import Case, Instalment, PaymentPlan
from cases.queries.money import Account, account_of
from cases.queries.remedy import URGING_RULE
from cases.states import matter as states
from core.errors import Invalid, WrongState
from deadlines.actions.clocks import local_day
from deadlines.queries import current_calendar

MOST_INSTALMENTS = 36


@transaction.atomic
def defer_payment(
    *,
    case_id: int,
    applied_on: date,
    reason: str,
    instalments: Sequence[tuple[date, Decimal]],
    actor: User,
    at: datetime,
) -> Case:
    """Let a party in need pay what is left of the fine on later days, on its written request (程序规定第七十四条).

    The period to pay runs to each day of the plan in turn, a demand already made is moot, and the three months to apply
    to the court count from the last day (第七十六条第二款). Confiscated income is no fine: its last day stays.

    :param applied_on: the day of the written request, with the facts it gives in ``reason``.
    :param instalments: last days, ascending and after today, with yuan that add up to what is left of the fine; one is
        a deferral.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin(actor, case_id, states.DEFER)
    assert case.served_on is not None  # noqa: S101 - the state table: plans follow service
    today, account = local_day(at), account_of(case)
    not_outside(applied_on, case.served_on, today, "applied_on", _("申请日期"))
    why = required(reason, "reason", _("请写明当事人申请的事实和理由（程序规定第七十四条）。"), limit=1000)
    if account.left_of_fine == 0 or account.original_due_on is None:
        raise WrongState(_("罚款已经缴清，没有可以延期或者分期的罚款。"), code="fine_paid")
    _check_parts(instalments, account, today)
    case.plans.filter(replaced_on__isnull=True).update(replaced_on=today)
    plan = PaymentPlan.objects.create(
        case=case, applied_on=applied_on, reason=why, paid_before=account.paid_to("to_fine"),
        due_before=account.original_due_on, approved_by=actor, approved_on=today,
    )  # fmt: skip
    for due_on, amount in instalments:
        Instalment.objects.create(plan=plan, due_on=due_on, amount=amount)
    said = "、".join(f"{due_on}前{amount}元" for due_on, amount in instalments)
    move(case, states.DEFER, actor, at, f"{said}：{why}")
    cancel_open(case, URGING_RULE, "已批准延期或者分期缴纳", actor, at)
    settle(case, today, actor, at)
    refresh_court_term(case, actor, at)
    return case


def _check_parts(instalments: Sequence[tuple[date, Decimal]], account: Account, today: date) -> None:
    if not 0 < len(instalments) <= MOST_INSTALMENTS:
        raise Invalid(
            _("请填写1至%(most)s期缴纳的期限和金额。") % {"most": MOST_INSTALMENTS},
            code="instalments_required", field="instalments",
        )  # fmt: skip
    days = [due_on for due_on, _amount in instalments]
    if days[0] <= today or any(later <= earlier for earlier, later in pairwise(days)):
        raise Invalid(_("缴纳期限应在今天之后，一期晚于一期。"), code="instalments_not_ascending", field="instalments")
    if days[-1].year >= current_calendar().last_year:
        raise Invalid(_("缴纳期限太远，请核对年份。"), code="calendar_out_of_range", field="instalments")
    if any(yuan(amount, "instalments") <= 0 for _due_on, amount in instalments):
        raise Invalid(_("每一期的金额应大于0。"), code="instalment_not_positive", field="instalments")
    total = sum((amount for _due_on, amount in instalments), Decimal())
    if total != account.left_of_fine:
        raise Invalid(
            _("各期合计%(total)s元，应等于尚欠的罚款%(left)s元。") % {"total": total, "left": account.left_of_fine},
            code="instalments_do_not_add_up", field="instalments",
        )  # fmt: skip
