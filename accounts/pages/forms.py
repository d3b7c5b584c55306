from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from accounts.models import Certificate, Office, Post, User
from accounts.policies import authority_of
from accounts.queries import office_tree, offices_for, offices_of_authority, posts_in
from accounts.roles import Role
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


class CertificateFilter(forms.Form):
    """Whose certificates, and how they stand today; all of it in the address."""

    q = forms.CharField(label=_("姓名"), required=False, max_length=60)
    state = forms.ChoiceField(
        label=_("证件状态"),
        required=False,
        choices=[
            ("", _("全部")),
            ("valid", _("有效")),
            ("ending", _("即将到期")),
            ("ended", _("已失效或者收回")),
            ("none", _("没有证件")),
        ],
    )
    days = forms.IntegerField(label=_("即将到期：几天内"), required=False, min_value=1, max_value=3650)
    office = RowField(label=_("机构"), required=False)
    role = forms.ChoiceField(label=_("岗位"), required=False, choices=[("", _("全部")), *Role.choices])

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget = self.fields["office"].widget
        assert isinstance(widget, forms.Select)  # noqa: S101 - a RowField
        tree = office_tree(offices_for(user))
        widget.choices = [
            ("", _("全部")), *((group, [(each.pk, each.name) for each in members]) for group, members in tree),
        ]  # fmt: skip


class IssueCertificateForm(VerbForm):
    number = forms.CharField(label=_("执法证号"), max_length=40)
    issued_by = forms.CharField(label=_("发证机关"), max_length=80)
    starts_on = DayField(label=_("有效期起"))
    ends_on = DayField(label=_("有效期止"), help_text=_("首日和末日都有效。"))


class RevokeCertificateForm(VerbForm):
    consequence = _("自收回之日起，持证人不能再凭这个证件办案；不能恢复，只能另行登记新的证件。")
    revoked_on = DayField(label=_("收回日期"))

    def __init__(self, *args: Any, certificate: Certificate, today: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"revoked_on": max(today, certificate.starts_on)} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
