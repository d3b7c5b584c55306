"""Doorbells: each rings one sweep, which finds its own work in rows."""

from celery import shared_task

from cases.actions.approvals import void_moot_approvals
from cases.actions.casefile import bind_files
from cases.actions.certificates import warn_expiring_certificates
from cases.actions.execution import start_court_terms
from cases.actions.measure_ends import release_lapsed_measures
from cases.actions.service import complete_announcements
from core.clock import database_now


@shared_task(name="cases.start_court_terms")  # type: ignore[untyped-decorator]  # celery carries no types
def ring_court_terms() -> None:
    start_court_terms(at=database_now())


@shared_task(name="cases.release_lapsed_measures")  # type: ignore[untyped-decorator]  # celery carries no types
def ring_lapsed_measures() -> None:
    release_lapsed_measures(at=database_now())


@shared_task(name="cases.warn_expiring_certificates")  # type: ignore[untyped-decorator]  # celery carries no types
def ring_certificates() -> None:
    warn_expiring_certificates(at=database_now())


@shared_task(name="cases.void_moot_approvals")  # type: ignore[untyped-decorator]  # celery carries no types
def ring_approvals() -> None:
    void_moot_approvals(at=database_now())


@shared_task(name="cases.complete_announcements")  # type: ignore[untyped-decorator]  # celery carries no types
def ring_announcements() -> None:
    complete_announcements(at=database_now())


# A file of hundreds of pages takes longer than the usual limit allows.
@shared_task(name="cases.bind_files", time_limit=900)  # type: ignore[untyped-decorator]  # celery carries no types
def ring_case_files() -> None:
    bind_files(clock=database_now)
