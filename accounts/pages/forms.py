from datetime import date
from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from accounts.models import Office, Post
from accounts.policies import authority_of
from accounts.queries import office_tree, offices_of_authority, posts_in
from core.forms import DayField, RowField, VerbForm, Words, choose


class LogInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _("用户名或者密码不正确，或者账号已停用。请核对后重新输入；连续多次输错，账号会暂时锁定。"),
        "inactive": _("账号已停用，请联系本单位的系统管理员。"),
    }


class DelegateForm(VerbForm):
    """Whom to, from the people of one office of the authority at a time, and on which days."""

    refreshed_by = "office"
    refresh_label = _("显示该机构人员")
    consequence = _(
        "受托人在这些日子代行这一岗位的职责：委托人在某件事上不能办的（例如应当回避、是本案的办案人员），受托人也不能办；"
        "经办记录同时写明受托人和委托人。"
    )
    office = RowField(label=_("受托人所在机构"))
    to_user = RowField(label=_("受托人"))
    starts_on = DayField(label=_("开始日"))
    ends_on = DayField(label=_("结束日"), help_text=_("开始日和结束日都算在内；到期自动失效，也可以提前收回。"))
    reason = Words(label=_("理由"), max_length=500, rows=3)

    def __init__(self, *args: Any, post: Post, today: date, **kwargs: Any) -> None:
        given = kwargs.pop("initial", None) or {"office": post.office_id, "starts_on": today}
        super().__init__(*args, initial=given, **kwargs)
        offices = list(offices_of_authority(authority_of(post.office)))
        tree = office_tree(offices)
        choose(self, "office", [(group, [(each.pk, each.name) for each in members]) for group, members in tree])
        people = {each.user_id: each.user for each in posts_in(self._office(offices, post.office))}
        people.pop(post.user_id, None)
        choose(self, "to_user", [(pk, person.label) for pk, person in people.items()])

    def _office(self, offices: list[Office], usual: Office) -> Office:
        typed = str(self["office"].value() or "")
        return next((each for each in offices if str(each.pk) == typed), usual)

    def values(self) -> dict[str, Any]:
        """The office only narrows the list of people."""
        return {name: value for name, value in super().values().items() if name != "office_id"}


class RevokeDelegationForm(VerbForm):
    consequence = _("受托人立即不再代行这一岗位的职责；已经办理的事项不受影响。")
