"""What a penalty is made of, and how a party's defence was weighed."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PenaltyKind(TextChoices):
    """行政处罚法第九条, in its order; 行政拘留 is for the police alone (行政处罚法第十八条第三款)."""

    WARNING = "warning", _("警告")
    CRITICISM = "criticism", _("通报批评")
    FINE = "fine", _("罚款")
    CONFISCATE_INCOME = "confiscate_income", _("没收违法所得")
    CONFISCATE_GOODS = "confiscate_goods", _("没收非法财物")
    SUSPEND_LICENCE = "suspend_licence", _("暂扣许可证件")
    DOWNGRADE = "downgrade", _("降低资质等级")
    REVOKE_LICENCE = "revoke_licence", _("吊销许可证件或者营业执照")
    RESTRICT_BUSINESS = "restrict_business", _("限制开展生产经营活动")
    SUSPEND_BUSINESS = "suspend_business", _("责令停产停业")
    CLOSE_BUSINESS = "close_business", _("责令关闭")
    BAN_FROM_TRADE = "ban_from_trade", _("限制从业")
    OTHER = "other", _("法律、行政法规规定的其他行政处罚")


class DefenceWay(TextChoices):
    WRITTEN = "written", _("书面")
    ORAL = "oral", _("口头（记入笔录）")


class Adoption(TextChoices):
    """How much of what the party said was taken up (程序规定第五十八条、第六十二条第三项)."""

    ALL = "all", _("采纳")
    PART = "part", _("部分采纳")
    NONE = "none", _("不采纳")


class TierKind(TextChoices):
    """The tiers a standard of discretion divides a violation into, lightest first (行政处罚法第三十二条至第三十四条)."""

    NONE = "none", _("不予处罚")
    MITIGATED = "mitigated", _("减轻处罚")
    LIGHTER = "lighter", _("从轻处罚")
    ORDINARY = "ordinary", _("一般处罚")
    HEAVIER = "heavier", _("从重处罚")
