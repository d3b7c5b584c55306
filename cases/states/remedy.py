"""A party seeks a remedy against the decision: reconsideration, suit, appeal; and what the court does on our application."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.states.matter import HEAD, OFFICER, CaseState
from core.transitions import transition


class RemedyKind(TextChoices):
    RECONSIDERATION = "reconsideration", _("行政复议")
    LITIGATION = "litigation", _("行政诉讼（一审）")
    APPEAL = "appeal", _("行政诉讼（二审）")


class RemedyState(TextChoices):
    PENDING = "pending", pgettext_lazy("remedy", "待答复")
    ANSWERED = "answered", pgettext_lazy("remedy", "审理中")
    ENDED = "ended", pgettext_lazy("remedy", "已审结")


class RemedyResult(TextChoices):
    """行政复议法第四十一条、第六十三条至第六十八条、第七十三条, and their like in court."""

    UPHELD = "upheld", _("维持决定或者驳回请求")
    CHANGED = "changed", _("变更")
    REVOKED = "revoked", _("撤销")
    ILLEGAL = "illegal", _("确认违法，不撤销")
    INVALID = "invalid", _("确认无效")
    WITHDRAWN = "withdrawn", _("撤回申请或者起诉")
    DISMISSED = "dismissed", _("裁定驳回")
    SETTLED = "settled", _("调解")


# Nothing is left to be performed.
WITHOUT_RULING = (RemedyResult.WITHDRAWN, RemedyResult.DISMISSED)  # whatever was ruled before stands
VOIDED = frozenset({RemedyResult.REVOKED, RemedyResult.INVALID})

# What was published is withdrawn and explained (程序规定第六十三条第二款); a decision set aside is recorded as such first.
UNSETTLING = frozenset({RemedyResult.CHANGED, RemedyResult.ILLEGAL})

AFTER_SERVICE = [CaseState.SERVED, CaseState.PERFORMED, CaseState.ENDED, CaseState.CLOSED, CaseState.ARCHIVED]
OPEN = [RemedyState.PENDING, RemedyState.ANSWERED]
FILE_REMEDY = transition(
    "file_remedy", _("登记复议或者诉讼"), [], RemedyState.PENDING, OFFICER, "行政复议法第四十八条；行政诉讼法第六十七条"
)
ANSWER_REMEDY = transition(
    "answer_remedy", _("登记已提交答复"), [RemedyState.PENDING], RemedyState.ANSWERED, OFFICER,
    "行政复议法第四十八条；行政诉讼法第六十七条",
)  # fmt: skip
STAY_EXECUTION = transition(
    "stay_execution", _("登记停止执行"), OPEN, None, OFFICER, "行政处罚法第七十三条第一款；行政复议法第四十二条"
)
LIFT_STAY = transition("lift_stay", _("登记恢复执行"), OPEN, None, OFFICER, "行政复议法第四十二条")
END_REMEDY = transition(
    "end_remedy",
    _("登记复议或者诉讼结果"),
    OPEN,
    RemedyState.ENDED,
    OFFICER,
    "行政处罚法第七十三条；行政复议法第七十八条",
)

REMEDY_TRANSITIONS = (FILE_REMEDY, ANSWER_REMEDY, STAY_EXECUTION, LIFT_STAY, END_REMEDY)


class CourtState(TextChoices):
    """Where our application for enforcement stands."""

    APPLIED = "applied", pgettext_lazy("court", "已申请")
    ACCEPTED = "accepted", pgettext_lazy("court", "已受理")
    REFUSED = "refused", pgettext_lazy("court", "裁定不予受理")
    GRANTED = "granted", pgettext_lazy("court", "裁定准予执行")
    DENIED = "denied", pgettext_lazy("court", "裁定不予执行")
    OBJECTED = "objected", pgettext_lazy("court", "已申请上一级法院复议")
    FAILED = "failed", pgettext_lazy("court", "复议维持，程序终结")


C = CourtState
WITH_COURT = (C.APPLIED, C.ACCEPTED, C.OBJECTED)  # a court has yet to answer
ENFORCEMENT = "行政强制法"
COURT_ACCEPTS = transition(
    "court_accepts", _("登记法院受理"), [C.APPLIED, C.OBJECTED], C.ACCEPTED, OFFICER, f"{ENFORCEMENT}第五十六条第一款"
)
COURT_REFUSES = transition(
    "court_refuses", _("登记法院不予受理"), [C.APPLIED], C.REFUSED, OFFICER, f"{ENFORCEMENT}第五十六条第二款"
)
COURT_GRANTS = transition(
    "court_grants", _("登记准予执行"), [C.ACCEPTED, C.OBJECTED], C.GRANTED, OFFICER, f"{ENFORCEMENT}第五十七条"
)
COURT_DENIES = transition(
    "court_denies", _("登记不予执行"), [C.ACCEPTED], C.DENIED, OFFICER, f"{ENFORCEMENT}第五十八条第二款"
)
OBJECT_TO_COURT = transition(
    "object_to_court", _("向上一级法院申请复议"), [C.REFUSED, C.DENIED], C.OBJECTED, HEAD,
    f"{ENFORCEMENT}第五十六条第二款、第五十八条第三款",
)  # fmt: skip
OBJECTION_FAILS = transition(
    "objection_fails", _("登记复议维持"), [C.OBJECTED], C.FAILED, OFFICER,
    f"{ENFORCEMENT}第五十六条第二款、第五十八条第三款",
)  # fmt: skip
# The one verb that records any of them.
COURT_STEP = transition(
    "court_step", _("登记法院的答复"), [], None, [*OFFICER, *HEAD], f"{ENFORCEMENT}第五十六条至第五十八条"
)

COURT_TRANSITIONS = (
    COURT_ACCEPTS, COURT_REFUSES, COURT_GRANTS, COURT_DENIES, OBJECT_TO_COURT, OBJECTION_FAILS,
)  # fmt: skip
