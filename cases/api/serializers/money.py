"""The money of a case as the API tells and takes it; amounts in yuan."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from cases.states.money import CashGround, LateFineKind, PaymentKind, Purpose, RefundGround
from cases.states.outcomes import CeasingGround
from cases.states.remedy import COURT_TRANSITIONS, CourtState, RemedyKind, RemedyResult, RemedyState
from core.api.inputs import Choice, Day, Id, Input, Money, Text
from core.api.verbs import NextMove

AMOUNT: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}


class PaymentOut(serializers.Serializer[Any]):
    """A negative amount takes back the payment that ``reverses`` names."""

    id = serializers.IntegerField()
    reverses = serializers.IntegerField(source="reverses_id", allow_null=True)
    amount = serializers.DecimalField(**AMOUNT)
    to_fine = serializers.DecimalField(**AMOUNT)
    to_confiscated = serializers.DecimalField(**AMOUNT)
    to_late_fine = serializers.DecimalField(**AMOUNT)
    paid_on = serializers.DateField()
    kind = serializers.ChoiceField(PaymentKind.choices)
    receipt_number = serializers.CharField(allow_blank=True)
    payer = serializers.CharField()
    cash_ground = serializers.ChoiceField(CashGround.choices, allow_blank=True)
    handed_over_on = serializers.DateField(allow_null=True)
    deposited_on = serializers.DateField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)


class InstalmentOut(serializers.Serializer[Any]):
    due_on = serializers.DateField()
    amount = serializers.DecimalField(**AMOUNT)


class PlanOut(serializers.Serializer[Any]):
    applied_on = serializers.DateField()
    approved_on = serializers.DateField()
    replaced_on = serializers.DateField(allow_null=True)
    instalments = InstalmentOut(many=True)


class StretchOut(serializers.Serializer[Any]):
    """Days in a row on which the same amount was overdue."""

    first = serializers.DateField()
    last = serializers.DateField()
    days = serializers.IntegerField()
    overdue = serializers.DecimalField(**AMOUNT)


class LateFineTodayOut(serializers.Serializer[Any]):
    amount = serializers.DecimalField(**AMOUNT)
    cap = serializers.DecimalField(**AMOUNT)
    stretches = StretchOut(many=True)


class LateFineOut(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(LateFineKind.choices)
    amount = serializers.DecimalField(**AMOUNT)
    counted_on = serializers.DateField()
    reason = serializers.CharField()


class RefundOut(serializers.Serializer[Any]):
    ground = serializers.ChoiceField(RefundGround.choices)
    amount = serializers.DecimalField(**AMOUNT)
    refunded_on = serializers.DateField()
    payee = serializers.CharField()
    voucher = serializers.CharField()


class BeneficiaryOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    amount = serializers.DecimalField(**AMOUNT)
    is_found = serializers.BooleanField()
    refunded = serializers.DecimalField(**AMOUNT)


class RefundOrderOut(serializers.Serializer[Any]):
    ordered_on = serializers.DateField()
    amount = serializers.DecimalField(**AMOUNT)
    due_on = serializers.DateField()
    announced_on = serializers.DateField(allow_null=True)
    ended_on = serializers.DateField(allow_null=True)
    beneficiaries = BeneficiaryOut(many=True)


class RemedyOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(RemedyKind.choices)
    state = serializers.ChoiceField(RemedyState.choices)
    body = serializers.CharField()
    number = serializers.CharField(allow_blank=True)
    filed_on = serializers.DateField()
    received_on = serializers.DateField()
    answered_on = serializers.DateField(allow_null=True)
    stayed_by = serializers.CharField(allow_blank=True)
    result = serializers.ChoiceField(RemedyResult.choices, allow_blank=True)
    ended_on = serializers.DateField(allow_null=True)


class UrgingOut(serializers.Serializer[Any]):
    served_on = serializers.DateField()
    amount = serializers.DecimalField(**AMOUNT)


class CourtApplicationOut(serializers.Serializer[Any]):
    state = serializers.ChoiceField(CourtState.choices)
    court = serializers.CharField()
    applied_on = serializers.DateField()
    amount = serializers.DecimalField(**AMOUNT)


class MoneyFacts(serializers.Serializer[Any]):
    case = serializers.IntegerField(source="pk")
    fine = serializers.DecimalField(**AMOUNT, allow_null=True)
    confiscated = serializers.DecimalField(**AMOUNT, allow_null=True)
    late_fine = serializers.DecimalField(**AMOUNT)
    owed = serializers.DecimalField(**AMOUNT, source="owed_amount")
    paid = serializers.DecimalField(**AMOUNT)
    refunded = serializers.DecimalField(**AMOUNT)
    left = serializers.DecimalField(**AMOUNT, source="left_amount")
    court_term_on = serializers.DateField(allow_null=True)


class MoneyOut(MoneyFacts):
    """All money of a case; ``late_fine_today`` is what the days so far come to, charged or not."""

    pay_by = serializers.DateField(allow_null=True)
    late_fine_today = LateFineTodayOut()
    payments = PaymentOut(many=True)
    plans = PlanOut(many=True)
    late_fines = LateFineOut(many=True)
    refunds = RefundOut(many=True)
    refund_orders = RefundOrderOut(many=True)
    remedies = RemedyOut(many=True)
    urgings = UrgingOut(many=True)
    court_applications = CourtApplicationOut(many=True)
    legal_moves = NextMove(many=True)


class PaymentIn(Input):
    amount = Money()
    paid_on = Day()
    kind = Choice(PaymentKind.choices, required=False)
    purpose = Choice(Purpose.choices, required=False)
    receipt_number = Text(max_length=60, required=False)
    payer = Text(max_length=120, required=False)
    cash_ground = Choice(CashGround.choices, required=False)
    ashore_on = Day(required=False)


class InstalmentIn(Input):
    due_on = Day()
    amount = Money()


class DeferIn(Input):
    applied_on = Day()
    reason = Text(max_length=1000)
    instalments = serializers.ListField(
        child=InstalmentIn(), max_length=36, help_text=gettext_lazy("各期合计应等于尚欠的罚款")
    )

    def validate_instalments(self, rows: Any) -> Any:
        return [(row["due_on"], row["amount"]) for row in rows]


class UrgeIn(Input):
    served_on = Day()
    said = Text(max_length=2000, required=False)


class ApplyCourtIn(Input):
    court = Text(max_length=120)
    applied_on = Day()


class EndExecutionIn(Input):
    ended_on = Day()
    reason = Text(max_length=1000)


class CeaseExecutionIn(Input):
    ground = Choice(CeasingGround.choices)
    reason = Text(max_length=1000)


class ReversePaymentIn(Input):
    payment = Id(source="payment_id")
    reason = Text()


class HandoverIn(Input):
    payment = Id(source="payment_id")
    handed_over_on = Day()


class DepositIn(Input):
    payment = Id(source="payment_id")
    deposited_on = Day()


class ChargeIn(Input):
    amount = Money(required=False, help_text=gettext_lazy("不填即为截至今天的全部"))
    reason = Text(max_length=1000)


class WaiveIn(Input):
    amount = Money()
    reason = Text(max_length=1000)


class RefundPaymentIn(Input):
    amount = Money()
    refunded_on = Day()
    payee = Text(max_length=120)
    voucher = Text(max_length=60)


class BeneficiaryIn(Input):
    name = Text(max_length=120)
    amount = Money()


class OrderRefundIn(Input):
    heard = Text(max_length=2000)
    amount = Money()
    due_on = Day()
    beneficiaries = serializers.ListField(child=BeneficiaryIn(), max_length=500, required=False, default=list)

    def validate_beneficiaries(self, rows: Any) -> Any:
        return [(row["name"], row["amount"]) for row in rows]


class RecordRefundIn(Input):
    beneficiary = Id(source="beneficiary_id")
    amount = Money()
    refunded_on = Day()
    voucher = Text(max_length=120)


class AnnounceRefundIn(Input):
    announced_on = Day()
    announcement = Text(max_length=1000)


class EndRefundIn(Input):
    remark = Text(max_length=1000)


class FileRemedyIn(Input):
    kind = Choice(RemedyKind.choices)
    is_summary = serializers.BooleanField(required=False)
    body = Text(max_length=120)
    number = Text(max_length=80, required=False)
    filed_on = Day()
    received_on = Day()


class AnswerRemedyIn(Input):
    remedy = Id(source="remedy_id")
    answered_on = Day()


class StayIn(Input):
    remedy = Id(source="remedy_id")
    stayed_on = Day()
    stayed_by = Text(max_length=120)


class LiftStayIn(Input):
    remedy = Id(source="remedy_id")
    reason = Text()


class EndRemedyIn(Input):
    remedy = Id(source="remedy_id")
    result = Choice(RemedyResult.choices)
    ended_on = Day()
    opinion = Text(max_length=4000)
    fine = Money(required=False)
    confiscated = Money(required=False)


class CourtStepIn(Input):
    step = Choice([(row.name, row.label) for row in COURT_TRANSITIONS])
    on = Day()
    number = Text(max_length=80, required=False)
    remark = Text(required=False)
