"""What a list of cases can be narrowed by; everything stays in the address."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Exists, Q, QuerySet
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.queries import office_tree, offices_for
from cases.models import Case
from cases.states.matter import CaseState, Outcome, Procedure
from clues.states import Channel
from core.forms import DayField, RowField
from deadlines.queries import overdue_of

ALL = gettext_lazy("全部")
OVER = (CaseState.CLOSED, CaseState.ARCHIVED, CaseState.MERGED)


class CaseFilter(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("编号、文号、当事人、信用代码"), required=False, max_length=120,
        widget=forms.TextInput(attrs={"class": "filter-words"}),
    )  # fmt: skip
    state = forms.ChoiceField(
        label=gettext_lazy("状态"),
        required=False,
        choices=[("", ALL), ("open", gettext_lazy("未结案")), *CaseState.choices],
    )
    procedure = forms.ChoiceField(label=gettext_lazy("程序"), required=False, choices=[("", ALL), *Procedure.choices])
    outcome = forms.ChoiceField(label=gettext_lazy("处理结果"), required=False, choices=[("", ALL), *Outcome.choices])
    channel = forms.ChoiceField(label=gettext_lazy("来源渠道"), required=False, choices=[("", ALL), *Channel.choices])
    office = RowField(label=gettext_lazy("办案机构"), required=False)
    owner = forms.ChoiceField(
        label=gettext_lazy("办案人员"), required=False, choices=[("", ALL), ("me", gettext_lazy("我"))]
    )
    overdue = forms.ChoiceField(
        label=gettext_lazy("期限"), required=False, choices=[("", ALL), ("1", gettext_lazy("已逾期"))]
    )
    filed_from = DayField(label=gettext_lazy("立案日期，从"), required=False)
    filed_to = DayField(label=gettext_lazy("到"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        widget = self.fields["office"].widget
        assert isinstance(widget, forms.Select)  # noqa: S101 - a RowField
        tree = office_tree(offices_for(user))
        widget.choices = [("", ALL), *((group, [(each.pk, each.name) for each in members]) for group, members in tree)]

    def narrow(self, cases: QuerySet[Case], now: datetime) -> QuerySet[Case]:
        """The cases that fit; none while a value is wrong."""
        if not self.is_valid():
            return cases.none()
        asked = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        for name, value in asked.items():
            cases = cases.filter(self._fits(name, value, now))
        return cases

    def _fits(self, name: str, value: Any, now: datetime) -> Q:
        match name:
            case "q":
                numbers = Q(number__istartswith=value) | Q(decision_number__istartswith=value)
                return numbers | Q(party_name__icontains=value) | Q(party_code=value.upper())
            case "state":
                return ~Q(state__in=OVER) if value == "open" else Q(state=value)
            case "procedure" | "outcome":
                return Q(**{name: value})
            case "office":
                return Q(office_id=value) | Q(bureau_id=value)
            case "owner":
                return Q(owner=self.user) | Q(second_officer=self.user)
            case "overdue":
                return Q(Exists(overdue_of("case", now)))
            case "filed_from":
                return Q(filed_on__gte=value)
            case "filed_to":
                return Q(filed_on__lte=value)
        return Q(lead__channel=value)
