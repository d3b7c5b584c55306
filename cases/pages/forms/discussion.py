"""What a collective discussion asks for: one pair of fields for each head."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.actions.discussion import MOST_DAYS, Speaking
from cases.models import Case
from cases.queries.hearing import recorders_for, speakers_for
from cases.states.discussion import Conclusion, Stance, Topic
from core.forms import MomentField, RowField, VerbForm, Words, choose

ABSENT = "absent"


class DiscussForm(VerbForm):
    consequence = gettext_lazy("登记后不能修改；以后再讨论的，另行登记，以最近一次为准。")
    topic = forms.ChoiceField(label=gettext_lazy("讨论事项"), widget=forms.RadioSelect, choices=Topic.choices)
    held_at = MomentField(label=gettext_lazy("讨论时间"))
    place = forms.CharField(label=gettext_lazy("讨论地点"), max_length=200)
    chair = RowField(label=gettext_lazy("主持人"), help_text=gettext_lazy("出席的部门负责人。"))
    recorder = RowField(label=gettext_lazy("记录人"))
    others = forms.CharField(label=gettext_lazy("列席人员"), max_length=500, required=False)
    minutes = Words(
        label=gettext_lazy("讨论记录"),
        max_length=20000,
        rows=10,
        help_text=gettext_lazy("办案机构汇报、审核意见、询问和讨论。"),
    )
    conclusion = forms.ChoiceField(label=gettext_lazy("处理意见"), widget=forms.RadioSelect, choices=Conclusion.choices)
    resolution = Words(label=gettext_lazy("处理意见的内容"), max_length=4000, rows=4)
    days = forms.IntegerField(
        label=gettext_lazy("继续延长多少日"),
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        help_text=gettext_lazy("只在同意再次延长办案期限时填写，按自然日（第六十四条第一款）。"),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.heads = speakers_for(case)
        choose(self, "chair", [(each.pk, each.name) for each in self.heads])
        choose(self, "recorder", [(each.pk, each.name) for each in recorders_for(case)])
        for head in self.heads:
            self.fields[f"stance_{head.pk}"] = forms.ChoiceField(
                label=head.name,
                widget=forms.RadioSelect,
                choices=[*Stance.choices, (ABSENT, gettext_lazy("缺席"))],
            )
            self.fields[f"words_{head.pk}"] = Words(
                label=_("%(name)s的意见，缺席的写原因") % {"name": head.name}, max_length=4000, rows=2
            )
        voices = [f"{part}_{head.pk}" for head in self.heads for part in ("stance", "words")]
        self.groups = (  # type: ignore[misc]  # who speaks differs from case to case
            (gettext_lazy("会议"), ("topic", "held_at", "place", "chair", "recorder", "others")),
            (gettext_lazy("各负责人的意见（照录，不同意见一并保留）"), voices),
            (gettext_lazy("讨论"), ("minutes",)),
            (gettext_lazy("结果"), ("conclusion", "resolution", "days")),
        )

    def values(self) -> dict[str, Any]:
        given = super().values()
        voices = []
        for head in self.heads:
            stance, words = given.pop(f"stance_{head.pk}"), given.pop(f"words_{head.pk}")
            is_absent = stance == ABSENT
            voices.append(
                Speaking(head.pk, absence=words) if is_absent else Speaking(head.pk, stance=stance, opinion=words)
            )
        return {**given, "voices": voices}
