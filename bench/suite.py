"""Every figure that needs rows, in order: the same at few and at many clocks, then what only many show."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from bench import case_rows, casefile, cases, fill, lead_rows, leads, redating, sweep, worklist
from bench.figures import Figure, Patience, say


@dataclass(frozen=True)
class Size:
    """How large a run is.

    ``few`` and ``many`` clocks; how many reminders are ``due``; ``rounds`` of each comparison, of ``redatings`` fewer;
    ``calls`` of the arithmetic; how many ``leads``, and as many cases; of how many ``scans`` a case file; and for how many seconds of ``patience`` it measures again what
    others disturbed.
    """

    few: int
    many: int
    due: tuple[int, ...]
    rounds: int
    redatings: int
    calls: int
    patience: float
    leads: int
    scans: int


GATE = Size(
    few=50_000, many=200_000, due=(1_000,), rounds=5, redatings=1, calls=20_000, patience=45, leads=100_000, scans=30
)
FULL = Size(
    few=100_000,
    many=1_000_000,
    due=(1_000, 10_000),
    rounds=5,
    redatings=2,
    calls=100_000,
    patience=900,
    leads=1_000_000,
    scans=30,
)


def figures_with_rows(size: Size) -> Iterator[Figure]:
    """On the empty, migrated database of this process."""
    patience = Patience(size.patience)
    fill.build_bench_city()
    sweep.prepare()
    few = list(_at(size.few, size.few, size, patience))
    yield from few
    many = list(_at(size.many, size.many - size.few, size, patience))
    yield from many
    for before, after in zip(few, many, strict=True):
        if before.name.startswith("sweep") and before.goal:
            yield sweep.growth_figure(before, after)
    yield worklist.growth_figure(few, many)
    yield from patience.settled(partial(sweep.loop_figures, size.many, size.rounds))
    yield from patience.settled(partial(sweep.idle_figures, size.many))
    yield from worklist.page_figures(size.many, size.rounds)
    # before the periods of leads and cases, whose reminders the bare statements do not know
    yield from patience.settled(partial(redating.new_year_figures, size.many, size.redatings))
    yield from patience.settled(partial(redating.amendment_figures, size.many, size.redatings))
    say(f"filling up to {size.leads} leads")
    lead_rows.add_leads(1, size.leads)
    yield from patience.settled(partial(leads.figures, size.leads, size.rounds))
    yield from leads.page_figures(size.leads, size.rounds)
    yield from patience.settled(partial(leads.likeness_figures, size.leads, size.rounds))
    yield from patience.settled(partial(leads.import_figures, size.leads))
    say(f"filling up to {size.leads} cases")
    case_rows.add_cases(1, size.leads)
    yield from patience.settled(partial(cases.figures, size.leads, size.rounds))
    yield from cases.page_figures(size.leads, size.rounds)
    yield from patience.settled(cases.number_figures)
    yield from casefile.figures(size.scans)


def _at(clocks: int, more: int, size: Size, patience: Patience) -> Iterator[Figure]:
    say(f"filling up to {clocks} clocks")
    fill.add_clocks(clocks - more + 1, more)
    for due in size.due:
        yield from patience.settled(partial(sweep.figures, clocks, due, size.rounds))
    yield from patience.settled(partial(worklist.figures, clocks, size.rounds))
