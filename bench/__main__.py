"""``python -m bench``: one JSON line per figure on standard output, progress on standard error.

Ends with 1 when a figure misses its goal by more than the tolerance, with 2 when the command line is wrong.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.database import NoServerError, migrate, own_database, server_of, set_up_django
from bench.figures import Figure, say

GATE_SECONDS = 90


@dataclass(frozen=True)
class Size:
    """How large a run is: clocks in two steps, how many are due, rounds of each comparison, calls of the arithmetic."""

    few: int
    many: int
    due: tuple[int, ...]
    rounds: int
    calls: int


SIZES = {
    "gate": Size(few=50_000, many=200_000, due=(1_000,), rounds=5, calls=20_000),
    "full": Size(few=100_000, many=1_000_000, due=(1_000, 10_000), rounds=5, calls=100_000),
    "toy": Size(few=400, many=2_000, due=(50,), rounds=1, calls=200),
}


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    sizes = parser.add_mutually_exclusive_group()
    for name, size in SIZES.items():
        sizes.add_argument(f"--{name}", dest="size", action="store_const", const=name, help=str(size))
    options = parser.parse_args(arguments)
    began, missed = time.monotonic(), []
    for figure in run(SIZES[options.size or "gate"]):
        print(figure.as_json(), flush=True)
        if figure.is_missed:
            missed.append(figure)
    for figure in missed:
        say(f"MISSED: {figure.name}: {figure.judged:.3g}, goal {figure.goal}")
    say(f"{time.monotonic() - began:.0f} s")
    return 1 if missed else 0


def run(size: Size) -> Iterator[Figure]:
    """All figures, those that need rows on a database made for them."""
    try:
        server = server_of(os.environ)
        with own_database(server) as url:
            set_up_django(url)
            yield from _arithmetic(size)
            yield from _with_rows(size)
    except NoServerError as error:
        say(f"no PostgreSQL ({error}): sweep, re-dating and worklist are NOT measured; set DATABASE_URL")
        set_up_django(None)
        yield from _arithmetic(size)


def _arithmetic(size: Size) -> list[Figure]:
    from bench import arithmetic

    return arithmetic.figures(size.calls, size.rounds)


def _with_rows(size: Size) -> Iterator[Figure]:
    from bench import fill, redating, sweep
    from bench.figures import settled

    migrate()
    fill.build_bench_city()
    sweep.prepare()
    due = list(size.due)
    say(f"filling {size.few} clocks")
    fill.add_clocks(1, size.few)
    small, small_costs = sweep.figures(size.few, due, size.rounds)
    yield from small
    say(f"filling up to {size.many} clocks")
    fill.add_clocks(size.few + 1, size.many - size.few)
    large, large_costs = sweep.figures(size.many, due, size.rounds)
    yield from large
    yield from sweep.growth_figures(size.few, small_costs, size.many, large_costs)
    yield from settled(lambda: [sweep.loop_figure(size.many, size.rounds)])
    yield from settled(lambda: [sweep.idle_figure(size.many)])
    yield from settled(lambda: redating.new_year_figures(size.many, min(size.rounds, 3)))
    yield from settled(lambda: redating.amendment_figures(size.many, min(size.rounds, 3)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
