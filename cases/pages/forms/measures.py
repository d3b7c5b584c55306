"""What measures and the goods under them ask for."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.queries import officers_of
from cases.actions.measures import Listed, Taking
from cases.models import Case, MeasureItem
from cases.pages.forms.evidence import Groups, HourField, at_hour
from cases.states.matter import OFFICER
from cases.states.measures import COERCIVE, HEADS_OWN, DisposalBasis, Handling, MeasureKind, ReleaseGround
from core.forms import DayField, MoneyField, RowField, VerbForm, Words, choose
from deadlines.replay import SHANGHAI

COLUMNS = ("name", "quantity", "unit", "spec", "condition", "place", "seal_number", "value")


class InventoryField(Words):
    """An inventory, one line an item, columns apart by tab or bar, as pasted from a sheet; the value is a list of
    :class:`cases.actions.measures.Listed`.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(rows=8, **kwargs)

    def clean(self, value: Any) -> list[Listed]:
        text = super().clean(value)
        lines = [line for line in str(text).splitlines() if line.strip()]
        return [self._line(number, line) for number, line in enumerate(lines, start=1)]

    def _line(self, number: int, line: str) -> Listed:
        cells = [cell.strip() for cell in re.split(r"[\t|｜]", line)]
        if not 3 <= len(cells) <= len(COLUMNS):
            raise ValidationError(
                _("第%(line)s行：请写明名称、数量、单位，各栏用竖线“|”或者制表符隔开。"), code="bad_line",
                params={"line": number},
            )  # fmt: skip
        given: dict[str, Any] = dict(zip(COLUMNS, cells, strict=False))
        try:
            given["quantity"] = Decimal(given["quantity"])
            given["value"] = Decimal(given["value"].replace(",", "")) if given.get("value") else None
        except InvalidOperation:
            raise ValidationError(
                _("第%(line)s行：数量和价值应为数字。"), code="not_a_number", params={"line": number}
            ) from None
        return Listed(**given)


class WhyForm(VerbForm):
    """A verb that only wants to know why."""

    reason = Words(label=gettext_lazy("理由"), max_length=900, rows=4)


class OrderForm(VerbForm):
    kind = forms.ChoiceField(label=gettext_lazy("措施种类"), widget=forms.RadioSelect, choices=MeasureKind.choices)
    reason = Words(label=gettext_lazy("理由"), max_length=1000, rows=3)
    basis = forms.CharField(
        label=gettext_lazy("所依据的条款"), max_length=300,
        help_text=gettext_lazy("授权采取该措施的法律、法规条款，例如：食品安全法第一百一十条第四项。"),
    )  # fmt: skip


class TakeForm(VerbForm):
    groups: ClassVar[Groups] = (
        (gettext_lazy("实施"), ("day", "hour", "place", "officer", "second_officer", "presence")),
        (gettext_lazy("清单"), ("items",)),
    )
    day = DayField(label=gettext_lazy("实施日期"))
    hour = HourField(label=gettext_lazy("实施时刻"))
    place = forms.CharField(label=gettext_lazy("实施地点"), max_length=200)
    officer = RowField(label=gettext_lazy("实施人员"))
    second_officer = RowField(label=gettext_lazy("协同实施人员"))
    presence = Words(
        label=gettext_lazy("当事人到场和签名情况"), max_length=500, rows=2,
        help_text=gettext_lazy("不到场或者拒绝签名的，写明见证人和录音录像（程序规定第四十三条）。"),
    )  # fmt: skip
    items = InventoryField(
        label=gettext_lazy("场所、设施、财物清单"),
        help_text=gettext_lazy(
            "每行一项：名称 | 数量 | 单位 | 规格 | 状况 | 存放地点 | 封条编号 | 价值（元）。前三栏必填，可以从表格直接粘贴。"
        ),
    )

    def __init__(self, *args: Any, case: Case, now: datetime, **kwargs: Any) -> None:
        local = now.astimezone(SHANGHAI)
        fresh = {
            "day": local.date(), "hour": f"{local:%H:%M}", "place": case.address, "officer": case.owner_id,
            "second_officer": case.second_officer_id,
        }  # fmt: skip
        super().__init__(*args, initial=kwargs.pop("initial", None) or fresh, **kwargs)
        officers = [(each.pk, each.name) for each in officers_of(case.office, OFFICER)]
        choose(self, "officer", officers)
        choose(self, "second_officer", officers)

    def values(self) -> dict[str, Any]:
        found = super().values()
        taken_at = at_hour(found.pop("day"), found.pop("hour"))
        names = ("officer_id", "second_officer_id", "place", "presence", "items")
        facts = {name: found.pop(name) for name in names}
        return {**found, "taking": Taking(taken_at=taken_at, **facts)}


class UrgentForm(TakeForm):
    groups = ((gettext_lazy("紧急措施"), ("kind", "reason", "basis")), *TakeForm.groups)
    consequence = gettext_lazy("须在二十四小时内向部门负责人报告并补办批准手续；负责人认为不应当采取的，立即解除。")
    kind = forms.ChoiceField(label=gettext_lazy("措施种类"), widget=forms.RadioSelect, choices=MeasureKind.choices)
    reason = Words(label=gettext_lazy("为什么情况紧急"), max_length=1000, rows=3)
    basis = forms.CharField(label=gettext_lazy("所依据的条款"), max_length=300)


class RefuseForm(WhyForm):
    consequence = gettext_lazy("措施立即解除，全部物品应当立即退还，不能撤回。")


class HandleForm(VerbForm):
    groups = (
        ("", ("handling", "reason")),
        (gettext_lazy("决定查封、扣押的填写"), ("kind", "basis")),
    )
    consequence = gettext_lazy("处理后先行登记保存即告结束，不能撤回。")
    handling = forms.ChoiceField(label=gettext_lazy("处理措施"), widget=forms.RadioSelect, choices=Handling.choices)
    reason = Words(label=gettext_lazy("处理情况和理由"), max_length=1000, rows=3)
    kind = forms.ChoiceField(
        label=gettext_lazy("措施种类"), required=False,
        choices=[("", "—"), *((kind.value, kind.label) for kind in COERCIVE)],
    )  # fmt: skip
    basis = forms.CharField(label=gettext_lazy("所依据的条款"), max_length=300, required=False)

    def __init__(self, *args: Any, is_head: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_head:  # the law leaves the others to the head
            self.fields["handling"] = forms.ChoiceField(
                label=self.fields["handling"].label, widget=forms.RadioSelect,
                choices=[choice for choice in Handling.choices if choice[0] not in HEADS_OWN],
                help_text=gettext_lazy("查封、扣押，没收和解除由部门负责人决定。"),
            )  # fmt: skip
            del self.fields["kind"], self.fields["basis"]


class ToldForm(VerbForm):
    told_on = DayField(label=gettext_lazy("书面告知当事人的日期"))
    reason = Words(label=gettext_lazy("理由"), max_length=500, rows=3)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial=kwargs.pop("initial", None) or {"told_on": today}, **kwargs)


class ExcludeTestForm(ToldForm):
    groups = (
        (gettext_lazy("检测、检验、检疫、鉴定的期间（首尾两日都不计入）"), ("first_day", "last_day")),
        ("", ("told_on", "reason")),
    )
    first_day = DayField(label=gettext_lazy("开始日"))
    last_day = DayField(label=gettext_lazy("结束日"))


class ItemsForm(VerbForm):
    """A verb upon some items of an inventory; all that may make the move are ticked."""

    items = forms.TypedMultipleChoiceField(label=gettext_lazy("物品"), widget=forms.CheckboxSelectMultiple, coerce=int)

    def __init__(self, *args: Any, items: Sequence[MeasureItem], today: date, **kwargs: Any) -> None:
        held = {"items": [str(item.pk) for item in items], "returned_on": today, "announced_on": today}
        super().__init__(*args, initial=kwargs.pop("initial", None) or held, **kwargs)
        field = self.fields["items"]
        assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101 - declared above
        field.choices = [(str(item.pk), item_label(item)) for item in items]

    def values(self) -> dict[str, Any]:
        found = super().values()
        found["item_ids"] = found.pop("items")
        return found


def item_label(item: MeasureItem) -> str:
    """A line of an inventory in a list: 1 饼干 12.5 箱（在保存）."""
    return f"{item.number} {item.name} {item.amount}（{item.get_state_display()}）"


class ReleaseForm(ItemsForm):
    consequence = gettext_lazy("解除后应当立即退还物品，不能撤回；只勾选部分物品的，其余继续。")
    ground = forms.ChoiceField(
        label=gettext_lazy("解除的情形"), widget=forms.RadioSelect, choices=ReleaseGround.choices
    )
    reason = Words(label=gettext_lazy("理由"), max_length=1000, rows=3)


class ReturnForm(ItemsForm):
    returned_on = DayField(label=gettext_lazy("退还日期"))
    received_by = forms.CharField(
        label=gettext_lazy("签名领取人"), max_length=120, help_text=gettext_lazy("由办案人员和领取人在清单上签名。")
    )


class ReasonForItemsForm(ItemsForm):
    consequence = gettext_lazy("登记后不能撤回。")
    reason = Words(label=gettext_lazy("依据和去向"), max_length=900, rows=3)


class DisposeForm(ItemsForm):
    consequence = gettext_lazy("先行处置后物品不能恢复；所得款项按照涉案现金管理。")
    basis = forms.ChoiceField(
        label=gettext_lazy("先行处置的前提"), widget=forms.RadioSelect, choices=DisposalBasis.choices
    )
    proceeds = MoneyField(label=gettext_lazy("所得款项（元）"), help_text=gettext_lazy("所选物品合计。"))
    kept_proof = Words(label=gettext_lazy("如何留存证据"), max_length=900, rows=2)


class HandOverItemsForm(ReasonForItemsForm):
    receiver = forms.CharField(label=gettext_lazy("接收机关"), max_length=120)


class AnnounceForm(ItemsForm):
    announced_on = DayField(label=gettext_lazy("公告日期"))
    reason = Words(label=gettext_lazy("当事人下落不明或者无法确定所有人的情况"), max_length=900, rows=3)
