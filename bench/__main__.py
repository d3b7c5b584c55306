"""``python -m bench``: one JSON line per figure on standard output, progress on standard error.

Ends with 1 when a figure misses its goal by more than the tolerance, with 2 when the command line is wrong.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from bench.database import NoServerError, migrate, own_database, server_of, set_up_django
from bench.figures import Figure, Patience, say


@dataclass(frozen=True)
class Size:
    """How large a run is: clocks in two steps, how many are due, rounds of each comparison, calls of the arithmetic,
    and for how many seconds it may measure again what others disturbed."""

    few: int
    many: int
    due: tuple[int, ...]
    rounds: int
    calls: int
    patience: float


SIZES = {
    "gate": Size(few=50_000, many=200_000, due=(1_000,), rounds=5, calls=20_000, patience=50),
    "full": Size(few=100_000, many=1_000_000, due=(1_000, 10_000), rounds=5, calls=100_000, patience=900),
    "toy": Size(few=20_000, many=30_000, due=(50,), rounds=1, calls=200, patience=0),
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

    return Patience(size.patience).settled(lambda: arithmetic.figures(size.calls, size.rounds))


def _with_rows(size: Size) -> Iterator[Figure]:
    """Growing: the same at few and at many clocks, then what only many show."""
    from bench import fill, redating, sweep, worklist

    patience = Patience(size.patience)
    migrate()
    fill.build_bench_city()
    sweep.prepare()
    of: dict[int, list[Figure]] = {}
    for clocks, more in ((size.few, size.few), (size.many, size.many - size.few)):
        say(f"filling up to {clocks} clocks")
        fill.add_clocks(clocks - more + 1, more)
        of[clocks] = []
        for due in size.due:
            of[clocks] += patience.settled(partial(sweep.figures, clocks, due, size.rounds))
        of[clocks] += patience.settled(partial(worklist.figures, clocks, min(size.rounds, 3)))
        yield from of[clocks]
    for few, many in zip(of[size.few], of[size.many], strict=True):
        if few.name.startswith("sweep") and few.goal:
            yield sweep.growth_figure(few, many)
    yield worklist.growth_figure(of[size.few], of[size.many])
    yield from patience.settled(lambda: sweep.loop_figures(size.many, size.rounds))
    yield from patience.settled(lambda: sweep.idle_figures(size.many))
    yield from worklist.page_figures(size.many, min(size.rounds, 3))
    yield from patience.settled(lambda: redating.new_year_figures(size.many, min(size.rounds, 2)))
    yield from patience.settled(lambda: redating.amendment_figures(size.many, min(size.rounds, 2)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
