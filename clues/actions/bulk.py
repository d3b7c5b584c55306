"""One verb on many leads: each in a transaction of its own, each with its own answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from clues.actions.custody import assign_lead
from clues.models import Lead
from clues.queries import leads_for
from core.errors import Refusal

MOST = 200


@dataclass(frozen=True)
class Outcome:
    """What became of one lead; ``refusal`` is empty when it was done."""

    lead: Lead
    refusal: Refusal | None = None


def assign_leads(
    *,
    lead_ids: Iterable[int],
    office_id: int,
    actor: User,
    at: datetime,
    owner_id: int | None = None,
    reason: str = "",
) -> list[Outcome]:
    """Assign each of at most 200 leads the actor sees; a refused one changes nothing and holds up no other."""
    outcomes = []
    for lead in leads_for(actor).filter(pk__in=list(lead_ids)[:MOST]):
        try:
            given = assign_lead(
                lead_id=lead.pk, office_id=office_id, owner_id=owner_id, reason=reason, actor=actor, at=at
            )
            outcomes.append(Outcome(given))
        except Refusal as refusal:
            outcomes.append(Outcome(lead, refusal))
    return outcomes
