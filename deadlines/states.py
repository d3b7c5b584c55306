"""The states of a clock and the moves between them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.transitions import transition


class ClockState(TextChoices):
    RUNNING = "running", _("计时中")
    SUSPENDED = "suspended", _("中止")
    MET = "met", _("按期")
    MET_LATE = "met_late", _("逾期办结")
    CANCELLED = "cancelled", _("已取消")


OPEN_STATES = (ClockState.RUNNING, ClockState.SUSPENDED)
RUNNING, SUSPENDED = ClockState.RUNNING, ClockState.SUSPENDED

# A clock is moved by the verb of the matter it belongs to, which has already asked who may: no roles here, but for
# the last day a document names, which the head enters on the clock itself.
START = transition("start", _("开始计时"), [], RUNNING, [], "市场监督管理行政处罚程序规定第八十条")
SUSPEND = transition(
    "suspend", _("中止计时"), [RUNNING], SUSPENDED, [], "市场监督管理行政处罚程序规定第四十六条、第六十四条第二款"
)
RESUME = transition("resume", _("恢复计时"), [SUSPENDED], RUNNING, [], "市场监督管理行政处罚程序规定第四十六条第二款")
EXCLUDE = transition(
    "exclude",
    _("扣除期间"),
    [RUNNING, SUSPENDED],
    None,
    [],
    "市场监督管理行政处罚程序规定第十八条第二款、第六十四条第二款",
)
EXTEND = transition(
    "extend", _("延长期限"), [RUNNING], None, [], "市场监督管理行政处罚程序规定第十八条、第六十四条第一款"
)
FIX = transition("fix", _("指定届满日"), [RUNNING], None, [Role.BUREAU_HEAD], _("由规定届满日的文书载明"))
HAND_OVER = transition("hand_over", _("更换承办人"), [RUNNING, SUSPENDED], None, [], _("承办人变更，期限连续计算"))
MEET = transition("meet", _("办结"), [RUNNING, SUSPENDED], ClockState.MET, [], _("期限内办结"))
CANCEL = transition("cancel", _("取消计时"), [RUNNING, SUSPENDED], ClockState.CANCELLED, [], _("事由消灭"))

TRANSITIONS = (START, SUSPEND, RESUME, EXCLUDE, EXTEND, FIX, HAND_OVER, MEET, CANCEL)
