"""What registering a lead asks for: what every lead has, and the facts of its own channel."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from clues import states
from clues.actions.received import InformantInput
from clues.channels import DAY, FACTS, MONEY, ChannelFact
from clues.pages.forms.choices import offices_to_act_for
from clues.states import Channel
from core.forms import DayField, FilesField, MoneyField, RowField, VerbForm, Words, choose
from routing.queries import categories, tags
from routing.regions import counties_of, full_name

ABOUT_ACCEPTANCE = gettext_lazy("自这一天的次日起七个工作日内作出是否受理的决定并告知投诉人（投诉举报办法第十五条）。")
ABOUT_VERIFICATION = gettext_lazy("核查期限从这一天的次日起算十五个工作日（程序规定第十八条）。")
SEALED = gettext_lazy("登记后即加密，各处只显示代号；查阅须由第二人审批。")
WHO: Mapping[str, tuple[str | Promise, str | Promise]] = {
    Channel.COMPLAINT: (gettext_lazy("投诉人"), gettext_lazy("投诉人姓名")),
    Channel.REPORT: (gettext_lazy("举报人"), gettext_lazy("举报人姓名")),
}


class LogForm(VerbForm):
    """What every lead has; :func:`form_for` adds what its channel asks for."""

    channel_logged: str
    is_drafted = False  # who told stands here in the open until it is sealed
    refreshed_by = "office"
    refresh_label = gettext_lazy("查看承办机构")
    received_on = DayField(label=gettext_lazy("发现线索或者收到材料之日"))
    party_name = forms.CharField(
        label=gettext_lazy("当事人名称"), max_length=120, help_text=gettext_lazy("尚不清楚的填“待查”。")
    )
    party_code = forms.CharField(
        label=gettext_lazy("统一社会信用代码"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("18 位。校验位有疑问时照样登记，并在线索上标出。"),
    )
    address = forms.CharField(label=gettext_lazy("地址"), max_length=200, required=False)
    region_code = forms.CharField(label=gettext_lazy("行为发生地"), widget=forms.Select, required=False)
    summary = Words(label=gettext_lazy("线索内容"), max_length=4000, rows=6)
    category = forms.CharField(label=gettext_lazy("事项类别"), widget=forms.Select, required=False)
    amount = MoneyField(label=gettext_lazy("涉及金额（元）"), required=False, help_text=gettext_lazy("不知道的空着。"))
    flags = forms.MultipleChoiceField(
        label=gettext_lazy("重点案件标签"), required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "in-columns"}),
    )  # fmt: skip
    uploads = FilesField(
        label=gettext_lazy("附件"), required=False, help_text=gettext_lazy("可以一次选择多个，每个都会核对内容。")
    )
    office = RowField(label=gettext_lazy("承办机构"), required=False)
    route_reason = Words(
        label=gettext_lazy("不按权力划分确定承办机构的理由"), max_length=500, required=False, rows=2,
        help_text=gettext_lazy("选择的机构与权力划分不一致时填写。"),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, today: date, placing: str = "", **kwargs: Any) -> None:
        """:param placing: what the division of powers says of what was typed, '' before it was asked."""
        own = next((post.office for post in user.active_posts if post.role in states.LOG.roles), None)
        home = own.region_code if own else ""
        given = kwargs.pop("initial", None)
        super().__init__(*args, initial=given or {"received_on": today, "region_code": home}, **kwargs)
        choose(self, "office", offices_to_act_for(user, states.LOG.roles))
        choose(self, "category", _categories())
        choose(self, "region_code", _regions(home))
        field = self.fields["flags"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        offered = [tag for tag in tags() if tag.parent]
        field.choices = [(tag.code, tag.name) for tag in offered]
        if any(tag.is_default for tag in offered):
            field.help_text = _("本系统默认名称，由本机关替换。")
        self.fields["office"].help_text = placing or _(
            "不选的，由权力划分按事项类别、行为发生地和金额确定。填好后可以先查看。"
        )

    def values(self) -> dict[str, Any]:
        """What ``log_lead`` takes: the channel's facts as text, who told as one."""
        given = super().values()
        facts = {fact.name: _as_text(given.pop(fact.name)) for fact in FACTS[self.channel_logged]}
        told = {
            name: given.pop(f"informant_{name}")
            for name in ("name", "phone", "address", "id_number", "is_real_name")
            if f"informant_{name}" in given
        }
        return {**given, "channel": self.channel_logged, "facts": facts, "informant": InformantInput(**told)}


@cache
def form_for(channel: str) -> type[LogForm]:
    """The form of one channel: exactly its own facts, and who told where somebody did."""
    facts, told = {fact.name: _field_of(fact) for fact in FACTS[channel]}, _told_fields(channel)
    is_complaint = channel == Channel.COMPLAINT
    received = DayField(
        label=LogForm.base_fields["received_on"].label,
        help_text=ABOUT_ACCEPTANCE if is_complaint else ABOUT_VERIFICATION,
    )
    groups = (
        (gettext_lazy("来源"), ("received_on", *facts)),
        (WHO.get(channel, ("", ""))[0], tuple(told)),
        (gettext_lazy("当事人"), ("party_name", "party_code", "address")),
        (gettext_lazy("内容"), ("summary", "is_mixed", "uploads")),
        (gettext_lazy("承办"), ("category", "region_code", "amount", "flags", "office", "route_reason")),
    )
    members: dict[str, Any] = {"channel_logged": channel, "groups": groups, "received_on": received, **facts, **told}
    if is_complaint:
        members["is_mixed"] = forms.BooleanField(
            label=gettext_lazy("材料同时包含投诉和举报，另行登记一条举报"), required=False,
            help_text=gettext_lazy("投诉和举报应当分别处理，期限各自计算（投诉举报办法第九条）。"),
        )  # fmt: skip
    return type("ChannelLogForm", (LogForm,), members)


def _field_of(fact: ChannelFact) -> forms.Field:
    given: dict[str, Any] = {"label": fact.label, "required": fact.is_required}
    if fact.kind in (DAY, MONEY):
        return DayField(**given) if fact.kind == DAY else MoneyField(**given)
    if fact.max_length > 200:
        return Words(**given, max_length=fact.max_length, rows=3)
    return forms.CharField(**given, max_length=fact.max_length)


def _told_fields(channel: str) -> dict[str, forms.Field]:
    if channel not in WHO:
        return {}
    is_needed = channel == Channel.COMPLAINT
    name: dict[str, Any] = {"label": WHO[channel][1], "help_text": SEALED}
    fields: dict[str, forms.Field] = {
        "informant_name": forms.CharField(**name, required=is_needed, max_length=60, widget=_private()),
        "informant_phone": forms.CharField(
            label=gettext_lazy("电话号码"), required=is_needed, max_length=40, widget=_private()
        ),
        "informant_address": forms.CharField(
            label=gettext_lazy("通讯地址"), required=is_needed, max_length=200, widget=_private()
        ),
        "informant_id_number": forms.CharField(
            label=gettext_lazy("证件号码"), required=False, max_length=40, widget=_private()
        ),
    }
    if is_needed:
        return fields
    real = forms.TypedChoiceField(
        label=gettext_lazy("举报方式"), widget=forms.RadioSelect, coerce=lambda value: value == "yes", initial="no",
        choices=[("yes", gettext_lazy("实名举报")), ("no", gettext_lazy("匿名举报"))],
        help_text=gettext_lazy("没有留下姓名，或者举报人要求不公开姓名的，为匿名；联系方式仍可登记。"),
    )  # fmt: skip
    return {"informant_is_real_name": real, **fields}


def _private() -> forms.TextInput:
    """The browser of a shared desk does not remember who told."""
    return forms.TextInput(attrs={"autocomplete": "off"})


def _as_text(value: date | Decimal | str | None) -> str:
    """As the lead keeps it: days ISO, amounts without exponent."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value or "")


def _categories() -> list[Any]:
    """Each subject with its parts; the subject itself is for what nobody has told apart yet."""
    tree = categories()
    groups: list[Any] = []
    for top in (each for each in tree if not each.parent):
        parts = [(each.code, each.name) for each in tree if each.parent == top.code]
        itself = _("{category}（未细分）").format(category=top.name) if parts else top.name
        groups.append((top.name, [*parts, (top.code, itself)]))
    return groups


def _regions(home: str) -> list[tuple[str, str]]:
    """The districts of the city of an office, the city itself first, for where the district is not known."""
    city = f"{home[:4]}00"
    return [(city, full_name(city)), *((each.code, each.name) for each in counties_of(city))]
