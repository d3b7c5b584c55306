"""The money of a case over the API: all of it at one address, and a POST for everything done with it."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.actions import execution, money, refund_orders, remedies
from cases.api.serializers import money as shapes
from cases.models import Case
from cases.queries.matter import case_for
from cases.queries.money import account_of, may_part, payments_of, refund_orders_of
from cases.queries.money_moves import money_moves
from cases.queries.remedy import remedies_of, urgings_of
from cases.states import money as rows
from cases.states import remedy as remedy_rows
from core.api.verbs import MatterViewSet, next_moves, user_of, verb


class MoneyViewSet(MatterViewSet[Case]):
    queryset = Case.objects.none()  # names the model to the reference; rows come through the gates
    subject = "case_id"
    serializer_class = shapes.MoneyOut

    @extend_schema(
        summary=gettext_lazy("案件的款项"),
        description=gettext_lazy("应缴、已缴、加处、分期、退还、复议诉讼和强制执行，以及您现在可以办理的事项。"),
        responses=shapes.MoneyOut,
    )
    def retrieve(self, request: Request, pk: int) -> Response:
        return self.answer(case_for(user_of(request), pk))

    reverse_payment = verb(rows.REVERSE_PAYMENT, shapes.ReversePaymentIn, money.reverse_payment, shapes.MoneyOut)
    record_handover = verb(rows.RECORD_HANDOVER, shapes.HandoverIn, money.record_handover, shapes.MoneyOut)
    record_bank_deposit = verb(rows.RECORD_BANK_DEPOSIT, shapes.DepositIn, money.record_bank_deposit, shapes.MoneyOut)
    charge_late_fine = verb(rows.CHARGE_LATE_FINE, shapes.ChargeIn, money.charge_late_fine, shapes.MoneyOut)
    waive_late_fine = verb(rows.WAIVE_LATE_FINE, shapes.WaiveIn, money.waive_late_fine, shapes.MoneyOut)
    refund_payment = verb(rows.REFUND_PAYMENT, shapes.RefundPaymentIn, money.refund_payment, shapes.MoneyOut)
    order_refund = verb(rows.ORDER_REFUND, shapes.OrderRefundIn, refund_orders.order_refund, shapes.MoneyOut)
    record_refund = verb(rows.RECORD_REFUND, shapes.RecordRefundIn, refund_orders.record_refund, shapes.MoneyOut)
    announce_refund = verb(
        rows.ANNOUNCE_REFUND, shapes.AnnounceRefundIn, refund_orders.announce_refund, shapes.MoneyOut
    )
    end_refund = verb(rows.END_REFUND, shapes.EndRefundIn, refund_orders.end_refund, shapes.MoneyOut)
    file_remedy = verb(remedy_rows.FILE_REMEDY, shapes.FileRemedyIn, remedies.file_remedy, shapes.MoneyOut)
    answer_remedy = verb(remedy_rows.ANSWER_REMEDY, shapes.AnswerRemedyIn, remedies.answer_remedy, shapes.MoneyOut)
    stay_execution = verb(remedy_rows.STAY_EXECUTION, shapes.StayIn, remedies.stay_execution, shapes.MoneyOut)
    lift_stay = verb(remedy_rows.LIFT_STAY, shapes.LiftStayIn, remedies.lift_stay, shapes.MoneyOut)
    end_remedy = verb(remedy_rows.END_REMEDY, shapes.EndRemedyIn, remedies.end_remedy, shapes.MoneyOut)
    court_step = verb(remedy_rows.COURT_STEP, shapes.CourtStepIn, execution.record_court_step, shapes.MoneyOut)

    def answer(self, matter: Case) -> Response:
        user, account = user_of(self.request), account_of(matter)
        legal = [row for row in money_moves(matter) if may_part(user, matter, row)]
        plans = [
            {
                "applied_on": plan.applied_on, "approved_on": plan.approved_on, "replaced_on": plan.replaced_on,
                "instalments": list(plan.instalments.all()),
            }
            for plan in account.plans
        ]  # fmt: skip
        orders = [
            {
                "ordered_on": order.ordered_on, "amount": order.amount, "due_on": order.due_on,
                "announced_on": order.announced_on, "ended_on": order.ended_on,
                "beneficiaries": list(order.beneficiaries.all()),
            }
            for order in refund_orders_of(matter)
        ]  # fmt: skip
        body: dict[str, Any] = {
            **shapes.MoneyFacts(matter).data,
            "pay_by": account.pay_by,
            "late_fine_today": shapes.LateFineTodayOut(account.late_fine(timezone.localdate())).data,
            "payments": shapes.PaymentOut(payments_of(matter), many=True).data,
            "plans": shapes.PlanOut(plans, many=True).data,
            "late_fines": shapes.LateFineOut(account.late_fines, many=True).data,
            "refunds": shapes.RefundOut(matter.refunds.order_by("id"), many=True).data,
            "refund_orders": shapes.RefundOrderOut(orders, many=True).data,
            "remedies": shapes.RemedyOut(remedies_of(matter), many=True).data,
            "urgings": shapes.UrgingOut(urgings_of(matter).reverse(), many=True).data,
            "court_applications": shapes.CourtApplicationOut(matter.court_applications.order_by("id"), many=True).data,
            "legal_moves": next_moves(legal, "money", matter.pk, self.request),
        }
        return Response(body)
