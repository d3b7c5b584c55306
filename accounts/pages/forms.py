from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class LogInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _("用户名或者密码不正确，或者账号已停用。请核对后重新输入；连续多次输错，账号会暂时锁定。"),
        "inactive": _("账号已停用，请联系本单位的系统管理员。"),
    }
