"""What registering, judging and keeping evidence asks for."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.queries import officers_of
from cases.actions.evidence import Described
from cases.models import Case, Evidence, Measure
from cases.states.evidence import EvidenceKind, RecordedAct
from cases.states.matter import OFFICER
from clues.models import Check
from core.forms import DayField, FilesField, RowField, VerbForm, Words, choose
from deadlines.replay import SHANGHAI
from documents.models import StoredFile

Groups = Sequence[tuple[str | Promise, Sequence[str]]]
DESCRIBED = (
    "kind", "title", "proves", "source", "obtained_on", "officer", "second_officer", "is_original", "copy_note",
    "storage", "pages",
)  # fmt: skip
FILES = gettext_lazy("一次最多10个。存入时计算SHA-256和SM3校验值，原文件不会被改动。")


class HourField(forms.TimeField):
    """A time of day as people type it: 14:30."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.TextInput(attrs={"class": "input-day", "placeholder": "14:30", "autocomplete": "off"}),
            error_messages={"invalid": gettext_lazy("请写成 14:30。")},
            **kwargs,
        )


def at_hour(day: date, hour: time) -> datetime:
    """The moment in Shanghai."""
    return datetime.combine(day, hour, SHANGHAI)


class DescribedForm(VerbForm):
    """The fields of a registration; ``values`` hands them on as one :class:`cases.actions.evidence.Described`."""

    groups: ClassVar[Groups] = (
        (gettext_lazy("证据"), ("kind", "title", "proves")),
        (gettext_lazy("取得"), ("source", "obtained_on", "officer", "second_officer")),
        (gettext_lazy("原件或者复制件"), ("is_original", "copy_note")),
        (gettext_lazy("保管和文件"), ("storage", "pages", "upload")),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("证据种类"), widget=forms.RadioSelect, choices=EvidenceKind.choices,
        help_text=gettext_lazy("程序规定第二十三条第一款的八种。"),
    )  # fmt: skip
    title = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    proves = Words(label=gettext_lazy("证明什么"), max_length=1000, rows=3)
    source = forms.CharField(label=gettext_lazy("来源、提供人"), max_length=200)
    obtained_on = DayField(label=gettext_lazy("取得日期"))
    officer = RowField(label=gettext_lazy("收集人员"))
    second_officer = RowField(label=gettext_lazy("协同收集人员"))
    is_original = forms.TypedChoiceField(
        label=gettext_lazy("是否原件、原物、原始载体"), widget=forms.RadioSelect, coerce=lambda word: word == "yes",
        choices=[("yes", gettext_lazy("是")), ("no", gettext_lazy("否，是复制件、影印件、抄录件、照片、录像或者拷贝"))],
    )  # fmt: skip
    copy_note = Words(
        label=gettext_lazy("复制件说明"), max_length=300, rows=2, required=False,
        help_text=gettext_lazy("由谁核对无误、注明与原件一致，出证日期；视听资料和电子数据写制作方法、时间和制作人。"),
    )  # fmt: skip
    storage = forms.CharField(label=gettext_lazy("存放地点"), max_length=200)
    pages = forms.IntegerField(label=gettext_lazy("页数"), min_value=1, max_value=9999, required=False)

    def __init__(self, *args: Any, case: Case, initial: dict[str, Any] | None = None, **kwargs: Any) -> None:
        fresh = {"officer": case.owner_id, "second_officer": case.second_officer_id, "is_original": "yes"}
        super().__init__(*args, initial=initial or fresh, **kwargs)
        officers = [(each.pk, each.name) for each in officers_of(case.office, OFFICER)]
        choose(self, "officer", officers)
        choose(self, "second_officer", officers)

    def values(self) -> dict[str, Any]:
        found = super().values()
        mine = {f"{name}_id" if name.endswith("officer") else name for name in DESCRIBED}
        facts = {name: found.pop(name) for name in mine if name in found}
        return {**found, "described": Described(**facts)}


class AddForm(DescribedForm):
    upload = FilesField(label=gettext_lazy("文件"), required=False, help_text=FILES)


class AdoptForm(DescribedForm):
    groups = ((gettext_lazy("采用哪一份材料"), ("lead_file", "check")), *DescribedForm.groups)
    lead_file = RowField(label=gettext_lazy("线索的文件"), required=False)
    check = RowField(
        label=gettext_lazy("线索的核查记录"), required=False, help_text=gettext_lazy("文件和核查记录只选一项。")
    )

    def __init__(self, *args: Any, files: Sequence[StoredFile], checks: Sequence[Check], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "lead_file", [(file.pk, file.name) for file in files])
        choose(self, "check", [(each.pk, f"{each.checked_at:%Y-%m-%d} {each.get_kind_display()}") for each in checks])


class CorrectForm(DescribedForm):
    groups = (*DescribedForm.groups, (gettext_lazy("更正"), ("reason",)))
    reason = Words(label=gettext_lazy("哪里写错了、为什么更正"), max_length=500, rows=2)

    def __init__(self, *args: Any, evidence: Evidence, **kwargs: Any) -> None:
        held = {name: getattr(evidence, name) for name in DESCRIBED}
        held |= {
            "officer": evidence.officer_id, "second_officer": evidence.second_officer_id,
            "is_original": "yes" if evidence.is_original else "no",
        }  # fmt: skip
        super().__init__(*args, case=evidence.case, initial=kwargs.pop("initial", None) or held, **kwargs)


class AttachForm(VerbForm):
    upload = FilesField(label=gettext_lazy("文件"), help_text=FILES)


class VerifyForm(VerbForm):
    opinion = Words(
        label=gettext_lazy("如何查证属实"), max_length=1000, rows=4,
        help_text=gettext_lazy("例如：与原件核对一致、与其他证据相互印证。"),
    )  # fmt: skip


class ExcludeForm(VerbForm):
    consequence = gettext_lazy("排除后不得作为认定案件事实的根据，证据和理由留在案卷中，不能恢复。")
    reason = Words(label=gettext_lazy("排除理由"), max_length=1000, rows=4)


class HandOverForm(VerbForm):
    taken_by = RowField(label=gettext_lazy("接收人"))
    place = forms.CharField(label=gettext_lazy("存放地点"), max_length=200)
    condition = forms.CharField(
        label=gettext_lazy("移交时的状况"), max_length=300, help_text=gettext_lazy("外观、数量，封条是否完好。")
    )
    seal_number = forms.CharField(label=gettext_lazy("封条编号"), max_length=60, required=False)

    def __init__(self, *args: Any, keepers: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "taken_by", [(each.pk, each.name) for each in keepers])


class ConfirmForm(VerbForm):
    consequence = gettext_lazy("确认后由您保管，直到移交给下一人；这一步写入保管链，不能撤回。")


class RecordingForm(VerbForm):
    groups = (
        (gettext_lazy("记录了什么"), ("act", "measure", "title")),
        (gettext_lazy("时间和设备"), ("day", "starts", "ends", "device", "operator")),
        (gettext_lazy("文件，或者存放介质"), ("upload", "medium", "sha256", "sm3")),
    )
    act = forms.ChoiceField(label=gettext_lazy("记录的事项"), widget=forms.RadioSelect, choices=RecordedAct.choices)
    measure = RowField(label=gettext_lazy("关联的措施"), required=False)
    title = forms.CharField(label=gettext_lazy("内容"), max_length=200)
    day = DayField(label=gettext_lazy("日期"))
    starts = HourField(label=gettext_lazy("开始时刻"))
    ends = HourField(label=gettext_lazy("结束时刻"), help_text=gettext_lazy("跨零点的，分两条登记。"))
    device = forms.CharField(label=gettext_lazy("设备编号"), max_length=60)
    operator = RowField(label=gettext_lazy("记录人"))
    upload = FilesField(label=gettext_lazy("文件"), required=False, most=1)
    medium = forms.CharField(
        label=gettext_lazy("介质编号"), max_length=120, required=False,
        help_text=gettext_lazy("文件太大或者存放在采集站、光盘、硬盘的，填写介质编号和位置。"),
    )  # fmt: skip
    sha256 = forms.CharField(label=gettext_lazy("SHA-256（介质）"), max_length=64, required=False)
    sm3 = forms.CharField(label=gettext_lazy("SM3（介质）"), max_length=64, required=False)

    def __init__(self, *args: Any, case: Case, measures: Sequence[Measure], today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial=kwargs.pop("initial", None) or {"day": today}, **kwargs)
        choose(self, "measure", [(each.pk, each.label) for each in measures])
        choose(self, "operator", [(each.pk, each.name) for each in officers_of(case.office, OFFICER)])
        if not measures:
            del self.fields["measure"]

    def values(self) -> dict[str, Any]:
        found = super().values()
        day, starts, ends = (found.pop(name) for name in ("day", "starts", "ends"))
        return {**found, "started_at": at_hour(day, starts), "ended_at": at_hour(day, ends)}
