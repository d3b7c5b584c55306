"""What is paid, charged, deferred and given back around a decision: words and the moves, each with its article."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cases.states.matter import HEAD, OFFICER, RULES, CaseState
from core.transitions import transition


class PaymentKind(TextChoices):
    """程序规定第七十二条: to a bank or by an electronic payment system; in cash only where it says so."""

    BANK = "bank", _("指定银行")
    ELECTRONIC = "electronic", _("电子支付系统")
    CASH = "cash", _("当场收缴")


class Purpose(TextChoices):
    """What a payment is for. ``DUE`` fills fine, confiscated income and late fine in this order (our default)."""

    DUE = "due", _("按罚款、没收违法所得、加处罚款的顺序")
    FINE = "fine", _("罚款")
    CONFISCATED = "confiscated", _("没收违法所得")
    LATE_FINE = "late_fine", _("加处罚款")


class CashGround(TextChoices):
    """程序规定第七十二条第一款 (when an officer may take the fine in cash)."""

    SMALL = "small", _("当场处以一百元以下罚款")
    HARD_LATER = "hard_later", _("当场处罚，不当场收缴事后难以执行")
    REMOTE = "remote", _("边远、水上、交通不便地区，当事人缴纳确有困难并提出")


class LateFineKind(TextChoices):
    CHARGE = "charge", _("加处")
    WAIVER = "waiver", _("减免")


class RefundGround(TextChoices):
    """Why money that was paid goes back (行政强制法第四十一条、行政处罚法第七十四条第三款)."""

    ANNULLED = "annulled", _("处罚决定被撤销")
    CHANGED = "changed", _("处罚决定被变更")


S = CaseState
DEFAULT = _("法律没有规定，本系统默认由办案人员登记")
PAYING = [S.SERVED, S.PERFORMED]
REVERSE_PAYMENT = transition("reverse_payment", _("更正缴款记录"), PAYING, None, OFFICER, DEFAULT)
# Cash taken has to be handed in and paid into the bank however the case ends.
HANDING_IN = [*PAYING, S.ENDED]
RECORD_HANDOVER = transition("record_handover", _("登记现金交局"), HANDING_IN, None, OFFICER, f"{RULES}第七十三条")
RECORD_BANK_DEPOSIT = transition(
    "record_bank_deposit", _("登记缴付银行"), HANDING_IN, None, OFFICER, f"{RULES}第七十三条"
)
CHARGE_LATE_FINE = transition(
    "charge_late_fine", _("决定加处罚款"), PAYING, None, HEAD, f"{RULES}第七十五条；行政处罚法第七十二条第一款第一项"
)
WAIVE_LATE_FINE = transition("waive_late_fine", _("减免加处罚款"), [S.SERVED], None, HEAD, "行政强制法第四十二条第一款")
REFUND_PAYMENT = transition(
    "refund_payment", _("登记退还罚没款"), [*PAYING, S.ENDED, S.CLOSED, S.ARCHIVED], None, OFFICER,
    "行政强制法第四十一条；行政处罚法第七十四条第三款",
)  # fmt: skip
# Refund of what was charged too much, before the decision
ORDER_REFUND = transition(
    "order_refund", _("责令退款"), [S.INVESTIGATING, S.NOTIFIED, S.HEARD], None, HEAD, f"{RULES}第五十九条"
)
ANY = [state for state in S if state not in (S.MERGED, S.CLOSED, S.ARCHIVED)]
RECORD_REFUND = transition("record_refund", _("登记退还多收价款"), ANY, None, OFFICER, f"{RULES}第五十九条")
ANNOUNCE_REFUND = transition("announce_refund", _("登记公告查找"), ANY, None, OFFICER, f"{RULES}第五十九条")
END_REFUND = transition("end_refund", _("责令退款完结"), ANY, None, OFFICER, f"{RULES}第五十九条、第六十四条第二款")

MONEY_TRANSITIONS = (
    REVERSE_PAYMENT, RECORD_HANDOVER, RECORD_BANK_DEPOSIT, CHARGE_LATE_FINE, WAIVE_LATE_FINE, REFUND_PAYMENT,
    ORDER_REFUND, RECORD_REFUND, ANNOUNCE_REFUND, END_REFUND,
)  # fmt: skip
