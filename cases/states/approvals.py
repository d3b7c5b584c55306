"""Approval in writing: an officer asks for what a head must decide, and the heads sign in order (审批)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import Role
from cases.states import matter as states
from clues import states as lead_states
from core.transitions import transition


class ApprovalState(TextChoices):
    ASKED = "asked", _("审批中")
    RETURNED = "returned", pgettext_lazy("approval", "已退回")
    APPROVED = "approved", pgettext_lazy("approval", "已批准")
    WITHDRAWN = "withdrawn", pgettext_lazy("approval", "已撤回")
    VOID = "void", pgettext_lazy("approval", "已失效")


class StepOutcome(TextChoices):
    APPROVED = "approved", _("同意")
    RETURNED = "returned", _("退回")


class ApprovalKind(TextChoices):
    """What may be asked for: each is a move of the case's table, filing one of the lead's."""

    FILE = "file", states.FILE.label
    SUSPEND = "suspend", states.SUSPEND.label
    EXTEND = "extend", states.EXTEND.label
    EXCLUDE = "exclude", states.EXCLUDE.label
    EXTEND_REVIEW = "extend_review", states.EXTEND_REVIEW.label
    TERMINATE = "terminate", states.TERMINATE.label
    CLOSE = "close", states.CLOSE.label


MOVES = {
    ApprovalKind.FILE: lead_states.FILE,
    ApprovalKind.SUSPEND: states.SUSPEND,
    ApprovalKind.EXTEND: states.EXTEND,
    ApprovalKind.EXCLUDE: states.EXCLUDE,
    ApprovalKind.EXTEND_REVIEW: states.EXTEND_REVIEW,
    ApprovalKind.TERMINATE: states.TERMINATE,
    ApprovalKind.CLOSE: states.CLOSE,
}
# The law names the head who decides and, for filing, the unit head who names the officers; that the unit head signs
# first everywhere is a default of this system, which an office may change (ApprovalChain).
DEFAULT_CHAIN = (Role.UNIT_HEAD, Role.BUREAU_HEAD)

SIGNERS = [Role.UNIT_HEAD, Role.BUREAU_HEAD]
BASIS = _("审批顺序由本系统默认，可以按机构调整")
A = ApprovalState
ASK = transition("ask_approval", _("报请审批"), [], A.ASKED, [Role.HANDLER], BASIS)
SIGN = transition("sign_approval", _("同意"), [A.ASKED], A.APPROVED, SIGNERS, BASIS)
RETURN = transition("return_approval", _("退回修改"), [A.ASKED], A.RETURNED, SIGNERS, BASIS)
WITHDRAW = transition("withdraw_approval", _("撤回报请"), [A.ASKED], A.WITHDRAWN, [Role.HANDLER], BASIS)
VOID = transition("void_approval", _("失效"), [A.ASKED], A.VOID, [], BASIS)
MOVED_ON = _("事项的状态已经变化，报请的内容不能再办理")
APPROVAL_TRANSITIONS = (SIGN, RETURN, WITHDRAW)
