"""One matter told twice: the forms of merging, and the parts of the lead page that show likely duplicates and links."""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from clues import states
from clues.actions import merging
from clues.actions.received import InformantInput
from clues.duplicates import WINDOW_DAYS, Likeness, Sought, likely_same_as, same_party_elsewhere, sought_of
from clues.models import Lead
from clues.pages import articles
from clues.pages.answering import answer, begin, now_of, verb_page
from clues.pages.forms import merging as forms
from clues.policies import may_move
from clues.queries import leads_for
from clues.states import OPEN_STATES, Channel, FactsGoOn
from clues.uscc import normalised
from core.pages import form_from, get_or_post, id_in
from informants.queries import key_of_phone

MOST_LINKED = 100


@dataclass(frozen=True)
class LikelyRow:
    """One likely duplicate as shown; ``merge_url`` is empty where it cannot or may not be merged into.

    :param may_merge: of a lead not yet logged: whether it may be merged into this one as soon as it is.
    """

    lead: Lead
    reasons: str
    merge_url: str = ""
    may_merge: bool = False


@get_or_post
def merge(request: HttpRequest, lead_id: int) -> HttpResponse:
    """``?original=`` names the lead to merge into."""
    actor, _at = now_of(request)
    lead, clocks = begin(request, lead_id, states.MERGE)
    form = form_from(request, forms.MergeForm, user=actor, lead=lead, original=_number(actor, request))
    return answer(
        request, lead, clocks, states.MERGE, form, merging.merge_lead,
        lambda after: _("已并入{number}。").format(number=after.original.number if after.original else ""),
        quote=articles.REPEATED,
    )  # fmt: skip


unmerge = verb_page(
    states.UNMERGE, forms.UnmergeForm, merging.unmerge_lead,
    lambda after: _("已解除并入，退回{office}{owner}，等待重新分派。").format(
        office=after.office.name, owner=after.owner.name
    ),
)  # fmt: skip


def likely_on(user: User, lead: Lead) -> dict[str, Any]:
    """What the section 可能相同的线索 shows; nothing once the lead is closed."""
    if lead.state not in OPEN_STATES:
        return {}
    row = states.row_of(lead.channel, states.MERGE)
    may = row is not None and row.starts_from(lead.state) and may_move(user, lead, row) and not lead.merged.exists()
    return {
        "likely": likely_rows(likely_same_as(user, sought_of(lead)), lead if may else None),
        "likely_elsewhere": same_party_elsewhere(user, sought_of(lead)),
        "likely_window": WINDOW_DAYS,
    }


def likely_on_entry(user: User, values: dict[str, Any]) -> dict[str, Any]:
    """What the form of a new lead shows before it is saved; empty where nothing is likely the same.

    :param values: what ``log_lead`` would be called with.
    """
    told: InformantInput = values["informant"]
    key = key_of_phone(told.phone) if told.phone else ""
    party = normalised(values["party_code"])
    sought = Sought(values["party_name"], party, key, values["summary"], values["received_on"])
    found = likely_same_as(user, sought)
    if not found:
        return {}
    may, is_complaint = user.has_role(*states.MERGE.roles), values["channel"] == Channel.COMPLAINT
    rows = [
        replace(row, may_merge=may and row.lead.is_complaint == is_complaint and row.lead.state in OPEN_STATES)
        for row in likely_rows(found)
    ]
    elsewhere = same_party_elsewhere(user, sought)
    return {"likely": rows, "likely_elsewhere": elsewhere, "likely_window": WINDOW_DAYS}


def likely_rows(found: list[Likeness], lead: Lead | None = None) -> list[LikelyRow]:
    """:param lead: the one that could be merged into them; None where nobody asks or may."""
    return [LikelyRow(each.lead, _("、").join(each.reasons), _merge_url(lead, each.lead)) for each in found]


def merged_on(user: User, lead: Lead) -> dict[str, Any]:
    """The lead this one is merged into, and those merged into it, as far as the user sees them."""
    linked = list(leads_for(user).filter(Q(original=lead) | Q(pk=lead.original_id))[:MOST_LINKED])
    return {
        "links": [
            (_("已并入"), each, FactsGoOn(lead.merged_as).label)
            if each.pk == lead.original_id
            else (_("并入本线索"), each, FactsGoOn(each.merged_as).label)
            for each in linked
        ],
        "most_linked": MOST_LINKED,
    }


def _merge_url(lead: Lead | None, original: Lead) -> str:
    if lead is None or lead.is_complaint != original.is_complaint:
        return ""
    if original.state not in OPEN_STATES and (lead.is_complaint or not merging.is_same_informant(lead, original)):
        return ""  # to a decided one only the same facts of the same person are the same again
    return f"{reverse('lead_merge', args=[lead.pk])}?original={original.pk}"


def _number(user: User, request: HttpRequest) -> str:
    """The number of the lead the address names, if the user sees it."""
    original = id_in(request.GET.get("original", ""))
    return (original and leads_for(user).filter(pk=original).values_list("number", flat=True).first()) or ""
