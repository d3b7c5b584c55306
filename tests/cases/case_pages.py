"""What the tests of the pages of cases share."""

from typing import Any

from django.urls import reverse

from accounts.models import User
from cases.models import Case, CaseMove
from deadlines.models import Clock
from tests.browsing import as_

DECIDE = {
    "decision": "罚款5000元，没收违法所得300元。",
    "fine": "5,000",
    "confiscated": "300",
    "defence": "逾期未提出，视为放弃。",
}


def url(verb: str, case: Case) -> str:
    return reverse(f"case_{verb}", args=[case.pk])


def page_of(user: User, case: Case) -> str:
    return as_(user).get(url("page", case)).content.decode()


def picture(case: Case) -> tuple[Any, ...]:
    """What a refusal must leave as it was."""
    case.refresh_from_db()
    fields = tuple(getattr(case, field.attname) for field in Case._meta.concrete_fields)
    return (*fields, CaseMove.objects.count(), list(Clock.objects.values_list("pk", "due_on", "state")))
