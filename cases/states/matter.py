"""The states of a case under the ordinary procedure and the moves between them, each with its article."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import Role
from core.transitions import Transition, transition

RULES = "市场监督管理行政处罚程序规定"
HEARING_RULES = "市场监督管理行政处罚听证办法"


class CaseState(TextChoices):
    INVESTIGATING = "investigating", _("调查中")
    SUSPENDED = "suspended", pgettext_lazy("state", "中止调查")
    UNDER_REVIEW = "under_review", _("审核中")
    REVIEWED = "reviewed", _("审核通过")
    APPROVED = "approved", _("已批准告知")
    NOTIFIED = "notified", _("已告知")
    HEARING = "hearing", pgettext_lazy("state", "听证中")
    HEARD = "heard", _("听证结束")
    LEGAL_REVIEW = "legal_review", _("法制审核中")
    DECIDED = "decided", _("已决定")
    SERVED = "served", _("已送达")
    PERFORMED = "performed", _("已履行")
    ENDED = "ended", _("待结案")
    CLOSED = "closed", _("已结案")
    MERGED = "merged", _("已并案")
    ARCHIVED = "archived", _("已归档")


class Procedure(TextChoices):
    """程序规定第三章、第四章."""

    ORDINARY = "ordinary", _("普通程序")
    SUMMARY = "summary", _("简易程序")


class PartyKind(TextChoices):
    """Whom the thresholds of 程序规定第六十六条 and 听证办法第五条 tell apart."""

    PERSON = "person", _("自然人")
    ORGANISATION = "organisation", _("法人或者其他组织")


class Outcome(TextChoices):
    """How a case ends: the five of 程序规定第六十条第一款, and what ends it without one of them."""

    PENALTY = "penalty", _("行政处罚")
    EXEMPT = "exempt", _("确有违法行为，依法不予行政处罚")
    UNFOUNDED = "unfounded", _("违法事实不能成立，不予行政处罚")
    TRANSFERRED = "transferred", _("移送其他行政管理部门")
    REFERRED = "referred", _("涉嫌犯罪，移送司法机关")
    TERMINATED = "terminated", _("终止调查")
    WITHDRAWN = "withdrawn", _("撤销立案")
    MERGED = "merged", _("并入他案")


S = CaseState
OFFICER = [Role.HANDLER]
HEAD = [Role.BUREAU_HEAD]
REVIEWER = [Role.LEGAL_REVIEWER, Role.UNIT_HEAD]
BEFORE_NOTICE = [S.INVESTIGATING, S.UNDER_REVIEW, S.REVIEWED, S.APPROVED]
BEFORE_DECISION = [*BEFORE_NOTICE, S.NOTIFIED, S.HEARING, S.HEARD, S.LEGAL_REVIEW]
AT_WORK = [*BEFORE_DECISION, S.SUSPENDED]
COUNTING = [state for state in BEFORE_DECISION if state != S.HEARING]  # for a hearing the ninety days stand still

# Beginning
FILE = transition("file", _("立案"), [], S.INVESTIGATING, HEAD, f"{RULES}第十八条、第十九条")
# Whoever takes part in a case declares, not the officers alone; conflict() says who takes part.
DECLARE = transition(
    "declare",
    _("声明有无回避情形"),
    AT_WORK,
    None,
    [Role.HANDLER, Role.LEGAL_REVIEWER, Role.UNIT_HEAD],
    f"{RULES}第四条",
)
REASSIGN = transition(
    "reassign",
    _("更换办案人员"),
    [*AT_WORK, S.DECIDED, S.SERVED, S.PERFORMED, S.ENDED],
    None,
    [Role.UNIT_HEAD, Role.BUREAU_HEAD],
    f"{RULES}第十九条第二款",
)
# The ninety days
SUSPEND = transition("suspend", _("中止调查"), [S.INVESTIGATING], S.SUSPENDED, HEAD, f"{RULES}第四十六条第一款")
RESUME = transition("resume", _("恢复调查"), [S.SUSPENDED], S.INVESTIGATING, HEAD, f"{RULES}第四十六条第二款")
EXTEND = transition("extend", _("延长办案期限"), COUNTING, None, HEAD, f"{RULES}第六十四条第一款")
EXCLUDE = transition("exclude", _("扣除检验鉴定等期间"), COUNTING, None, HEAD, f"{RULES}第六十四条第二款")
# Report, review, approval
PROPOSE = transition("propose", _("拟定处理意见"), [S.INVESTIGATING], None, OFFICER, f"{RULES}第四十八条第五项、第六项")
CONCLUDE = transition(
    "conclude", _("调查终结送审"), [S.INVESTIGATING], S.UNDER_REVIEW, OFFICER, f"{RULES}第四十八条、第四十九条"
)
PASS_REVIEW = transition(
    "pass_review", _("审核同意"), [S.UNDER_REVIEW], S.REVIEWED, REVIEWER, f"{RULES}第四十九条、第五十四条第一项"
)
RETURN_REVIEW = transition(
    "return_review",
    _("退回补充调查或者纠正"),
    [S.UNDER_REVIEW],
    S.INVESTIGATING,
    REVIEWER,
    f"{RULES}第五十四条第二项至第四项",
)
EXTEND_REVIEW = transition(
    "extend_review", _("延长审核期限"), [S.UNDER_REVIEW, S.LEGAL_REVIEW], None, HEAD, f"{RULES}第五十五条"
)
APPROVE_NOTICE = transition("approve_notice", _("批准告知"), [S.REVIEWED], S.APPROVED, HEAD, f"{RULES}第五十六条")
# What was reviewed, approved or told is not what stands any more: review, approval and notice begin anew.
REVISE = transition(
    "revise",
    _("变更处理意见"),
    [S.REVIEWED, S.APPROVED, S.NOTIFIED, S.HEARD],
    S.INVESTIGATING,
    [Role.HANDLER, Role.BUREAU_HEAD],
    f"{RULES}第五十六条、第五十七条",
)
# The party is told and heard
NOTIFY = transition(
    "notify", _("送达行政处罚告知书"), [S.APPROVED], S.NOTIFIED, OFFICER, f"{RULES}第五十六条、第五十七条"
)
RECORD_DEFENCE = transition(
    "record_defence", _("登记陈述申辩及复核"), [S.NOTIFIED, S.HEARING, S.HEARD], None, OFFICER, f"{RULES}第五十八条"
)
REQUEST_HEARING = transition(
    "request_hearing",
    _("登记听证要求"),
    [S.NOTIFIED],
    S.HEARING,
    [Role.HANDLER, Role.BUREAU_HEAD],
    f"{HEARING_RULES}第七条",
)
# Before a host is named it is a head who records that the party withdrew.
END_HEARING = transition(
    "end_hearing", _("终止听证"), [S.HEARING], S.NOTIFIED, [*REVIEWER, *HEAD], f"{HEARING_RULES}第二十七条"
)
REPORT_HEARING = transition(
    "report_hearing", _("提交听证报告"), [S.HEARING], S.HEARD, REVIEWER, f"{HEARING_RULES}第二十九条"
)
SUBMIT_LEGAL_REVIEW = transition(
    "submit_legal_review",
    _("听证后送法制审核"),
    [S.HEARD],
    S.LEGAL_REVIEW,
    OFFICER,
    f"{RULES}第五十条第一款第二项、第二款",
)
PASS_LEGAL_REVIEW = transition(
    "pass_legal_review",
    _("法制审核同意"),
    [S.LEGAL_REVIEW],
    S.NOTIFIED,
    [Role.LEGAL_REVIEWER],
    f"{RULES}第五十条、第五十四条第一项",
)
RETURN_LEGAL_REVIEW = transition(
    "return_legal_review",
    _("法制审核退回"),
    [S.LEGAL_REVIEW],
    S.HEARD,
    [Role.LEGAL_REVIEWER],
    f"{RULES}第五十四条第二项至第四项",
)
DISCUSS = transition(
    "discuss",
    _("登记集体讨论"),
    [*BEFORE_DECISION, S.SUSPENDED],
    None,
    HEAD,
    f"{RULES}第六十条第二款、第六十四条第一款；行政处罚法第五十七条第二款",
)
# The decision and what comes of it
DECIDE = transition("decide", _("作出行政处罚决定"), [S.NOTIFIED], S.DECIDED, HEAD, f"{RULES}第六十条第一款第一项")
SPARE = transition(
    "spare",
    _("决定不予行政处罚"),
    [S.REVIEWED, S.APPROVED, S.NOTIFIED],
    S.DECIDED,
    HEAD,
    f"{RULES}第六十条第一款第二项、第三项",
)
TRANSFER = transition(
    "transfer",
    _("移送其他行政管理部门"),
    [S.INVESTIGATING, S.REVIEWED, S.NOTIFIED],
    S.ENDED,
    HEAD,
    f"{RULES}第十四条、第十七条第一款、第六十条第一款第四项",
)
REFER = transition(
    "refer",
    _("移送司法机关"),
    [S.INVESTIGATING, S.REVIEWED, S.NOTIFIED],
    S.ENDED,
    HEAD,
    f"{RULES}第十七条第二款、第六十条第一款第五项",
)
TERMINATE = transition("terminate", _("终止调查"), [S.INVESTIGATING, S.SUSPENDED], S.ENDED, HEAD, f"{RULES}第四十七条")
WITHDRAW = transition(
    "withdraw", _("撤销立案"), [S.INVESTIGATING, S.SUSPENDED], S.ENDED, HEAD, f"{RULES}第七十七条第一款第五项"
)
MERGE = transition(
    "merge", _("并入他案"), [S.INVESTIGATING], S.MERGED, HEAD, _("法律没有规定，本系统默认由部门负责人批准")
)
TAKE_IN = transition("take_in", _("并入的案件"), [S.INVESTIGATING], None, [], _("随他案并入自动记载"))
SPLIT = transition("split", _("分案办理"), [S.INVESTIGATING], None, HEAD, _("法律没有规定，本系统默认由部门负责人批准"))
# The case that comes of it begins here; its ninety days go on as they were.
SPLIT_OFF = transition(
    "split_off", _("分案立案"), [], S.INVESTIGATING, HEAD, _("法律没有规定，本系统默认由部门负责人批准")
)
SERVE = transition("serve", _("送达处罚决定书"), [S.DECIDED], S.SERVED, OFFICER, f"{RULES}第八十一条")
# A service recorded wrongly is taken back, with what it started, while nothing has followed: nobody is offered these.
UNNOTIFY = transition(
    "unnotify", _("撤销告知书送达登记"), [S.NOTIFIED], S.APPROVED, [], _("法律没有规定，撤销有误的送达登记后自动恢复")
)
UNSERVE = transition(
    "unserve", _("撤销决定书送达登记"), [S.SERVED], S.DECIDED, [], _("法律没有规定，撤销有误的送达登记后自动恢复")
)
UNURGE = transition(
    "unurge", _("撤销催告书送达登记"), [S.SERVED], None, [], _("法律没有规定，撤销有误的送达登记后自动恢复")
)
ANNUL = transition(
    "annul",
    _("登记决定被撤销"),
    [S.DECIDED, S.SERVED, S.PERFORMED, S.CLOSED, S.ARCHIVED],
    S.ENDED,
    HEAD,
    f"{RULES}第六十三条第二款",
)
WITHDRAW_PUBLICATION = transition(
    "withdraw_publication",
    _("登记撤回公开信息"),
    [S.SERVED, S.PERFORMED, S.ENDED, S.CLOSED, S.ARCHIVED],
    None,
    OFFICER,
    f"{RULES}第六十三条第二款",
)
# The summary procedure
DECIDE_ON_SPOT = transition(
    "decide_on_spot", _("当场作出处罚决定"), [], S.SERVED, OFFICER, f"{RULES}第六十六条至第六十九条"
)
HAND_IN = transition("hand_in", _("材料交局归档"), [S.SERVED, S.PERFORMED, S.ENDED], None, OFFICER, f"{RULES}第七十条")
# Performance
RECORD_PAYMENT = transition("record_payment", _("登记缴款"), [S.SERVED], None, OFFICER, f"{RULES}第七十二条")
DEFER = transition("defer", _("批准延期或者分期缴纳"), [S.SERVED], None, HEAD, f"{RULES}第七十四条")
URGE = transition("urge", _("登记催告书送达"), [S.SERVED], None, OFFICER, f"{RULES}第七十六条；行政强制法第五十四条")
APPLY_COURT = transition(
    "apply_court",
    _("申请法院强制执行"),
    [S.SERVED],
    None,
    HEAD,
    f"{RULES}第七十六条；行政强制法第五十三条",
)
END_EXECUTION = transition(
    "end_execution", _("登记法院裁定终结执行"), [S.SERVED], S.ENDED, HEAD, f"{RULES}第七十七条第一款第二项"
)
CEASE_EXECUTION = transition(
    "cease_execution",
    _("批准终结执行"),
    [S.SERVED],
    S.ENDED,
    HEAD,
    f"行政强制法第四十条；{RULES}第七十七条第一款第五项",
)
# Follows by itself from the payment that completes what is due: nobody is offered it.
PERFORM = transition("perform", _("履行完毕"), [S.SERVED], S.PERFORMED, [], f"{RULES}第七十七条第一款第一项")
# A payment taken back, or a late fine charged, leaves something to be paid again: nobody is offered it.
UNPERFORM = transition(
    "unperform", _("恢复为未履行完毕"), [S.PERFORMED], S.SERVED, [], _("法律没有规定，更正缴款或者加处罚款后自动恢复")
)
CLOSE = transition("close", _("批准结案"), [S.PERFORMED, S.ENDED], S.CLOSED, HEAD, f"{RULES}第七十七条第一款")
ARCHIVE = transition("archive", _("立卷归档"), [S.CLOSED], S.ARCHIVED, OFFICER, f"{RULES}第七十八条")

TRANSITIONS = (
    FILE, DECLARE, SUSPEND, RESUME, EXTEND, EXCLUDE, REASSIGN, PROPOSE, CONCLUDE, PASS_REVIEW, RETURN_REVIEW,
    EXTEND_REVIEW, APPROVE_NOTICE, REVISE, NOTIFY, REQUEST_HEARING, END_HEARING, REPORT_HEARING,
    SUBMIT_LEGAL_REVIEW, PASS_LEGAL_REVIEW, RETURN_LEGAL_REVIEW, DISCUSS, RECORD_DEFENCE, DECIDE, SERVE,
    RECORD_PAYMENT, DEFER, URGE, APPLY_COURT, END_EXECUTION, CEASE_EXECUTION, PERFORM, UNPERFORM, CLOSE,
    SPARE, TRANSFER, REFER, TERMINATE, WITHDRAW, MERGE, TAKE_IN, SPLIT, SPLIT_OFF, ANNUL, WITHDRAW_PUBLICATION,
    UNNOTIFY, UNSERVE, UNURGE, ARCHIVE,
)  # fmt: skip
# Of the rows above a case decided on the spot knows those that follow its service.
SUMMARY_TRANSITIONS = (
    DECIDE_ON_SPOT, HAND_IN, REASSIGN, RECORD_PAYMENT, DEFER, URGE, APPLY_COURT, END_EXECUTION, CEASE_EXECUTION,
    PERFORM, UNPERFORM, CLOSE, ANNUL, WITHDRAW_PUBLICATION, UNURGE, ARCHIVE,
)  # fmt: skip


def rows_for(procedure: str) -> tuple[Transition, ...]:
    """The state table of a case under this procedure."""
    return SUMMARY_TRANSITIONS if procedure == Procedure.SUMMARY else TRANSITIONS


class FilingCondition(TextChoices):
    """程序规定第十九条第一款 (all four must hold for a case to be filed)."""

    EVIDENCE = "evidence", _("有证据初步证明存在违反市场监督管理法律、法规、规章的行为")
    PUNISHABLE = "punishable", _("依据市场监督管理法律、法规、规章应当给予行政处罚")
    JURISDICTION = "jurisdiction", _("属于本部门管辖")
    WITHIN_TERM = "within_term", _("在给予行政处罚的法定期限内")


class SuspensionGround(TextChoices):
    """程序规定第四十六条第一款 (the five grounds)."""

    RELATED_RULING = (
        "related_ruling",
        _("须以相关案件的裁判结果或者其他行政决定为依据，而相关案件尚未审结或者其他行政决定尚未作出"),
    )
    INTERPRETATION = "interpretation", _("涉及法律适用等问题，需要送请有权机关作出解释或者确认")
    FORCE_MAJEURE = "force_majeure", _("因不可抗力致使案件暂时无法调查")
    MISSING_PARTY = "missing_party", _("因当事人下落不明致使案件暂时无法调查")
    OTHER = "other", _("其他应当中止调查的情形")
