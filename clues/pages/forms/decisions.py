"""What the decisions on a lead ask for."""

from django import forms
from django.utils.translation import gettext_lazy

from clues.states import DeclineGround
from core.forms import VerbForm, Words


class DeclineForm(VerbForm):
    consequence = gettext_lazy("决定不予立案后，这条线索即告办结，核查期限停止计算，本系统内不能撤回。")
    ground = forms.ChoiceField(
        label=gettext_lazy("不予立案的理由"), widget=forms.RadioSelect, choices=DeclineGround.choices
    )
    reason = Words(label=gettext_lazy("具体情形"), max_length=1000)


class TransferForm(VerbForm):
    consequence = gettext_lazy("决定移送后，这条线索在本机关即告办结，核查期限停止计算，本系统内不能撤回。")
    transferred_to = forms.CharField(label=gettext_lazy("移送给"), max_length=120)
    reason = Words(label=gettext_lazy("移送理由"), max_length=1000)
