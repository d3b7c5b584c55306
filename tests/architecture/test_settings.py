"""What must be set for the promises of reliability to hold, whatever the environment says."""

import sqlite3
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from casemgr.celery import app
from casemgr.reference import APPS
from casemgr.settings import IS_SQLITE

PROMISED = {
    "task_acks_late": True,  # a killed worker's task comes back
    "task_reject_on_worker_lost": True,  # the same when only its child was killed
    "task_ignore_result": True,  # no result backend to fill up or fail
    "worker_prefetch_multiplier": 1,  # no doorbell waits behind a long task
    "task_serializer": "json",  # a broker that is broken into runs no code here
    "result_backend": None,
    "accept_content": ["json"],
    "broker_connection_retry_on_startup": True,
}


@pytest.mark.parametrize("name", PROMISED)
def test_celery_is_set_as_the_proofs_assume(name: str) -> None:
    found = getattr(app.conf, name)
    assert found == PROMISED[name], f"{name} must be {PROMISED[name]!r}: the kill -9 proofs were made with it"


def test_no_task_outlives_its_limit_or_its_visibility() -> None:
    limit = app.conf.task_time_limit
    assert limit, "without a time limit one hanging socket stops a worker for ever"
    visibility = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("visibility_timeout")
    if settings.REDIS_URL:
        assert visibility and visibility > limit, "Redis would deliver a running task a second time"


def test_every_bell_of_the_schedule_rings_a_task_that_exists() -> None:
    app.loader.import_default_modules()
    rung = {entry["task"] for entry in app.conf.beat_schedule.values()}
    own = {name for name, task in app.tasks.items() if task.__module__.split(".")[0] in APPS}
    assert rung <= own, f"no such task: {sorted(rung - own)}"
    assert own <= rung, f"nobody rings for: {sorted(own - rung)}"


def test_a_task_is_named_after_its_app() -> None:
    app.loader.import_default_modules()
    for name, task in app.tasks.items():
        if task.__module__.split(".")[0] in APPS:
            assert name.split(".")[0] == task.__module__.split(".")[0], f"{name} is defined in {task.__module__}"


@pytest.mark.skipif(not IS_SQLITE, reason="about SQLite; this run uses DATABASE_URL")
def test_sqlite_waits_for_its_turn_instead_of_failing() -> None:
    options = settings.DATABASES["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE", "a read that turns into a write fails at once (docs/adr/0003)"
    assert options["timeout"] >= 20


@pytest.mark.skipif(not IS_SQLITE, reason="about SQLite; this run uses DATABASE_URL")
@pytest.mark.django_db
def test_sqlite_really_runs_as_the_settings_say() -> None:
    with connection.cursor() as cursor:
        answers = {}
        for pragma in ("journal_mode", "busy_timeout", "synchronous", "foreign_keys"):
            cursor.execute(f"PRAGMA {pragma}")
            answers[pragma] = cursor.fetchone()[0]
    assert answers == {"journal_mode": "wal", "busy_timeout": 20000, "synchronous": 2, "foreign_keys": 1}


def test_a_database_of_stock_settings_would_not_keep_the_promise(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "stock.sqlite3") as stock:
        assert stock.execute("PRAGMA journal_mode").fetchone() == ("delete",), "if this fails, WAL came for free"
    stock.close()


def test_the_settings_stay_one_short_file_without_the_law() -> None:
    path = Path(settings.BASE_DIR) / "casemgr" / "settings.py"
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300, "one settings file of at most 300 lines"
    assert not list(path.parent.glob("settings_*.py")), "one settings file: the environment makes the difference"


def test_every_page_needs_a_login_and_shows_only_its_own_scripts() -> None:
    assert settings.TIME_ZONE == "Asia/Shanghai"
    assert settings.USE_TZ, "moments are aware everywhere"
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert directives["default-src"] == ["'self'"], "no CDN, no inline script"
    assert "script-src" not in directives
