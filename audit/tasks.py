"""The doorbell of sealing."""

from celery import shared_task

from audit.actions import seal_entries
from core.clock import database_now


@shared_task(name="audit.seal_entries")  # type: ignore[untyped-decorator]  # celery carries no types
def ring_sealing() -> None:
    seal_entries(at=database_now())
