"""The virtual environment: when it is made anew, what the marker skips, what the programs are given."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from informants.sealing import read_keys
from tools import environment
from tools.console import CommandError
from tools.environment import (
    Place,
    held_or_refused,
    informant_keys,
    install,
    read_marker,
    secret_key,
    variables,
    wanted_marker,
    why_rebuild,
)

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A copy of the project in a path with a space, whose `.venv` has this very Python behind a link."""
    place = Place(tmp_path / "my casemgr")
    place.python.parent.mkdir(parents=True)
    place.python.symlink_to(sys.executable)
    place.lock(dev=False).write_text("django==5.2\n")
    place.lock(dev=True).write_text("django==5.2\npytest==9\n")
    return place


def leave_marker(place: Place, *, dev: bool) -> None:
    place.marker.write_text(json.dumps(wanted_marker(place, dev=dev).__dict__))


def pip_calls(place: Place, monkeypatch: pytest.MonkeyPatch, *, fails: bool = False) -> list[Path]:
    calls: list[Path] = []

    def fake(of: Place, lock: Path) -> None:
        calls.append(lock)
        if fails:
            raise CommandError("失败", "failed")

    monkeypatch.setattr(environment, "_pip_install", fake)
    return calls


def test_a_usable_environment_is_kept(place: Place) -> None:
    assert why_rebuild(place) == ""


def test_no_environment_is_made(place: Place) -> None:
    assert why_rebuild(Place(place.root / "elsewhere")) == "absent"


def test_an_environment_whose_python_is_gone_is_rebuilt(place: Place) -> None:
    place.python.unlink()
    place.python.symlink_to(place.root / "removed-python")
    assert why_rebuild(place) == "broken"


def test_an_environment_whose_python_has_no_pip_is_rebuilt(place: Place) -> None:
    place.python.unlink()
    place.python.write_text("#!/bin/sh\necho 'No module named pip' >&2\nexit 1\n")
    place.python.chmod(0o755)
    assert why_rebuild(place) == "broken"


def test_an_environment_of_an_old_python_is_rebuilt(place: Place) -> None:
    place.python.unlink()
    place.python.write_text("#!/bin/sh\necho False\n")
    place.python.chmod(0o755)
    assert why_rebuild(place) == "too old"


def test_an_environment_moved_with_its_folder_is_rebuilt(place: Place, tmp_path: Path) -> None:
    leave_marker(place, dev=False)
    moved = Place(place.root.rename(tmp_path / "moved"))
    assert why_rebuild(moved) == "moved"


def test_nothing_is_installed_twice(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = pip_calls(place, monkeypatch)
    install(place, dev=False)
    install(place, dev=False)
    assert calls == [place.lock(dev=False)]


def test_the_development_lock_covers_running_too(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = pip_calls(place, monkeypatch)
    install(place, dev=True)
    install(place, dev=False)
    assert calls == [place.lock(dev=True)]


def test_running_does_not_cover_development(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = pip_calls(place, monkeypatch)
    install(place, dev=False)
    install(place, dev=True)
    assert calls == [place.lock(dev=False), place.lock(dev=True)]


@pytest.mark.parametrize("dev", [False, True])
def test_a_changed_lock_is_installed(place: Place, monkeypatch: pytest.MonkeyPatch, dev: bool) -> None:
    leave_marker(place, dev=dev)
    place.lock(dev=dev).write_text("django==5.3\n")
    calls = pip_calls(place, monkeypatch)
    install(place, dev=dev)
    assert calls == [place.lock(dev=dev)]


def test_an_install_that_fails_leaves_no_marker(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_marker(place, dev=False)
    place.lock(dev=False).write_text("django==5.3\n")
    pip_calls(place, monkeypatch, fails=True)
    with pytest.raises(CommandError):
        install(place, dev=False)
    assert read_marker(place) is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"venv": "x"}', "null"])
def test_a_marker_that_cannot_be_read_is_no_marker(place: Place, content: str) -> None:
    place.marker.write_text(content)
    assert read_marker(place) is None


def test_a_python_without_ensurepip_is_told_what_to_install(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(CommandError, match="apt install python3-venv"):
        install(Place(place.root / "elsewhere"), dev=False)
    assert not (place.root / "elsewhere" / ".venv").exists()


def test_the_key_is_made_once_for_its_owner_alone(place: Place) -> None:
    key = secret_key(place)
    assert len(key) > 50
    assert secret_key(place) == key
    assert (place.var / "secret_key").stat().st_mode & 0o777 == 0o600


def test_the_key_of_the_informants_is_made_once_for_its_owner_alone(place: Place) -> None:
    keys = informant_keys(place)
    assert variables(place, {})["INFORMANT_KEYS"] == keys == informant_keys(place)
    assert read_keys(keys).first == "k1"
    assert (place.var / "informant_keys").stat().st_mode & 0o777 == 0o600
    assert variables(place, {"INFORMANT_KEYS": "own:x"})["INFORMANT_KEYS"] == "own:x"


def test_an_empty_key_is_replaced(place: Place) -> None:
    place.var.mkdir()
    (place.var / "secret_key").touch()
    assert len(secret_key(place)) > 50


def test_the_programs_get_safe_defaults(place: Place) -> None:
    given = variables(place, {})
    assert given["DEBUG"] == "false"
    assert given["ALLOWED_HOSTS"] == "localhost,127.0.0.1,[::1]"
    assert given["VAR_DIR"] == str(place.var)


def test_what_the_operator_set_is_kept(place: Place) -> None:
    outer = {"DEBUG": "true", "SECRET_KEY": "own", "DATABASE_URL": "postgresql:///x", "ALLOWED_HOSTS": "a.example"}
    assert variables(place, outer).items() >= outer.items()
    assert not (place.var / "secret_key").exists()


def test_another_projects_settings_are_not_used(place: Place) -> None:
    given = variables(place, {"DJANGO_SETTINGS_MODULE": "other.settings"})
    assert given["DJANGO_SETTINGS_MODULE"] == "casemgr.settings"


@pytest.mark.parametrize(("host", "name"), [("casemgr.example", "casemgr.example"), ("fe80::1", "[fe80::1]")])
def test_the_chosen_host_is_allowed(place: Place, host: str, name: str) -> None:
    assert name in variables(place, {}, host)["ALLOWED_HOSTS"].split(",")


def test_the_holder_of_the_lock_is_named(place: Place) -> None:
    path = place.var / "run.lock"
    with held_or_refused(path), pytest.raises(CommandError, match=str(os.getpid())), held_or_refused(path):
        pass
    with held_or_refused(path):
        assert path.read_text() == str(os.getpid())


def test_the_lock_of_a_killed_process_is_free(place: Place) -> None:
    path = place.var / "run.lock"
    code = "import os, sys; from pathlib import Path; from tools.environment import held_or_refused\n"
    code += "with held_or_refused(Path(sys.argv[1])): os.kill(os.getpid(), 9)"
    assert subprocess.run([sys.executable, "-c", code, path], cwd=ROOT, check=False).returncode == -9
    with held_or_refused(path):
        assert path.read_text() == str(os.getpid())


def pins(lock: Path) -> set[str]:
    return {line.removesuffix("\\").strip() for line in lock.read_text().splitlines() if "==" in line}


def test_the_development_lock_contains_the_other_one() -> None:
    project = Place(ROOT)
    assert pins(project.lock(dev=False)) <= pins(project.lock(dev=True))


@pytest.mark.parametrize("dev", [False, True])
def test_the_locks_name_no_registry_and_hash_everything(dev: bool) -> None:
    text = Place(ROOT).lock(dev=dev).read_text()
    assert "://" not in text
    assert "index-url" not in text
    packages = re.split(r"\n(?=\S)", text.strip())
    assert [package for package in packages if "==" not in package or "--hash=sha256:" not in package] == []
