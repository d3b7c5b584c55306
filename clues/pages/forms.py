"""What the verbs of a lead ask for. Fields carry the names the verbs' refusals use; choices come from the gates."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.models import Office, User
from accounts.policies import may_act_for
from accounts.queries import office_tree, officers_of, offices_for
from clues import states
from clues.models import Lead
from clues.states import Channel, DeclineGround, LeadState, Proposal
from core.forms import CHOOSE, DayField, RowField, VerbForm, Words, choose

Grouped = list[tuple[str, list[tuple[int, str]]]]


def _offices(user: User, roles: frozenset[str]) -> Grouped:
    """The offices the user may do this for."""
    open_to = [office for office in offices_for(user) if may_act_for(user, office, roles)]
    return [(group, [(each.pk, each.name) for each in members]) for group, members in office_tree(open_to)]


class LogForm(VerbForm):
    groups = (
        (gettext_lazy("来源"), ("channel", "received_on")),
        (gettext_lazy("当事人"), ("party_name", "party_code")),
        (gettext_lazy("内容"), ("summary",)),
        (gettext_lazy("承办"), ("office",)),
    )
    channel = forms.ChoiceField(label=gettext_lazy("来源渠道"), choices=[("", CHOOSE), *Channel.choices])
    received_on = DayField(
        label=gettext_lazy("发现线索或者收到材料之日"),
        help_text=gettext_lazy("核查期限从这一天的次日起算十五个工作日（第十八条）。"),
    )
    party_name = forms.CharField(
        label=gettext_lazy("当事人名称"), max_length=120, help_text=gettext_lazy("尚不清楚的填“待查”。")
    )
    party_code = forms.CharField(
        label=gettext_lazy("统一社会信用代码"),
        max_length=18,
        required=False,
        help_text=gettext_lazy("18 位。校验位有疑问时照样登记，并在线索上标出。"),
    )
    summary = Words(label=gettext_lazy("线索内容"), max_length=4000, rows=6)
    office = RowField(
        label=gettext_lazy("承办机构"),
        help_text=gettext_lazy("登记后由您暂为承办人，直到分派。"),
    )

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        offices = _offices(user, states.LOG.roles)
        own = next((post.office_id for post in user.active_posts if post.role in states.LOG.roles), None)
        given = kwargs.pop("initial", None)
        super().__init__(*args, initial=given or {"received_on": today, "office": own}, **kwargs)
        choose(self, "office", offices)


class AssignForm(VerbForm):
    refreshed_by = "office"
    refresh_label = gettext_lazy("显示该机构人员")
    office = RowField(label=gettext_lazy("承办机构"))
    owner = RowField(
        label=gettext_lazy("承办人"),
        help_text=gettext_lazy("一条线索任何时候都只有一个承办机构和一个承办人；期限随线索走，不重新计算。"),
    )
    reason = Words(label=gettext_lazy("分派说明"), max_length=1000, required=False, rows=3)

    def __init__(self, *args: Any, user: User, lead: Lead, **kwargs: Any) -> None:
        given = kwargs.pop("initial", None)
        super().__init__(*args, initial=given or {"office": lead.office_id, "owner": _but_the_clerk(lead)}, **kwargs)
        choose(self, "office", _offices(user, states.ASSIGN.roles))
        officers = officers_of(self._office(user, lead), states.REPORT.roles)
        choose(self, "owner", [(each.pk, each.name) for each in officers])

    def _office(self, user: User, lead: Lead) -> Office:
        typed = str(self["office"].value() or "")
        chosen = offices_for(user).filter(pk=int(typed)).first() if typed.isdecimal() and len(typed) < 19 else None
        return chosen or lead.office


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


def _but_the_clerk(lead: Lead) -> int | None:
    """Who has it now, unless it is still with whoever logged it."""
    return None if lead.state == LeadState.REGISTERED else lead.owner_id
