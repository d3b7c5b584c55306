"""The states of a lead and the moves between them, each with its article."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import Role
from core.transitions import transition

RULES = "市场监督管理行政处罚程序规定"


class LeadState(TextChoices):
    REGISTERED = "registered", _("待分派")
    VERIFYING = "verifying", _("核查中")
    VERIFIED = "verified", _("待决定")
    FILED = "filed", _("已立案")
    NOT_FILED = "not_filed", _("不予立案")
    TRANSFERRED = "transferred", _("已移送")


S = LeadState
HEADS = [Role.UNIT_HEAD, Role.BUREAU_HEAD]

LOG = transition(
    "log",
    _("登记"),
    [],
    S.REGISTERED,
    [Role.INTAKE_CLERK, Role.HANDLER, Role.UNIT_HEAD, Role.BUREAU_HEAD],
    f"{RULES}第十八条",
)
ASSIGN = transition(
    "assign", _("分派"), [S.REGISTERED, S.VERIFYING], S.VERIFYING, [Role.INTAKE_CLERK, *HEADS], f"{RULES}第十八条"
)
EXTEND = transition(
    "extend", _("延长核查期限"), [S.VERIFYING, S.VERIFIED], None, [Role.BUREAU_HEAD], f"{RULES}第十八条第一款"
)
EXCLUDE = transition(
    "exclude", _("扣除检验鉴定期间"), [S.VERIFYING, S.VERIFIED], None, [Role.BUREAU_HEAD], f"{RULES}第十八条第二款"
)
REPORT = transition(
    "report", _("提交核查结果"), [S.VERIFYING], S.VERIFIED, [Role.HANDLER, Role.UNIT_HEAD], f"{RULES}第十八条"
)
SEND_BACK = transition(
    "send_back", _("退回补充核查"), [S.VERIFIED], S.VERIFYING, [Role.BUREAU_HEAD], f"{RULES}第十八条"
)
FILE = transition("file", _("决定立案"), [S.VERIFIED], S.FILED, [Role.BUREAU_HEAD], f"{RULES}第十八条、第十九条")
DECLINE = transition(
    "decline", _("决定不予立案"), [S.VERIFIED], S.NOT_FILED, [Role.BUREAU_HEAD], f"{RULES}第十八条、第二十条"
)
TRANSFER = transition(
    "transfer", _("移送其他部门"), [S.VERIFIED], S.TRANSFERRED, [Role.BUREAU_HEAD], f"{RULES}第十四条、第十七条"
)

TRANSITIONS = (LOG, ASSIGN, EXTEND, EXCLUDE, REPORT, SEND_BACK, FILE, DECLINE, TRANSFER)
OPEN_STATES = (S.REGISTERED, S.VERIFYING, S.VERIFIED)


class Proposal(TextChoices):
    """What an officer may propose to the head: the state the decision would lead to."""

    FILED = "filed", pgettext_lazy("proposal", "立案")
    NOT_FILED = "not_filed", pgettext_lazy("proposal", "不予立案")
    TRANSFERRED = "transferred", _("移送其他部门")


class Channel(TextChoices):
    COMPLAINT = "complaint", _("投诉")
    REPORT = "report", _("举报")
    INSPECTION = "inspection", _("监督检查")
    SAMPLING = "sampling", _("抽检不合格")
    TRANSFER_IN = "transfer_in", _("其他部门移送")
    ASSIGNED = "assigned", _("上级交办")
    OPINION = "opinion", _("舆情")
    DATA = "data", _("数据监测")


class DeclineGround(TextChoices):
    """程序规定第二十条 (the four cases in which filing may be declined)."""

    MINOR = "minor", _("违法行为轻微并及时改正，没有造成危害后果")
    FIRST = "first", _("初次违法且危害后果轻微并及时改正")
    NO_FAULT = "no_fault", _("当事人有证据足以证明没有主观过错")
    OTHER = "other", _("依法可以不予立案的其他情形")
