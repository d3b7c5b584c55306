"""The ways of an opening and of a reward, each move with its basis."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.transitions import transition

SECRECY = "市场监督管理投诉举报处理办法第三十七条"
REWARDS = "市场监督管理投诉举报处理办法第三十六条"
MOST_HOURS = 24  # of this system, not of the law: how long an approved opening lasts at most


class OpeningState(TextChoices):
    PENDING = "pending", _("待审批查阅")
    APPROVED = "approved", _("已批准查阅")
    REFUSED = "refused", _("不同意查阅")
    CLOSED = "closed", _("查阅已结束")


class Ground(TextChoices):
    """What the identity is needed for; 第三十七条 lets nobody know it who does not work on the report."""

    VERIFICATION = "verification", _("核实举报内容")
    MEDIATION = "mediation", _("组织调解所必需")
    FEEDBACK = "feedback", _("告知处理结果")
    REWARD = "reward", _("发放举报奖励")
    IDENTITY_CHECK = "identity_check", _("核验真实身份")
    OTHER = "other_need", _("其他办理需要")


class Wanted(TextChoices):
    """The sealed fields; a request names those it needs and opens no others."""

    NAME = "name", _("姓名")
    PHONE = "phone", _("电话号码")
    ADDRESS = "address", _("通讯地址")
    ID_NUMBER = "id_number", _("身份证件号码")


O = OpeningState  # noqa: E741 - read as a table
DECIDERS = [Role.UNIT_HEAD, Role.BUREAU_HEAD, Role.SUPERVISOR]
READERS = [Role.HANDLER, *DECIDERS]

REQUEST = transition("ask", _("申请查阅"), [], O.PENDING, READERS, SECRECY)
APPROVE = transition("approve", _("同意查阅"), [O.PENDING], O.APPROVED, DECIDERS, SECRECY)
REFUSE = transition("refuse", _("不同意查阅"), [O.PENDING], O.REFUSED, DECIDERS, SECRECY)
READ = transition("read", _("查阅身份信息"), [O.APPROVED], None, READERS, SECRECY)
CLOSE = transition("close", _("结束查阅"), [O.PENDING, O.APPROVED], O.CLOSED, READERS, SECRECY)
OPENING_TRANSITIONS = (REQUEST, APPROVE, REFUSE, READ, CLOSE)


class RewardState(TextChoices):
    PROPOSED = "proposed", _("奖励待审批")
    APPROVED = "granted", _("奖励已批准")
    REFUSED = "denied", _("不予奖励")
    TOLD = "told", _("待举报人领取")
    CLAIMED = "claimed", _("奖励已领取")
    LAPSED = "lapsed", _("逾期未领取")


class RewardLevel(TextChoices):
    FIRST = "first", _("一级举报")
    SECOND = "second", _("二级举报")
    THIRD = "third", _("三级举报")


class RewardDomain(TextChoices):
    """Only for food and drugs was a period for claiming seen (secondary); other domains run no clock."""

    FOOD_DRUG = "food_drug", _("食品药品领域")
    OTHER = "other_domain", _("其他领域")


R = RewardState
OFFICERS = [Role.HANDLER, Role.UNIT_HEAD]
PROPOSE = transition("propose", _("提出奖励"), [], R.PROPOSED, OFFICERS, REWARDS)
GRANT = transition("grant", _("批准奖励"), [R.PROPOSED], R.APPROVED, [Role.BUREAU_HEAD], REWARDS)
DENY = transition("deny", _("不予奖励"), [R.PROPOSED], R.REFUSED, [Role.BUREAU_HEAD], REWARDS)
TELL = transition("tell", _("告知举报人领取"), [R.APPROVED], R.TOLD, OFFICERS, REWARDS)
CLAIM = transition("claim", _("登记领取"), [R.TOLD], R.CLAIMED, OFFICERS, REWARDS)
LAPSE = transition("lapse", _("登记逾期未领取"), [R.TOLD], R.LAPSED, [Role.BUREAU_HEAD], REWARDS)
REWARD_TRANSITIONS = (PROPOSE, GRANT, DENY, TELL, CLAIM, LAPSE)
LIVE_REWARDS = (R.PROPOSED, R.APPROVED, R.TOLD, R.CLAIMED)
