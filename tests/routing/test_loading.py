"""Loading a division: what is in effect when, what is refused, the command."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Office
from audit.models import Entry
from core.errors import Invalid
from routing.actions import load_rules
from routing.inspection import Examination, examine
from routing.models import RuleSet
from routing.queries import current_set, division_of, returns_allowed
from tests.builders import NOW, ROUTING, SYSTEM, City, make_routing
from tests.refusals import refused

LATER = ROUTING.replace("tests-1", "tests-2").replace("2020-01-01", "2026-07-01").replace("allowed: 2", "allowed: 3")
REST = "  - {key: east_rest, order: 90, name: 其余由东区局承办, office: east}\n"


def load(text: str, *, allow_gaps: bool = False) -> RuleSet | None:
    return load_rules(text=text, source="tests", actor=SYSTEM, at=NOW, allow_gaps=allow_gaps)


def examined(rule_set: RuleSet) -> Examination:
    return examine(division_of(rule_set))


def test_the_set_in_effect_is_the_newest_that_has_begun(city: City) -> None:
    first, later = make_routing(city), make_routing(city, LATER)
    assert [current_set(date(2026, 6, 30)).pk, current_set(date(2026, 7, 1)).pk] == [first.pk, later.pk]
    assert [returns_allowed(date(2026, 6, 30)), returns_allowed(date(2026, 7, 1))] == [2, 3]
    corrected = make_routing(city, LATER.replace("tests-2", "tests-3"))
    assert current_set(date(2026, 7, 1)).pk == corrected.pk, "of two that begin together the later load"


def test_before_the_first_set_nothing_is_in_effect(city: City) -> None:
    with refused(Invalid, "division_not_loaded"):
        current_set(date(2026, 3, 2))
    assert returns_allowed(date(2019, 12, 31)) == 2


def test_a_load_is_in_the_trail_and_the_same_text_is_loaded_once(city: City) -> None:
    loaded = make_routing(city)
    entry = Entry.objects.order_by("-id")[0]
    assert (entry.verb, entry.subject_id, entry.facts["unowned"]) == ("routing.load_rules", loaded.pk, 0)
    assert load(ROUTING) is None
    assert RuleSet.objects.get().version == "tests-1"


def test_a_version_is_never_edited(city: City) -> None:
    make_routing(city)
    with refused(Invalid, "version_taken", "version"):
        load(ROUTING.replace("allowed: 2", "allowed: 3"))


def test_gaps_are_named_and_loaded_only_on_demand(city: City) -> None:
    with refused(Invalid, "uncovered", "rules"):
        load(ROUTING.replace(REST, ""))
    with pytest.raises(Invalid, match="市南区"):
        load(ROUTING.replace(REST, ""))
    kept = load(ROUTING.replace(REST, ""), allow_gaps=True)
    assert kept is not None
    assert examined(kept).unowned > 0


def test_two_rules_of_one_order_may_not_both_hold(city: City) -> None:
    with refused(Invalid, "overlapping_rules", "west_region"):
        load(ROUTING.replace("order: 30", "order: 20"), allow_gaps=True)
    apart = ROUTING.replace("west_region, order: 30", "west_region, order: 20").replace(
        'amount_from: "1000000"', 'regions: ["370202"], amount_from: "1000000"'
    )
    assert load(apart) is not None, "rules that never both hold may share an order"


def test_an_office_that_does_not_exist_is_refused_even_where_gaps_are_allowed(city: City) -> None:
    with refused(Invalid, "unknown_office", "office"):
        load(ROUTING.replace("office: west", "office: wset"), allow_gaps=True)
    idle = "  - {key: idle, order: 99, name: 从不适用, office: nowhere}\n"
    with refused(Invalid, "unknown_office", "office"):
        load(ROUTING + idle, allow_gaps=True)


def test_a_closed_office_counts_as_nobody(city: City) -> None:
    Office.objects.filter(pk=city.west.pk).update(is_open=False)
    with refused(Invalid, "uncovered", "rules"):
        load(ROUTING)
    kept = load(ROUTING, allow_gaps=True)
    assert kept is not None
    (trouble,) = examined(kept).troubles
    assert (trouble.rule.key, trouble.refusal.code) == ("west_region", "office_closed")
    assert "west局" in trouble.refusal.detail
    assert examined(kept).unowned == trouble.count > 0


def test_the_bureau_of_the_district_must_be_one_and_only_one(city: City) -> None:
    text = ROUTING.replace("office: east}", "office: district-of-region}")
    text += "  - {key: unknown, order: 99, name: 区县不明, office: squad}\n"
    with refused(Invalid, "uncovered", "rules"):
        load(text)
    loaded = load(text, allow_gaps=True)
    assert loaded is not None
    troubles = {trouble.region: trouble.refusal.code for trouble in examined(loaded).troubles}
    assert troubles.pop("370202") == "several_district_offices"  # the tests' east and west lie there both
    assert set(troubles.values()) == {"no_district_office"}
    Office.objects.filter(pk=city.west.pk).update(region_code="370203")
    assert {trouble.region for trouble in examined(loaded).troubles} == troubles.keys()


def test_a_rule_others_never_let_decide_is_named(city: City) -> None:
    loaded = make_routing(city, ROUTING + "  - {key: idle, order: 99, name: 从不适用, office: west}\n")
    assert [rule.key for rule in examined(loaded).idle_rules] == ["idle"]
    assert len(division_of(loaded).rules) == 5


def command(path: Path, *options: str) -> str:
    printed = StringIO()
    call_command("load_routing", str(path), *options, stdout=printed)
    return printed.getvalue()


def test_the_command_reports_loads_and_says_when_nothing_is_new(city: City, tmp_path: Path) -> None:
    path = tmp_path / "division.yaml"
    path.write_text(ROUTING, encoding="utf-8")
    assert "without an office: 0" in command(path, "--dry-run")
    assert not RuleSet.objects.exists()
    assert command(path).endswith("loaded\n")
    assert command(path).endswith("loaded already\n")
    assert RuleSet.objects.get().source == "division.yaml"


def test_the_command_refuses_what_the_verb_refuses_and_shows_the_gaps(city: City, tmp_path: Path) -> None:
    path = tmp_path / "division.yaml"
    path.write_text(ROUTING.replace(REST, ""), encoding="utf-8")
    for options in ([], ["--dry-run"]):
        with pytest.raises(CommandError, match="无人承办"):
            command(path, *options)
    assert not RuleSet.objects.exists()
    assert "区县不明" in command(path, "--allow-gaps")
    assert RuleSet.objects.exists()


def test_the_command_says_which_file_it_cannot_read(city: City, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot read"):
        command(tmp_path / "nothing.yaml")
    (tmp_path / "gbk.yaml").write_bytes("名称".encode("gbk"))
    with pytest.raises(CommandError, match="not UTF-8"):
        command(tmp_path / "gbk.yaml")
