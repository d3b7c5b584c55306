"""What people ask of the reference pages. Everything stays in the address, so that it can be sent to a colleague."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import day_of
from deadlines.arithmetic import Roll, Unit
from deadlines.replay import SHANGHAI
from deadlines.rules import RuleBook, Status
from deadlines.templatetags.clock_words import in_unit, rule_name, status_label
from deadlines.workdays import Interval

LONGEST = 36600
UNITS = [
    (Unit.working_day, gettext_lazy("工作日")),
    (Unit.calendar_day, gettext_lazy("日（自然日）")),
    (Unit.hour, gettext_lazy("小时")),
    (Unit.month, gettext_lazy("月")),
    (Unit.year, gettext_lazy("年")),
]
ROLLS = [
    (Roll.none, gettext_lazy("不顺延")),
    (Roll.any_non_working, gettext_lazy("遇非工作日顺延到下一个工作日")),
    (Roll.notice_holiday, gettext_lazy("遇法定节假日顺延到节后第一日")),
]
DIRECTIONS = [("after", gettext_lazy("从起算日往后数")), ("before", gettext_lazy("在这一天之前，留足整日"))]


class RuleFilter(forms.Form):
    q = forms.CharField(label=gettext_lazy("名称、条款、编号"), required=False, max_length=60)
    status = forms.ChoiceField(
        label=gettext_lazy("依据"),
        required=False,
        choices=[("", gettext_lazy("全部")), *((status, lazy(status_label, str)(status)) for status in Status)],
    )


class Start(forms.Field):
    """A day, or for hour rules a moment such as 2026-11-20 17:20 in Shanghai; the value is ``date`` or aware ``datetime``."""

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return None
        day, _gap, hour = text.replace("T", " ").partition(" ")
        try:
            on = day_of(day)
            if not hour:
                return on
            if not re.fullmatch(r"\d{1,2}[:：]\d{2}", hour.strip()):
                raise ValueError(hour)
            hours, minutes = re.split("[:：]", hour.strip())
            return datetime(on.year, on.month, on.day, int(hours), int(minutes), tzinfo=SHANGHAI)
        except ValueError:
            raise ValidationError(
                _("“%(value)s”不是日期或者时刻。请写成 2026-11-20，按小时计算的写成 2026-11-20 17:20。"),
                code="not_a_day",
                params={"value": text[:40]},
            ) from None


class Periods(forms.Field):
    """Days that do not count, one period per line: 2026-11-02..2026-11-06, both ends included; or a single day."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        lines = [line.strip() for line in re.split(r"[\r\n,，;；]+", str(value or "")) if line.strip()]
        return tuple(self._interval(line) for line in lines)

    def _interval(self, line: str) -> Interval:
        ends = re.split(r"\s*(?:\.\.|至|到|~)\s*", line)
        try:
            days = [day_of(end) for end in ends]
        except ValueError:
            days = []
        if len(days) not in (1, 2):
            raise ValidationError(
                _("“%(line)s”看不懂。请每行写一段，例如 2026-11-02..2026-11-06。"),
                code="bad_interval",
                params={"line": line[:40]},
            )
        if days[-1] < days[0]:
            raise ValidationError(
                _("“%(line)s”的结束日早于开始日。"), code="inverted_interval", params={"line": line[:40]}
            )
        if days[-1] == date.max:
            raise ValidationError(_("日期太远。"), code="calendar_out_of_range")
        return Interval(days[0], days[-1] + timedelta(days=1))


class Amounts(forms.Field):
    """Whole numbers, separated by anything that is not a digit."""

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not re.fullmatch(r"[\d\s,，、;；]*", text):
            raise ValidationError(_("请只写数字，例如 10 或者 10 5。"), code="bad_number")
        return tuple(int(number) for number in re.findall(r"\d{1,5}", text))


class CalculatorForm(forms.Form):
    rule = forms.ChoiceField(label=gettext_lazy("期限规则"), required=False)
    start = Start(
        label=gettext_lazy("起算日"),
        help_text=gettext_lazy("期间开始之日不计算在内。按小时计算的写到分钟：2026-11-20 17:20。"),
    )
    extensions = forms.IntegerField(label=gettext_lazy("已批准延长几次"), required=False, min_value=0, max_value=20)
    extend_by = Amounts(
        label=gettext_lazy("批准延长的长短"),
        required=False,
        help_text=gettext_lazy("只在法律没有规定延长多久时填写，依次写数字。"),
    )
    amount = forms.IntegerField(label=gettext_lazy("期限长短"), required=False, min_value=0, max_value=LONGEST)
    unit = forms.ChoiceField(label=gettext_lazy("单位"), required=False, choices=UNITS)
    roll = forms.ChoiceField(label=gettext_lazy("末日顺延"), required=False, choices=ROLLS)
    direction = forms.ChoiceField(label=gettext_lazy("方向"), required=False, choices=DIRECTIONS)
    exclude = Periods(
        label=gettext_lazy("不计入的期间"),
        required=False,
        help_text=gettext_lazy("检验、检测、检疫、鉴定等期间。每行一段，首尾都不计入：2026-11-02..2026-11-06"),
    )

    def __init__(self, book: RuleBook, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.book = book
        rule_field = self.fields["rule"]
        assert isinstance(rule_field, forms.ChoiceField)  # noqa: S101 - declared above
        rule_field.choices = [("", _("不用规则，自己填长短和单位"))] + [
            (key, _label(versions[-1])) for key, versions in book.families().items()
        ]
        self.fields["start"].widget.attrs.update(
            {"class": "input-day", "placeholder": "2026-11-20", "autocomplete": "off"}
        )
        self.fields["exclude"].widget.attrs.update({"rows": 3, "placeholder": "2026-11-02..2026-11-06"})

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        asked_for_neither = not values.get("rule") and values.get("amount") is None
        if asked_for_neither and not {"rule", "amount"} & self.errors.keys():
            self.add_error("amount", ValidationError(_("请选一条规则，或者填写期限长短。"), code="amount_required"))
        return values


def _label(rule: Any) -> str:
    length = in_unit(rule.amount, rule.unit) if rule.amount else ""
    return " · ".join(part for part in (rule_name(rule), length, f"{rule.instrument}{rule.article}") if part)
