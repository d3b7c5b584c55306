"""What the verbs of the money of a case ask for."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import Beneficiary, Case, Payment, Remedy
from cases.queries.money import Account
from cases.states.money import CashGround, PaymentKind, Purpose
from cases.states.outcomes import CeasingGround
from cases.states.remedy import RemedyKind, RemedyResult
from core.forms import DayField, MoneyField, RowField, VerbForm, Words, choose
from core.templatetags.words import money
from core.transitions import Transition

ANY_GROUND = ("", gettext_lazy("不是当场收缴"))


class PairsField(Words):
    """One pair a line, a word and an amount in yuan with space between; the value is a list of both."""

    first: ClassVar[forms.Field] = forms.CharField(max_length=120)
    wrong = gettext_lazy("第%(line)s行“%(text)s”看不懂。一行写一个，名称和金额之间空一格，例如：张某某 1200。")

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return [self._pair(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]

    def _pair(self, number: int, line: str) -> tuple[Any, Decimal]:
        name, _space, amount = line.strip().replace("\t", " ").rpartition(" ")
        try:
            return self.first.clean(name.strip()), MoneyField().clean(amount)
        except ValidationError:
            raise ValidationError(self.wrong, code="bad_line", params={"line": number, "text": line.strip()}) from None


class InstalmentsField(PairsField):
    """One instalment a line: the last day and the amount."""

    first = DayField()
    wrong = gettext_lazy("第%(line)s行“%(text)s”看不懂。一行写一期，日期和金额之间空一格，例如：2026-11-20 1500。")


class PaymentForm(VerbForm):
    groups = (
        ("", ("amount", "paid_on", "purpose")),
        (gettext_lazy("票据"), ("kind", "receipt_number", "payer")),
        (gettext_lazy("只在当场收缴时填写（第七十二条）"), ("cash_ground", "ashore_on")),
    )
    amount = MoneyField(label=gettext_lazy("缴款金额（元）"))
    paid_on = DayField(label=gettext_lazy("缴款日期"), help_text=gettext_lazy("以缴款凭证载明的日期为准。"))
    purpose = forms.ChoiceField(label=gettext_lazy("款项用途"), choices=Purpose.choices, initial=Purpose.DUE)
    kind = forms.ChoiceField(label=gettext_lazy("缴款方式"), choices=PaymentKind.choices, initial=PaymentKind.BANK)
    receipt_number = forms.CharField(label=gettext_lazy("票据号码"), max_length=60, required=False)
    payer = forms.CharField(
        label=gettext_lazy("缴款人"), max_length=120, required=False, help_text=gettext_lazy("不填即为当事人本人。")
    )
    cash_ground = forms.ChoiceField(
        label=gettext_lazy("当场收缴的情形"), choices=[ANY_GROUND, *CashGround.choices], required=False
    )
    ashore_on = DayField(
        label=gettext_lazy("抵岸日期"), required=False,
        help_text=gettext_lazy("在水上当场收缴的，两个工作日的交局期限从抵岸之日的次日起算。"),
    )  # fmt: skip

    def __init__(self, *args: Any, case: Case, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"amount": case.left_amount, "paid_on": today}, **kwargs)


class _PaymentForm(VerbForm):
    payment = RowField(label=gettext_lazy("缴款记录"))

    def __init__(self, *args: Any, payments: Iterable[Payment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "payment", [(each.pk, f"{each.paid_on} {money(each.amount)}") for each in payments])


class ReverseForm(_PaymentForm):
    consequence = gettext_lazy("更正会增加一条红字记录，原记录保留；已经缴清的，案件回到“已送达”，重新登记正确的缴款。")
    reason = Words(label=gettext_lazy("更正的原因"), max_length=500)


class HandoverForm(_PaymentForm):
    handed_over_on = DayField(label=gettext_lazy("交局日期"))


class DepositForm(_PaymentForm):
    deposited_on = DayField(label=gettext_lazy("缴付银行日期"))


class ChargeForm(VerbForm):
    consequence = gettext_lazy("决定后，加处的罚款计入应缴款项；按照行政强制法第四十五条，标准应当告知当事人。")
    amount = MoneyField(
        label=gettext_lazy("加处罚款（元）"),
        help_text=gettext_lazy("已按截至今天的天数算好；每日百分之三，不超出罚款数额，可以少，不可以多。"),
    )
    reason = Words(label=gettext_lazy("理由"), max_length=1000)

    def __init__(self, *args: Any, account: Account, today: date, **kwargs: Any) -> None:
        most = max(account.late_fine(today).amount - account.charged, Decimal())
        super().__init__(*args, initial={"amount": most}, **kwargs)


class WaiveForm(VerbForm):
    consequence = gettext_lazy("减免后，减免的部分不再催缴。只能减免加处的罚款，罚款本身不能减免。")
    amount = MoneyField(label=gettext_lazy("减免金额（元）"))
    reason = Words(
        label=gettext_lazy("执行协议和补救措施"), max_length=1000,
        help_text=gettext_lazy("写明协议的日期和内容，当事人采取了什么补救措施。"),
    )  # fmt: skip

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, initial={"amount": account.left_of_late_fine}, **kwargs)


class DeferForm(VerbForm):
    consequence = gettext_lazy(
        "批准后，缴款期限改为各期的期限，三个月的申请执行期限从最后一期届满之日起算；应当书面告知当事人。"
    )
    applied_on = DayField(label=gettext_lazy("当事人书面申请日期"))
    reason = Words(label=gettext_lazy("申请的事实和理由"), max_length=1000)
    instalments = InstalmentsField(
        label=gettext_lazy("缴纳期限和金额（元）"), max_length=2000, rows=5,
        help_text=gettext_lazy("一行一期，日期和金额之间空一格；只有一行就是延期。各期合计应等于尚欠的罚款。"),
    )  # fmt: skip


class RefundPaymentForm(VerbForm):
    consequence = gettext_lazy("登记后不能撤回。")
    amount = MoneyField(label=gettext_lazy("退还金额（元）"))
    refunded_on = DayField(label=gettext_lazy("退还日期"))
    payee = forms.CharField(label=gettext_lazy("收款人"), max_length=120)
    voucher = forms.CharField(label=gettext_lazy("退库凭证号"), max_length=60)

    def __init__(self, *args: Any, case: Case, most: Decimal, today: date, **kwargs: Any) -> None:
        initial = {"amount": most, "refunded_on": today, "payee": case.party_name}
        super().__init__(*args, initial=initial, **kwargs)


class OrderRefundForm(VerbForm):
    consequence = gettext_lazy("责令后，办案期限停止计算，直到登记责令退款完结；应当向当事人送达责令退款通知书。")
    heard = Words(label=gettext_lazy("当事人的意见"), max_length=2000, rows=3)
    amount = MoneyField(label=gettext_lazy("多收价款（元）"))
    due_on = DayField(label=gettext_lazy("退款期限"))
    beneficiaries = PairsField(
        label=gettext_lazy("退还对象和金额（元）"), max_length=40000, required=False, rows=6,
        help_text=gettext_lazy("一行一个，名称和金额之间空一格。难以查找的可以不填，登记公告查找。"),
    )  # fmt: skip


class RecordRefundForm(VerbForm):
    beneficiary = RowField(label=gettext_lazy("退还对象"))
    amount = MoneyField(label=gettext_lazy("退还金额（元）"))
    refunded_on = DayField(label=gettext_lazy("退还日期"))
    voucher = forms.CharField(label=gettext_lazy("退款凭证"), max_length=120)

    def __init__(self, *args: Any, people: Iterable[Beneficiary], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        left = [(each.pk, f"{each.name} {money(each.amount - each.refunded)}") for each in people]
        choose(self, "beneficiary", left)


class AnnounceRefundForm(VerbForm):
    announced_on = DayField(label=gettext_lazy("公告日期"))
    announcement = Words(label=gettext_lazy("公告的方式和内容"), max_length=1000)


class EndRefundForm(VerbForm):
    consequence = gettext_lazy("完结后，办案期限从今天起继续计算。")
    remark = Words(
        label=gettext_lazy("退款情况"), max_length=1000, help_text=gettext_lazy("未退还的，写明金额和原因。")
    )


# ---- execution and remedies ----------------------------------------------------------------------


class UrgeForm(VerbForm):
    consequence = gettext_lazy("登记后，十个工作日的催告期从送达之日的次日起算，届满后可以申请人民法院强制执行。")
    served_on = DayField(label=gettext_lazy("催告书送达日期"), help_text=gettext_lazy("以送达回证载明的日期为准。"))
    said = Words(label=gettext_lazy("当事人的陈述申辩"), max_length=2000, required=False, rows=3)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"served_on": today}, **kwargs)


class ApplyCourtForm(VerbForm):
    consequence = gettext_lazy("登记后，申请执行的三个月期限停止计算，法院受理的期限开始计算，不能撤回。")
    court = forms.CharField(label=gettext_lazy("人民法院"), max_length=120)
    applied_on = DayField(label=gettext_lazy("申请日期"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"applied_on": today}, **kwargs)


class CourtStepForm(VerbForm):
    step = forms.ChoiceField(label=gettext_lazy("法院的答复或者我们的复议"), widget=forms.RadioSelect)
    on = DayField(label=gettext_lazy("日期"), help_text=gettext_lazy("法院的文书以收到之日为准。"))
    number = forms.CharField(label=gettext_lazy("文书文号"), max_length=80, required=False)
    remark = Words(label=gettext_lazy("内容"), max_length=500, required=False, rows=3)

    def __init__(self, *args: Any, rows: Iterable[Transition], today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"on": today}, **kwargs)
        step = self.fields["step"]
        assert isinstance(step, forms.ChoiceField)  # noqa: S101 - declared above
        step.choices = [(row.name, str(row.label)) for row in rows]


class EndExecutionForm(VerbForm):
    consequence = gettext_lazy("登记后，案件不再执行，十五个工作日的结案审批期限开始计算，不能撤回。")
    ended_on = DayField(label=gettext_lazy("裁定终结执行日期"))
    reason = Words(label=gettext_lazy("裁定书文号和内容"), max_length=1000)


class CeaseExecutionForm(VerbForm):
    consequence = gettext_lazy(
        "批准后，案件不再执行，尚欠的罚没款不再催缴，十五个工作日的结案审批期限开始计算，不能撤回。"
    )
    ground = forms.ChoiceField(
        label=gettext_lazy("终结执行的情形"), widget=forms.RadioSelect, choices=CeasingGround.choices,
        help_text=gettext_lazy("人民法院最终没有准予执行的，属于其他情形；决定被撤销的，请登记决定被撤销。"),
    )  # fmt: skip
    reason = Words(label=gettext_lazy("终结执行的理由"), max_length=1000)


class FileRemedyForm(VerbForm):
    groups = (
        ("", ("kind", "is_summary", "body", "number")),
        (gettext_lazy("日期"), ("filed_on", "received_on")),
    )
    kind = forms.ChoiceField(label=gettext_lazy("种类"), choices=RemedyKind.choices, widget=forms.RadioSelect)
    is_summary = forms.BooleanField(label=gettext_lazy("行政复议适用简易程序（五个工作日内答复）"), required=False)
    body = forms.CharField(label=gettext_lazy("复议机关或者人民法院"), max_length=120)
    number = forms.CharField(label=gettext_lazy("案号"), max_length=80, required=False)
    filed_on = DayField(label=gettext_lazy("申请或者起诉日期"))
    received_on = DayField(label=gettext_lazy("收到副本日期"), help_text=gettext_lazy("答复的期限从这一天的次日起算。"))


class _RemedyForm(VerbForm):
    remedy = RowField(label=gettext_lazy("复议或者诉讼"))

    def __init__(self, *args: Any, remedies: Iterable[Remedy], **kwargs: Any) -> None:
        rows = [
            (each.pk, _("{kind}（{body}）").format(kind=each.get_kind_display(), body=each.body)) for each in remedies
        ]
        initial = {"remedy": rows[0][0]} if rows else {}
        super().__init__(*args, initial=initial | kwargs.pop("initial", {}), **kwargs)
        choose(self, "remedy", rows)


class AnswerRemedyForm(_RemedyForm):
    answered_on = DayField(label=gettext_lazy("提交答复日期"))


class StayForm(_RemedyForm):
    stayed_on = DayField(label=gettext_lazy("停止执行日期"))
    stayed_by = forms.CharField(label=gettext_lazy("决定停止执行的机关"), max_length=120)


class LiftStayForm(_RemedyForm):
    reason = Words(label=gettext_lazy("恢复执行的依据"), max_length=500)


class EndRemedyForm(_RemedyForm):
    groups = (
        ("", ("remedy", "result", "ended_on", "opinion")),
        (gettext_lazy("结果为变更的，变更后的金额"), ("fine", "confiscated")),
    )
    consequence = gettext_lazy("登记后不能撤回；撤销或者确认无效的，请接着登记决定被撤销。")
    result = forms.ChoiceField(label=gettext_lazy("结果"), choices=RemedyResult.choices, widget=forms.RadioSelect)
    ended_on = DayField(label=gettext_lazy("结果送达当事人日期"))
    opinion = Words(label=gettext_lazy("文书文号和结果内容"), max_length=4000)
    fine = MoneyField(label=gettext_lazy("罚款（元）"), required=False)
    confiscated = MoneyField(label=gettext_lazy("没收违法所得（元）"), required=False)
