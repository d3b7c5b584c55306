"""The states of a hearing and the moves between them, each with its article of 市场监督管理行政处罚听证办法 (令42)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import Role
from cases.states.matter import END_HEARING, HEAD, HEARING_RULES, OFFICER, REPORT_HEARING, REQUEST_HEARING, REVIEWER
from core.transitions import Transition, transition


class HearingState(TextChoices):
    REQUESTED = "requested", _("已要求听证")
    HOST_NAMED = "host_named", _("已确定主持人")
    MATERIALS_RECEIVED = "materials_received", _("已移交材料")
    SCHEDULED = "scheduled", _("已确定时间地点")
    SUSPENDED = "suspended", pgettext_lazy("state", "中止听证")
    HELD = "held", _("听证会结束")
    REPORTED = "reported", _("已提交听证报告")
    ENDED = "ended", pgettext_lazy("state", "终止听证")


S = HearingState
CLOSED_STATES = (S.REPORTED, S.ENDED)
BEFORE_HELD = [S.REQUESTED, S.HOST_NAMED, S.MATERIALS_RECEIVED, S.SCHEDULED, S.SUSPENDED]
WITH_HOST = [S.HOST_NAMED, S.MATERIALS_RECEIVED, S.SCHEDULED, S.SUSPENDED]
# Named for this hearing, whatever their post: which of them may, cases.policies.hearing says.
HOSTING = [Role.HANDLER, *REVIEWER]

NAME_HOST = transition(
    "name_host", _("确定听证主持人"), [S.REQUESTED], S.HOST_NAMED, HEAD, f"{HEARING_RULES}第十一条第一款、第十八条"
)
CHANGE_HOSTS = transition(
    "change_hosts", _("更换听证人员"), WITH_HOST, None, HEAD, f"{HEARING_RULES}第四条、第十一条第一款"
)
HAND_MATERIALS = transition(
    "hand_materials", _("移交案件材料"), [S.HOST_NAMED], S.MATERIALS_RECEIVED, OFFICER, f"{HEARING_RULES}第十九条"
)
SCHEDULE = transition(
    "schedule_hearing",
    _("确定听证时间地点"),
    [S.MATERIALS_RECEIVED],
    S.SCHEDULED,
    REVIEWER,
    f"{HEARING_RULES}第十一条第二款、第二十条、第二十二条第一款",
)
RESCHEDULE = transition(
    "reschedule_hearing", _("改期听证"), [S.SCHEDULED], None, REVIEWER, f"{HEARING_RULES}第十二条第一款第一项、第二十条"
)
TELL = transition(
    "record_hearing_notice",
    _("登记听证通知"),
    [S.SCHEDULED],
    None,
    HOSTING,
    f"{HEARING_RULES}第二十条第一款、第三款，第二十一条",
)
# A notice whose service was recorded wrongly, taken back with it: nobody is offered this.
UNTELL = transition(
    "take_back_hearing_notice",
    _("撤销听证通知送达登记"),
    [S.SCHEDULED],
    None,
    [],
    _("法律没有规定，撤销有误的送达登记后自动恢复"),
)
ANNOUNCE = transition(
    "announce_hearing", _("登记听证公告"), [S.SCHEDULED], None, HOSTING, f"{HEARING_RULES}第二十二条第二款"
)
ASK_RECUSAL = transition(
    "ask_hearing_recusal",
    _("登记回避申请"),
    [S.SCHEDULED],
    S.SUSPENDED,
    HOSTING,
    f"{HEARING_RULES}第四条第一款、第二十四条、第二十六条第一款第三项",
)
DECIDE_RECUSAL = transition(
    "decide_hearing_recusal",
    _("决定听证人员回避"),
    [S.SUSPENDED],
    None,
    [*HEAD, *REVIEWER],
    f"{HEARING_RULES}第四条第二款",
)
SUSPEND = transition(
    "suspend_hearing",
    _("中止听证"),
    [S.SCHEDULED],
    S.SUSPENDED,
    REVIEWER,
    f"{HEARING_RULES}第十二条第一款第五项、第二十六条第一款",
)
RESUME = transition(
    "resume_hearing", _("恢复听证"), [S.SUSPENDED], S.SCHEDULED, REVIEWER, f"{HEARING_RULES}第二十六条第二款"
)
HOLD = transition(
    "hold_hearing",
    _("登记听证笔录"),
    [S.SCHEDULED],
    S.HELD,
    HOSTING,
    f"{HEARING_RULES}第二十三条至第二十五条、第二十八条",
)
# These three move the case too: their rows there say who may.
REQUEST = transition(REQUEST_HEARING.name, REQUEST_HEARING.label, [], S.REQUESTED, REQUEST_HEARING.roles, REQUEST_HEARING.basis)  # fmt: skip
REPORT = transition(REPORT_HEARING.name, REPORT_HEARING.label, [S.HELD], S.REPORTED, REPORT_HEARING.roles, REPORT_HEARING.basis)  # fmt: skip
END = transition(END_HEARING.name, END_HEARING.label, BEFORE_HELD, S.ENDED, END_HEARING.roles, END_HEARING.basis)

HEARING_TABLE: tuple[Transition, ...] = (
    REQUEST, NAME_HOST, CHANGE_HOSTS, HAND_MATERIALS, SCHEDULE, RESCHEDULE, TELL, UNTELL, ANNOUNCE, ASK_RECUSAL,
    DECIDE_RECUSAL, SUSPEND, RESUME, HOLD, REPORT, END,
)  # fmt: skip
# What is done with the hearing alone: the case stays where it is.
STEPS = tuple(row for row in HEARING_TABLE if row not in (REQUEST, REPORT, END, UNTELL))


class RequestWay(TextChoices):
    """听证办法第七条第一款: how the party asked."""

    RECEIPT = "receipt", _("在告知书送达回证上签署意见")
    WRITING = "writing", _("书面提出")
    ORAL = "oral", _("口头提出，记入笔录并由当事人签名或者盖章")


class Secrecy(TextChoices):
    """听证办法第二十二条第一款: why a hearing is not public."""

    STATE = "state_secret", _("涉及国家秘密")
    TRADE = "trade_secret", _("涉及商业秘密")
    PRIVACY = "privacy", _("涉及个人隐私")


class Told(TextChoices):
    """听证办法第二十条第一款、第三款，第二十一条: who is told of time and place."""

    PARTY = "party", _("当事人（听证通知书）")
    THIRD_PARTY = "third_party", _("第三人")
    OFFICERS = "officers", _("办案人员（并退回案件材料）")


class HearingPause(TextChoices):
    """听证办法第二十六条第一款 (the five grounds)."""

    FORCE_MAJEURE = "force_majeure", _("当事人因不可抗力无法参加听证的")
    SUCCESSION = "succession", _("当事人死亡或者终止，需要确定相关权利义务承受人的")
    RECUSAL = "recusal_asked", _("当事人临时提出回避申请，无法当场作出决定的")
    EVIDENCE = "new_evidence", _("需要通知新的证人到场或者需要重新鉴定的")
    OTHER = "other", _("其他需要中止听证的情形")


class HearingEnd(TextChoices):
    """听证办法第二十七条 (the five grounds)."""

    WITHDRAWN = "request_withdrawn", _("当事人撤回听证申请或者明确放弃听证权利的")
    ABSENT = "party_absent", _("当事人无正当理由拒不到场参加听证的")
    LEFT = "party_left", _("当事人未经听证主持人允许中途退场的")
    NO_SUCCESSOR = "no_successor", _("当事人死亡或者终止，并且无权利义务承受人的")
    OTHER = "other", _("其他需要终止听证的情形")


class Attendance(TextChoices):
    """听证办法第十条: as what somebody takes part."""

    PARTY = "party", _("当事人")
    AGENT = "agent", _("当事人的委托代理人")
    THIRD_PARTY = "third_party", _("第三人")
    THIRD_AGENT = "third_agent", _("第三人的委托代理人")
    OFFICER = "handler", _("办案人员")
    WITNESS = "witness", _("证人")
    APPRAISER = "appraiser", _("鉴定人")
    INTERPRETER = "interpreter", _("翻译人员")
    OTHER = "other", _("其他有关人员")


AGENTS = (Attendance.AGENT, Attendance.THIRD_AGENT)
