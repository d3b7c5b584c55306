"""What the other ends of a case, merging, splitting and the summary procedure ask for."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Office, User
from accounts.queries import office_tree, officers_of
from cases.models import Case
from cases.pages.forms.matter import OFFICERS, ReassignForm, ServeForm
from cases.states import matter as states
from cases.states.decision import PenaltyKind
from cases.states.matter import PartyKind
from cases.states.money import CashGround
from cases.states.outcomes import AnnulledBy, SpareGround, TerminationGround, TransferGround
from core.forms import DayField, MomentField, MoneyField, RowField, VerbForm, Words, choose

ON_SPOT_PENALTIES = (PenaltyKind.WARNING, PenaltyKind.FINE)


class SpareForm(VerbForm):
    consequence = gettext_lazy("提交后即编不予行政处罚决定书文号，办案期限停止计算，送达期限开始，不能撤回。")
    ground = forms.ChoiceField(
        label=gettext_lazy("不予行政处罚的情形"), widget=forms.RadioSelect, choices=SpareGround.choices
    )
    reason = Words(label=gettext_lazy("事实和理由"), max_length=4000, rows=6)
    education = Words(
        label=gettext_lazy("对当事人的教育"),
        max_length=2000,
        required=False,
        rows=3,
        help_text=gettext_lazy("依法不予行政处罚的必须填写（第六十一条）；违法事实不能成立的不填。"),
    )


class ServeSparedForm(ServeForm):
    consequence = gettext_lazy("登记后，本案即可结案，十五个工作日的结案期限从送达之日的次日起算，不能撤回。")


class _HandOverForm(VerbForm):
    consequence = gettext_lazy("移送后，本案不再办理，办案期限停止计算，十五个工作日的结案期限开始，不能撤回。")
    recipient = forms.CharField(label=gettext_lazy("接收案件的机关"), max_length=120)
    handed_over = Words(label=gettext_lazy("移送的材料和物品"), max_length=4000)
    reason = Words(label=gettext_lazy("移送的理由"), max_length=4000)


class TransferForm(_HandOverForm):
    """To an office of this system or, by its name, to any other agency: one of the two."""

    groups = (
        ("", ("ground",)),
        (gettext_lazy("接收案件的机关（填写一项）"), ("office", "recipient")),
        ("", ("handed_over", "reason")),
    )
    ground = forms.ChoiceField(
        label=gettext_lazy("移送的情形"), widget=forms.RadioSelect, choices=TransferGround.choices
    )
    office = RowField(
        label=gettext_lazy("本系统内的单位"),
        required=False,
        help_text=gettext_lazy("属于其他市场监督管理部门管辖的，从这里选择：随即在该单位登记线索，由其接收人员签收。"),
    )
    recipient = forms.CharField(
        label=gettext_lazy("其他机关"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("不在上面列表中的，填写机关名称。"),
    )

    def __init__(self, *args: Any, offices: Sequence[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tree = office_tree(offices)
        choose(self, "office", [(group, [(each.pk, each.name) for each in members]) for group, members in tree])


class ReferForm(_HandOverForm):
    pass


class AskTerminateForm(VerbForm):
    ground = forms.ChoiceField(
        label=gettext_lazy("终止调查的情形"), widget=forms.RadioSelect, choices=TerminationGround.choices
    )
    reason = Words(label=gettext_lazy("具体情况"), max_length=4000)


class TerminateForm(AskTerminateForm):
    consequence = gettext_lazy("终止后，本案不再调查，十五个工作日的结案期限开始，不能撤回。")


class WithdrawCaseForm(VerbForm):
    consequence = gettext_lazy("撤销立案后，本案不再调查，十五个工作日的结案期限开始，不能撤回。")
    reason = Words(label=gettext_lazy("撤销立案的理由"), max_length=4000)


class MergeForm(VerbForm):
    consequence = gettext_lazy("并案后，本案不再单独办理，期限停止计算；以所并入案件的期限为准，不能撤回。")
    into = RowField(
        label=gettext_lazy("并入哪一件"),
        help_text=gettext_lazy("列出同一当事人、同一处罚机关、立案不晚于本案而且也在调查中的案件（本系统默认）。"),
    )
    reason = Words(label=gettext_lazy("并案的理由"), max_length=1000)

    def __init__(self, *args: Any, others: list[Case], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "into", [(each.pk, f"{each.label} · {each.cause}") for each in others])


class SplitForm(ReassignForm):
    consequence = gettext_lazy("分案后即编新的立案号；新案的办案期限仍按原案立案之日计算，不重新起算，不能撤回。")
    groups = (
        (gettext_lazy("分出的案件"), ("cause", "party_kind", "party_name", "party_code", "address")),
        OFFICERS,
        ("", ("reason",)),
    )
    cause = forms.CharField(label=gettext_lazy("案由"), max_length=200)
    party_kind = forms.ChoiceField(
        label=gettext_lazy("当事人类型"), widget=forms.RadioSelect, choices=PartyKind.choices
    )
    party_name = forms.CharField(label=gettext_lazy("当事人名称"), max_length=120)
    party_code = forms.CharField(label=gettext_lazy("统一社会信用代码"), max_length=18, required=False)
    address = forms.CharField(label=gettext_lazy("地址"), max_length=200, required=False)
    reason = Words(label=gettext_lazy("分案的理由"), max_length=900)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        now = {"cause": case.cause, "party_kind": case.party_kind}
        super().__init__(*args, case=case, **{**kwargs, "initial": now | kwargs.get("initial", {})})


class AnnulForm(VerbForm):
    consequence = gettext_lazy(
        "登记后，决定不再执行，已经结案的重新转为待结案；公开过的，应当在三个工作日内撤回并公开说明理由，不能撤回登记。"
    )
    annulled_by = forms.ChoiceField(
        label=gettext_lazy("由谁撤销"), widget=forms.RadioSelect, choices=AnnulledBy.choices
    )
    body = forms.CharField(
        label=gettext_lazy("机关名称"), max_length=120, required=False, help_text=gettext_lazy("本机关自行纠正的不填。")
    )
    paper = forms.CharField(label=gettext_lazy("文书文号"), max_length=120, required=False)
    annulled_on = DayField(label=gettext_lazy("撤销日期"))
    reason = Words(label=gettext_lazy("撤销的内容和理由"), max_length=4000)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"annulled_on": today}, **kwargs)


class WithdrawPublicationForm(VerbForm):
    was_published = forms.BooleanField(
        label=gettext_lazy("决定曾经公开"),
        required=False,
        initial=True,
        help_text=gettext_lazy("没有公开过的，去掉勾选，并在下面写明核实情况。"),
    )
    withdrawn_on = DayField(label=gettext_lazy("撤回或者核实日期"))
    explanation = Words(label=gettext_lazy("公开说明的理由"), max_length=1000)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"withdrawn_on": today}, **kwargs)


class HandInForm(VerbForm):
    handed_in_on = DayField(label=gettext_lazy("交局日期"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"handed_in_on": today}, **kwargs)


class SpotForm(VerbForm):
    """``office`` and ``second_officer`` are those of the person who decides; ``lead`` is the lead in hand, if any."""

    consequence = gettext_lazy(
        "提交后即编当场处罚决定书文号，视为当场交付当事人：十五日的缴款期限和七个工作日的交局期限开始，不能撤回。"
    )
    groups = (
        (gettext_lazy("当事人"), ("party_kind", "party_name", "party_code", "address")),
        (gettext_lazy("违法行为"), ("cause", "decided_at", "place", "facts", "basis")),
        (gettext_lazy("告知和听取意见"), ("is_informed", "said")),
        (gettext_lazy("处罚"), ("penalties", "fine", "is_unsigned")),
        (gettext_lazy("当场收缴罚款的（第七十二条）"), ("cash_ground", "receipt_number")),
        (gettext_lazy("办案人员（不少于两人）"), ("office", "second_officer")),
    )
    lead_id = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    party_kind = forms.ChoiceField(
        label=gettext_lazy("当事人类型"), widget=forms.RadioSelect, choices=PartyKind.choices,
        help_text=gettext_lazy("个体工商户按自然人还是组织认定，以所依据的法律和当地规定为准。"),
    )  # fmt: skip
    party_name = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    party_code = forms.CharField(label=gettext_lazy("统一社会信用代码"), max_length=18, required=False)
    address = forms.CharField(label=gettext_lazy("地址"), max_length=200, required=False)
    cause = forms.CharField(label=gettext_lazy("案由"), max_length=200)
    decided_at = MomentField(label=pgettext_lazy("on the spot", "时间"))
    place = forms.CharField(label=pgettext_lazy("on the spot", "地点"), max_length=200)
    facts = Words(label=gettext_lazy("违法事实和证据"), max_length=4000)
    basis = Words(label=gettext_lazy("违反的和据以处罚的条款"), max_length=2000, rows=2)
    is_informed = forms.BooleanField(
        label=gettext_lazy("已告知拟处罚的内容、事实、理由、依据和陈述申辩的权利"),
        error_messages={"required": gettext_lazy("决定作出前应当告知（第六十九条），告知后勾选。")},
    )
    said = Words(
        label=gettext_lazy("当事人的陈述和申辩"), max_length=2000, required=False, rows=2,
        help_text=gettext_lazy("没有提出的不填。"),
    )  # fmt: skip
    penalties = forms.MultipleChoiceField(
        label=gettext_lazy("处罚种类"), widget=forms.CheckboxSelectMultiple,
        choices=[(kind.value, kind.label) for kind in ON_SPOT_PENALTIES],
        help_text=gettext_lazy("对自然人二百元以下、对法人或者其他组织三千元以下罚款或者警告（第六十六条）。"),
    )  # fmt: skip
    fine = MoneyField(label=gettext_lazy("罚款金额（元）"), required=False)
    is_unsigned = forms.BooleanField(label=gettext_lazy("当事人拒绝签收，已在决定书上注明"), required=False)
    cash_ground = forms.ChoiceField(
        label=gettext_lazy("收缴的情形"), required=False,
        choices=[("", gettext_lazy("没有当场收缴，由当事人到银行缴纳")), *CashGround.choices],
    )  # fmt: skip
    receipt_number = forms.CharField(label=gettext_lazy("专用票据号码"), max_length=60, required=False)
    office = RowField(label=gettext_lazy("办案机构"))
    second_officer = RowField(label=gettext_lazy("协办人员"))

    def __init__(
        self, *args: Any, user: User, now: datetime, lead: dict[str, Any] | None = None, **kwargs: Any
    ) -> None:
        roles = states.DECIDE_ON_SPOT.roles
        offices = list(dict.fromkeys(post.office for post in user.active_posts if post.role in roles))
        initial = {"decided_at": now, "office": offices[0].pk if offices else None, **(lead or {})}
        super().__init__(*args, initial=initial, **kwargs)
        choose(self, "office", [(office.pk, office.name) for office in offices])
        colleagues = {each.pk: each.name for office in offices for each in officers_of(office, roles) if each != user}
        choose(self, "second_officer", list(colleagues.items()))

    def values(self) -> dict[str, Any]:
        """As the verb takes them: what was left empty is left out."""
        return {name: value for name, value in super().values().items() if value not in (None, "")}
