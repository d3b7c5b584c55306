"""What giving a lead to somebody asks for."""

from typing import Any

from django.utils.translation import gettext_lazy

from accounts.models import Office, User
from accounts.queries import officers_of, offices_for
from clues import states
from clues.models import Lead
from clues.pages.forms.choices import offices_to_act_for
from clues.policies import RECEIVERS
from clues.states import LeadState
from core.forms import RowField, VerbForm, Words, choose


class AssignForm(VerbForm):
    refreshed_by = "office"
    refresh_label = gettext_lazy("显示该机构人员")
    office = RowField(label=gettext_lazy("承办机构"))
    owner = RowField(
        label=gettext_lazy("承办人"),
        help_text=gettext_lazy("一条线索任何时候都只有一个承办机构和一个承办人；期限随线索走，不重新计算。"),
    )
    reason = Words(label=gettext_lazy("分派说明"), max_length=1000, required=False, rows=3)

    def __init__(self, *args: Any, user: User, lead: Lead, **kwargs: Any) -> None:
        given = kwargs.pop("initial", None)
        super().__init__(*args, initial=given or {"office": lead.office_id, "owner": _but_the_clerk(lead)}, **kwargs)
        choose(self, "office", offices_to_act_for(user, states.ASSIGN.roles))
        officers = officers_of(self._office(user, lead), RECEIVERS)
        choose(self, "owner", [(each.pk, each.name) for each in officers])

    def _office(self, user: User, lead: Lead) -> Office:
        typed = str(self["office"].value() or "")
        chosen = offices_for(user).filter(pk=int(typed)).first() if typed.isdecimal() and len(typed) < 19 else None
        return chosen or lead.office


def _but_the_clerk(lead: Lead) -> int | None:
    """Who has it now, unless it is still with whoever logged it."""
    return None if lead.state == LeadState.REGISTERED else lead.owner_id
