"""What merging asks for."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from clues.models import Lead
from clues.queries import leads_for
from clues.states import FactsGoOn
from core.forms import VerbForm, Words


class MergeForm(VerbForm):
    original = forms.CharField(
        label=gettext_lazy("主线索编号"),
        max_length=80,
        help_text=gettext_lazy("并入后，这条线索随主线索流转，由主线索的承办人承办；主线索作出决定前可以解除并入。"),
    )
    facts = forms.ChoiceField(
        label=gettext_lazy("两条线索的关系"), widget=forms.RadioSelect, choices=FactsGoOn.choices,
        help_text=gettext_lazy("是否同一举报人按手机号码比对，不显示身份。"),
    )  # fmt: skip
    reason = Words(label=gettext_lazy("认定为同一事项的理由"), max_length=500)

    def __init__(self, *args: Any, user: User, lead: Lead, original: str, **kwargs: Any) -> None:
        super().__init__(*args, initial=kwargs.pop("initial", None) or {"original": original}, **kwargs)
        self.user = user
        if lead.is_complaint:
            choices = [(value, label) for value, label in FactsGoOn.choices if value != FactsGoOn.NEW_FACTS]
            self.fields["facts"].widget.choices = choices
            self.fields["facts"].help_text = _(
                "两人以上基于同一争议投诉同一经营者，经投诉人同意可以按共同投诉处理（投诉举报处理办法第十二条）。"
            )

    def clean_original(self) -> int:
        """The number, typed, of a lead the reader sees."""
        number = self.cleaned_data["original"].strip()
        found = leads_for(self.user).filter(number=number).values_list("pk", flat=True).first()
        if found is None:
            raise ValidationError(
                _("没有编号为“%(number)s”的线索，或者它不在您的查看范围内。"), code="unknown_lead",
                params={"number": number},
            )  # fmt: skip
        return found

    def values(self) -> dict[str, Any]:
        values = super().values()
        return {"original_id": values.pop("original"), **values}


class UnmergeForm(VerbForm):
    reason = Words(
        label=gettext_lazy("解除并入的理由"),
        max_length=500,
        help_text=gettext_lazy("线索退回并入前的承办人，重新分派；它自己的期限从原起算日恢复计算。"),
    )
