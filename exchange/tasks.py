"""Doorbells: each rings one verb, which finds its own work in rows."""

from celery import shared_task

from core.clock import database_now
from exchange.actions.running import run_imports


# All rows or none is one transaction, however long: the usual limit would end a large one again and again.
@shared_task(name="exchange.run_imports", time_limit=3000)  # type: ignore[untyped-decorator]  # celery carries no types
def ring_imports() -> None:
    run_imports(clock=database_now)
