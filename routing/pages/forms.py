"""What people ask of the division of powers. Everything stays in the address, so that it can be sent to a colleague."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import CHOOSE, DayField, MoneyField
from routing.engine import Level, Question
from routing.queries import categories, tags
from routing.wording import region_word


class OnDay(forms.Form):
    on = DayField(label=gettext_lazy("哪一天的划分"), required=False)


def asked_day(request: HttpRequest) -> tuple[OnDay, date]:
    """The day a page is about, today unless the address names one; a day that is none stays on the form with its error."""
    today = timezone.localdate()
    form = OnDay({"on": request.GET.get("on") or today.isoformat()})
    return form, form.cleaned_data["on"] if form.is_valid() else today


class TryForm(forms.Form):
    category = forms.ChoiceField(label=gettext_lazy("类别"))
    region = forms.ChoiceField(label=gettext_lazy("行为发生地"))
    level = forms.ChoiceField(
        label=gettext_lazy("层级"),
        choices=Level.choices,
        help_text=gettext_lazy("线索由哪一级机关收到；上级交办的算市级。"),
    )
    amount = MoneyField(label=gettext_lazy("涉案金额（元）"), required=False, help_text=gettext_lazy("不知道就空着。"))
    flags = forms.MultipleChoiceField(
        label=gettext_lazy("重点案件标签"), required=False, widget=forms.CheckboxSelectMultiple
    )
    on = DayField(label=gettext_lazy("哪一天"), required=False, help_text=gettext_lazy("空着就是今天。"))

    def __init__(self, places: tuple[str, ...], *args: Any, **kwargs: Any) -> None:
        """:param places: the regions of the division, by code."""
        super().__init__(*args, **kwargs)
        self._offer("category", [("", CHOOSE), *_by_parent()])
        self._offer("region", [("", CHOOSE), *((code, f"{region_word(code)} {code}") for code in places)])
        self._offer("flags", [(tag.code, tag.name) for tag in tags() if tag.parent])
        for name in ("category", "region"):
            self.fields[name].error_messages["required"] = gettext_lazy("请选择。")

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = choices

    def question(self) -> Question:
        asked = self.cleaned_data
        return Question(asked["category"], asked["region"], asked["level"], asked["amount"], frozenset(asked["flags"]))


def _by_parent() -> list[Any]:
    """Each subject with its parts; the subject itself is for what nobody has told apart yet."""
    tree = categories()
    groups: list[Any] = []
    for top in tree:
        if top.parent:
            continue
        children = [(each.code, each.name) for each in tree if each.parent == top.code]
        itself = _("%(category)s（未细分）") % {"category": top.name} if children else top.name
        groups.append((top.name, [*children, (top.code, itself)]))
    return groups
