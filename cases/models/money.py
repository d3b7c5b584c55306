from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models.matter import Case
from cases.states.money import CashGround, LateFineKind, PaymentKind, RefundGround


class Payment(models.Model):
    """Money that came in for a case, in yuan; a mistake is taken back by a row of its own with negative amounts.

    ``to_fine``, ``to_confiscated`` and ``to_late_fine`` say what it is for and add up to ``amount``.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="payments")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversal")
    amount = models.DecimalField(_("缴款金额"), max_digits=14, decimal_places=2)
    to_fine = models.DecimalField(_("罚款"), max_digits=14, decimal_places=2, default=0)
    to_confiscated = models.DecimalField(_("没收违法所得"), max_digits=14, decimal_places=2, default=0)
    to_late_fine = models.DecimalField(_("加处罚款"), max_digits=14, decimal_places=2, default=0)
    paid_on = models.DateField(_("缴款日期"))
    kind = models.CharField(_("缴款方式"), max_length=10, choices=PaymentKind.choices, default=PaymentKind.BANK)
    receipt_number = models.CharField(_("票据号码"), max_length=60, blank=True)
    payer = models.CharField(_("缴款人"), max_length=120, blank=True)
    cash_ground = models.CharField(_("当场收缴的情形"), max_length=10, choices=CashGround.choices, blank=True)
    ashore_on = models.DateField(_("抵岸日期"), null=True)
    handed_over_on = models.DateField(_("交局日期"), null=True)
    deposited_on = models.DateField(_("缴付银行日期"), null=True)
    reason = models.CharField(_("更正原因"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount=F("to_fine") + F("to_confiscated") + F("to_late_fine")), name="payment_parts_add_up"
            ),
            models.CheckConstraint(
                condition=Q(
                    reverses__isnull=True, amount__gt=0, to_fine__gte=0, to_confiscated__gte=0, to_late_fine__gte=0
                )
                | Q(reverses__isnull=False, amount__lt=0),
                name="payment_positive_unless_reversal",
            ),
            models.CheckConstraint(
                condition=~Q(kind="cash") | (~Q(receipt_number="") & ~Q(cash_ground="")),
                name="payment_cash_has_receipt",
            ),
            models.CheckConstraint(
                condition=Q(deposited_on__isnull=True) | Q(deposited_on__gte=F("handed_over_on")),
                name="payment_deposited_after_handover",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paid_on} {self.amount}"


class LateFineEntry(models.Model):
    """A decision on the extra fine for paying late: so much charged, or so much of it waived, with its arithmetic."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="late_fines")
    kind = models.CharField(max_length=10, choices=LateFineKind.choices)
    amount = models.DecimalField(_("金额"), max_digits=14, decimal_places=2)
    counted_on = models.DateField(_("计算至"))
    arithmetic = models.JSONField(default=list)
    reason = models.CharField(_("理由"), max_length=1000)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="late_fine_entry_positive")]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"


class PaymentPlan(models.Model):
    """Later days to pay the fine, approved for a party in need (程序规定第七十四条); a new plan replaces the old.

    ``paid_before`` is what had been paid of the fine, ``due_before`` the last day to pay under the rule alone.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="plans")
    applied_on = models.DateField(_("申请日期"))
    reason = models.CharField(_("申请的事实和理由"), max_length=1000)
    paid_before = models.DecimalField(max_digits=14, decimal_places=2)
    due_before = models.DateField()
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    approved_on = models.DateField(_("批准日期"))
    replaced_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(replaced_on__isnull=True), name="payment_plan_one_in_force"
            ),
            models.CheckConstraint(condition=Q(applied_on__lte=F("approved_on")), name="payment_plan_asked_for_first"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.approved_on}"


class Instalment(models.Model):
    plan = models.ForeignKey(PaymentPlan, models.PROTECT, related_name="instalments")
    due_on = models.DateField(_("缴纳期限"))
    amount = models.DecimalField(_("金额"), max_digits=14, decimal_places=2)

    class Meta:
        ordering = ["due_on"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "due_on"], name="instalment_one_a_day"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="instalment_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.due_on} {self.amount}"


class PaymentRefund(models.Model):
    """Money paid for a decision that no longer stands, given back."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="refunds")
    ground = models.CharField(max_length=10, choices=RefundGround.choices)
    amount = models.DecimalField(_("退还金额"), max_digits=14, decimal_places=2)
    refunded_on = models.DateField(_("退还日期"))
    payee = models.CharField(_("收款人"), max_length=120)
    voucher = models.CharField(_("退库凭证号"), max_length=60)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="payment_refund_positive")]

    def __str__(self) -> str:
        return f"{self.refunded_on} {self.amount}"


class RefundOrder(models.Model):
    """责令退款: what was charged too much goes back to those who paid it (程序规定第五十九条); the ninety days stand still."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="refund_orders")
    ordered_on = models.DateField(_("责令日期"))
    ordered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    heard = models.TextField(_("当事人意见"), max_length=2000)
    amount = models.DecimalField(_("多收价款"), max_digits=14, decimal_places=2)
    due_on = models.DateField(_("退款期限"))
    announced_on = models.DateField(_("公告日期"), null=True)
    announcement = models.CharField(_("公告方式和内容"), max_length=1000, blank=True)
    ended_on = models.DateField(_("完结日期"), null=True)
    remark = models.CharField(_("完结说明"), max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_on__isnull=True), name="refund_order_one_open"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_order_positive"),
            models.CheckConstraint(condition=Q(due_on__gte=F("ordered_on")), name="refund_order_due_after_order"),
        ]

    def __str__(self) -> str:
        return f"{self.ordered_on} {self.amount}"


class Beneficiary(models.Model):
    """Somebody who paid too much, found or not, and what came back to them."""

    order = models.ForeignKey(RefundOrder, models.PROTECT, related_name="beneficiaries")
    name = models.CharField(_("退还对象"), max_length=120)
    amount = models.DecimalField(_("应退金额"), max_digits=14, decimal_places=2)
    is_found = models.BooleanField(_("已找到"), default=True)
    refunded = models.DecimalField(_("已退金额"), max_digits=14, decimal_places=2, default=Decimal())
    refunded_on = models.DateField(_("退还日期"), null=True)
    voucher = models.CharField(_("退款凭证"), max_length=120, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(refunded__gte=0, amount__gt=0, refunded__lte=F("amount")), name="beneficiary_not_overpaid"
            ),
            models.CheckConstraint(
                condition=Q(refunded=0) ^ Q(refunded_on__isnull=False), name="beneficiary_refund_has_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.amount}"
