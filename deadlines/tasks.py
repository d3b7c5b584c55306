"""Doorbells: each rings one sweep, which finds its own work in rows."""

from celery import shared_task
from django.utils import timezone

from deadlines.actions.reminders import sweep_reminders


@shared_task(name="deadlines.sweep_reminders")
def ring_sweep() -> None:
    sweep_reminders(at=timezone.now())
