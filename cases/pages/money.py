"""The money of a case: its section, its page, and the forms of everything that is done with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import User
from cases.actions import execution, money, plans, refund_orders, remedies
from cases.models import Case
from cases.pages import articles
from cases.pages.answering import Page, answer, crumbs_to, now, today, verb_page
from cases.pages.forms import money as forms
from cases.pages.sections import Section
from cases.queries.matter import case_for, legal_moves
from cases.queries.money import (
    Account,
    account_of,
    is_annulled,
    may_part,
    open_refund_order,
    payments_of,
    refund_orders_of,
    refundable,
    require_money_move,
    require_part,
)
from cases.queries.money_moves import money_moves
from cases.queries.remedy import court_steps, pending_remedy, urgings_of
from cases.states import matter as states
from cases.states import money as rows
from cases.states import remedy as remedy_rows
from cases.states.money import MONEY_TRANSITIONS, PaymentKind
from cases.states.remedy import VOIDED
from core.forms import VerbForm
from core.pages import Crumb, form_from, get_or_post, nothing, of_today
from core.templatetags.words import yuan_upper
from core.transitions import Transition
from deadlines.queries import clocks_of

ROWS_SHOWN = 10


@dataclass(frozen=True)
class MoneyVerb:
    """A form upon the money of a case: what its form is made from is read only once the reader may use it."""

    row: Transition
    form: type[VerbForm]
    act: Callable[..., Case]
    said: Any
    quote: str
    takes: Callable[[Case, User], Mapping[str, Any]] = nothing


def _standing(case: Case) -> list[Any]:
    return [each for each in payments_of(case) if each.reverses_id is None and not hasattr(each, "reversal")]


def _cash(case: Case) -> list[Any]:
    return [each for each in _standing(case) if each.kind == PaymentKind.CASH]


def _people(case: Case) -> list[Any]:
    order = open_refund_order(case)
    return [each for each in order.beneficiaries.all() if each.refunded < each.amount] if order is not None else []


def _pending(case: Case, _user: User) -> dict[str, Any]:
    remedy = pending_remedy(case)
    return {"remedies": [] if remedy is None else [remedy]}


def _back(case: Case, _user: User) -> dict[str, Any]:
    return {"case": case, "most": refundable(case, is_annulled=is_annulled(case)), "today": today()}


def _court(case: Case, user: User) -> dict[str, Any]:
    return {"rows": [row for row in court_steps(case) if may_part(user, case, row)], "today": today()}


VERBS: tuple[MoneyVerb, ...] = (
    MoneyVerb(
        rows.REVERSE_PAYMENT, forms.ReverseForm, money.reverse_payment, gettext_lazy("已更正缴款记录。"),
        articles.PAYMENT, lambda case, _user: {"payments": _standing(case)},
    ),
    MoneyVerb(
        rows.RECORD_HANDOVER, forms.HandoverForm, money.record_handover, gettext_lazy("已登记现金交局。"),
        articles.CASH, lambda case, _user: {"payments": [each for each in _cash(case) if each.handed_over_on is None]},
    ),
    MoneyVerb(
        rows.RECORD_BANK_DEPOSIT, forms.DepositForm, money.record_bank_deposit, gettext_lazy("已登记缴付银行。"),
        articles.CASH, lambda case, _user: {"payments": [each for each in _cash(case) if each.deposited_on is None]},
    ),
    MoneyVerb(
        rows.CHARGE_LATE_FINE, forms.ChargeForm, money.charge_late_fine, gettext_lazy("已决定加处罚款。"),
        articles.LATE_FINE, lambda case, _user: {"account": account_of(case), "today": today()},
    ),
    MoneyVerb(
        rows.WAIVE_LATE_FINE, forms.WaiveForm, money.waive_late_fine, gettext_lazy("已减免加处罚款。"),
        articles.WAIVE_LATE_FINE, lambda case, _user: {"account": account_of(case)},
    ),
    MoneyVerb(
        rows.REFUND_PAYMENT, forms.RefundPaymentForm, money.refund_payment, gettext_lazy("已登记退还罚没款。"),
        articles.REFUND_PAYMENT, _back,
    ),
    MoneyVerb(
        rows.ORDER_REFUND, forms.OrderRefundForm, refund_orders.order_refund, gettext_lazy("已责令退款，办案期限停止计算。"),
        articles.ORDER_REFUND,
    ),
    MoneyVerb(
        rows.RECORD_REFUND, forms.RecordRefundForm, refund_orders.record_refund, gettext_lazy("已登记退还多收价款。"),
        articles.ORDER_REFUND, lambda case, _user: {"people": _people(case)},
    ),
    MoneyVerb(
        rows.ANNOUNCE_REFUND, forms.AnnounceRefundForm, refund_orders.announce_refund, gettext_lazy("已登记公告查找。"),
        articles.ORDER_REFUND,
    ),
    MoneyVerb(
        rows.END_REFUND, forms.EndRefundForm, refund_orders.end_refund, gettext_lazy("责令退款已完结，办案期限继续计算。"),
        articles.ORDER_REFUND,
    ),
    MoneyVerb(
        remedy_rows.FILE_REMEDY, forms.FileRemedyForm, remedies.file_remedy, gettext_lazy("已登记，请按期答复。"),
        articles.REMEDY,
    ),
    MoneyVerb(
        remedy_rows.ANSWER_REMEDY, forms.AnswerRemedyForm, remedies.answer_remedy, gettext_lazy("已登记提交答复。"),
        articles.REMEDY, _pending,
    ),
    MoneyVerb(
        remedy_rows.STAY_EXECUTION, forms.StayForm, remedies.stay_execution, gettext_lazy("已登记停止执行。"),
        articles.STAY, _pending,
    ),
    MoneyVerb(
        remedy_rows.LIFT_STAY, forms.LiftStayForm, remedies.lift_stay, gettext_lazy("已登记恢复执行。"), articles.STAY,
        _pending,
    ),
    MoneyVerb(
        remedy_rows.END_REMEDY, forms.EndRemedyForm, remedies.end_remedy, gettext_lazy("已登记结果。"),
        articles.END_REMEDY, _pending,
    ),
    MoneyVerb(
        remedy_rows.COURT_STEP, forms.CourtStepForm, execution.record_court_step, gettext_lazy("已登记。"),
        articles.COURT_STEP, _court,
    ),
)  # fmt: skip


def money_verb(verb: MoneyVerb) -> Page:
    """The page of one verb upon the money of a case."""

    @get_or_post
    def page(request: HttpRequest, case_id: int) -> HttpResponse:
        user, _at = now(request)
        case = case_for(user, case_id)
        require_part(user, case, verb.row)
        if verb.row in MONEY_TRANSITIONS:
            require_money_move(user, case, verb.row, MONEY_TRANSITIONS)
        return answer(
            request, case, clocks_of("case", case.pk), verb.row,
            form_from(request, verb.form, **verb.takes(case, user)), verb.act, lambda _case: str(verb.said),
            quote=verb.quote, below=Crumb(_("款项"), reverse("case_money_page", args=[case.pk])),
        )  # fmt: skip

    return page


# ---- verbs of the case itself --------------------------------------------------------------------


defer = verb_page(
    states.DEFER, forms.DeferForm, plans.defer_payment,
    lambda _case: _("已批准延期或者分期缴纳，请书面告知当事人。"), quote=articles.DEFER,
)  # fmt: skip
urge = verb_page(
    states.URGE, forms.UrgeForm, execution.urge_party, lambda _case: _("已登记催告书送达。"), quote=articles.URGE,
    takes=of_today,
)  # fmt: skip
apply_court = verb_page(
    states.APPLY_COURT, forms.ApplyCourtForm, execution.apply_to_court,
    lambda _case: _("已登记申请人民法院强制执行。"), quote=articles.APPLY_COURT, takes=of_today,
)  # fmt: skip
end_execution = verb_page(
    states.END_EXECUTION, forms.EndExecutionForm, execution.end_execution,
    lambda _case: _("已登记终结执行，请报请结案。"), quote=articles.END_EXECUTION,
)  # fmt: skip
cease_execution = verb_page(
    states.CEASE_EXECUTION, forms.CeaseExecutionForm, execution.cease_execution,
    lambda _case: _("已批准终结执行，本案转入结案。"), quote=articles.CEASE_EXECUTION,
)  # fmt: skip


# ---- what is shown -------------------------------------------------------------------------------


def section(user: User, case: Case) -> Section | None:
    """What is due and paid, with the last payments; before the decision only where a refund may be ordered."""
    if case.decided_on is None and not may_part(user, case, rows.ORDER_REFUND):
        return None
    url = reverse("case_money_page", args=[case.pk])
    recent = list(payments_of(case)[:ROWS_SHOWN]) if case.paid or case.served_on else []
    given = {"sums": sums_of(case), "payments": recent}
    return Section("money", _("款项"), "cases/money_section.html", given, url)


def sums_of(case: Case) -> list[tuple[str, Decimal, str]]:
    """Label, yuan, and the amount in words; empty before the decision."""
    if case.decided_on is None:
        return []
    lines = (
        (_("罚款"), case.fine or Decimal(), True),
        (_("没收违法所得"), case.confiscated or Decimal(), True),
        (_("加处罚款"), case.late_fine, bool(case.late_fine)),
        (_("应缴合计"), case.owed_amount, True),
        (_("已缴"), case.paid, True),
        (_("已退还"), case.refunded, bool(case.refunded)),
        (_("尚欠"), case.left_amount, True),
    )
    return [(label, amount, yuan_upper(amount)) for label, amount, is_shown in lines if is_shown]


@require_safe
def money_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """:raises NotFound:"""
    user, _at = now(request)
    case = case_for(user, case_id)
    account, day = account_of(case), today()
    context = {
        "matter": case,
        "account": account,
        "sums": sums_of(case),
        "late_fine": _late_fine(account, day),
        "payments": account.payments[::-1],
        "orders": refund_orders_of(case),
        "refunds": case.refunds.order_by("-id"),
        "remedies": account.remedies[::-1],
        "urgings": urgings_of(case),
        "applications": case.court_applications.order_by("-id"),
        "actions": _actions(user, case),
        **_voided(user, case, account),
        "refundable": refundable(case, is_annulled=is_annulled(case)) if case.paid else Decimal(),
        "crumbs": crumbs_to(case, Crumb(_("款项"))),
    }
    return render(request, "cases/money_page.html", context)


def _voided(user: User, case: Case, account: Account) -> dict[str, Any]:
    """Whether a remedy has set the decision aside and nobody has recorded yet that it fell; where to."""
    fell = any(remedy.result in VOIDED for remedy in account.remedies) and states.ANNUL.starts_from(case.state)
    may = fell and any(row is states.ANNUL for row in legal_moves(user, case))
    return {"is_voided": fell, "annul_url": reverse(f"case_{states.ANNUL.name}", args=[case.pk]) if may else ""}


def _late_fine(account: Account, day: date) -> dict[str, Any] | None:
    if account.case.served_on is None or not account.case.fine:
        return None
    counted, case = account.late_fine(day), account.case
    left = counted.amount - account.charged if rows.CHARGE_LATE_FINE.starts_from(case.state) else Decimal()
    return {"sum": counted, "day": min(day, case.ended_on or day), "chargeable": max(left, Decimal())}


def _actions(user: User, case: Case) -> list[tuple[str, str]]:
    """Label and address of what this reader may do here now."""
    own = [row for row in legal_moves(user, case) if row in OF_CASE]
    parts = [row for row in money_moves(case) if may_part(user, case, row)]
    return [
        *((str(row.label), reverse(f"case_{row.name}", args=[case.pk])) for row in own),
        *((str(row.label), reverse(f"case_money_{row.name}", args=[case.pk])) for row in parts),
    ]


OF_CASE: Sequence[Transition] = (
    states.RECORD_PAYMENT, states.DEFER, states.URGE, states.APPLY_COURT, states.END_EXECUTION, states.CEASE_EXECUTION,
)  # fmt: skip
