"""What the decisions on a lead, and what follows them, ask for."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from clues.models import NoPenaltyItem
from clues.states import DeclineGround, NoPenaltyList
from core.forms import DayField, RowField, VerbForm, Words, choose


class DeclineForm(VerbForm):
    consequence = gettext_lazy("决定不予立案后，这条线索即告办结，核查期限停止计算，本系统内不能撤回。")
    ground = forms.ChoiceField(
        label=gettext_lazy("不予立案的理由"), widget=forms.RadioSelect, choices=DeclineGround.choices
    )
    item = RowField(
        label=gettext_lazy("免罚清单事项"),
        required=False,
        help_text=gettext_lazy("理由是第一项或者第二项、且属于清单列明的事项的，选出该事项。"),
    )
    reason = Words(label=gettext_lazy("具体情形"), max_length=1000)

    def __init__(self, *args: Any, items: Iterable[NoPenaltyItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lists: dict[str, list[tuple[int, str]]] = {}
        for item in items:
            lists.setdefault(item.kind, []).append((item.pk, item.title))
        choose(self, "item", [(NoPenaltyList(kind).label, choices) for kind, choices in lists.items()])


class TransferForm(VerbForm):
    consequence = gettext_lazy("决定移送后，这条线索在本机关即告办结，核查期限停止计算，本系统内不能撤回。")
    transferred_to = forms.CharField(label=gettext_lazy("移送给"), max_length=120)
    reason = Words(label=gettext_lazy("移送理由"), max_length=1000)


class ReceiptForm(VerbForm):
    receipt_no = forms.CharField(
        label=gettext_lazy("回执编号"), max_length=80, help_text=gettext_lazy("没有编号的填“无编号”。")
    )
    receipt_on = DayField(label=gettext_lazy("回执日期"))


class FeedbackForm(VerbForm):
    told_on = DayField(label=gettext_lazy("反馈日期"))
    way = Words(
        label=gettext_lazy("反馈方式和内容摘要"),
        max_length=500,
        help_text=gettext_lazy("不要写举报人的姓名和联系方式。"),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"told_on": today}, **kwargs)
