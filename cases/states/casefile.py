"""The way of a case file, from the wish for it to the bound volumes."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from cases.states.matter import RULES
from core.transitions import transition


class CaseFileState(TextChoices):
    WAITING = "waiting", _("等待生成")
    BUILDING = "building", _("生成中")
    READY = "ready", _("已生成")
    FAILED = "failed", _("未能生成")


S = CaseFileState
RUNNING = (S.WAITING, S.BUILDING)
BASIS = f"{RULES}第七十八条"
BINDERS = (Role.HANDLER, Role.UNIT_HEAD, Role.BUREAU_HEAD)

REQUEST_FILE = transition("request_file", _("生成案卷"), [], S.WAITING, BINDERS, BASIS)
# What the worker does; no role: nobody has a button for it.
TAKE_FILE = transition("take_file", _("开始生成"), [S.WAITING, S.BUILDING], S.BUILDING, [], BASIS)
FINISH_FILE = transition("finish_file", _("生成完毕"), [S.BUILDING], S.READY, [], BASIS)
FAIL_FILE = transition("fail_file", _("生成失败"), [S.BUILDING], S.FAILED, [], BASIS)

CASE_FILE_TABLE = (REQUEST_FILE, TAKE_FILE, FINISH_FILE, FAIL_FILE)
