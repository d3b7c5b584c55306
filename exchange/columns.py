"""The columns of a ledger of leads: one list for template, import and export."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clues.channels import DAY, FACTS, MONEY
from core.transitions import in_record

TEXT, CODE = "text", "code"
SHEET = "线索"
GUIDE = "填写说明"


@dataclass(frozen=True)
class Column:
    """One column. ``aliases`` are other headings people give it; ``more_labels`` those of channels that share it.

    :param kind: ``text``, ``day``, ``money``, or ``code`` (digits that must not have become a number).
    :param part: what it is about: ``lead``, ``facts``, ``informant`` or ``past``.
    :param asked_by: the channels that cannot do without it.
    """

    name: str
    label: str | Promise
    kind: str = TEXT
    part: str = "lead"
    is_required: bool = False
    aliases: tuple[str, ...] = ()
    note: str | Promise = ""
    more_labels: tuple[str | Promise, ...] = ()
    asked_by: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """As it stands in files, whatever the reader's language: files are exchanged."""
        return "／".join(self.headings)

    @property
    def headings(self) -> list[str]:
        return list(dict.fromkeys(in_record(label) for label in (self.label, *self.more_labels)))


def _facts() -> tuple[Column, ...]:
    """One column for each fact a channel asks for; channels that ask for the same share it."""
    found: dict[str, Column] = {}
    for channel, facts in FACTS.items():
        for fact in facts:
            asked_by = (channel,) if fact.is_required else ()
            before = found.get(fact.name)
            found[fact.name] = (
                Column(fact.name, fact.label, fact.kind, "facts", asked_by=asked_by)
                if before is None
                else replace(before, more_labels=(*before.more_labels, fact.label), asked_by=before.asked_by + asked_by)
            )
    return tuple(found.values())


NUMBER = Column("number", _("线索编号"), CODE, aliases=("编号", "原编号", "受理编号", "台账编号"), note=_(
    "导出的文件带有编号，再次导入时不会重复登记；旧台账的原编号写在这里。"
))  # fmt: skip
COLUMNS: tuple[Column, ...] = (
    NUMBER,
    Column("channel", _("来源渠道"), is_required=True, aliases=("渠道", "线索来源", "来源", "案源")),
    Column("received_on", _("收到日期"), DAY, is_required=True, aliases=(
        "发现线索或者收到材料之日", "登记日期", "受理时间", "收到时间", "接收日期", "日期",
    )),
    Column("party_name", _("当事人名称"), is_required=True, aliases=(
        "当事人", "被投诉人", "被举报人", "被投诉举报人", "企业名称", "单位名称", "市场主体名称",
    ), note=_("尚不清楚的填“待查”。")),
    Column("party_code", _("统一社会信用代码"), CODE, aliases=("信用代码", "社会信用代码", "注册号")),
    Column("region_code", _("行政区划"), CODE, aliases=("区划代码", "行政区划代码", "区域", "辖区")),
    Column("address", _("行为发生地址"), aliases=("地址", "经营地址", "住所", "被投诉人地址")),
    Column("category", _("事项类别"), aliases=("类别", "问题类别", "业务类别")),
    Column("amount", _("涉及金额"), MONEY, aliases=("涉案金额", "金额", "涉及金额（元）")),
    Column("flags", _("重点案件标签"), aliases=("标签", "重点标签"), note=_("几个标签之间用顿号分开。")),
    Column("summary", _("线索内容"), is_required=True, aliases=(
        "内容", "主要内容", "投诉内容", "举报内容", "问题描述", "事项内容", "线索摘要",
    )),
    Column("office", _("承办机构"), aliases=("承办单位", "办理单位", "处理单位"), note=_("不填的归导入时选定的机构。")),
    *_facts(),
    Column("informant_name", _("投诉举报人姓名"), part="informant", aliases=("投诉人", "举报人", "投诉人姓名", "举报人姓名")),
    Column("informant_phone", _("投诉举报人电话"), CODE, "informant", aliases=(
        "联系电话", "投诉人电话", "举报人电话", "电话", "手机号码", "联系方式",
    )),
    Column("informant_address", _("投诉举报人通讯地址"), part="informant", aliases=("通讯地址", "投诉人地址", "联系地址")),
    Column("informant_id_number", _("投诉举报人证件号码"), CODE, "informant", aliases=("身份证号", "证件号码")),
    Column("owner", _("承办人用户名"), part="past", aliases=("承办人", "经办人"), note=_(
        "以下各列只在补录旧台账时填写。"
    )),
    Column("assigned_on", _("分派日期"), DAY, "past", aliases=("分办日期", "转办日期")),
    Column("signed_on", _("签收日期"), DAY, "past", aliases=("签收时间",)),
    Column("accepted_on", _("受理日期"), DAY, "past", aliases=("投诉受理日期",)),
    Column("state", _("处理结果"), part="past", aliases=("办理结果", "状态")),
    Column("decided_on", _("决定日期"), DAY, "past", aliases=("办结日期", "办结时间")),
    Column("ground", _("不予立案、不予受理或者终止调解的理由"), part="past", aliases=("理由",)),
    Column("transferred_to", _("移送至部门"), part="past", aliases=("移送部门名称",)),
    Column("reason", _("处理说明"), part="past", aliases=("备注", "办理情况")),
)  # fmt: skip
BY_NAME = {column.name: column for column in COLUMNS}
REQUIRED = tuple(column for column in COLUMNS if column.is_required)
INFORMANT = frozenset(column.name for column in COLUMNS if column.part == "informant")


def plain_heading(text: str) -> str:
    """A heading without width, spaces, stars and what stands in brackets, for comparing."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"\(.*?\)|[\s*:：]", "", plain)


def guess(headers: Sequence[str]) -> list[str]:
    """The field of each heading by its label or another name for it, '' where none is known; each field once."""
    known: dict[str, str] = {}
    for column in COLUMNS:
        for words in (column.name, column.heading, *column.headings, *column.aliases):
            known.setdefault(plain_heading(words), column.name)
    found: list[str] = []
    for header in headers:
        name = known.get(plain_heading(header), "")
        found.append("" if name in found else name)
    return found
