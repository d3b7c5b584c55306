"""What a dispute over a lead asks for."""

from typing import Any

from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.policies import may_act_for
from clues import states
from clues.models import Dispute, Lead
from clues.pages.forms.choices import offices_below, other_offices
from clues.pages.forms.custody import CustodyForm
from core.forms import RowField, VerbForm, Words, choose


class RaiseForm(CustodyForm):
    office = RowField(
        label=gettext_lazy("认为应当承办的机构"),
        help_text=gettext_lazy("该机构能看到这项争议。争议解决之前线索仍由现承办人办理，期限照常计算。"),
    )
    reason = Words(label=gettext_lazy("争议的事实和理由"), max_length=900)

    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        super().__init__(*args, lead=lead, **kwargs)
        choose(self, "office", other_offices(lead.office))


class SettleForm(VerbForm):
    office = RowField(
        label=gettext_lazy("协商由谁承办"),
        help_text=gettext_lazy("由承办的一方登记：不能替对方机构接下线索。"),
    )
    opinion = Words(label=gettext_lazy("协商结果"), max_length=900)

    def __init__(self, *args: Any, user: User, dispute: Dispute, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parties = (dispute.office, dispute.claimed_office)
        own = [(each.pk, each.name) for each in parties if may_act_for(user, each, states.SETTLE_DISPUTE.roles)]
        choose(self, "office", own)


class EscalateForm(VerbForm):
    reason = Words(label=gettext_lazy("双方的意见和协商经过"), max_length=900)


class DesignateForm(VerbForm):
    consequence = gettext_lazy("指定后，承办机构不得再退回、移交或者提出争议。")
    office = RowField(label=gettext_lazy("指定由谁承办"))
    opinion = Words(label=gettext_lazy("指定的理由"), max_length=900)

    def __init__(self, *args: Any, dispute: Dispute, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parties = [(each.pk, each.name) for each in (dispute.office, dispute.claimed_office)]
        known = {pk for pk, _name in parties}
        others = [
            (group, [each for each in members if each[0] not in known])
            for group, members in offices_below(dispute.superior)
        ]
        choose(self, "office", [(gettext_lazy("争议双方"), parties), *others])
