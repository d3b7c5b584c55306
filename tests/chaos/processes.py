"""The real programs, each in a session of its own, killed without warning and started again."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


@dataclass
class Program:
    """One program of the deployment. Only this object's own process group is ever signalled."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    kills: int = 0

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """SIGKILL to the whole group: nothing gets to clean up."""
        if self.process is None:
            return
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.kills += 1

    def end(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def has_died_by_itself(self) -> bool:
        return self.process is not None and self.process.poll() is not None


def deployment(environment: Mapping[str, str], folder: Path, port: int, *, worker_app: str) -> list[Program]:
    """Two workers, beat and web, as deployed: processes on Redis, threads on the file broker.

    Only that beat rings every second or three, instead of every minute.
    """
    celery = str(BIN / "celery")
    web = [str(BIN / "gunicorn"), "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "4"]
    pool = ["-P", "prefork" if environment["REDIS_URL"] else "threads", "-c", "2"]
    commands = {
        "worker-1": [celery, "-A", worker_app, "worker", *pool, "-n", "one@%h"],
        "worker-2": [celery, "-A", worker_app, "worker", *pool, "-n", "two@%h"],
        "beat": [celery, "-A", "tests.chaos.doorbells", "beat", "--schedule", str(folder / "beat")],
        "web": [*web, "--no-control-socket", "casemgr.wsgi:application"],
    }
    return [Program(name, command, environment, folder / f"{name}.log") for name, command in commands.items()]
