"""Celery only rings: every bell is hung, may ring late or twice, and nothing waits for it."""

from pathlib import Path
from typing import NoReturn

import pytest
from django.test import Client
from django.utils.module_loading import import_string

from audit.models import Seal
from casemgr.celery import app
from deadlines.models import Heartbeat
from tests.builders import City, make_lead

TASKS = [
    "audit.seal_entries",
    "cases.bind_files",
    "cases.complete_announcements",
    "cases.release_lapsed_measures",
    "cases.start_court_terms",
    "cases.void_moot_approvals",
    "cases.warn_expiring_certificates",
    "deadlines.sweep_reminders",
    "drafts.delete_old_drafts",
    "exchange.run_imports",
    "notices.gather_digests",
    "notices.send_deliveries",
]


def test_every_bell_of_the_schedule_is_hung_and_all_but_three_ring_each_minute() -> None:
    app.loader.import_default_modules()

    assert sorted(entry["task"] for entry in app.conf.beat_schedule.values()) == TASKS
    assert {name for name in app.tasks if not name.startswith("celery.")} == set(TASKS)
    others = {entry["task"] for entry in app.conf.beat_schedule.values() if entry["schedule"] != 60.0}
    assert others == {"cases.warn_expiring_certificates", "cases.bind_files", "drafts.delete_old_drafts"}
    assert app.conf.beat_schedule["bind case files"]["schedule"] == 15.0


def test_beat_keeps_no_file_that_a_crash_could_break(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("celerybeat-schedule", "celerybeat-schedule.db"):
        (tmp_path / name).write_bytes(b"half a write")
    monkeypatch.chdir(tmp_path)
    scheduler = import_string(app.conf.beat_scheduler.replace(":", "."))(app=app)

    assert {entry.task for entry in scheduler.schedule.values()} >= set(TASKS)
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("name", TASKS)
def test_a_bell_may_ring_twice(law: None, name: str) -> None:
    app.loader.import_default_modules()

    assert app.tasks[name].apply(throw=True).successful()
    assert app.tasks[name].apply(throw=True).successful()


def test_ringing_sweeps_and_seals(city: City) -> None:
    app.loader.import_default_modules()
    for name in TASKS:
        app.tasks[name].apply(throw=True)

    assert Heartbeat.objects.filter(name="sweep").exists()
    assert Seal.objects.exists()


def test_verbs_and_pages_never_ask_the_broker(client: Client, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker that is down or slow cannot be felt by anybody at a screen: no request opens a connection to it."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("somebody asked the network")

    for name in ("kombu.connection.Connection._establish_connection", "celery.app.base.Celery.send_task"):
        monkeypatch.setattr(name, refuse)

    lead = make_lead(city)
    client.force_login(city.east_head)
    for path in ("/", f"/leads/{lead.pk}/", "/leads/", "/notices/", "/api/v1/leads/", "/api/v1/clocks/", "/healthz"):
        assert client.get(path).status_code in (200, 503 if path == "/healthz" else 200), path
    assert client.post("/api/v1/auth/token/", {"username": "x", "password": "y"}, "application/json").status_code < 500
