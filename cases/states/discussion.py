"""What the heads discuss together, and what they may conclude (程序规定第六十条第二款、第六十四条第一款)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Topic(TextChoices):
    """程序规定第六十条第二款、第六十四条第一款、第四条第一款."""

    DECISION = "decision", _("行政处罚决定")
    EXTENSION = "extension", _("再次延长办案期限")
    RECUSAL = "recusal", _("主要负责人的回避")


class Conclusion(TextChoices):
    AGREE = "agree", _("同意")
    AMENDED = "amended", _("修改后同意")
    REFUSE = "refuse", _("不同意")
    RETURN = "return_for_work", _("退回补充")


AGREED = (Conclusion.AGREE, Conclusion.AMENDED)


class Stance(TextChoices):
    """What one head says of the proposal; whoever did not agree is kept word for word."""

    FOR = "for", _("赞成")
    AGAINST = "against", _("反对")
    RESERVED = "reserved", _("保留意见")
