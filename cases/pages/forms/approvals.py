"""What asking for an approval and signing one ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.models import Office
from accounts.queries import officers_of
from cases.pages.forms.matter import OFFICERS
from cases.states import matter as states
from cases.states.matter import FilingCondition
from cases.states.outcomes import ClosingGround
from core.forms import RowField, VerbForm, Words, choose


class AskFileForm(VerbForm):
    conditions = forms.MultipleChoiceField(
        label=gettext_lazy("经核查，符合下列条件"),
        choices=FilingCondition.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("逐项核对后勾选；有一项不符合的，不能立案（第十九条第一款）。"),
    )
    cause = forms.CharField(label=gettext_lazy("案由"), max_length=200)
    reason = Words(label=gettext_lazy("报请理由"), max_length=1000, required=False, rows=3)


class AskCloseForm(VerbForm):
    reason = Words(label=gettext_lazy("结案理由"), max_length=900)

    def __init__(self, *args: Any, ground: ClosingGround, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = ground.label


class SignForm(VerbForm):
    """``seen`` is the hash of what the page shows; it makes sure that nothing else is signed."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    consequence = gettext_lazy("同意后不能撤回；最后一环同意的，随即按所报内容办理。")
    opinion = Words(label=gettext_lazy("审批意见"), max_length=1000, required=False, rows=3)

    def __init__(self, *args: Any, seen: str, **kwargs: Any) -> None:
        super().__init__(*args, initial={"seen": seen}, **kwargs)


class NameOfficersForm(SignForm):
    groups = (OFFICERS, ("", ("opinion",)))
    owner = RowField(label=gettext_lazy("主办人员"))
    second_officer = RowField(label=gettext_lazy("协办人员"))

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(each.pk, each.name) for each in officers_of(office, states.CONCLUDE.roles)]
        choose(self, "owner", names)
        choose(self, "second_officer", names)


class ReturnForm(VerbForm):
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    opinion = Words(label=gettext_lazy("退回的意见"), max_length=1000)

    def __init__(self, *args: Any, seen: str, **kwargs: Any) -> None:
        super().__init__(*args, initial={"seen": seen}, **kwargs)


class WithdrawForm(VerbForm):
    reason = Words(label=gettext_lazy("撤回的理由"), max_length=500)
