"""What verification asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from clues.models import Lead
from clues.states import Proposal
from core.forms import DayField, VerbForm, Words, choose


class ReasonForm(VerbForm):
    """A verb that only wants to know why."""

    reason = Words(label=gettext_lazy("理由"), max_length=1000)


class ExtendForm(ReasonForm):
    reason = Words(label=gettext_lazy("特殊情况和延长理由"), max_length=500)


class SendBackForm(ReasonForm):
    reason = Words(label=gettext_lazy("退回理由和需要补充的核查"), max_length=1000)


class ExcludeForm(VerbForm):
    groups = (
        ("", ("ground",)),
        (gettext_lazy("不计入的期间（首尾两日都不计入）"), ("first_day", "last_day")),
        ("", ("reason",)),
    )
    ground = forms.CharField(label=gettext_lazy("事由"), widget=forms.Select)
    first_day = DayField(label=gettext_lazy("开始日"), help_text=gettext_lazy("一般为送检、委托之日。"))
    last_day = DayField(label=gettext_lazy("结束日"), help_text=gettext_lazy("一般为收到结果之日。"))
    reason = Words(label=gettext_lazy("说明"), max_length=500, required=False, rows=2)

    def __init__(self, *args: Any, grounds: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "ground", [(ground, ground) for ground in grounds])


class ReportForm(VerbForm):
    findings = Words(
        label=gettext_lazy("核查情况"),
        max_length=4000,
        rows=8,
        help_text=gettext_lazy("查了什么、查到什么、有哪些材料。"),
    )
    proposal = forms.ChoiceField(
        label=gettext_lazy("处理建议"),
        widget=forms.RadioSelect,
        choices=Proposal.choices,
    )

    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        given = kwargs.pop("initial", None)
        super().__init__(*args, initial=given or {"findings": lead.findings, "proposal": lead.proposal}, **kwargs)
