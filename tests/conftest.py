import os
from collections.abc import Iterator

import hypothesis
import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from deadlines.actions.law import load_rules, publish_calendar, set_ladder
from deadlines.models import LadderStep, RuleSet
from deadlines.yearplans import DATA
from tests.builders import SYSTEM, City, make_city
from tests.kept import watched

# The same examples on every machine and in every run, so that a red build is a change of the code; HUNT=1 looks for new ones.
hypothesis.settings.register_profile("steady", derandomize=True, database=None)
if not os.environ.get("HUNT"):
    hypothesis.settings.load_profile("steady")


def load_the_law() -> None:
    """The carried rules, calendars and ladder, unless this database has them already."""
    import yaml

    if RuleSet.objects.exists():
        return
    at = timezone.now()
    load_rules(text=(DATA / "law/deadline_rules.yaml").read_text(), source="deadline_rules.yaml", actor=SYSTEM, at=at)
    for path in sorted((DATA / "calendars").glob("20[0-9][0-9].json")):
        publish_calendar(raw=path.read_bytes(), source=path.name, actor=SYSTEM, at=at)
    if not LadderStep.objects.exists():
        set_ladder(steps=yaml.safe_load((DATA / "reminder_ladder.yaml").read_text())["steps"], actor=SYSTEM, at=at)


def let_the_trail_be_emptied() -> None:
    """Tests with real transactions clean up by emptying every table, which the guards of the audit trail refuse."""
    with connection.cursor() as cursor:
        for table in ("audit_entry", "audit_seal", "audit_sealedentry"):
            on = f"ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_never_emptied {on}")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        load_the_law()
        let_the_trail_be_emptied()


@pytest.fixture
def law(db: None) -> None:
    """The law is in force; tests that truncate the database get it back."""
    load_the_law()


@pytest.fixture
def city(law: None) -> Iterator[City]:
    with watched():
        yield make_city()
