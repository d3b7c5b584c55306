"""Compiled translations without the gettext tools, and what is not translated yet."""

from pathlib import Path

import polib
import pytest

from tools import translations


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with one English catalogue of one finished entry."""
    folder = tmp_path / "locale" / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    write(tmp_path, [polib.POEntry(msgid="我的待办", msgstr="My tasks")])
    return tmp_path


def write(root: Path, entries: list[polib.POEntry]) -> None:
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    catalogue.extend(entries)
    catalogue.save(str(root / "locale" / "en" / "LC_MESSAGES" / "django.po"))


def test_a_catalogue_is_compiled_once(root: Path) -> None:
    assert translations.build(root) == 1
    assert translations.build(root) == 0
    compiled = polib.mofile(str(root / "locale" / "en" / "LC_MESSAGES" / "django.mo"))
    assert [(entry.msgid, entry.msgstr) for entry in compiled] == [("我的待办", "My tasks")]


def test_a_finished_catalogue_has_no_gaps(root: Path) -> None:
    assert translations.gaps(root) == []


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (polib.POEntry(msgid="线索"), "not translated"),
        (polib.POEntry(msgid="线索", msgstr="Clew", flags=["fuzzy"]), "a guess (fuzzy)"),
        (polib.POEntry(msgid="件", msgid_plural="件", msgstr_plural={0: "matter", 1: ""}), "not translated"),
    ],
)
def test_what_is_not_translated_is_named_with_its_place(root: Path, entry: polib.POEntry, fault: str) -> None:
    write(root, [entry])
    (gap,) = translations.gaps(root)
    assert gap.startswith("locale/en/LC_MESSAGES/django.po:")
    assert f"{fault}: {entry.msgid}" in gap


def test_no_catalogue_at_all_is_a_gap(tmp_path: Path) -> None:
    assert translations.gaps(tmp_path) == ["there is no catalogue under locale/"]


def test_words_no_longer_used_are_no_gap(root: Path) -> None:
    write(root, [polib.POEntry(msgid="旧", obsolete=True)])
    assert translations.gaps(root) == []
