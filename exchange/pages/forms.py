"""What importing asks for."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.policies import may_act_for
from accounts.queries import office_tree, offices_for
from core.forms import FilesField, RowField, VerbForm, choose
from exchange.columns import COLUMNS
from exchange.states import ROLES, ImportMode
from exchange.workbooks import column_letters

PARTS = (
    ("lead", gettext_lazy("线索")),
    ("facts", gettext_lazy("各来源渠道的项目")),
    ("informant", gettext_lazy("投诉举报人（导入时即加密）")),
    ("past", gettext_lazy("旧台账的办理情况")),
)


class UploadForm(VerbForm):
    upload = FilesField(
        label=gettext_lazy("线索文件"), most=1,
        help_text=gettext_lazy("xlsx、xls或者CSV，第一行是列名，一次最多50,000行（本系统默认值，不是法定限制）。"),
    )  # fmt: skip
    office = RowField(
        label=gettext_lazy("承办机构"), help_text=gettext_lazy("文件中没有写承办机构的行归这个机构，由您暂为承办人。")
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("有问题的行怎么办"), choices=ImportMode.choices, widget=forms.RadioSelect,
        initial=ImportMode.ALL_OR_NOTHING, help_text=gettext_lazy("检查之后、确认之前还可以改。"),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        own = next((post.office_id for post in user.active_posts if post.role in ROLES), None)
        given = kwargs.pop("initial", None)
        super().__init__(*args, initial=given or {"office": own, "mode": ImportMode.ALL_OR_NOTHING}, **kwargs)
        offices = [office for office in offices_for(user) if may_act_for(user, office, ROLES)]
        choose(
            self, "office", [(group, [(each.pk, each.name) for each in found]) for group, found in office_tree(offices)]
        )


class MappingForm(VerbForm):
    """One list for each column of the file: what it is."""

    def __init__(self, *args: Any, headers: Sequence[str], mapping: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: list[Any] = [("", gettext_lazy("不导入这一列"))]
        for part, label in PARTS:
            offered.append((label, [(each.name, each.heading) for each in COLUMNS if each.part == part]))
        for place, header in enumerate(headers):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=f"{column_letters(place)} {header}", choices=offered, required=False, initial=mapping[place]
            )

    def mapping(self) -> list[str]:
        return [self.cleaned_data[name] for name in self.fields]


class ConfirmForm(forms.Form):
    mode = forms.ChoiceField(
        label=gettext_lazy("有问题的行怎么办"), choices=ImportMode.choices, widget=forms.RadioSelect
    )
