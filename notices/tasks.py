"""Doorbells: each rings one verb, which finds its own work in rows."""

from celery import shared_task

from core.clock import database_now
from notices.actions import gather_digests, send_deliveries


@shared_task(name="notices.gather_digests")  # type: ignore[untyped-decorator]  # celery carries no types
def ring_digests() -> None:
    gather_digests(at=database_now())


@shared_task(name="notices.send_deliveries")  # type: ignore[untyped-decorator]  # celery carries no types
def ring_deliveries() -> None:
    send_deliveries(at=database_now())
