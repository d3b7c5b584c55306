"""What a list of leads can be narrowed by; everything stays in the address."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.queries import office_tree, offices_for
from clues.models import Lead
from clues.narrowing import OVERDUE, SOON, due, given_back, in_category, with_words
from clues.states import OPEN_STATES, Channel, LeadState
from core.forms import DayField, RowField
from routing.queries import categories

ALL = gettext_lazy("全部")


@dataclass(frozen=True)
class View:
    """One worklist: a name and the filters that make it."""

    label: str | Promise
    query: str
    is_here: bool = False


WORKLISTS: tuple[tuple[str | Promise, dict[str, str]], ...] = (
    (gettext_lazy("全部"), {}),
    (gettext_lazy("收件"), {"state": LeadState.REGISTERED}),
    (gettext_lazy("我的"), {"owner": "me", "state": "open"}),
    (gettext_lazy("待签收"), {"state": LeadState.ASSIGNED}),
    (gettext_lazy("待决定"), {"state": LeadState.VERIFIED}),
    (gettext_lazy("临期"), {"due": "soon"}),
    (gettext_lazy("逾期"), {"due": "overdue"}),
    (gettext_lazy("被退回"), {"returned": "1"}),
)


class LeadFilter(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("编号、当事人、信用代码、内容"), required=False, max_length=120, empty_value="",
        widget=forms.TextInput(attrs={"class": "filter-words"}),
    )  # fmt: skip
    state = forms.ChoiceField(
        label=gettext_lazy("状态"),
        required=False,
        choices=[("", ALL), ("open", gettext_lazy("未办结")), *LeadState.choices],
    )
    channel = forms.ChoiceField(label=gettext_lazy("来源渠道"), required=False, choices=[("", ALL), *Channel.choices])
    category = forms.CharField(label=gettext_lazy("事项类别"), required=False, max_length=40, widget=forms.Select)
    office = RowField(label=gettext_lazy("承办机构"), required=False)
    owner = forms.ChoiceField(
        label=gettext_lazy("承办人"), required=False, choices=[("", ALL), ("me", gettext_lazy("我"))]
    )
    due = forms.ChoiceField(
        label=gettext_lazy("期限"),
        required=False,
        choices=[("", ALL), (SOON, gettext_lazy("临期")), (OVERDUE, gettext_lazy("已逾期"))],
    )
    returned = forms.ChoiceField(
        label=gettext_lazy("退回"), required=False, choices=[("", ALL), ("1", gettext_lazy("被退回，待重新分派"))]
    )
    received_from = DayField(label=gettext_lazy("收到日期，从"), required=False)
    received_to = DayField(label=gettext_lazy("到"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        tree = office_tree(offices_for(user))
        self._choose("office", [(group, [(each.pk, each.name) for each in members]) for group, members in tree])
        self._choose("category", [(each.code, each.name) for each in categories() if each.parent is None])

    def _choose(self, name: str, choices: list[Any]) -> None:
        widget = self.fields[name].widget
        assert isinstance(widget, forms.Select)  # noqa: S101 - declared with the field
        widget.choices = [("", ALL), *choices]

    def worklists(self) -> list[View]:
        """The lists people work from; the one whose filters are these is marked."""
        asked = {name: value for name in self.fields if (value := self.data.get(name))}
        return [View(label, urlencode(query), asked == query) for label, query in WORKLISTS]

    @property
    def only_words(self) -> str:
        """The words looked for, when nothing else is asked; '' otherwise."""
        asked = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        return str(asked["q"]) if list(asked) == ["q"] else ""

    def narrow(self, leads: QuerySet[Lead], now: datetime) -> QuerySet[Lead]:
        """The leads that fit; none while a value is wrong."""
        if not self.is_valid():
            return leads.none()
        asked = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        for name, value in asked.items():
            leads = leads.filter(self._fits(name, value, now))
        return leads

    def _fits(self, name: str, value: Any, now: datetime) -> Q:
        match name:
            case "q":
                return with_words(self.user, value)
            case "state":
                return Q(state__in=OPEN_STATES) if value == "open" else Q(state=value)
            case "category":
                return in_category(value)
            case "office":
                return Q(office_id=value) | Q(bureau_id=value)
            case "owner":
                return Q(owner=self.user)
            case "due":
                return due(self.user, value, now)
            case "returned":
                return given_back()
            case "received_from":
                return Q(received_on__gte=value)
            case "received_to":
                return Q(received_on__lte=value)
        return Q(channel=value)
