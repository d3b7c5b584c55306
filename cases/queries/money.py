"""What cases owe, have paid and would owe for paying late: the same answer for one case and for a page of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policies import may_act_for
from accounts.queries import require_role
from cases.models import Case, LateFineEntry, Payment, PaymentPlan, RefundOrder, Remedy
from cases.money import LateFineSum, Part, Schedule, late_fine_by_day, next_due
from cases.policies import conflict
from cases.states.matter import CaseState
from cases.states.money import LateFineKind
from core.errors import NotPermitted
from core.transitions import Transition, require_state
from deadlines.arithmetic import Interval
from deadlines.models import Clock

PAYMENT_RULE = "fine_payment"
ZERO = Decimal()


@dataclass(frozen=True)
class Account:
    """The money of one case, in yuan. ``due_on`` is the last day to pay under the rule or the document alone."""

    case: Case
    payments: Sequence[Payment]
    plans: Sequence[PaymentPlan]
    late_fines: Sequence[LateFineEntry]
    remedies: Sequence[Remedy]
    due_on: date | None

    @property
    def plan(self) -> PaymentPlan | None:
        """The plan in force."""
        return next((plan for plan in self.plans if plan.replaced_on is None), None)

    def paid_to(self, field: str) -> Decimal:
        return sum((getattr(payment, field) for payment in self.payments), ZERO)

    @property
    def left_of_fine(self) -> Decimal:
        return max((self.case.fine or ZERO) - self.paid_to("to_fine"), ZERO)

    @property
    def left_of_confiscated(self) -> Decimal:
        return max((self.case.confiscated or ZERO) - self.paid_to("to_confiscated"), ZERO)

    @property
    def left_of_late_fine(self) -> Decimal:
        return max(self.case.late_fine - self.paid_to("to_late_fine"), ZERO)

    @property
    def charged(self) -> Decimal:
        """What was ever charged for paying late, waived or not."""
        return sum((each.amount for each in self.late_fines if each.kind == LateFineKind.CHARGE), ZERO)

    @property
    def original_due_on(self) -> date | None:
        """The last day to pay before any plan."""
        return self.plans[0].due_before if self.plans else self.due_on

    @property
    def schedules(self) -> list[Schedule]:
        """Which part of the fine was due when: by the rule, then by each plan approved."""
        first, fine = self.original_due_on, self.case.fine or ZERO
        if first is None or self.case.served_on is None:
            return []
        by_plan = (
            Schedule(
                plan.approved_on,
                tuple(Part(each.due_on, each.amount) for each in plan.instalments.all()),
                plan.paid_before,
            )
            for plan in self.plans
        )
        return [Schedule(self.case.served_on, (Part(first, fine),)), *by_plan]

    @property
    def pay_by(self) -> date | None:
        """The last day to pay what is due next; None when nothing of the decision is left."""
        schedules = self.schedules
        if not schedules:
            return None
        last = schedules[-1]
        ahead = next_due(last.parts, self.paid_to("to_fine") - last.paid_before)
        days = [ahead if self.left_of_fine else None, self.original_due_on if self.left_of_confiscated else None]
        return min((day for day in days if day is not None), default=None)

    def late_fine(self, today: date) -> LateFineSum:
        """The extra fine as of today, or of the day the execution ended (程序规定第七十五条); while a remedy is pending no
        day counts (行政处罚法第七十三条第三款)."""
        until = min(today, self.case.ended_on or today)
        return late_fine_by_day(
            schedules=self.schedules,
            payments=[(payment.paid_on, payment.to_fine) for payment in self.payments],
            until=until,
            cap=self.case.fine or ZERO,
            excluded=[each for remedy in self.remedies if (each := days_of(remedy, until)) is not None],
        )


def days_of(remedy: Remedy, today: date) -> Interval | None:
    """The days of a reconsideration or a suit, both ends included, so far; None when it has not begun by today."""
    last = min(remedy.ended_on or today, today)
    return Interval(remedy.filed_on, last + timedelta(days=1)) if last >= remedy.filed_on else None


def accounts_of(cases: Sequence[Case]) -> dict[int, Account]:
    """The accounts of cases fetched through a gate, by case; six statements whatever their number."""
    ids = [case.pk for case in cases]
    payments = _by_case(Payment.objects.filter(case__in=ids).select_related("reversal", "recorded_by").order_by("id"))
    plans = _by_case(
        PaymentPlan.objects.filter(case__in=ids)
        .select_related("approved_by")
        .prefetch_related("instalments")
        .order_by("id")
    )
    late_fines = _by_case(LateFineEntry.objects.filter(case__in=ids).select_related("decided_by").order_by("id"))
    remedies = _by_case(Remedy.objects.filter(case__in=ids).order_by("id"))
    dues = dict(
        Clock.objects.filter(subject_kind="case", subject_id__in=ids, rule=PAYMENT_RULE)
        .order_by("id")
        .values_list("subject_id", "due_on")
    )
    return {
        case.pk: Account(
            case, payments[case.pk], plans[case.pk], late_fines[case.pk], remedies[case.pk], dues.get(case.pk)
        )
        for case in cases
    }


def account_of(case: Case) -> Account:
    """The account of a case fetched through a gate."""
    return accounts_of([case])[case.pk]


def _by_case(rows: Iterable[Any]) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.case_id].append(row)
    return found


def payments_of(case: Case) -> QuerySet[Payment]:
    """What came in for a case fetched through a gate, newest first, mistakes and what takes them back with it."""
    return case.payments.select_related("reversal", "recorded_by").order_by("-id")


def open_refund_order(case: Case) -> RefundOrder | None:
    """The order to give back what was charged too much that has not ended."""
    return case.refund_orders.filter(ended_on__isnull=True).first()


def refund_orders_of(case: Case) -> QuerySet[RefundOrder]:
    return case.refund_orders.select_related("ordered_by").prefetch_related("beneficiaries").order_by("-id")


def refundable(case: Case, *, is_annulled: bool) -> Decimal:
    """What was paid and is not demanded any more, in yuan, without what went back already."""
    demanded = ZERO if is_annulled else case.owed_amount
    return max(case.paid - case.refunded - demanded, ZERO)


def is_annulled(case: Case) -> bool:
    """Whether the decision of a case was withdrawn or set aside as a whole."""
    return case.moves.filter(name="annul").exists()


def total_late_fine(case: Case) -> Decimal:
    """Charged and not waived, in yuan."""
    sums: dict[str, Decimal] = dict(case.late_fines.values_list("kind").annotate(total=Sum("amount")).order_by())
    return sums.get(LateFineKind.CHARGE, ZERO) - sums.get(LateFineKind.WAIVER, ZERO)


# ---- who may do what with it ---------------------------------------------------------------------


def may_part(user: User, case: Case, row: Transition) -> bool:
    """Whether this person may make a move that belongs to a part of the case, whatever its state."""
    return may_act_for(user, case.office, row.roles) and not conflict(user, case, row)


def require_part(user: User, case: Case, row: Transition) -> None:
    """The role and the separation of duties for a move of a part of the case.

    :raises NotPermitted:
    """
    require_role(user, case.office, row.roles, what=str(row.label), basis=row.basis)
    if why := conflict(user, case, row):
        raise NotPermitted(
            _("您不能办理“%(what)s”：%(why)s。") % {"what": row.label, "why": why}, code="separation_of_duties"
        )


def require_money_move(user: User, case: Case, row: Transition, table: Sequence[Transition]) -> None:
    """The same, and that the row starts from the state the case is in.

    :raises NotPermitted, WrongState:
    """
    require_part(user, case, row)
    require_state(table, row, case.state, str(CaseState(case.state).label))
