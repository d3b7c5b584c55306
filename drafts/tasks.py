"""Doorbells: each rings one verb, which finds its own work in rows."""

from celery import shared_task

from core.clock import database_now
from drafts.actions import delete_old_drafts


@shared_task(name="drafts.delete_old_drafts")  # type: ignore[untyped-decorator]  # celery carries no types
def ring_old_drafts() -> None:
    delete_old_drafts(at=database_now())
