"""What the verbs of a case ask for. Fields carry the names the verbs' refusals use; choices come from the gates."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.queries import officers_of
from cases.models import Case
from cases.states import matter as states
from cases.states.matter import FilingCondition, SuspensionGround
from cases.states.outcomes import ClosingGround
from clues.models import Lead
from core.forms import DayField, RowField, VerbForm, Words, choose

OFFICERS = (gettext_lazy("办案人员（不少于两人）"), ("owner", "second_officer"))


class _OfficersForm(VerbForm):
    owner = RowField(label=gettext_lazy("主办人员"))
    second_officer = RowField(label=gettext_lazy("协办人员"))

    def _choose_officers(self, officers: Iterable[User]) -> None:
        names = [(each.pk, each.name) for each in officers]
        choose(self, "owner", names)
        choose(self, "second_officer", names)


class FileForm(_OfficersForm):
    groups = (
        (gettext_lazy("立案条件"), ("conditions",)),
        (gettext_lazy("案件"), ("cause",)),
        OFFICERS,
        (gettext_lazy("审批"), ("reason",)),
    )
    consequence = gettext_lazy(
        "立案后即编立案号，九十日的办案期限从立案之日的次日起算，线索的核查期限停止计算，不能撤回。"
    )
    conditions = forms.MultipleChoiceField(
        label=gettext_lazy("经核查，符合下列条件"),
        choices=FilingCondition.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("逐项核对后勾选；有一项不符合的，不能立案（第十九条第一款）。"),
    )
    cause = forms.CharField(
        label=gettext_lazy("案由"),
        max_length=200,
        help_text=gettext_lazy("写涉嫌的违法行为，例如：涉嫌经营超过保质期的食品。"),
    )
    reason = Words(label=gettext_lazy("审批意见"), max_length=1000, required=False, rows=3)

    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        super().__init__(*args, initial={"owner": lead.owner_id}, **kwargs)
        self._choose_officers(officers_of(lead.office, states.CONCLUDE.roles))


class ReassignForm(_OfficersForm):
    groups: ClassVar[Sequence[tuple[str | Promise, Sequence[str]]]] = (OFFICERS, ("", ("reason",)))
    reason = Words(label=gettext_lazy("更换理由"), max_length=1000)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        now = {"owner": case.owner_id, "second_officer": case.second_officer_id}
        super().__init__(*args, initial=now | kwargs.pop("initial", {}), **kwargs)
        self._choose_officers(officers_of(case.office, states.CONCLUDE.roles))


class SuspendForm(VerbForm):
    ground = forms.ChoiceField(
        label=gettext_lazy("中止的情形"), widget=forms.RadioSelect, choices=SuspensionGround.choices
    )
    starts_on = DayField(
        label=gettext_lazy("中止日期"), help_text=gettext_lazy("从这一天起不计入办案期限，直到恢复调查。")
    )
    reason = Words(label=gettext_lazy("具体原因"), max_length=500)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"starts_on": today}, **kwargs)


class ResumeForm(VerbForm):
    resumes_on = DayField(label=gettext_lazy("恢复日期"), help_text=gettext_lazy("从这一天起重新计入办案期限。"))
    reason = Words(label=gettext_lazy("中止原因如何消除"), max_length=500)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"resumes_on": today}, **kwargs)


class ExtendForm(VerbForm):
    reason = Words(
        label=gettext_lazy("延期理由"),
        max_length=500,
        help_text=gettext_lazy("首次延长三十日；再次延期的日数以集体讨论确定的为准。"),
    )


class ExcludeForm(VerbForm):
    groups = (
        ("", ("ground",)),
        (gettext_lazy("不计入的期间（首尾两日都不计入）"), ("first_day", "last_day")),
        ("", ("reason",)),
    )
    ground = forms.CharField(label=gettext_lazy("事由"), widget=forms.Select, max_length=60)
    first_day = DayField(label=gettext_lazy("开始日"))
    last_day = DayField(label=gettext_lazy("结束日"))
    reason = Words(label=gettext_lazy("说明"), max_length=500, required=False, rows=2)

    def __init__(self, *args: Any, grounds: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "ground", [(ground, ground) for ground in grounds])


class NotifyForm(VerbForm):
    consequence = gettext_lazy("登记后，五个工作日的陈述、申辩期即从送达之日的次日起算；届满前不得作出处罚决定。")
    served_on = DayField(label=gettext_lazy("告知书送达日期"), help_text=gettext_lazy("以送达回证载明的日期为准。"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"served_on": today}, **kwargs)


class ServeForm(VerbForm):
    consequence = gettext_lazy("登记后，当事人十五日的缴款期限从送达之日的次日起算，不能撤回。")
    served_on = DayField(label=gettext_lazy("决定书送达日期"), help_text=gettext_lazy("以送达回证载明的日期为准。"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"served_on": today}, **kwargs)


class CloseForm(VerbForm):
    consequence = gettext_lazy("批准结案后，本案不能再办理任何事项，结案审批的期限停止计算，不能撤回。")
    reason = Words(label=gettext_lazy("结案理由"), max_length=900)

    def __init__(self, *args: Any, ground: ClosingGround, **kwargs: Any) -> None:
        performed = {"reason": gettext_lazy("行政处罚决定执行完毕。")} if ground == ClosingGround.PERFORMED else {}
        super().__init__(*args, initial=performed, **kwargs)
        self.fields["reason"].help_text = ground.label
