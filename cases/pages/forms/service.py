"""What serving papers asks for: the papers, and of the way only what that way records."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from cases.models import Case
from core.forms import DayField, FilesField, RowField, VerbForm, Words, choose
from documents.models import AddressConfirmation, Paper
from documents.service_ways import LONGEST, NEEDS, Delivery, Posting, Relation, Way, fields_of

LABELS: dict[str, Promise] = {
    "received_by": gettext_lazy("签收人"),
    "place": gettext_lazy("送达地点"),
    "through": gettext_lazy("经由"),
    "account": gettext_lazy("送达的号码、邮箱或者账号"),
    "witness": gettext_lazy("见证人及其单位、职务"),
    "record": gettext_lazy("怎样记录送达过程"),
    "reason": gettext_lazy("事由和经过"),
}
OF_WAY: dict[tuple[str, str], Promise] = {
    (Way.LEFT, "reason"): gettext_lazy("拒收事由"),
    (Way.MAIL, "through"): gettext_lazy("邮件编号"),
    (Way.MAIL, "place"): gettext_lazy("邮寄地址"),
    (Way.MAIL, "received_by"): gettext_lazy("回执上的收件人"),
    (Way.MAIL, "reason"): gettext_lazy("退回的原因"),
    (Way.ENTRUSTED, "through"): gettext_lazy("受委托的市场监督管理部门"),
    (Way.RELAYED, "through"): gettext_lazy("转交的部门"),
    (Way.ANNOUNCEMENT, "through"): gettext_lazy("在哪里张贴、刊登"),
    (Way.ANNOUNCEMENT, "reason"): gettext_lazy("公告送达的原因和经过"),
}
DAY_OF: dict[str, Promise] = {
    Way.DIRECT: gettext_lazy("送达回证上的签收日期"),
    Way.LEFT: gettext_lazy("留置日期"),
    Way.ELECTRONIC: gettext_lazy("到达受送达人系统的日期"),
    Way.MAIL: gettext_lazy("回执上的收件日期；退回的，退回日期"),
    Way.ENTRUSTED: gettext_lazy("受送达人的签收日期"),
    Way.RELAYED: gettext_lazy("受送达人的签收日期"),
    Way.ANNOUNCEMENT: gettext_lazy("公告发布日期"),
}
FILES = gettext_lazy("送达回证、邮件回执、截屏、照片或者录像，一次最多10个。")


class ServeForm(VerbForm):
    paper_ids = forms.TypedMultipleChoiceField(
        label=gettext_lazy("送达哪些文书"), coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )
    companions = forms.MultipleChoiceField(
        label=gettext_lazy("一并送达的其他文书"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=gettext_lazy("本机关自行制作的文书。应当成对送达的（地方做法，本系统默认）缺一不可。"),
    )  # fmt: skip
    recipient = forms.CharField(label=gettext_lazy("受送达人"), max_length=120)
    on = DayField()
    consequence = gettext_lazy("送达登记后不能修改；告知书、决定书、催告书的送达同时起算相应的期限。请核对日期。")

    def __init__(
        self, *args: Any, case: Case, way: str, papers: Sequence[Paper], companions: Sequence[tuple[str, str]],
        confirmed: AddressConfirmation | None, people: Sequence[User], today: date, **kwargs: Any,
    ) -> None:  # fmt: skip
        self.way = way
        fresh = {
            "recipient": case.party_name, "on": today, "officer": case.owner_id, "second_officer": case.second_officer_id,
            "place": confirmed.address if confirmed else case.address, "account": confirmed.account if confirmed else "",
            "paper_ids": [paper.pk for paper in papers] if len(papers) == 1 else [],
        }  # fmt: skip
        super().__init__(*args, initial=fresh, **kwargs)
        self.fields["on"].label = str(DAY_OF[way])
        for field, choices in (
            ("paper_ids", [(paper.pk, paper.label) for paper in papers]), ("companions", list(companions)),
        ):  # fmt: skip
            picked = self.fields[field]
            assert isinstance(picked, forms.ChoiceField)  # noqa: S101 - declared above
            picked.choices = choices
            if not choices:
                del self.fields[field]
        for name in fields_of(way):
            self.fields[name] = _field(way, name)
        for name, label in (("officer", _("送达人")), ("second_officer", _("协同送达人"))):
            self.fields[name] = RowField(label=label)
            choose(self, name, [(each.pk, each.name) for each in people])
        self.fields["upload"] = FilesField(label=_("送达凭证"), required=False, help_text=FILES)

    def values(self) -> dict[str, Any]:
        found = super().values()
        names = ("recipient", "on", *fields_of(self.way))
        facts = {name: found.pop(name) for name in names if name in found}
        found.setdefault("paper_ids", [])
        return {**found, "delivery": Delivery(way=self.way, **facts)}


def _field(way: str, name: str) -> forms.Field:
    required = f"{name}*" in NEEDS[way]
    if name == "is_returned":
        return forms.BooleanField(
            label=_("邮件被退回"), required=False,
            help_text=_("按送达地址确认书的地址邮寄而被退回的，退回之日为送达之日（第八十三条第二款）。"),
        )  # fmt: skip
    if name in ("relation", "posting"):
        kinds = Relation if name == "relation" else Posting
        label = _("签收人与受送达人的关系") if name == "relation" else _("公告方式")
        return forms.ChoiceField(label=label, widget=forms.RadioSelect, choices=kinds.choices)
    label = str(OF_WAY.get((way, name), LABELS[name]))
    if name in LONGEST:
        return Words(label=label, max_length=LONGEST[name], rows=3, required=required)
    return forms.CharField(label=label, max_length=120, required=required)


class CompleteForm(VerbForm):
    consequence = gettext_lazy("公告期满之日视为送达，文书的送达所起算的期限从这一天起算，不能撤回。")


class VoidServiceForm(VerbForm):
    reason = Words(label=gettext_lazy("撤销原因"), max_length=500, rows=3)
    consequence = gettext_lazy(
        "原登记连同原因留在案卷里；送达所起算的期限取消，案件恢复到送达以前。已经继续办理的，不能撤销。"
    )


class AddressForm(VerbForm):
    recipient = forms.CharField(label=gettext_lazy("受送达人"), max_length=120)
    address = forms.CharField(label=gettext_lazy("送达地址"), max_length=200)
    receiver = forms.CharField(label=gettext_lazy("收件人"), max_length=120, required=False)
    phone = forms.CharField(label=gettext_lazy("联系电话"), max_length=40, required=False)
    accepts_electronic = forms.BooleanField(label=gettext_lazy("同意电子送达"), required=False)
    account = forms.CharField(
        label=gettext_lazy("电子送达的手机号码、传真、电子邮件地址或者即时通讯账号"), max_length=120, required=False,
    )  # fmt: skip
    signed_on = DayField(label=gettext_lazy("签署日期"))
    upload = FilesField(label=gettext_lazy("确认书扫描件"), required=False)

    def __init__(self, *args: Any, case: Case, today: date, **kwargs: Any) -> None:
        fresh = {"recipient": case.party_name, "address": case.address, "signed_on": today}
        super().__init__(*args, initial=fresh, **kwargs)
