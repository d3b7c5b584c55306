"""The states of a lead and the moves between them, each with its article.

A complaint (投诉) goes through acceptance and mediation, everything else through verification and the decision whether
to file: two tables over one register. What they share (custody, merging) is a row in both.
"""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import Role
from core.transitions import Transition, transition

RULES = "市场监督管理行政处罚程序规定"
COMPLAINT_RULES = "市场监督管理投诉举报处理办法"


class LeadState(TextChoices):
    REGISTERED = "registered", _("待分派")
    ASSIGNED = "assigned", _("待签收")
    VERIFYING = "verifying", _("核查中")
    VERIFIED = "verified", _("待决定")
    FILED = "filed", _("已立案")
    NOT_FILED = "not_filed", _("不予立案")
    TRANSFERRED = "transferred", _("已移送")
    AS_COMPLAINT = "as_complaint", _("转为投诉")
    ACCEPTING = "accepting", _("待受理决定")
    MEDIATING = "mediating", _("调解中")
    SETTLED = "settled", _("达成调解")
    ENDED = "ended", pgettext_lazy("state", "终止调解")
    REFUSED = "refused", pgettext_lazy("state", "不予受理")
    MERGED = "merged", _("已并入")


class Channel(TextChoices):
    COMPLAINT = "complaint", _("投诉")
    REPORT = "report", _("举报")
    INSPECTION = "inspection", _("监督检查")
    SAMPLING = "sampling", _("抽检不合格")
    TRANSFER_IN = "transfer_in", _("其他部门移送")
    ASSIGNED = "assigned", _("上级交办")
    OPINION = "opinion", _("舆情")
    DATA = "data", _("数据监测")
    PROCURATORATE = "procuratorate", _("检察反向移送")
    SELF_FOUND = "self_found", _("自行发现")


TWINS = {Channel.COMPLAINT: Channel.REPORT, Channel.REPORT: Channel.COMPLAINT}
S = LeadState
HEADS = [Role.UNIT_HEAD, Role.BUREAU_HEAD]
OFFICERS = [Role.HANDLER, Role.UNIT_HEAD]
EVERYBODY = [Role.INTAKE_CLERK, Role.HANDLER, *HEADS]

WAITING_STATES = (S.REGISTERED, S.ASSIGNED)
VERIFICATION_STATES = (S.VERIFYING, S.VERIFIED)
COMPLAINT_STATES = (S.ACCEPTING, S.MEDIATING)
OPEN_STATES = (*WAITING_STATES, *VERIFICATION_STATES, *COMPLAINT_STATES)
DECIDED_STATES = (S.FILED, S.NOT_FILED, S.TRANSFERRED, S.AS_COMPLAINT, S.SETTLED, S.ENDED, S.REFUSED)
ONLY_COMPLAINTS = (S.ACCEPTING, S.MEDIATING, S.SETTLED, S.ENDED, S.REFUSED)
ONLY_LEADS = (S.VERIFYING, S.VERIFIED, S.FILED, S.NOT_FILED, S.TRANSFERRED, S.AS_COMPLAINT)

# ---- rows both tables have; `work` is where signing leads -----------------------------------------------------------


def _custody(work: LeadState, worked: list[LeadState], decided: list[LeadState], basis: str) -> tuple[Transition, ...]:
    """Who has the lead: the rows are the same for complaints and the rest, but for where signing leads."""
    held = [S.REGISTERED, S.ASSIGNED, *worked]
    return (
        transition("log", _("登记"), [], S.REGISTERED, EVERYBODY, basis),
        transition("assign", _("分派"), [S.REGISTERED, S.ASSIGNED, work], S.ASSIGNED,
                   [Role.INTAKE_CLERK, *HEADS], basis),
        transition("sign", _("签收"), [S.ASSIGNED], work, OFFICERS, basis),
        transition("return", _("退回"), [S.ASSIGNED, work], S.REGISTERED, [Role.INTAKE_CLERK, *OFFICERS],
                   f"{COMPLAINT_RULES}第四十一条第二款"),
        # 投诉举报处理办法第四十一条第二款: the unit that was sent it gives it back and does not pass it on by itself.
        transition("hand_over", _("移交其他机构"), held, S.ASSIGNED, [Role.INTAKE_CLERK, Role.BUREAU_HEAD],
                   f"{RULES}第十四条"),
        transition("take_over", _("提级办理"), held, S.ASSIGNED, [Role.BUREAU_HEAD], f"{RULES}第十五条第二款"),
        transition("hand_down", _("交由下级办理"), held, S.ASSIGNED, [Role.BUREAU_HEAD], f"{RULES}第十五条第一款"),
        transition("raise_dispute", _("提出权限争议"), [S.ASSIGNED, *worked], None, [Role.INTAKE_CLERK, *HEADS],
                   f"{RULES}第十三条、{COMPLAINT_RULES}第三十三条"),
        transition("split", _("分别登记投诉和举报"), [S.REGISTERED, S.ASSIGNED, work], None, EVERYBODY,
                   f"{COMPLAINT_RULES}第九条"),
        transition("merge", _("并入另一条线索"), [S.REGISTERED, S.ASSIGNED, work], S.MERGED,
                   [Role.INTAKE_CLERK, *HEADS], f"{COMPLAINT_RULES}第三十五条第二款"),
        transition("unmerge", _("解除并入"), [S.MERGED], S.REGISTERED, [Role.INTAKE_CLERK, *HEADS],
                   f"{COMPLAINT_RULES}第三十五条第二款"),
        transition("attach", _("上传材料"), [*held, *decided], None, EVERYBODY, basis),
    )  # fmt: skip


LOG, ASSIGN, SIGN, RETURN, HAND_OVER, TAKE_OVER, HAND_DOWN, RAISE_DISPUTE, SPLIT, MERGE, UNMERGE, ATTACH = _custody(
    S.VERIFYING, [S.VERIFYING, S.VERIFIED], [S.FILED, S.NOT_FILED, S.TRANSFERRED, S.AS_COMPLAINT], f"{RULES}第十八条"
)

# ---- verification and the decision whether to file ------------------------------------------------------------------

HEAD = [Role.BUREAU_HEAD]
CHECK = transition("check", _("记录核查"), [S.VERIFYING], None, OFFICERS, f"{RULES}第十八条、第二十二条")
EXTEND = transition("extend", _("延长核查期限"), VERIFICATION_STATES, None, HEAD, f"{RULES}第十八条第一款")
EXCLUDE = transition("exclude", _("扣除检验鉴定期间"), VERIFICATION_STATES, None, HEAD, f"{RULES}第十八条第二款")
REPORT = transition("report", _("提交核查结果"), [S.VERIFYING], S.VERIFIED, OFFICERS, f"{RULES}第十八条")
SEND_BACK = transition("send_back", _("退回补充核查"), [S.VERIFIED], S.VERIFYING, HEAD, f"{RULES}第十八条")
FILE = transition("file", _("决定立案"), [S.VERIFIED], S.FILED, HEAD, f"{RULES}第十八条、第十九条")
DECLINE = transition("decline", _("决定不予立案"), [S.VERIFIED], S.NOT_FILED, HEAD, f"{RULES}第十八条、第二十条")
TRANSFER = transition("transfer", _("移送其他部门"), [S.VERIFIED], S.TRANSFERRED, HEAD, f"{RULES}第十四条、第十七条")
# Follows from the transfer of a case by another authority: its lead is sent to an office and to be signed for at once.
RECEIVE = transition("receive", _("接收移送的案件"), [], S.ASSIGNED, [], f"{RULES}第十四条")
TREAT_AS_COMPLAINT = transition(
    "treat_as_complaint", _("转为投诉处理"), [S.VERIFIED], S.AS_COMPLAINT, HEAD, f"{COMPLAINT_RULES}第三条、第九条"
)
RECORD_RECEIPT = transition("record_receipt", _("登记移送回执"), [S.TRANSFERRED], None, EVERYBODY, f"{RULES}第十七条")
GIVE_FEEDBACK = transition(
    "give_feedback", _("登记结果反馈"), [S.FILED, S.NOT_FILED, S.TRANSFERRED], None, EVERYBODY,
    f"{COMPLAINT_RULES}第三十六条",
)  # fmt: skip

LEAD_TABLE = (
    LOG, RECEIVE, ASSIGN, SIGN, RETURN, HAND_OVER, TAKE_OVER, HAND_DOWN, RAISE_DISPUTE, SPLIT, CHECK, EXTEND, EXCLUDE,
    REPORT, SEND_BACK, FILE, DECLINE, TRANSFER, TREAT_AS_COMPLAINT, RECORD_RECEIPT, GIVE_FEEDBACK, MERGE, UNMERGE, ATTACH,
)  # fmt: skip

# ---- complaints: acceptance and mediation ---------------------------------------------------------------------------

DECIDERS = [Role.HANDLER, *HEADS]
ACCEPT = transition("accept", _("受理投诉"), [S.ACCEPTING], S.MEDIATING, DECIDERS, f"{COMPLAINT_RULES}第十五条")
REFUSE = transition("refuse", _("不予受理"), [S.ACCEPTING], S.REFUSED, DECIDERS, f"{COMPLAINT_RULES}第十五条、第十六条")
EXCLUDE_MEDIATION = transition(
    "exclude_mediation", _("扣除鉴定检测期间"), [S.MEDIATING], None, DECIDERS, f"{COMPLAINT_RULES}第二十二条第三款"
)
SETTLE = transition("settle", _("达成调解协议"), [S.MEDIATING], S.SETTLED, DECIDERS, f"{COMPLAINT_RULES}第二十四条")
END = transition("end", _("终止调解"), [S.MEDIATING], S.ENDED, DECIDERS, f"{COMPLAINT_RULES}第二十三条")
TELL = transition("tell", _("登记终止调解告知"), [S.ENDED], None, EVERYBODY, f"{COMPLAINT_RULES}第二十三条第二款")
FOUND = transition(
    "found", _("登记调解中发现的线索"), [S.MEDIATING, S.SETTLED, S.ENDED], None, DECIDERS,
    f"{COMPLAINT_RULES}第二十七条",
)  # fmt: skip

COMPLAINT_TABLE = (
    *_custody(
        S.ACCEPTING, [S.ACCEPTING, S.MEDIATING], [S.SETTLED, S.ENDED, S.REFUSED],
        f"{COMPLAINT_RULES}第十五条、第四十一条",
    ),
    ACCEPT, REFUSE, EXCLUDE_MEDIATION, SETTLE, END, TELL, FOUND,
)  # fmt: skip

# What merging leaves in the history of others: of the original, and of what is merged into one that goes elsewhere.
MERGED_IN = transition("merged_in", _("另一条线索并入"), OPEN_STATES, None, MERGE.roles, MERGE.basis)
UNMERGED_FROM = transition("unmerged_from", _("另一条线索解除并入"), OPEN_STATES, None, UNMERGE.roles, UNMERGE.basis)
FOLLOW = transition("follow", _("随主线索移交"), [S.MERGED], None, EVERYBODY, MERGE.basis)

OTHERS_TABLE = tuple(row for row in LEAD_TABLE if row not in (SPLIT, TREAT_AS_COMPLAINT))
TRANSITIONS = (*LEAD_TABLE, *(row for row in COMPLAINT_TABLE if row.name not in {each.name for each in LEAD_TABLE}))


def table_of(channel: str) -> tuple[Transition, ...]:
    """The state table a lead of this channel goes by; only reports may hold a complaint or turn out to be one."""
    if channel == Channel.COMPLAINT:
        return COMPLAINT_TABLE
    return LEAD_TABLE if channel == Channel.REPORT else OTHERS_TABLE


def row_of(channel: str, row: Transition) -> Transition | None:
    """The row of the same verb in the table of this channel; None where that table has no such verb."""
    return next((each for each in table_of(channel) if each.name == row.name), None)


class Proposal(TextChoices):
    """What an officer may propose to the head: the state the decision would lead to."""

    FILED = "filed", pgettext_lazy("proposal", "立案")
    NOT_FILED = "not_filed", pgettext_lazy("proposal", "不予立案")
    TRANSFERRED = "transferred", _("移送其他部门")
    AS_COMPLAINT = "as_complaint", _("转为投诉处理")


class DeclineGround(TextChoices):
    """程序规定第二十条 (the four cases in which filing may be declined)."""

    MINOR = "minor", _("违法行为轻微并及时改正，没有造成危害后果")
    FIRST = "first", _("初次违法且危害后果轻微并及时改正")
    NO_FAULT = "no_fault", _("当事人有证据足以证明没有主观过错")
    OTHER = "other", _("依法可以不予立案的其他情形")


class NoPenaltyList(TextChoices):
    """The lists authorities keep for the first two grounds (行政处罚法第三十三条); values as in :class:`DeclineGround`."""

    MINOR = "minor", _("轻微免罚")
    FIRST = "first", _("首违不罚")


class RefusalGround(TextChoices):
    """投诉举报处理办法第十六条 (when a complaint is not accepted)."""

    NO_POWER = "no_power", _("投诉事项不属于市场监督管理部门职责，或者本行政机关不具有处理权限")
    HANDLED_ELSEWHERE = (
        "handled_elsewhere",
        _("法院、仲裁机构、市场监督管理部门或者其他行政机关、消费者协会已经受理或者处理过同一消费者权益争议"),
    )
    NOT_CONSUMER = (
        "not_consumer",
        _("不是为生活消费需要购买、使用商品或者接受服务，或者不能证明与被投诉人之间存在消费者权益争议"),
    )
    OVER_THREE_YEARS = "over_three_years", _("知道或者应当知道权益受到侵害之日起超过三年")
    NO_MATERIAL = "no_material", _("未提供规定的材料，或者提供虚假材料")
    FALSE_IDENTITY = "false_identity", _("冒用他人名义或者拒不配合核验真实身份信息")
    OTHER = "other", _("法律、法规、规章规定不予受理的其他情形")


class EndGround(TextChoices):
    """投诉举报处理办法第二十三条第一款 (when mediation ends without agreement)."""

    WITHDRAWN = "withdrawn", _("投诉人撤回投诉或者双方自行和解")
    ABSENT = "absent", _("投诉人、被投诉人无正当理由不参加调解，或者明确拒绝调解")
    NO_AGREEMENT = "no_agreement", _("经组织调解，一方明确表示无法达成调解协议")
    NO_TEST_COST = "no_test_cost", _("对鉴定、检测费用承担无法协商一致")
    TERM_OVER = "term_over", _("自投诉受理之日起六十日内未能达成调解协议")
    NOT_ACCEPTABLE = "not_acceptable", _("受理后发现存在不予受理或者涉嫌骗赔、敲诈勒索的情形")
    PARTY_GONE = "party_gone", _("投诉人、被投诉人死亡或者主体资格灭失")
    OTHER = "other", _("法律、法规、规章规定的应当终止调解的其他情形")


class CheckKind(TextChoices):
    """How something was verified; the first two need two officers (程序规定第二十二条)."""

    SITE = "site", _("现场检查")
    INQUIRY = "inquiry", _("询问当事人或者有关人员")
    DOCUMENTS = "documents", _("查阅、调取资料")
    REMOTE = "remote", _("网络、电话核实")
    OTHER = "other", _("其他方式")


TWO_OFFICERS = (CheckKind.SITE, CheckKind.INQUIRY)


class FilePurpose(TextChoices):
    """What a file of a lead is; those of a check carry the check's own (:attr:`clues.models.Check.file_purpose`)."""

    MATERIAL = "material", _("来源材料")
    TEST_REPORT = "test_report", _("检验检测鉴定报告")
    PAPER = "paper", _("文书笔录")
    RECEIPT = "receipt", _("回执回函")


class DisputeState(TextChoices):
    NEGOTIATING = "negotiating", _("协商中")
    ESCALATED = "escalated", _("已报请指定")
    AGREED = "agreed", _("协商一致")
    DESIGNATED = "designated", _("已指定")


DISPUTE_BASIS = f"{RULES}第十三条、{COMPLAINT_RULES}第三十三条"
SETTLE_DISPUTE = transition(
    "settle_dispute", _("登记协商结果"), [DisputeState.NEGOTIATING], DisputeState.AGREED,
    [Role.INTAKE_CLERK, *HEADS], DISPUTE_BASIS,
)  # fmt: skip
ESCALATE_DISPUTE = transition(
    "escalate_dispute", _("报请共同的上一级指定"), [DisputeState.NEGOTIATING], DisputeState.ESCALATED,
    [Role.INTAKE_CLERK, *HEADS], DISPUTE_BASIS,
)  # fmt: skip
# From negotiation too: 也可以直接由共同的上一级指定 (both articles).
DESIGNATE = transition(
    "designate", _("指定承办机构"), [DisputeState.NEGOTIATING, DisputeState.ESCALATED], DisputeState.DESIGNATED, HEAD,
    f"{DISPUTE_BASIS}、{RULES}第十六条",
)  # fmt: skip
DISPUTE_TABLE = (SETTLE_DISPUTE, ESCALATE_DISPUTE, DESIGNATE)

# What changes whose a lead is, or in whose hands: whoever acts on an older picture is told.
CUSTODY = frozenset(
    row.name
    for row in (ASSIGN, SIGN, RETURN, HAND_OVER, TAKE_OVER, HAND_DOWN, MERGE, UNMERGE, SETTLE_DISPUTE, DESIGNATE)
)


class FactsGoOn(TextChoices):
    """How a lead stands to the one it is merged into: what the law makes of its periods."""

    SAME_AGAIN = "same_again", _("同一举报人就同一事实重复举报：不再另行处理")
    NEW_FACTS = "new_facts", _("同一举报人补充新的事实：合并处理，重新计算期限")
    OTHER_PERSON = "other_person", _("不同来源反映同一事实：并案核查，各自期限照常计算")


LABELS: dict[str, str | Promise] = {row.name: row.label for row in TRANSITIONS}
