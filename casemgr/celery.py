"""Celery is a doorbell: every task reads rows that are due and may run late, twice or not at all."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casemgr.settings")

app = Celery("casemgr")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "ring for due reminders": {"task": "deadlines.sweep_reminders", "schedule": 60.0},
    "gather notices into digests": {"task": "notices.gather_digests", "schedule": 60.0},
    "send waiting deliveries": {"task": "notices.send_deliveries", "schedule": 60.0},
    "check and bring in imports": {"task": "exchange.run_imports", "schedule": 60.0},
    "bind case files": {"task": "cases.bind_files", "schedule": 15.0},
    "release registrations that lapsed": {"task": "cases.release_lapsed_measures", "schedule": 60.0},
    "complete announcements of service": {"task": "cases.complete_announcements", "schedule": 60.0},
    "start terms to apply to the court": {"task": "cases.start_court_terms", "schedule": 60.0},
    "end approvals asked for in vain": {"task": "cases.void_moot_approvals", "schedule": 60.0},
    "warn of certificates that end": {"task": "cases.warn_expiring_certificates", "schedule": 3600.0},
    "delete old drafts": {"task": "drafts.delete_old_drafts", "schedule": 3600.0},
    "seal the audit trail": {"task": "audit.seal_entries", "schedule": 60.0},
}
