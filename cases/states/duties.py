"""Who may take part: declarations and recusal (回避), and the review of a case with its rounds (审核)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cases.states.matter import AT_WORK, HEAD, OFFICER, RULES
from core.transitions import transition

PENALTY_LAW = "行政处罚法"


class Capacity(TextChoices):
    """In what capacity somebody takes part in a case."""

    OFFICER = "officer", _("办案人员")
    REVIEWER = "reviewer", _("审核人员")
    HOST = "host", _("听证主持人")


class Interest(TextChoices):
    """程序规定第四条第一款 (why somebody withdraws)."""

    DIRECT = "direct", _("与案件有直接利害关系")
    OTHER = "other", _("与案件有其他关系可能影响公正执法")


class RecusalAsker(TextChoices):
    SELF = "self", _("本人声明")
    PARTY = "party", _("当事人申请")


class RecusalRank(TextChoices):
    """程序规定第四条第一款 (who decides depends on whose withdrawal it is)."""

    DISCUSSION = "discussion", _("部门负责人集体讨论")
    MAIN_HEAD = "main_head", _("部门主要负责人")
    HEAD = "head", _("部门负责人")


class RecusalState(TextChoices):
    PENDING = "pending", _("待决定")
    GRANTED = "granted", _("应当回避")
    REFUSED = "refused", _("不需要回避")


ASK_RECUSAL = transition(
    "ask_recusal",
    _("登记当事人的回避申请"),
    AT_WORK,
    None,
    OFFICER,
    f"{RULES}第四条；{PENALTY_LAW}第四十三条第二款",
)
GRANT_RECUSAL = transition(
    "grant_recusal", _("决定回避"), [RecusalState.PENDING], RecusalState.GRANTED, HEAD, f"{RULES}第四条第一款"
)
REFUSE_RECUSAL = transition(
    "refuse_recusal", _("决定不予回避"), [RecusalState.PENDING], RecusalState.REFUSED, HEAD, f"{RULES}第四条第一款"
)
RECUSAL_TRANSITIONS = (GRANT_RECUSAL, REFUSE_RECUSAL)


class ReviewKind(TextChoices):
    """程序规定第四十九条第二款."""

    CASE = "case", _("案件审核")
    LEGAL = "legal", _("法制审核")


class ReviewGround(TextChoices):
    """程序规定第五十条第一款 (any one of them makes the review a legal one)."""

    PUBLIC_INTEREST = "public_interest", _("涉及重大公共利益")
    HEARD = "heard", _("直接关系当事人或者第三人重大权益，经过听证程序")
    COMPLEX = "complex", _("案件情况疑难复杂、涉及多个法律关系")
    BY_LAW = "by_law", _("法律、法规规定应当进行法制审核的其他情形")


class ReviewHead(TextChoices):
    """程序规定第五十三条 (what is reviewed)."""

    JURISDICTION = "jurisdiction", _("是否具有管辖权")
    PARTY = "party", _("当事人的基本情况是否清楚")
    FACTS = "facts", _("案件事实是否清楚、证据是否充分")
    NATURE = "nature", _("定性是否准确")
    BASIS = "basis", _("适用依据是否正确")
    PROCEDURE = "procedure", _("程序是否合法")
    MEASURE = "measure", _("处理是否适当")


class ReviewOutcome(TextChoices):
    """程序规定第五十四条."""

    AGREE = "agree", _("同意案件处理意见")
    CORRECT = "correct", _("建议纠正")
    SUPPLEMENT = "supplement", _("建议补充调查")
    OTHER = "other", _("其他意见和建议")
