"""What the papers of a case say without anybody typing it: the common fields of ``data/forms/common_fields.yaml``."""

from datetime import date, datetime
from decimal import Decimal

from accounts.certificates import certificate_on
from accounts.models import User
from cases.models import Case, MeasureItem
from cases.queries.decision import current_proposal
from cases.queries.evidence import evidence_of
from core.templatetags.words import yuan_upper
from core.transitions import in_record
from deadlines.queries import clocks_of
from deadlines.replay import SHANGHAI
from documents.models import Paper
from documents.queries.papers import Common, Rows, papers_of_subject
from documents.states import PaperState
from documents.typed_fields import day_in_words

KIND, PAYMENT = "case", "fine_payment"


def common_of(case: Case, *, on: date) -> Common:
    """Every common field of a case the caller has fetched through a gate; '' for what is not known yet.

    :param on: the day of the paper: whose certificate is valid then.
    """
    issued = list(papers_of_subject(KIND, case.pk).filter(state=PaperState.ISSUED))
    return {**_matter(case), **_people(case, on), **_decision(case, issued), **_hearing(case), **_lists(case, issued)}


def _matter(case: Case) -> dict[str, str]:
    lead = case.lead
    return {
        "文号": "",
        "日期": "",
        "机关名称": case.authority.name,
        "办案机构": case.office.name,
        "立案号": case.number,
        "案件名称": _name(case),
        "案由": case.cause,
        "当事人名称": case.party_name,
        "统一社会信用代码": case.party_code,
        "当事人地址": case.address,
        "立案日期": day_in_words(case.filed_on),
        "案件来源": in_record(lead.get_channel_display()) if lead else "",
        "线索编号": lead.number if lead else "",
        "收到日期": day_in_words(lead.received_on) if lead else "",
        "调查终结报告": case.conclusion,
        "审核人员": case.reviewer.name if case.reviewer else "",
        "审核意见": case.review_opinion,
        "陈述申辩情况": case.defence,
        "告知书送达日期": day_in_words(case.notified_on),
        "决定书送达日期": day_in_words(case.served_on),
        "已缴金额": _yuan(case.paid if case.decided_on else None),
        "缴清日期": day_in_words(case.paid_on),
        "结案日期": day_in_words(case.closed_on),
        "卷内件数": "",  # these two and the catalogue are known when the file is bound, and printed by that
        "卷内页数": "",
    }


def _name(case: Case) -> str:
    """Party and cause, neither twice; the forms print 案 behind it."""
    party = "" if case.cause.startswith(case.party_name) else case.party_name
    return f"{party}{case.cause.removesuffix('案')}"


def _people(case: Case, on: date) -> Common:
    officers = [(user.name, _certificate(user, on)) for user in (case.owner, case.second_officer)]
    (owner, owner_number), (second, second_number) = officers
    return {
        "主办人员": owner, "主办证号": owner_number, "协办人员": second, "协办证号": second_number,
        "办案人员": [{"姓名": name, "证号": number} for name, number in officers],
    }  # fmt: skip


def _certificate(user: User, on: date) -> str:
    found = certificate_on(user, on)
    return found.number if found else ""


def _decision(case: Case, issued: list[Paper]) -> dict[str, str]:
    proposal = current_proposal(case)
    fine, confiscated = case.fine, case.confiscated
    if case.decided_on is None and proposal is not None:
        fine, confiscated = proposal.fine, proposal.confiscated
    payment = next((clock for clock in clocks_of(KIND, case.pk) if clock.rule == PAYMENT), None)
    notices = [paper.number_text for paper in issued if paper.form == "penalty_notice"]
    return {
        "拟处罚内容": "\n".join(filter(None, (proposal.facts, proposal.basis, proposal.content))) if proposal else "",
        "罚款金额": _yuan(fine),
        "罚款大写": yuan_upper(fine),
        "没收违法所得": _yuan(confiscated),
        "处罚内容和依据": case.decision,
        "告知书文号": notices[-1] if notices else "",
        "决定书文号": case.decision_number,
        "决定日期": day_in_words(case.decided_on),
        "缴款期限": day_in_words(payment.due_on if payment else None),
    }


def _hearing(case: Case) -> dict[str, str]:
    hearing = case.latest_hearing
    return {
        "听证时间": _moment(hearing.opens_at) if hearing else "",
        "听证地点": hearing.place if hearing else "",
        "听证主持人": hearing.host.name if hearing and hearing.host else "",
    }


def _lists(case: Case, issued: list[Paper]) -> dict[str, Rows]:
    return {
        "物品清单": [_item(each) for each in _items(case)],
        "证据清单": [
            {
                "序号": str(place), "名称": each.title, "种类": in_record(each.get_kind_display()),
                "来源": each.source, "证明内容": each.proves, "页码": "",
            }
            for place, each in enumerate(evidence_of(case), start=1)
        ],
        "送达文书": [{"名称": paper.title, "文号": paper.number_text} for paper in issued if paper.kind.served],
        "目录": [],
    }  # fmt: skip


def _items(case: Case) -> list[MeasureItem]:
    return list(MeasureItem.objects.filter(measure__case=case).order_by("measure__number", "number"))


def _item(item: MeasureItem) -> dict[str, str]:
    return {
        "名称": item.name, "品牌": "", "规格": item.spec, "批号": "", "单位": item.unit,
        "数量": f"{item.quantity.normalize():f}", "状态": item.condition, "备注": "",
    }  # fmt: skip


def _yuan(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:.2f}"


def _moment(at: datetime | None) -> str:
    """2026年3月5日9时30分."""
    if at is None:
        return ""
    local = at.astimezone(SHANGHAI)
    return f"{day_in_words(local.date())}{local.hour}时{local.minute:02d}分"
