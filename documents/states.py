"""The states of a paper and the moves between them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.transitions import transition

BASIS = _("法律没有规定，本系统默认由承办人员办理；文书格式见市场监督管理行政处罚程序规定第八十六条")


class PaperState(TextChoices):
    DRAFT = "draft", _("草稿")
    ISSUED = "issued", _("已签发")
    VOID = "void", _("已作废")


S = PaperState
MAKERS = (Role.INTAKE_CLERK, Role.HANDLER, Role.LEGAL_REVIEWER, Role.UNIT_HEAD, Role.BUREAU_HEAD)

DRAFT_PAPER = transition("draft_paper", _("制作文书"), [], S.DRAFT, MAKERS, BASIS)
REVISE_PAPER = transition("revise_paper", _("修改草稿"), [S.DRAFT], None, MAKERS, BASIS)
ISSUE_PAPER = transition("issue_paper", _("签发文书"), [S.DRAFT], S.ISSUED, MAKERS, BASIS)
# A void paper stays with its text, its file and its number, which nobody gets a second time.
VOID_PAPER = transition("void_paper", _("作废文书"), [S.DRAFT, S.ISSUED], S.VOID, MAKERS, BASIS)

PAPER_TABLE = (DRAFT_PAPER, REVISE_PAPER, ISSUE_PAPER, VOID_PAPER)
