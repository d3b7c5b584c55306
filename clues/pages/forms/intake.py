"""What registering a lead asks for."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.models import User
from clues import states
from clues.pages.forms.choices import offices_to_act_for
from clues.states import Channel
from core.forms import CHOOSE, DayField, RowField, VerbForm, Words, choose


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
        offices = offices_to_act_for(user, states.LOG.roles)
        own = next((post.office_id for post in user.active_posts if post.role in states.LOG.roles), None)
        given = kwargs.pop("initial", None)
        super().__init__(*args, initial=given or {"received_on": today, "office": own}, **kwargs)
        choose(self, "office", offices)
