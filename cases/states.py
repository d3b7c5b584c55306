"""The states of a case under the ordinary procedure and the moves between them, each with its article."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import Role
from core.transitions import transition

RULES = "市场监督管理行政处罚程序规定"


class CaseState(TextChoices):
    INVESTIGATING = "investigating", _("调查中")
    SUSPENDED = "suspended", pgettext_lazy("state", "中止调查")
    UNDER_REVIEW = "under_review", _("审核中")
    REVIEWED = "reviewed", _("审核通过")
    NOTIFIED = "notified", _("已告知")
    DECIDED = "decided", _("已决定")
    SERVED = "served", _("已送达")
    PERFORMED = "performed", _("已履行")
    CLOSED = "closed", _("已结案")


S = CaseState
OFFICER = [Role.HANDLER]
HEAD = [Role.BUREAU_HEAD]
BEFORE_DECISION = [S.INVESTIGATING, S.UNDER_REVIEW, S.REVIEWED, S.NOTIFIED]

FILE = transition("file", _("立案"), [], S.INVESTIGATING, HEAD, f"{RULES}第十八条、第十九条")
SUSPEND = transition("suspend", _("中止调查"), [S.INVESTIGATING], S.SUSPENDED, HEAD, f"{RULES}第四十六条第一款")
RESUME = transition("resume", _("恢复调查"), [S.SUSPENDED], S.INVESTIGATING, HEAD, f"{RULES}第四十六条第二款")
EXTEND = transition("extend", _("延长办案期限"), BEFORE_DECISION, None, HEAD, f"{RULES}第六十四条第一款")
EXCLUDE = transition("exclude", _("扣除检验鉴定等期间"), BEFORE_DECISION, None, HEAD, f"{RULES}第六十四条第二款")
REASSIGN = transition(
    "reassign",
    _("更换主办人员"),
    [*BEFORE_DECISION, S.SUSPENDED, S.DECIDED, S.SERVED, S.PERFORMED],
    None,
    [Role.UNIT_HEAD, Role.BUREAU_HEAD],
    f"{RULES}第十九条第二款",
)
CONCLUDE = transition(
    "conclude", _("调查终结送审"), [S.INVESTIGATING], S.UNDER_REVIEW, OFFICER, f"{RULES}第四十八条、第四十九条"
)
PASS_REVIEW = transition(
    "pass_review",
    _("审核同意"),
    [S.UNDER_REVIEW],
    S.REVIEWED,
    [Role.LEGAL_REVIEWER],
    f"{RULES}第四十九条、第五十四条第一项",
)
RETURN_REVIEW = transition(
    "return_review",
    _("退回补充调查或者纠正"),
    [S.UNDER_REVIEW],
    S.INVESTIGATING,
    [Role.LEGAL_REVIEWER],
    f"{RULES}第五十四条第二项、第三项",
)
NOTIFY = transition("notify", _("送达行政处罚告知书"), [S.REVIEWED], S.NOTIFIED, OFFICER, f"{RULES}第五十七条")
DECIDE = transition("decide", _("作出行政处罚决定"), [S.NOTIFIED], S.DECIDED, HEAD, f"{RULES}第六十条第一款第一项")
SERVE = transition("serve", _("送达处罚决定书"), [S.DECIDED], S.SERVED, OFFICER, f"{RULES}第八十一条")
RECORD_PAYMENT = transition("record_payment", _("登记缴款"), [S.SERVED], None, OFFICER, f"{RULES}第七十二条")
# Follows by itself from the payment that completes what is due: nobody is offered it.
PERFORM = transition("perform", _("履行完毕"), [S.SERVED], S.PERFORMED, [], f"{RULES}第七十七条第一款第一项")
CLOSE = transition("close", _("批准结案"), [S.PERFORMED], S.CLOSED, HEAD, f"{RULES}第七十七条第一款第一项")

TRANSITIONS = (
    FILE, SUSPEND, RESUME, EXTEND, EXCLUDE, REASSIGN, CONCLUDE, PASS_REVIEW, RETURN_REVIEW, NOTIFY, DECIDE, SERVE,
    RECORD_PAYMENT, PERFORM, CLOSE,
)  # fmt: skip


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
