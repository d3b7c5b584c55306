"""What declarations, withdrawal and review ask for."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from cases.models import Case, Recusal
from cases.queries.duties import may_be_asked_to_withdraw, rank_for
from cases.queries.matter import reviewers_of
from cases.states.duties import Interest, RecusalRank, ReviewGround, ReviewHead, ReviewOutcome
from core.forms import DayField, RowField, VerbForm, Words, choose

NO_INTEREST = gettext_lazy("没有应当回避的情形")


class DeclareForm(VerbForm):
    consequence = gettext_lazy("声明记入案卷。声明有回避情形的，报负责人决定；决定之前不停止办案。")
    interest = forms.ChoiceField(
        label=gettext_lazy("我与本案"),
        widget=forms.RadioSelect,
        required=False,
        initial="",
        choices=[("", NO_INTEREST), *Interest.choices],
    )
    note = Words(
        label=gettext_lazy("具体情形"),
        max_length=500,
        required=False,
        rows=3,
        help_text=gettext_lazy("没有回避情形的不填。"),
    )


class AskRecusalForm(VerbForm):
    person = RowField(label=gettext_lazy("申请谁回避"))
    interest = forms.ChoiceField(label=gettext_lazy("回避情形"), widget=forms.RadioSelect, choices=Interest.choices)
    reason = Words(label=gettext_lazy("当事人的理由"), max_length=1000)
    asked_on = DayField(label=gettext_lazy("申请日期"))

    def __init__(self, *args: Any, case: Case, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"asked_on": today}, **kwargs)
        choose(self, "person", [(each.pk, each.name) for each in may_be_asked_to_withdraw(case)])


class RefuseRecusalForm(VerbForm):
    consequence = gettext_lazy("决定记入案卷，不能撤回。")
    opinion = Words(label=gettext_lazy("决定的理由"), max_length=1000)
    minutes = forms.CharField(
        label=gettext_lazy("集体讨论记录"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("主要负责人的回避由负责人集体讨论决定；已在本案登记这次讨论的可以不填。"),
    )

    def __init__(self, *args: Any, case: Case, recusal: Recusal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if rank_for(recusal.person, case.authority) != RecusalRank.DISCUSSION:
            del self.fields["minutes"]


class GrantRecusalForm(RefuseRecusalForm):
    consequence = gettext_lazy("决定回避后，该人员不能再办理本案的任何事项，不能撤回；办案人员须随即更换。")
    reviewer = RowField(
        label=gettext_lazy("接替的审核人员"), help_text=gettext_lazy("审核期限继续计算，不重新起算。"), required=False
    )

    def __init__(self, *args: Any, case: Case, recusal: Recusal, **kwargs: Any) -> None:
        super().__init__(*args, case=case, recusal=recusal, **kwargs)
        if recusal.person_id != case.reviewer_id:
            del self.fields["reviewer"]
            return
        others = [each for each in reviewers_of(case) if each.pk != recusal.person_id]
        choose(self, "reviewer", [(each.pk, each.name) for each in others])


class ConcludeForm(VerbForm):
    conclusion = Words(
        label=gettext_lazy("调查终结报告"),
        max_length=8000,
        rows=12,
        help_text=gettext_lazy("当事人基本情况、案件来源和调查经过、违法事实和证据、定性和处理依据、处理建议。"),
    )
    grounds = forms.MultipleChoiceField(
        label=gettext_lazy("应当法制审核的情形"),
        choices=ReviewGround.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("有一项的，由法制审核人员作法制审核（第五十条）；没有的，作案件审核（第五十二条）。"),
    )
    reviewer = RowField(
        label=gettext_lazy("审核人员"), help_text=gettext_lazy("办案人员不得作为审核人员（第四十九条第三款）。")
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        reviewers = reviewers_of(case)
        initial = {"conclusion": case.conclusion, "reviewer": case.reviewer_id}
        if len(reviewers) == 1:
            initial["reviewer"] = reviewers[0].pk
        super().__init__(*args, initial=initial, **kwargs)
        choose(self, "reviewer", [(each.pk, each.name) for each in reviewers])


DECLARED = gettext_lazy("提交审核意见，即声明本人没有应当回避的情形；有的，请先办理“声明有无回避情形”。")


class PassReviewForm(VerbForm):
    heads = forms.MultipleChoiceField(
        label=gettext_lazy("经审核没有异议的（第五十三条）"),
        choices=ReviewHead.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("逐项核对后勾选；有一项有异议的，请退回。"),
    )
    opinion = Words(label=gettext_lazy("书面审核意见"), max_length=2000, rows=6, help_text=DECLARED)


class ReturnReviewForm(VerbForm):
    groups = (
        ("", ("outcome",)),
        (gettext_lazy("审核内容（第五十三条）：有异议的写明，没有异议的不填"), tuple(ReviewHead.values)),
        ("", ("opinion",)),
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("审核结论"),
        widget=forms.RadioSelect,
        choices=[choice for choice in ReviewOutcome.choices if choice[0] != ReviewOutcome.AGREE],
    )
    opinion = Words(label=gettext_lazy("书面审核意见"), max_length=2000, rows=6, help_text=DECLARED)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for head in ReviewHead:
            self.fields[head.value] = forms.CharField(label=head.label, max_length=500, required=False)

    def values(self) -> dict[str, Any]:
        given = super().values()
        objections = {head.value: given.pop(head.value) for head in ReviewHead}
        return {**given, "objections": objections}


class ExtendReviewForm(VerbForm):
    days = forms.IntegerField(
        label=gettext_lazy("延长多少个工作日"),
        min_value=1,
        max_value=365,
        help_text=gettext_lazy("法律没有规定上限，由负责人按特殊情况确定。"),
    )
    reason = Words(label=gettext_lazy("特殊情况"), max_length=500)
