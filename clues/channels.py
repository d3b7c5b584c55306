"""What each channel must say about where a lead comes from, and which periods it starts."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clues.states import Channel
from core.errors import FieldError

TEXT, DAY, MONEY = "text", "day", "money"
YUAN = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")


@dataclass(frozen=True)
class ChannelFact:
    """One fact a channel asks for. Stored as text under ``name``: days ISO, amounts in yuan.

    :param kind: ``text``, ``day`` (never in the future) or ``money``.
    """

    name: str
    label: str | Promise
    kind: str = TEXT
    is_required: bool = False
    max_length: int = 200


FACTS: Mapping[str, tuple[ChannelFact, ...]] = {
    Channel.COMPLAINT: (
        ChannelFact("claim", gettext_lazy("投诉请求"), is_required=True, max_length=500),
        ChannelFact("purchased_on", gettext_lazy("购买商品或者接受服务之日"), DAY),
        ChannelFact("paid", gettext_lazy("消费金额"), MONEY),
        ChannelFact("order_no", gettext_lazy("订单或者凭证编号")),
        ChannelFact("ticket_no", gettext_lazy("12315平台编号")),
    ),
    Channel.REPORT: (
        ChannelFact("ticket_no", gettext_lazy("12315平台编号")),
        ChannelFact("evidence", gettext_lazy("所附事实依据"), max_length=500),
    ),
    Channel.INSPECTION: (
        ChannelFact("inspected_on", gettext_lazy("检查日期"), DAY, is_required=True),
        ChannelFact("record_no", gettext_lazy("检查记录编号")),
    ),
    Channel.SAMPLING: (
        ChannelFact("report_no", gettext_lazy("检验报告编号"), is_required=True),
        ChannelFact("product", gettext_lazy("抽检产品"), is_required=True),
        ChannelFact("failed_items", gettext_lazy("不合格项目"), is_required=True),
        ChannelFact("laboratory", gettext_lazy("检验机构"), is_required=True),
        ChannelFact("reported_on", gettext_lazy("报告签发日期"), DAY),
    ),
    Channel.TRANSFER_IN: (
        ChannelFact("from_body", gettext_lazy("移送部门"), is_required=True),
        ChannelFact("letter_no", gettext_lazy("移送函文号"), is_required=True),
        ChannelFact("letter_on", gettext_lazy("移送函日期"), DAY),
    ),
    Channel.ASSIGNED: (
        ChannelFact("from_body", gettext_lazy("交办机关"), is_required=True),
        ChannelFact("letter_no", gettext_lazy("交办文号")),
        ChannelFact("letter_on", gettext_lazy("交办日期"), DAY),
    ),
    Channel.OPINION: (
        ChannelFact("medium", gettext_lazy("媒体或者平台"), is_required=True),
        ChannelFact("link", gettext_lazy("链接"), max_length=500),
        ChannelFact("published_on", gettext_lazy("发布日期"), DAY),
    ),
    Channel.DATA: (
        ChannelFact("system", gettext_lazy("监测系统"), is_required=True),
        ChannelFact("record_no", gettext_lazy("监测记录编号")),
    ),
    Channel.PROCURATORATE: (
        ChannelFact("from_body", gettext_lazy("检察机关"), is_required=True),
        ChannelFact("letter_no", gettext_lazy("检察意见书文号"), is_required=True),
        ChannelFact("letter_on", gettext_lazy("检察意见书日期"), DAY),
    ),
    Channel.SELF_FOUND: (ChannelFact("found_where", gettext_lazy("发现经过"), max_length=500),),
}

# The period each channel starts on the day of receipt; the version is chosen by that day.
VERIFICATION = "lead_verification"
ACCEPTANCE = "complaint_acceptance"


def handling_rule(channel: str) -> str:
    """The statutory period within which a lead of this channel is decided: acceptance or verification."""
    return ACCEPTANCE if channel == Channel.COMPLAINT else VERIFICATION


def rules_on_receipt(channel: str) -> tuple[str, ...]:
    """Every period that receiving a lead of this channel starts."""
    more = ("prosecutor_opinion_reply",) if channel == Channel.PROCURATORATE else ()
    return (handling_rule(channel), *more)


def fact_errors(channel: str, facts: Mapping[str, str], today: date) -> Iterator[FieldError]:
    """What is wrong with the channel's own facts, each under its field name."""
    known = {fact.name: fact for fact in FACTS.get(channel, ())}
    for name in sorted(facts.keys() - known.keys()):
        yield FieldError(name, "unknown_field", _("“%(name)s”不是这一来源渠道的项目。") % {"name": name[:60]})
    for name, fact in known.items():
        text = facts.get(name, "").strip()
        if not text and fact.is_required:
            yield FieldError(name, "required", _("请填写%(label)s。") % {"label": fact.label})
        elif len(text) > fact.max_length:
            detail = _("最多%(most)s个字，现为%(found)s个。") % {"most": fact.max_length, "found": len(text)}
            yield FieldError(name, "too_long", detail)
        elif text and fact.kind == DAY:
            yield from _day_errors(fact, text, today)
        elif text and fact.kind == MONEY and not YUAN.fullmatch(text):
            detail = _("%(label)s应当是不小于零、最多两位小数的元数。") % {"label": fact.label}
            yield FieldError(name, "amount_out_of_range", detail)


def _day_errors(fact: ChannelFact, text: str, today: date) -> Iterator[FieldError]:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        yield FieldError(fact.name, "not_a_day", _("“%(value)s”不是日期。请写成 2026-11-20。") % {"value": text})
        return
    if day > today:
        detail = _("%(label)s%(day)s在今天之后，请核对。") % {"label": fact.label, "day": day}
        yield FieldError(fact.name, "future_date", detail)
