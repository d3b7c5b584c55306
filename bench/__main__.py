"""``python -m bench``: one JSON line per figure on standard output, progress on standard error.

Ends with 1 when a figure misses its goal by more than the tolerance. Without PostgreSQL only the arithmetic is measured.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence

from bench.database import NoServerError, migrate, own_database, server_of, set_up_django
from bench.figures import Figure, Patience, say


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--gate", action="store_true", help="200,000 clocks, about a minute; the default")
    size.add_argument("--full", action="store_true", help="a million clocks, some ten minutes")
    options = parser.parse_args(arguments)
    began, missed = time.monotonic(), []
    for figure in run(full=options.full):
        print(figure.as_json(), flush=True)
        if figure.is_missed:
            missed.append(figure)
    for figure in missed:
        say(f"MISSED: {figure.name}: {figure.judged:.3g}, goal {figure.goal}")
    say(f"{time.monotonic() - began:.0f} s")
    return 1 if missed else 0


def run(*, full: bool) -> Iterator[Figure]:
    """All figures, those that need rows on a database made for them.

    :raises NoServerError: the server that ``DATABASE_URL`` names does not answer.
    """
    try:
        with own_database(server_of(os.environ)) as url:
            set_up_django(url)
            # The applications can be imported only now.
            from bench.suite import FULL, GATE, figures_with_rows

            size = FULL if full else GATE
            yield from _arithmetic(size.calls, size.rounds, size.patience)
            migrate()
            yield from figures_with_rows(size)
    except NoServerError as error:
        if "DATABASE_URL" in os.environ:
            raise
        say(f"no PostgreSQL ({error}): sweep, re-dating and worklist are NOT measured; set DATABASE_URL")
        set_up_django(None)
        yield from _arithmetic(20_000, 5, 45)


def _arithmetic(calls: int, rounds: int, patience: float) -> list[Figure]:
    from bench import arithmetic

    return Patience(patience).settled(lambda: arithmetic.figures(calls, rounds))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
