"""The commands: named, refused with words, and careful with what they delete."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools import commands
from tools.address import Address
from tools.console import CommandError
from tools.environment import Place, held_or_refused

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A copy of the project that has run: a database, a log, a key."""
    place = Place(tmp_path)
    (place.var / "log").mkdir(parents=True)
    (place.var / "log" / "web.log").write_text("line\n")
    (place.var / "casemgr.sqlite3").write_bytes(b"rows")
    return place


def contents(place: Place) -> list[str]:
    return sorted(str(path.relative_to(place.var)) for path in place.var.rglob("*") if path.name != "run.lock")


def test_starting_over_deletes_the_contents_and_keeps_the_folder(place: Place) -> None:
    assert commands.reset(place, ["--yes"]) == 0
    assert place.var.is_dir()
    assert contents(place) == []


def test_starting_over_follows_no_link(place: Place, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").touch()
    (place.var / "link").symlink_to(elsewhere)
    commands.reset(place, ["--yes"])
    assert (elsewhere / "kept").exists()
    assert contents(place) == []


def test_starting_over_without_a_terminal_wants_yes(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(place)
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    with pytest.raises(CommandError, match="make reset ARGS=--yes"):
        commands.reset(place, [])
    assert contents(place) == before


@pytest.mark.parametrize(
    ("answer", "is_deleted"), [("y", True), ("是", True), ("", False), ("n", False), ("yep", False)]
)
def test_starting_over_on_a_terminal_asks(
    place: Place, monkeypatch: pytest.MonkeyPatch, answer: str, is_deleted: bool
) -> None:
    before = contents(place)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda prompt: answer)
    if is_deleted:
        commands.reset(place, [])
    else:
        with pytest.raises(CommandError, match="Nothing was deleted"):
            commands.reset(place, [])
    assert contents(place) == ([] if is_deleted else before)


def test_starting_over_is_refused_while_running(place: Place) -> None:
    before = contents(place)
    with held_or_refused(place.var / "run.lock"), pytest.raises(CommandError, match="already running"):
        commands.reset(place, ["--yes"])
    assert contents(place) == before


def test_a_second_copy_is_refused_before_anything_is_installed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "install", lambda place, dev: pytest.fail("installed"))
    monkeypatch.setenv("PORT", "1")
    with held_or_refused(place.var / "run.lock"), pytest.raises(CommandError, match="already running"):
        commands.run(place, [])


def test_web_worker_and_beat_run_with_the_environments_own_python(place: Place) -> None:
    programs = commands.programs(place, Address("::1", 9000))
    assert [program.name for program in programs] == ["web", "worker", "beat"]
    assert {program.command[0] for program in programs} == {str(place.python)}
    assert "[::1]:9000" in programs[0].command


def test_every_command_of_the_makefile_exists() -> None:
    targets = (ROOT / "Makefile").read_text().partition(".PHONY:")[2].splitlines()[0].split()
    assert targets == list(commands.COMMANDS)


def test_help_names_every_command_from_any_folder(tmp_path: Path) -> None:
    outcome = subprocess.run(
        [sys.executable, str(ROOT / "dev.py"), "help"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert all(f"\n  {name}" in outcome.stdout for name in commands.COMMANDS)


def test_an_unknown_command_is_refused_with_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["fly"]) == 2
    assert "reset" in capsys.readouterr().out


def test_a_refusal_is_a_message_in_both_languages_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "eighty")
    assert commands.main(["run"]) == 1
    message = capsys.readouterr().err
    assert "PORT 应为 1 至 65535 的整数" in message
    assert "PORT must be a whole number" in message
    assert "Traceback" not in message
