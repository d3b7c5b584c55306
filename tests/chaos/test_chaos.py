"""The proof that reminders survive: real programs, real kills. On SQLite and the file broker, or on PostgreSQL and Redis.

CHAOS_SEED repeats a run. On PostgreSQL the Redis of the run is emptied (FLUSHALL) and killed on the way.
"""

import os
import shutil
from typing import Any

import pytest

from tests.chaos.harness import run

SEED = int(os.environ.get("CHAOS_SEED", "20260302"))

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
if os.environ.get("DATABASE_URL", "").startswith("postgres"):
    pytestmark.append(
        pytest.mark.skipif(shutil.which("redis-server") is None, reason="needs redis-server to run one of its own")
    )


def summary(outcome: dict[str, Any]) -> dict[str, Any]:
    names = ("lost", "duplicates", "left", "not_marked", "in_no_mail", "mails_lost", "trail")
    return {name: outcome[name] for name in names}


def test_thirty_kills_lose_nothing_and_tell_nothing_twice() -> None:
    outcome = run(count=2000, kills=30, seed=SEED)

    assert summary(outcome) == {
        "lost": 0, "duplicates": 0, "left": 0, "not_marked": 0, "in_no_mail": 0, "mails_lost": 0, "trail": [],
    }, outcome  # fmt: skip
    assert outcome["told"] == outcome["rows"] == 1998
    assert outcome["mails_repeated"] <= outcome["kills"], outcome
    assert outcome["latest_seconds"] <= 120, outcome
    assert set(outcome["pages"]) == {200}, outcome


def test_the_same_run_on_a_sweep_without_its_guard_loses_reminders() -> None:
    outcome = run(count=2000, kills=12, seed=SEED, is_broken=True)

    assert outcome["lost"] > 0, outcome
    assert outcome["told"] > 0, outcome
