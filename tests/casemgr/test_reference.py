from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from casemgr import reference
from casemgr.error_codes import Raised, error_codes
from casemgr.management.commands import generate_reference
from core.transitions import Transition
from deadlines.rules import load_files

PAGES = reference.ROOT / "docs" / "reference"


def test_the_committed_reference_is_what_the_tables_say() -> None:
    for name, text in reference.reference_pages().items():
        committed = (PAGES / name).read_text(encoding="utf-8")
        assert committed == text, f"docs/reference/{name} is stale: run manage.py generate_reference and commit it"


def test_the_pages_are_the_same_in_every_language_and_every_time() -> None:
    from django.utils import translation

    with translation.override("en"):
        first = reference.reference_pages()
    assert first == reference.reference_pages()


def test_check_names_the_stale_page_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate_reference, "PLACE", tmp_path)
    for name, text in reference.reference_pages().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    call_command("generate_reference", "--check")
    (tmp_path / "errors.md").write_text("old\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"stale: errors\.md"):
        call_command("generate_reference", "--check")
    assert "-old" in capsys.readouterr().out
    assert (tmp_path / "errors.md").read_text(encoding="utf-8") == "old\n"


def test_every_rule_every_verb_and_every_state_is_in_the_pages() -> None:
    pages = reference.reference_pages()
    _calendar, book = load_files()
    assert all(f"**`{rule.id}`**" in pages["deadlines.md"] for rule in book.versions())
    for _title, _module, _states, table in reference.STATE_TABLES:
        assert all(f"| `{row.name}` | {row.label} |" in pages["transitions.md"] for row in table)


def test_every_state_table_of_the_program_is_in_the_pages() -> None:
    rooms = {f"{app}.states" for app in reference.APPS if find_spec(f"{app}.states")}
    found = {
        id(row)
        for room in rooms
        for table in vars(import_module(room)).values()
        if isinstance(table, tuple) and table and all(isinstance(row, Transition) for row in table)
        for row in table
    }
    listed = {id(row) for _title, _module, _states, table in reference.STATE_TABLES for row in table}
    assert found - listed == set()


SOURCE = """
def refuse(code: str, field: str) -> Invalid:
    return Invalid("x", code=code, field=field)

def wrong(name: str, detail: str, code: str = "bad_value") -> Invalid:
    return refuse(code, name)

def verb() -> None:
    raise WrongState("x", code="too_late")
    raise NotFound("x")
    raise Invalid("x", code=f"bad_{field}")
    raise refuse("bad_key", "a")
    raise wrong("a", "b")
    raise wrong("a", "b", "missing_key")
    FieldError("a", "required", "x")
"""


def test_codes_are_found_wherever_they_are_handed_on() -> None:
    found = {(row.status, row.code) for row in error_codes([("app.actions", SOURCE)])}
    assert found == {
        (400, "bad_<field>"), (400, "bad_key"), (400, "bad_value"), (400, "missing_key"), (400, "required"),
        (404, "not_found"), (409, "too_late"),
    }  # fmt: skip


def test_a_code_is_listed_once_for_each_module_that_raises_it() -> None:
    text = 'raise Invalid("x", code="a")\nraise Invalid("y", code="a")'
    assert error_codes([("m", text), ("n", text)]) == [Raised(400, "a", "m"), Raised(400, "a", "n")]
