"""What a list of leads is narrowed by, the same for pages, API and exports."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from clues import states
from clues.models import LeadMove
from clues.states import LeadState
from deadlines.faces import end_of_soon
from deadlines.queries import current_calendar, subjects_due_by, subjects_overdue
from search.queries import matching

SOON, OVERDUE = "soon", "overdue"


def with_words(user: User, words: str) -> Q:
    """Leads whose number, party, address, content or findings have all the words."""
    return Q(pk__in=matching(user, "lead", words))


def in_category(code: str) -> Q:
    """Leads of a category or of one below it."""
    return Q(category=code) | Q(category__startswith=f"{code}-")


def due(user: User, which: str, now: datetime) -> Q:
    """Leads with a period that is overdue, or ends within three working days."""
    if which == OVERDUE:
        return Q(pk__in=subjects_overdue(user, "lead", now))
    return Q(pk__in=subjects_due_by(user, "lead", now, end_of_soon(current_calendar(), now)))


def given_back() -> Q:
    """Leads that were returned and wait to be assigned again."""
    moves = LeadMove.objects.filter(lead=OuterRef("pk"), name=states.RETURN.name)
    return Q(Exists(moves), state=LeadState.REGISTERED)
