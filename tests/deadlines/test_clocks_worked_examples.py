"""Every forward count of data/law/worked_examples.yaml through the verbs: started, days left out, extended."""

from datetime import datetime
from typing import Any

import pytest
import yaml

from deadlines.queries import rule_book, rule_version_of
from deadlines.replay import SHANGHAI
from deadlines.yearplans import DATA
from tests.builders import SYSTEM, City, moment
from tests.deadlines.clock_builders import exclude, start
from tests.deadlines.test_clocks import extend

AT = "2026-11-20"
EXAMPLES: list[dict[str, Any]] = yaml.safe_load((DATA / "law/worked_examples.yaml").read_text("utf-8"))["examples"]
# Published before the rule it is counted by was in force: no version answers for the day of its trigger.
UNSTARTABLE = {"WE55"}
FORWARD = [example for example in EXAMPLES if example["calc"]["op"] == "add" and example["id"] not in UNSTARTABLE]


@pytest.mark.parametrize("example", FORWARD, ids=[example["id"] for example in FORWARD])
def test_a_clock_gives_the_day_counted_by_hand(city: City, example: dict[str, Any]) -> None:
    key, _plus, extension = example["rule"].partition("+")
    calc, expected = example["calc"], example["expected"]
    clock = start(city, key, str(calc["start"]), moment(AT))
    for first, last in calc.get("excluded", []):
        grounds = rule_version_of(clock).excluded_grounds
        clock = exclude(city, clock, first, last, moment(AT), grounds[0] if grounds else "中止")
    for step in range({"": 0, "extension": 1, "collective": 2}[extension]):
        law = rule_book().version(clock.rule_version).extensions[step]
        clock = extend(city, clock, str(clock.due_on), None if law.amount else 60)
    if calc["unit"] == "hour":
        assert clock.due_at == datetime.fromisoformat(expected["due"]).replace(tzinfo=SHANGHAI)
    else:
        assert str(clock.due_on) == expected["due"]
        assert str(clock.due_nominal_on) == expected.get("due_nominal", expected["due"])
    assert clock.moves.filter(actor_label=SYSTEM.label, name="start").count() == 1
