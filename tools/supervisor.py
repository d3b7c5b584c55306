"""Keeps several programs running together: starts them, restarts one that dies, stops all of them."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from tools.console import say

LEASH = Path(__file__).with_name("leash.py")
LOUD = re.compile(r"\b(?:ERROR|CRITICAL|FATAL|Traceback)\b|\"level\": ?\"(?:error|critical)\"|\[(?:error|critical) *\]")
SHOWN_WIDTH = 200
LOG_LIMIT = 10_000_000


@dataclass(frozen=True)
class Program:
    """What to run: the name shown before its lines, and the command (an absolute path first)."""

    name: str
    command: Sequence[str]


@dataclass(frozen=True)
class Patience:
    """All in seconds but `deaths`: so many within `window` end everything."""

    stopping: float = 10.0
    leftovers: float = 2.0
    window: float = 60.0
    deaths: int = 5
    first_pause: float = 1.0
    longest_pause: float = 10.0
    glance: float = 0.1


@dataclass
class Child:
    """One program and its life so far."""

    program: Program
    log: Path
    process: subprocess.Popen[bytes] | None = None
    copier: threading.Thread | None = None
    start_at: float = 0.0
    deaths: deque[float] = field(default_factory=deque)
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=20))

    def start(self, folder: Path, environment: Mapping[str, str]) -> None:
        """Start it in a process group of its own, its output copied to the log."""
        self.process = subprocess.Popen(
            [sys.executable, str(LEASH), str(os.getpid()), *self.program.command],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        assert self.process.stdout is not None  # noqa: S101 - for the type checker: a pipe was asked for
        self.copier = threading.Thread(target=self._copy, args=(self.process.stdout,), daemon=True)
        self.copier.start()

    def _copy(self, output: IO[bytes]) -> None:
        with output:
            for raw in output:
                line = raw.decode(errors="replace").rstrip()
                self.last_lines.append(line)
                _append(self.log, raw)
                if LOUD.search(line):
                    print(f"[{self.program.name}] {line[:SHOWN_WIDTH]}", flush=True)

    def bury(self, patience: Patience) -> None:
        """After its leader ended: end what is left of its process group, and free what we held for it."""
        if self.process is None:
            return
        _end_group(self.process.pid, patience)
        if self.copier is not None:
            self.copier.join(timeout=patience.leftovers)
        self.process = None

    def count_death(self, now: float, patience: Patience) -> float:
        """Remember a death, forget those outside the window, and say how long to pause before the next start."""
        self.deaths.append(now)
        while self.deaths[0] <= now - patience.window:
            self.deaths.popleft()
        pause = min(patience.first_pause * 2.0 ** (len(self.deaths) - 1), patience.longest_pause)
        self.start_at = now + pause
        return pause


class Supervisor:
    """Runs programs until a signal (exit code 0) or until one of them will not stay alive (exit code 1)."""

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        folder: Path,
        logs: Path,
        environment: Mapping[str, str],
        patience: Patience | None = None,
    ) -> None:
        logs.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.environment = environment
        self.patience = patience or Patience()
        self.children = [Child(program, logs / f"{program.name}.log") for program in programs]
        self.signals = 0

    @property
    def stopping(self) -> bool:
        return self.signals > 0

    def run(self) -> int:
        """Start everything and stay until it ends; the second signal does not wait for anybody."""
        before = {
            number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        }
        try:
            failed = self._watch()
            if failed is None:
                say("正在停止……", "Stopping ...")
            self._stop_all()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        if failed is not None:
            _tell_failure(failed, self.patience)
            return 1
        say("已停止。", "Stopped.")
        return 0

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.signals += 1

    def _watch(self) -> Child | None:
        """Until a signal: None. Until a program has died too often: that one."""
        while not self.stopping:
            for child in self.children:
                if child.process is None and time.monotonic() >= child.start_at:
                    child.start(self.folder, self.environment)
                elif child.process is not None and child.process.poll() is not None and self._is_lost(child):
                    return child
            time.sleep(self.patience.glance)
        return None

    def _is_lost(self, child: Child) -> bool:
        ended = "" if child.process is None else _how_it_ended(child.process.returncode)
        child.bury(self.patience)
        pause = child.count_death(time.monotonic(), self.patience)
        if len(child.deaths) >= self.patience.deaths:
            return True
        say(
            f"[{child.program.name}] 意外退出（{ended}），{pause:g} 秒后重新启动。",
            f"died ({ended}), starting it again in {pause:g} s.",
        )
        return False

    def _stop_all(self) -> None:
        living = [(child, child.process) for child in self.children if child.process is not None]
        for _, process in living:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + self.patience.stopping
        while time.monotonic() < deadline and self.signals < 2 and any(p.poll() is None for _, p in living):
            time.sleep(self.patience.glance / 2)
        for child, process in living:
            if process.poll() is None:
                say(f"[{child.program.name}] 未能按时停止，强行结束。", "did not stop in time, killed.")
                _signal_group(process.pid, signal.SIGKILL)
                process.wait()
            child.bury(self.patience)


def _tell_failure(child: Child, patience: Patience) -> None:
    print("\n".join(f"[{child.program.name}] {line}" for line in child.last_lines))
    say(
        f"[{child.program.name}] {patience.window:g} 秒内退出 {patience.deaths} 次，已全部停止；最后的输出见上。",
        f"died {patience.deaths} times in {patience.window:g} s, everything is stopped; all it said: {child.log}",
    )


def _how_it_ended(code: int | None) -> str:
    return f"signal {-code}" if code is not None and code < 0 else f"exit {code}"


def _append(log: Path, raw: bytes) -> None:
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_name(f"{log.name}.1"))
    with log.open("ab") as file:
        file.write(raw)


def _signal_group(group: int, number: int) -> bool:
    """False when nobody is left in the group."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True


def _end_group(group: int, patience: Patience) -> None:
    """End what a dead leader left behind: a web worker would go on holding the port."""
    if not _signal_group(group, signal.SIGTERM):
        return
    deadline = time.monotonic() + patience.leftovers
    while time.monotonic() < deadline:
        if not _signal_group(group, 0):
            return
        time.sleep(patience.glance / 2)
    _signal_group(group, signal.SIGKILL)
