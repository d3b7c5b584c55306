"""What verification asks for."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.queries import officers_of
from clues import states
from clues.models import Check, Lead
from clues.states import Channel, CheckKind, Proposal
from core.forms import DayField, FilesField, RowField, VerbForm, Words, choose
from deadlines.replay import SHANGHAI


class ReasonForm(VerbForm):
    """A verb that only wants to know why."""

    reason = Words(label=gettext_lazy("理由"), max_length=1000)


class ExtendForm(ReasonForm):
    reason = Words(label=gettext_lazy("特殊情况和延长理由"), max_length=500)


class SendBackForm(ReasonForm):
    reason = Words(label=gettext_lazy("退回理由和需要补充的核查"), max_length=1000)


class CheckForm(VerbForm):
    groups = (
        (gettext_lazy("方式、时间和地点"), ("kind", "checked_at", "hour", "place")),
        (gettext_lazy("人员（现场检查和询问不少于两人）"), ("second_officer",)),
        (gettext_lazy("内容"), ("content", "upload")),
        ("", ("corrects",)),
    )
    kind = forms.ChoiceField(label=gettext_lazy("核查方式"), widget=forms.RadioSelect, choices=CheckKind.choices)
    checked_at = DayField(label=gettext_lazy("核查日期"))
    hour = forms.TimeField(
        label=gettext_lazy("核查时刻"),
        help_text=gettext_lazy("例如 14:30。"),
        widget=forms.TextInput(attrs={"class": "input-day", "placeholder": "14:30", "autocomplete": "off"}),
        error_messages={"invalid": gettext_lazy("请写成 14:30。")},
    )
    place = forms.CharField(label=gettext_lazy("地点"), max_length=200, required=False)
    second_officer = RowField(
        label=gettext_lazy("协同人员"),
        required=False,
        help_text=gettext_lazy("您是核查人员；这里选与您一同核查的人。"),
    )
    content = Words(label=gettext_lazy("核查内容"), max_length=4000, rows=8)
    upload = FilesField(
        label=gettext_lazy("附件"), required=False, help_text=gettext_lazy("笔录、照片、票据等，一次最多10个。")
    )
    corrects = RowField(
        label=gettext_lazy("更正哪一份核查记录"),
        required=False,
        help_text=gettext_lazy("核查记录不能修改；写错了的，在这里选出原记录，另记一份更正。"),
    )

    def __init__(
        self, *args: Any, lead: Lead, actor: User, now: datetime, checks: Sequence[Check], **kwargs: Any
    ) -> None:
        local = now.astimezone(SHANGHAI)
        given = kwargs.pop("initial", None)
        fresh = {"checked_at": local.date(), "hour": f"{local:%H:%M}", "place": lead.address}
        super().__init__(*args, initial=given or fresh, **kwargs)
        officers = officers_of(lead.office, states.CHECK.roles)
        choose(self, "second_officer", [(each.pk, each.name) for each in officers if each != actor])
        choose(self, "corrects", [(check.pk, check_label(check)) for check in standing(checks)])
        if not checks:
            del self.fields["corrects"]

    def values(self) -> dict[str, Any]:
        found = super().values()
        hour: time = found.pop("hour")
        return {**found, "checked_at": datetime.combine(found["checked_at"], hour, SHANGHAI)}


def standing(checks: Sequence[Check]) -> list[Check]:
    """Those no later check has put right."""
    return [check for check in checks if not hasattr(check, "corrected_by")]


def check_label(check: Check) -> str:
    """A check in a list: when, how, by whom."""
    when = check.checked_at.astimezone(SHANGHAI)
    return f"{when:%Y-%m-%d %H:%M} {check.get_kind_display()} {check.officer.name}"


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

    def __init__(self, *args: Any, lead: Lead, checks: Sequence[Check], **kwargs: Any) -> None:
        given = kwargs.pop("initial", None)
        found = lead.findings or "\n".join(f"{check_label(each)}：{each.content}" for each in standing(checks))
        super().__init__(*args, initial=given or {"findings": found, "proposal": lead.proposal}, **kwargs)
        if lead.channel != Channel.REPORT:
            wanted = [choice for choice in Proposal.choices if choice[0] != Proposal.AS_COMPLAINT]
            self.fields["proposal"] = forms.ChoiceField(
                label=self.fields["proposal"].label, widget=forms.RadioSelect, choices=wanted
            )
