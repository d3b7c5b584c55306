"""Doorbells: each rings one verb, which finds its own work in rows."""

from celery import shared_task

from core.clock import database_now
from exchange.actions.running import run_imports


@shared_task(name="exchange.run_imports")  # type: ignore[untyped-decorator]  # celery carries no types
def ring_imports() -> None:
    run_imports(clock=database_now)
