"""Doorbells: each rings one sweep, which finds its own work in rows."""

from celery import shared_task

from core.clock import database_now
from deadlines.actions.reminders import sweep_reminders


@shared_task(name="deadlines.sweep_reminders")  # type: ignore[untyped-decorator]  # celery carries no types
def ring_sweep() -> None:
    sweep_reminders(at=database_now())
