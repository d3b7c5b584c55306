"""The whole bench at the size of a toy: what it compares must agree, how long it takes does not matter here."""

import pytest
from django.db import connection

from bench.suite import Size, figures_with_rows

TOY = Size(few=1_500, many=2_500, due=(40,), rounds=1, redatings=1, calls=20, patience=0, leads=6_000, scans=2)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="the baselines are SQL of PostgreSQL")
def test_every_figure_is_measured_and_both_sides_leave_the_same_rows(law: None) -> None:
    figures = {figure.name: figure for figure in figures_with_rows(TOY)}
    connection.close()  # its temporary tables go with it
    assert all(figure.value > 0 for figure in figures.values())
    kinds = (
        "sweep of 40",
        "sweep against a textbook",
        "idle sweep",
        "worklist page of one office",
        "GET /",
        "re-dating",
    )
    for kind in kinds:
        assert any(name.startswith(kind) for name in figures), kind
