"""Roles a post can carry, in the field's own words."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    INTAKE_CLERK = "intake_clerk", _("线索登记员")
    HANDLER = "handler", _("办案人员")
    UNIT_HEAD = "unit_head", _("办案机构负责人")
    BUREAU_HEAD = "bureau_head", _("部门负责人")
    LEGAL_REVIEWER = "legal_reviewer", _("法制审核人员")
    SUPERVISOR = "supervisor", _("执法监督人员")
    LEADER = "leader", _("市局领导")
