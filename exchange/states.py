"""The way of an import, from the file to the leads."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.transitions import transition


class ImportState(TextChoices):
    UPLOADED = "uploaded", _("待对应列")
    CHECKING = "checking", _("检查中")
    CHECKED = "checked", _("待确认导入")
    IMPORTING = "importing", _("导入中")
    DONE = "done", _("已导入")
    REFUSED = "refused", _("不能导入")
    CANCELLED = "cancelled", _("已取消导入")


class ImportMode(TextChoices):
    ALL_OR_NOTHING = "all_or_nothing", _("全部导入或者一行也不导入")
    GOOD_ROWS_ONLY = "good_rows_only", _("只导入没有问题的行")


S = ImportState
ROLES = [Role.INTAKE_CLERK, Role.UNIT_HEAD, Role.BUREAU_HEAD]
BASIS = _("本系统规定")
RUNNING = (S.CHECKING, S.IMPORTING)

UPLOAD = transition("upload", _("上传线索文件"), [], S.UPLOADED, ROLES, BASIS)
CHECK = transition("check", _("检查文件"), [S.UPLOADED, S.CHECKED], S.CHECKING, ROLES, BASIS)
CONFIRM = transition("confirm", _("确认导入"), [S.CHECKED], S.IMPORTING, ROLES, BASIS)
CANCEL = transition("cancel", _("取消导入"), [S.UPLOADED, S.CHECKING, S.CHECKED], S.CANCELLED, ROLES, BASIS)
# What the worker does; no role: nobody has a button for it.
FINISH_CHECK = transition("finish_check", _("检查完毕"), [S.CHECKING], S.CHECKED, [], BASIS)
FINISH = transition("finish", _("导入完毕"), [S.IMPORTING], S.DONE, [], BASIS)
REFUSE = transition("refuse_import", _("不能继续"), [S.CHECKING, S.IMPORTING], S.REFUSED, [], BASIS)

IMPORT_TABLE = (UPLOAD, CHECK, CONFIRM, CANCEL, FINISH_CHECK, FINISH, REFUSE)
