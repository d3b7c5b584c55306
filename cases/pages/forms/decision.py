"""What is proposed, approved, taken back and decided."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import Case, Defence, DiscretionTier, Proposal
from cases.states.decision import Adoption, DefenceWay, PenaltyKind
from cases.states.matter import Outcome, PartyKind
from core.forms import DayField, MoneyField, RowField, VerbForm, Words, choose
from core.templatetags.words import money, yuan_upper
from core.transitions import in_record

NOTHING = Decimal()


class ProposeForm(VerbForm):
    groups = (
        (gettext_lazy("事实和依据"), ("facts", "basis")),
        (gettext_lazy("处理意见"), ("outcome", "penalties", "content")),
        (gettext_lazy("数额"), ("fine", "confiscated", "goods_value")),
        (gettext_lazy("裁量"), ("tier", "base_amount", "discretion_reason", "deviation_reason")),
        (gettext_lazy("听证"), ("party_kind", "hearing_right")),
    )
    facts = Words(label=gettext_lazy("违法事实和证据"), max_length=8000, rows=8)
    basis = Words(
        label=gettext_lazy("法律依据"), max_length=4000, help_text=gettext_lazy("违反的条款、据以处罚的条款。")
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("处理意见"),
        widget=forms.RadioSelect,
        initial=Outcome.PENALTY,
        choices=[(each.value, each.label) for each in list(Outcome)[:5]],
    )
    penalties = forms.MultipleChoiceField(
        label=gettext_lazy("处罚种类"),
        choices=PenaltyKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("行政处罚法第九条；不予行政处罚和移送的不选。"),
    )
    content = Words(
        label=gettext_lazy("处罚内容"),
        max_length=4000,
        required=False,
        help_text=gettext_lazy("数额之外的内容，例如吊销哪个许可证、责令停产停业的范围和期限。"),
    )
    fine = MoneyField(label=gettext_lazy("罚款（元）"), required=False)
    confiscated = MoneyField(label=gettext_lazy("没收违法所得（元）"), required=False)
    goods_value = MoneyField(label=gettext_lazy("没收的非法财物价值（元）"), required=False)
    tier = RowField(
        label=gettext_lazy("裁量档次"),
        required=False,
        help_text=gettext_lazy("本机关的裁量基准中适用于本案的档次；没有适用的基准时不选。"),
    )
    base_amount = MoneyField(
        label=gettext_lazy("裁量基数（元）"),
        required=False,
        help_text=gettext_lazy("档次按货值金额等的倍数确定的，填写该数额。"),
    )
    discretion_reason = Words(
        label=gettext_lazy("裁量理由"),
        max_length=2000,
        required=False,
        rows=3,
        help_text=gettext_lazy("选了档次的必须写明；第四十八条第六项。"),
    )
    deviation_reason = Words(
        label=gettext_lazy("偏离裁量基准的理由"),
        max_length=2000,
        required=False,
        rows=3,
        help_text=gettext_lazy("罚款不在所选档次的幅度之内时填写，由部门负责人明确批准。"),
    )
    party_kind = forms.ChoiceField(
        label=gettext_lazy("当事人类型"), widget=forms.RadioSelect, choices=PartyKind.choices
    )
    hearing_right = forms.BooleanField(
        label=gettext_lazy("告知当事人有要求听证的权利"),
        required=False,
        help_text=gettext_lazy("达到市场监督管理行政处罚听证办法第五条所列标准的，必须告知。"),
    )

    def __init__(
        self, *args: Any, case: Case, before: Proposal | None, tiers: Sequence[DiscretionTier], **kwargs: Any
    ) -> None:
        names = [name for name in self.base_fields if name not in ("tier", "party_kind")]
        known = {name: getattr(before, name) for name in names} if before else {}
        known |= {"tier": before.tier_id if before else None, "party_kind": case.party_kind}
        super().__init__(*args, **{"initial": known, **kwargs})
        choose(self, "tier", tier_choices(tiers))
        if not tiers:
            for name in ("tier", "base_amount", "deviation_reason"):
                del self.fields[name]

    def values(self) -> dict[str, Any]:
        typed = super().values()
        return {**typed, "fine": typed["fine"] or NOTHING, "confiscated": typed["confiscated"] or NOTHING}


def tier_choices(tiers: Iterable[DiscretionTier]) -> list[tuple[str, list[tuple[int, str]]]]:
    """The tiers under the title of their standard, each with its range in words."""
    return [
        (standard.title, [(tier.pk, tier_words(tier)) for tier in members])
        for standard, members in groupby(tiers, key=lambda tier: tier.standard)
    ]


def tier_words(tier: DiscretionTier) -> str:
    return _("{tier}：{range}").format(tier=tier.get_kind_display(), range=range_words(tier))


def range_words(tier: DiscretionTier) -> str:
    """5,000.00至15,000.00元; of a multiple 货值金额的1.50至3.50倍."""
    if tier.least is None and tier.most is None:
        return _("不罚款")
    ends = {"least": money(tier.least or NOTHING), "most": money(tier.most), "base": tier.standard.base}
    if tier.is_multiple:
        words = _("{base}的{least}至{most}倍") if tier.most is not None else _("{base}的{least}倍以上")
    else:
        words = _("{least}至{most}元") if tier.most is not None else _("{least}元以上")
    return words.format(**ends)


class ApproveNoticeForm(VerbForm):
    consequence = gettext_lazy(
        "批准后，办案人员即可送达行政处罚告知书；处理意见此后有变更的，本次批准失效，须重新审核、批准。"
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    allows_deviation = forms.BooleanField(
        label=gettext_lazy("批准偏离裁量基准"),
        required=False,
        help_text=gettext_lazy("罚款不在所选裁量档次的幅度之内，理由见上。不同意的，不要勾选，请变更处理意见。"),
    )
    opinion = Words(label=gettext_lazy("审批意见"), max_length=1000, required=False, rows=3)

    def __init__(self, *args: Any, proposal: Proposal | None, **kwargs: Any) -> None:
        super().__init__(*args, initial={"version": proposal.version if proposal else None}, **kwargs)
        if proposal is None or not proposal.is_deviation:
            del self.fields["allows_deviation"]


class DefenceForm(VerbForm):
    groups = (
        (gettext_lazy("当事人的陈述申辩"), ("made_on", "way", "content", "evidence")),
        (gettext_lazy("复核"), ("adopted", "reply")),
    )
    made_on = DayField(label=gettext_lazy("提出日期"), help_text=gettext_lazy("五个工作日之后提出的，登记为逾期。"))
    way = forms.ChoiceField(label=gettext_lazy("方式"), widget=forms.RadioSelect, choices=DefenceWay.choices)
    content = Words(label=gettext_lazy("陈述申辩的内容"), max_length=4000)
    evidence = Words(label=gettext_lazy("提供的证据"), max_length=2000, required=False, rows=2)
    adopted = forms.ChoiceField(label=gettext_lazy("复核意见"), widget=forms.RadioSelect, choices=Adoption.choices)
    reply = Words(label=gettext_lazy("采纳或者不采纳的理由"), max_length=4000)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"made_on": today}, **kwargs)


class ReviseForm(VerbForm):
    consequence = gettext_lazy(
        "案件回到调查中：审核、批准和已送达的告知都不再有效，陈述申辩期限停止计算；变更后须重新送审、批准和告知。"
    )
    reason = Words(label=gettext_lazy("变更的理由"), max_length=500)


class DecideForm(VerbForm):
    groups = (
        (gettext_lazy("陈述申辩"), ("defence",)),
        (gettext_lazy("处罚决定"), ("penalties", "decision", "fine", "confiscated")),
    )
    consequence = gettext_lazy(
        "作出决定后即编处罚决定书文号，文号按日期连续、不得重号，不能撤回；七个工作日的送达期限从今天的次日起算。"
    )
    defence = Words(
        label=gettext_lazy("陈述申辩情况及复核意见"),
        max_length=4000,
        rows=3,
        help_text=gettext_lazy("逾期未提出的，写明视为放弃。"),
    )
    penalties = forms.MultipleChoiceField(
        label=gettext_lazy("处罚种类"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy(
            "只能在已告知的种类之内，可以减少，不能增加（程序规定第五十八条）；都不勾选的，按填写的数额确定。"
        ),
    )
    decision = Words(label=gettext_lazy("处罚内容和依据"), max_length=4000, rows=6)
    fine = MoneyField(label=gettext_lazy("罚款（元）"), help_text=gettext_lazy("没有罚款的填 0；不得高于告知的数额。"))
    confiscated = MoneyField(
        label=gettext_lazy("没收违法所得（元）"), help_text=gettext_lazy("没有没收的填 0；不得高于告知的数额。")
    )

    def __init__(self, *args: Any, told: Proposal | None, defences: Sequence[Defence], **kwargs: Any) -> None:
        known: dict[str, Any] = {"defence": defence_words(defences)}
        if told is not None:
            known |= {
                "penalties": told.penalties, "fine": told.fine, "confiscated": told.confiscated,
                "decision": penalty_words(told),
            }  # fmt: skip
        super().__init__(*args, **{"initial": known, **kwargs})
        field = self.fields["penalties"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = [(kind, PenaltyKind(kind).label) for kind in (told.penalties if told else [])]

    def values(self) -> dict[str, Any]:
        typed = super().values()
        return {**typed, "penalties": typed["penalties"] or None}


def penalty_words(told: Proposal) -> str:
    """What the party was told, as the decision may begin: 罚款5,000.00元（大写：伍仟元整）；… 依据：…"""
    sums = {
        PenaltyKind.FINE: told.fine, PenaltyKind.CONFISCATE_INCOME: told.confiscated,
        PenaltyKind.CONFISCATE_GOODS: told.goods_value,
    }  # fmt: skip
    parts = []
    for kind in told.penalties:
        amount = sums.get(PenaltyKind(kind))
        said = f"{money(amount)}元（大写：{yuan_upper(amount)}）" if amount is not None else ""
        parts.append(f"{in_record(PenaltyKind(kind).label)}{said}")
    return "；".join(filter(None, ["；".join(parts), told.content])) + f"。\n依据：{told.basis}"


def defence_words(defences: Sequence[Defence]) -> str:
    """What was recorded of statements and defences, or that there was none."""
    lines = [
        f"{each.made_on}{'（逾期）' if each.is_late else ''}{in_record(DefenceWay(each.way).label)}陈述申辩：{each.content}\n"
        f"复核意见：{in_record(Adoption(each.adopted).label)}。{each.reply}"
        for each in defences
    ]
    return "\n".join(lines) or "当事人逾期未提出陈述、申辩，视为放弃此权利。"
