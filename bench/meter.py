"""What a piece of work costs: CPU of this process and of the database process that serves it, and wall time.

CPU is what is compared, because it survives neighbours; variants take turns, and the median round counts.
"""

import os
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from django.db import connection

Work = Callable[[], object]
Variant = Callable[[], AbstractContextManager[Work]]


@dataclass(frozen=True)
class Cost:
    """Seconds of CPU here and in the database, seconds on the wall, and the share of the machine others used."""

    here: float
    database: float
    wall: float
    busy: float

    @property
    def cpu(self) -> float:
        return self.here + self.database


def cost_of(work: Work) -> Cost:
    """Run once. Where the database's process cannot be seen (another host), its share is wall time not spent here."""
    backend = _backend()
    others, machine = _machine(), _database_cpu(backend)
    here, wall = time.process_time(), time.perf_counter()
    work()
    wall, here = time.perf_counter() - wall, time.process_time() - here
    after = _database_cpu(backend)
    database = max(0.0, wall - here) if machine is None or after is None else after - machine
    free = wall * (os.cpu_count() or 1)
    busy = min(1.0, max(0.0, (_machine() - others - here - database) / free)) if free else 0.0
    return Cost(here, database, wall, busy)


def alternated(variants: Mapping[str, Variant], rounds: int) -> dict[str, Cost]:
    """The median cost of each variant, all taking turns; what a variant prepares and clears up is not counted."""
    costs: dict[str, list[Cost]] = {name: [] for name in variants}
    for _ in range(rounds):
        for name, variant in variants.items():
            with variant() as work:
                costs[name].append(cost_of(work))
    return {name: _median(found) for name, found in costs.items()}


def repeated(work: Work, times: int) -> Work:
    """The work so many times over, for pieces too small to weigh alone."""

    def run() -> None:
        for _ in range(times):
            work()

    return run


def _median(costs: list[Cost]) -> Cost:
    """By component; the busiest round speaks for the neighbours."""
    return Cost(
        here=median(cost.here for cost in costs),
        database=median(cost.database for cost in costs),
        wall=median(cost.wall for cost in costs),
        busy=max(cost.busy for cost in costs),
    )


def _backend() -> int | None:
    if connection.vendor != "postgresql" or connection.connection is None:
        return None
    process: int = connection.connection.info.backend_pid
    return process


def _database_cpu(backend: int | None) -> float | None:
    if backend is None:
        return 0.0
    try:
        return int(Path(f"/proc/{backend}/schedstat").read_text().split()[0]) / 1e9
    except (FileNotFoundError, PermissionError, ProcessLookupError):
        return None


def _machine() -> float:
    """Seconds of CPU everybody has used since the start, as far as this system tells."""
    try:
        fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    except FileNotFoundError:
        return 0.0
    user, nice, system, _, _, irq, softirq = (int(field) for field in fields[:7])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")
