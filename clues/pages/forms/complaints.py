"""What the complaint procedure asks for."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy

from clues.complaint_law import ComplaintLaw, law_on
from clues.models import Lead
from core.errors import Invalid
from core.forms import DayField, VerbForm, Words, day_of
from deadlines.queries import rule_book


class AcceptForm(VerbForm):
    accepted_on = DayField(label=gettext_lazy("受理日期"), help_text=gettext_lazy("调解期限从这一天的次日起算。"))
    told_on = DayField(
        label=gettext_lazy("告知投诉人日期"),
        help_text=gettext_lazy("受理决定应当自收到投诉之日起七个工作日内作出并告知投诉人。"),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        given = kwargs.pop("initial", None)
        super().__init__(*args, initial=given or {"accepted_on": today, "told_on": today}, **kwargs)


class RefuseForm(VerbForm):
    consequence = gettext_lazy("决定不予受理后，这件投诉即告办结，本系统内不能撤回。")
    ground = forms.ChoiceField(label=gettext_lazy("不予受理的理由"), widget=forms.RadioSelect)
    reason = Words(label=gettext_lazy("具体情形"), max_length=800)
    told_on = DayField(label=gettext_lazy("告知投诉人日期"))
    other_ways_told = forms.BooleanField(
        label=gettext_lazy("已告知投诉人不予受理的理由和其他解决途径"),
        help_text=gettext_lazy("投诉举报处理办法第十五条第二款，途径见消费者权益保护法第三十九条。"),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        given = kwargs.pop("initial", None)
        super().__init__(*args, initial=given or {"told_on": today}, **kwargs)
        law = _law_of_day(self["told_on"], today)
        _offer_grounds(self, law, law.refusal_grounds, law.refusal)
        self.fields["other_ways_told"].error_messages["required"] = gettext_lazy(
            "应当先告知投诉人理由和其他解决途径，再登记不予受理。"
        )


class ExcludeMediationForm(VerbForm):
    groups = ((gettext_lazy("不计入的期间（首尾两日都不计入）"), ("first_day", "last_day")),)
    first_day = DayField(label=gettext_lazy("开始日"), help_text=gettext_lazy("一般为送检、委托之日。"))
    last_day = DayField(label=gettext_lazy("结束日"), help_text=gettext_lazy("一般为收到结果之日。"))
    reason = Words(label=gettext_lazy("鉴定、检测情况"), max_length=500, rows=2)


class SettleForm(VerbForm):
    settled_on = DayField(label=gettext_lazy("达成协议日期"))
    agreement = Words(label=gettext_lazy("调解协议内容"), max_length=4000, rows=6)
    made_document = forms.TypedChoiceField(
        label=gettext_lazy("调解书"),
        widget=forms.RadioSelect,
        choices=[("yes", gettext_lazy("已制作调解书")), ("no", gettext_lazy("未制作，已作调解记录备查"))],
        coerce=lambda value: value == "yes",
    )
    reason = Words(
        label=gettext_lazy("未制作调解书的原因"),
        max_length=500,
        required=False,
        rows=2,
        help_text=gettext_lazy("协议已即时履行、双方同意不制作，或者不是现场调解（第二十四条）。制作调解书的不必填。"),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        given = kwargs.pop("initial", None)
        super().__init__(*args, initial=given or {"settled_on": today}, **kwargs)


class EndForm(VerbForm):
    consequence = gettext_lazy("终止调解后，这件投诉即告办结，须在七个工作日内告知双方，本系统内不能撤回。")
    ended_on = DayField(label=gettext_lazy("作出终止调解决定之日"))
    ground = forms.ChoiceField(label=gettext_lazy("终止调解的理由"), widget=forms.RadioSelect)
    reason = Words(label=gettext_lazy("具体情形"), max_length=800)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        given = kwargs.pop("initial", None)
        super().__init__(*args, initial=given or {"ended_on": today}, **kwargs)
        law = _law_of_day(self["ended_on"], today)
        _offer_grounds(self, law, law.end_grounds, f"{law.end}第一款")


class TellForm(VerbForm):
    told_on = DayField(label=gettext_lazy("告知日期"), help_text=gettext_lazy("投诉人和被投诉人都告知之日。"))
    way = Words(label=gettext_lazy("告知方式"), max_length=500, rows=2)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        given = kwargs.pop("initial", None)
        super().__init__(*args, initial=given or {"told_on": today}, **kwargs)


class FoundForm(VerbForm):
    found_on = DayField(label=gettext_lazy("发现之日"), help_text=gettext_lazy("十五个工作日的核查期限从次日起算。"))
    summary = Words(label=gettext_lazy("涉嫌违法的情况"), max_length=4000, rows=6)


class SplitForm(VerbForm):
    claim = Words(label=gettext_lazy("投诉请求"), max_length=500, rows=3)
    summary = Words(label=gettext_lazy("另一件的内容"), max_length=4000, rows=6)

    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        given = kwargs.pop("initial", None)
        super().__init__(*args, initial=given or {"summary": lead.summary}, **kwargs)
        if lead.is_complaint:
            del self.fields["claim"]

    def values(self) -> dict[str, Any]:
        """The claim is a fact of the complaint that is registered beside a report."""
        given = super().values()
        return {**given, "facts": {"claim": given.pop("claim")}} if "claim" in given else given


class TreatForm(VerbForm):
    consequence = gettext_lazy("转为投诉处理后，这条举报即告办结，另行登记一件投诉，本系统内不能撤回。")
    claim = Words(label=gettext_lazy("投诉请求"), max_length=500, rows=3)
    claimed_on = DayField(
        label=gettext_lazy("提出投诉请求之日"),
        help_text=gettext_lazy("受理期限从次日起算。材料中已提出的，为收到材料之日。"),
    )
    reason = Words(label=gettext_lazy("转为投诉处理的理由"), max_length=800)

    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        given = kwargs.pop("initial", None)
        super().__init__(*args, initial=given or {"claimed_on": lead.received_on}, **kwargs)


def _offer_grounds(form: VerbForm, law: ComplaintLaw, grounds: Sequence[TextChoices], article: str) -> None:
    """Give ``ground`` the grounds of one instrument, and say which article they stand in."""
    field = form.fields["ground"]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared in both forms
    field.choices = law.choices(grounds)
    field.help_text = f"{law.name}{article}"


def _law_of_day(decided: forms.BoundField, today: date) -> ComplaintLaw:
    """The law in force on the day a form names; today's while it names none."""
    rules = rule_book()
    try:
        return law_on(rules, day_of(str(decided.value() or "")))
    except (ValueError, Invalid):
        return law_on(rules, today)
