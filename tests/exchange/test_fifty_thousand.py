"""As many rows as one import may hold, from the file to the leads, with the rate."""

from time import perf_counter

import pytest
from django.db import connection

from clues.models import Lead
from deadlines.models import Clock
from exchange.actions import steps
from exchange.actions.running import run_imports
from exchange.models import ImportProblem
from exchange.workbooks import MOST_ROWS
from search.models import IndexedText
from tests.builders import NOW, City
from tests.exchange.files import rows, upload, xlsx


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_fifty_thousand_rows_come_in(city: City) -> None:
    content = xlsx(rows(MOST_ROWS))
    of = steps.upload_leads(
        upload=upload(content), office_id=city.east_squad.pk, mode="good_rows_only", actor=city.east_clerk, at=NOW
    )
    steps.check_import(import_id=of.pk, mapping=of.mapping, actor=city.east_clerk, at=NOW)
    began = perf_counter()
    run_imports(clock=lambda: NOW)
    checked = perf_counter() - began
    steps.confirm_import(import_id=of.pk, mode="good_rows_only", actor=city.east_clerk, at=NOW)
    began = perf_counter()
    run_imports(clock=lambda: NOW)
    took = perf_counter() - began

    print(f"checked {MOST_ROWS / checked:,.0f} rows/s, imported {MOST_ROWS / took:,.0f} rows/s")  # noqa: T201 - the figure
    of.refresh_from_db()
    assert (of.state, of.good, of.imported) == ("done", MOST_ROWS, MOST_ROWS), list(ImportProblem.objects.values()[:3])
    assert Lead.objects.count() == IndexedText.objects.count() == MOST_ROWS
    assert Clock.objects.count() == 2 * MOST_ROWS
    if connection.vendor == "postgresql":
        # all the foreign keys are checked when the test ends: not by plans of when these tables were all but empty
        with connection.cursor() as cursor:
            cursor.execute("DISCARD PLANS")
