"""Rules and the ladder are data: loaded once, replaced openly, never from under a clock that counts by them."""

import pytest

from audit.models import Entry
from core.errors import Invalid
from deadlines.actions.law import load_rules, set_ladder
from deadlines.models import LadderStep, Reminder, RuleSet
from deadlines.queries import rule_book
from deadlines.yearplans import DATA
from tests.builders import NOW, SYSTEM, City, moment
from tests.deadlines.clock_builders import start
from tests.refusals import refused

RULES = (DATA / "law/deadline_rules.yaml").read_text()
VERIFICATION = "trigger: 发现线索或者收到材料之日\n    amount: 15"


def load(text: str) -> RuleSet | None:
    return load_rules(text=text, source="rules.yaml", actor=SYSTEM, at=NOW)


def with_verification_of(amount: int) -> str:
    assert RULES.count(VERIFICATION) == 1
    return RULES.replace(VERIFICATION, VERIFICATION.replace("15", str(amount)))


@pytest.mark.usefixtures("law")
def test_the_set_in_force_is_not_loaded_again() -> None:
    before = (RuleSet.objects.count(), Entry.objects.count())
    assert load(RULES) is None
    assert (RuleSet.objects.count(), Entry.objects.count()) == before


@pytest.mark.usefixtures("law")
def test_a_new_set_is_in_force_at_once_and_on_record() -> None:
    rules = load(with_verification_of(20))
    assert rules is not None
    assert rule_book().version("lead_verification").amount == 20
    entry = Entry.objects.get(verb="deadlines.load_rules", subject_id=rules.pk)
    assert entry.facts["versions"] == len(rule_book().versions())


def test_a_version_that_clocks_count_by_keeps_its_length(city: City) -> None:
    start(city, "lead_verification", "2026-03-02")
    with refused(Invalid, "rule_version_changed", "lead_verification"):
        load(with_verification_of(20))
    assert load(RULES.replace("报部门负责人并记录原因；", "报部门负责人；")) is not None, "words may change"


def test_a_version_that_clocks_count_by_is_not_dropped(city: City) -> None:
    start(city, "case_closing", "2026-03-02")
    with refused(Invalid, "rule_version_in_use", "case_closing"):
        load(RULES.replace("  case_closing:\n  - id: case_closing\n", "  case_ending:\n  - id: case_ending\n"))


@pytest.mark.usefixtures("law")
def test_a_malformed_set_is_refused_and_the_old_one_stays() -> None:
    with refused(Invalid):
        load(RULES.replace("amount: 15", "amount: minus fifteen", 1))
    with refused(Invalid):
        load("rules: [")
    assert rule_book().version("lead_verification").amount == 15


@pytest.mark.usefixtures("law")
def test_a_replaced_set_does_not_come_back_unnoticed() -> None:
    load(with_verification_of(20))
    with refused(Invalid, "superseded", "file"):
        load(RULES)


def test_a_changed_ladder_holds_for_clocks_started_from_now_on(city: City) -> None:
    old = start(city, "legal_review", "2026-03-02")
    set_ladder(
        steps=[{"counted_in": "days", "name": "overdue_owner", "audience": "owner", "amount": 2}], actor=SYSTEM, at=NOW
    )
    new = start(city, "legal_review", "2026-03-02", moment("2026-03-03"))
    assert LadderStep.objects.count() == 1
    assert Reminder.objects.filter(clock=old, rung__startswith="overdue").count() == 3
    assert [
        f"{row.rung} {row.fire_at:%m-%d}" for row in Reminder.objects.filter(clock=new, rung__startswith="overdue")
    ] == ["overdue_owner 03-19"]  # due 03-16; the first working day after is 03-17, two more make 03-19
