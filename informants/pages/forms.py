"""What the verbs ask for. None of these forms ever holds an identity."""

from django import forms
from django.utils.translation import gettext_lazy, ngettext

from core.forms import CHOOSE, DayField, MoneyField, VerbForm, Words
from informants.states import MOST_HOURS, Ground, RewardDomain, RewardLevel, Wanted


def _hours() -> list[tuple[int, str]]:
    return [(hours, ngettext("{n} 小时", "{n} 小时", hours).format(n=hours)) for hours in (1, 2, 4, 8, MOST_HOURS)]


class SealedForm(VerbForm):
    """None of them asks for an identity, but whoever types here may know one: nothing of it lies in a draft."""

    is_drafted = False


class RequestForm(SealedForm):
    ground = forms.ChoiceField(label=gettext_lazy("查阅用途"), choices=[("", CHOOSE), *Ground.choices])
    wanted = forms.MultipleChoiceField(
        label=gettext_lazy("查阅内容"), choices=Wanted.choices, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("只选办理所必需的；批准后也只显示所选内容。"),
    )  # fmt: skip
    reason = Words(
        label=gettext_lazy("申请理由"), max_length=500, rows=3,
        help_text=gettext_lazy("写明办理到哪一步、为什么需要知道举报人是谁，至少五个字。理由里不要写举报人的信息。"),
    )  # fmt: skip


class ApproveForm(SealedForm):
    hours = forms.TypedChoiceField(
        label=gettext_lazy("查阅时限"),
        coerce=int,
        choices=_hours,
        initial=4,
        help_text=gettext_lazy("从批准时起算，到时自动失效。最长24小时是本系统默认值，不是法定期限。"),
    )
    opinion = Words(label=gettext_lazy("审批意见"), max_length=500, rows=3, required=False)


class ReasonForm(SealedForm):
    reason = Words(label=gettext_lazy("理由"), max_length=500, rows=3)


class CloseForm(SealedForm):
    pass


class ProposeForm(SealedForm):
    level = forms.ChoiceField(label=gettext_lazy("奖励等级"), choices=[("", CHOOSE), *RewardLevel.choices])
    domain = forms.ChoiceField(
        label=gettext_lazy("所属领域"), choices=[("", CHOOSE), *RewardDomain.choices],
        help_text=gettext_lazy("食品药品领域告知后计算领取期限；其他领域的办理时限未见法律原文，本系统不计时。"),
    )  # fmt: skip
    base_amount = MoneyField(
        label=gettext_lazy("罚没款（元）"), help_text=gettext_lazy("案件的罚款与没收款合计，奖励金额由系统按等级计算。")
    )
    reason = Words(label=gettext_lazy("奖励理由"), max_length=500, rows=3)


class GrantForm(SealedForm):
    opinion = Words(label=gettext_lazy("审批意见"), max_length=500, rows=3, required=False)


class TellForm(SealedForm):
    told_on = DayField(label=gettext_lazy("告知日期"))


class ClaimForm(SealedForm):
    claimed_on = DayField(label=gettext_lazy("领取日期"))


FORMS: dict[str, type[VerbForm]] = {
    "approve": ApproveForm,
    "refuse": ReasonForm,
    "close": CloseForm,
    "grant": GrantForm,
    "deny": ReasonForm,
    "tell": TellForm,
    "claim": ClaimForm,
    "lapse": ReasonForm,
}
