"""Kill everything at random while reminders fall due, and count what was told.

By hand, as long and as hard as wanted: ``python -m tests.chaos.harness --rows 20000 --kills 200 --seed 7``; on
PostgreSQL and a Redis of its own with DATABASE_URL set.
"""

import argparse
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.chaos.processes import ROOT, Program, deployment

PATIENCE = 30.0
ROWS = "import django, sys; django.setup(); from tests.chaos.rows import main; main(sys.argv[1:])"


class Redis:
    """A Redis of this run's own, that keeps nothing: it may be emptied and killed."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        command = ["redis-server", "--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--dir", str(folder)]
        self.server = Program("redis", command, os.environ, folder / "redis.log")
        self.server.start()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def flush(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
            line.sendall(b"FLUSHALL\r\n")
            line.recv(64)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def database(folder: Path, number: int) -> Iterator[str]:
    """A fresh database: a file, or on the server DATABASE_URL names, dropped afterwards."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield f"sqlite:///{folder}/casemgr.sqlite3"
        return
    name = f"chaos_{number}_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield f"{server.rpartition('/')[0]}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def rows(environment: dict[str, str], *arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", ROWS, *arguments],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


class Visitor(threading.Thread):
    """Asks for the log-in page all the time; whatever the web answers must not be an error of its own."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.url = f"http://127.0.0.1:{port}/login/"
        self.answers: Counter[int] = Counter()
        self.is_done = False

    def run(self) -> None:
        while not self.is_done:
            try:
                with urllib.request.urlopen(self.url, timeout=5) as answer:  # noqa: S310 - our own address
                    self.answers[answer.status] += 1
            except urllib.error.HTTPError as error:
                with error:
                    self.answers[error.code] += 1
            except OSError:
                pass  # the web is dead for the moment, as it must be
            time.sleep(0.1)


def run(*, count: int, kills: int, seed: int, pace: float = 1.0, is_broken: bool = False) -> dict[str, Any]:
    """One run; the outcome with its seed. On PostgreSQL Redis is emptied after a third and killed after two thirds."""
    chance = random.Random(seed)
    begun = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="casemgr-chaos-"))
    with database(folder, seed) as url:
        redis = Redis(folder) if url.startswith("postgres") else None
        environment = _environment(folder, url, redis)
        outcome: dict[str, Any] = {"seed": seed, "kills": kills}
        outcome |= rows(environment, "fill", str(count), str(kills * pace), str(seed))
        port = free_port()
        worker_app = "tests.chaos.broken" if is_broken else "casemgr"
        programs = deployment(environment, folder, port, worker_app=worker_app)
        visitor = Visitor(port)
        try:
            for program in programs:
                program.start()
            visitor.start()
            _kill_at_random(programs, redis, kills, pace, chance)
            outcome["left"] = _wait_until_done(environment)
        finally:
            visitor.is_done = True
            for program in [*programs, *([redis.server] if redis else [])]:
                program.end()
        outcome |= rows(environment, "check")
    outcome |= {"pages": visitor.answers, "killed": {program.name: program.kills for program in programs}}
    outcome["seconds"] = round(time.monotonic() - begun, 1)
    shutil.rmtree(folder)
    return outcome


def _environment(folder: Path, url: str, redis: Redis | None) -> dict[str, str]:
    mails = folder / "mails"
    mails.mkdir()
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "casemgr.settings", "VAR_DIR": str(folder), "DATABASE_URL": url,
        "REDIS_URL": redis.url if redis else "", "SECRET_KEY": "chaos", "SECURE_COOKIES": "false", "DEBUG": "true",
        "EMAIL_URL": f"filemail:///{mails}", "MAILS": str(mails), "SENDING_OPENS": "00:00", "SENDING_CLOSES": "24:00",
    }  # fmt: skip


def _kill_at_random(
    programs: list[Program], redis: Redis | None, kills: int, pace: float, chance: random.Random
) -> None:
    time.sleep(4)  # the first reminders fall due
    for number in range(kills):
        time.sleep(chance.uniform(0.2, 2 * pace - 0.2))
        victim = chance.choice(programs)
        victim.kill()
        victim.start()
        if redis and number == kills // 3:
            redis.flush()
        if redis and number == 2 * kills // 3:
            redis.server.kill()
            redis.server.start()
        for program in programs:
            if program.has_died_by_itself():
                program.start()


def _wait_until_done(environment: dict[str, str]) -> int:
    stop = time.monotonic() + PATIENCE
    while (left := int(rows(environment, "left")["left"])) and time.monotonic() < stop:
        time.sleep(0.5)
    time.sleep(1)  # whoever marked the last one may still be telling
    return left


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--broken", action="store_true", help="the control: a sweep without its guard")
    given = parser.parse_args()
    outcome = run(count=given.rows, kills=given.kills, seed=given.seed, is_broken=given.broken)
    sys.stdout.write(f"{json.dumps(outcome)}\n")
