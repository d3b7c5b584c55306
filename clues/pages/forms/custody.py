"""What giving a lead to somebody asks for."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Office, User
from accounts.queries import officers_of, offices_for
from clues import states
from clues.models import Lead
from clues.pages.forms.choices import Grouped, offices_to_act_for
from clues.policies import RECEIVERS
from clues.queries import holder_before, last_move_of, returns_of
from clues.states import LeadState
from core.forms import RowField, VerbForm, Words, choose
from routing.queries import returns_allowed


class CustodyForm(VerbForm):
    """Carries the last move its reader saw, so that the verb can say what has happened since."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**63 - 1)

    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": last_move_of(lead)} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)


class AssignForm(CustodyForm):
    refreshed_by = "office"
    refresh_label = gettext_lazy("显示该机构人员")
    office = RowField(label=gettext_lazy("承办机构"))
    owner = RowField(
        label=gettext_lazy("承办人"),
        required=False,
        help_text=gettext_lazy(
            "不选的，由该机构的接收人员签收。一条线索任何时候都只有一个承办机构和一个承办人；期限随线索走，不重新计算。"
        ),
    )
    reason = Words(label=gettext_lazy("分派说明"), max_length=1000, required=False, rows=3)

    def __init__(self, *args: Any, user: User, lead: Lead, **kwargs: Any) -> None:
        given = kwargs.pop("initial", None) or {"office": lead.office_id, "owner": _but_the_clerk(lead)}
        super().__init__(*args, lead=lead, initial=given, **kwargs)
        choose(self, "office", offices_to_act_for(user, states.ASSIGN.roles))
        officers = officers_of(self._office(user, lead), RECEIVERS)
        choose(self, "owner", [(each.pk, each.name) for each in officers])

    def _office(self, user: User, lead: Lead) -> Office:
        typed = str(self["office"].value() or "")
        chosen = offices_for(user).filter(pk=int(typed)).first() if typed.isdecimal() and len(typed) < 19 else None
        return chosen or lead.office


class SignForm(CustodyForm):
    pass


class ReturnForm(CustodyForm):
    reason = Words(label=gettext_lazy("退回理由"), max_length=1000)

    def __init__(self, *args: Any, lead: Lead, today: date, **kwargs: Any) -> None:
        super().__init__(*args, lead=lead, **kwargs)
        office, owner = holder_before(lead)
        self.fields["reason"].help_text = _(
            "退回给{office}{owner}。已退回 {taken} 次，最多 {allowed} 次（本系统设定，不是法律规定）；期限继续计算。"
        ).format(office=office.name, owner=owner.name, taken=returns_of(lead), allowed=returns_allowed(today))


class PassOnForm(CustodyForm):
    """To another office, whose receiver must sign for it."""

    office = RowField(
        label=gettext_lazy("交给"), help_text=gettext_lazy("由该机构的接收人员签收；期限随线索走，不重新计算。")
    )
    reason = Words(label=gettext_lazy("理由"), max_length=1000)

    def __init__(self, *args: Any, lead: Lead, offices: Grouped, **kwargs: Any) -> None:
        super().__init__(*args, lead=lead, **kwargs)
        choose(self, "office", offices)


def _but_the_clerk(lead: Lead) -> int | None:
    """Who has it now, unless it is still with whoever logged it."""
    return None if lead.state == LeadState.REGISTERED else lead.owner_id
