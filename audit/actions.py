from datetime import datetime
from typing import Protocol

from audit.models import Entry


class Actor(Protocol):
    """Whoever acts: a user, or the system under a name of its own."""

    @property
    def pk(self) -> int | None: ...

    @property
    def label(self) -> str: ...


def record(
    *,
    verb: str,
    actor: Actor,
    at: datetime,
    subject_kind: str,
    subject_id: int,
    subject_label: str,
    **facts: object,
) -> Entry:
    """Append one entry to the trail; call it inside the transaction that makes the change.

    ``facts`` must be plain JSON values (strings, numbers, booleans, None, lists of these) without personal data.
    """
    return Entry.objects.create(
        at=at,
        actor_id=actor.pk,
        actor_label=actor.label[:120],
        verb=verb,
        subject_kind=subject_kind,
        subject_id=subject_id,
        subject_label=subject_label[:200],
        facts=facts,
    )
