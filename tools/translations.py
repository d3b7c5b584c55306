"""Builds the compiled translations without the gettext tools, and tells what is not translated.

`python -m tools.translations` builds; with `--check` it only looks. Runs inside the virtual environment.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent


def catalogues(root: Path) -> Iterator[Path]:
    """Every .po file of the project."""
    return root.glob("locale/*/LC_MESSAGES/*.po")


def build(root: Path) -> int:
    """Compile each catalogue newer than its .mo file; the number compiled."""
    built = 0
    for source in catalogues(root):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        half = target.with_name(f"{target.name}.{os.getpid()}")
        polib.pofile(str(source)).save_as_mofile(str(half))
        half.replace(target)
        built += 1
    return built


def gaps(root: Path) -> list[str]:
    """What is wrong in the catalogues: nothing translated yet, or marked as a guess."""
    found = []
    if not any(catalogues(root)):
        found.append("there is no catalogue under locale/")
    for source in catalogues(root):
        entries = [entry for entry in polib.pofile(str(source)) if not entry.obsolete]
        for entry in entries:
            if not entry.translated():
                fault = "a guess (fuzzy)" if entry.fuzzy else "not translated"
                found.append(f"{source.relative_to(root)}:{entry.linenum}: {fault}: {entry.msgid}")
    return found


def missing(root: Path) -> list[str]:
    """Words the sources use that a catalogue does not have. Leaves the catalogues as they were.

    :raises subprocess.CalledProcessError: the extraction itself failed; its output is on the terminal.
    """
    before = {source: source.read_bytes() for source in catalogues(root)}
    found = []
    try:
        for source in before:
            known = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(source)) if not entry.obsolete}
            language = source.parent.parent.name
            command = [sys.executable, "manage.py", "makemessages", "--locale", language, "--verbosity", "0"]
            command += [
                "--add-location",
                "never",
                "--no-obsolete",
                "--ignore",
                ".venv",
                "--ignore",
                "var",
                "--ignore",
                "tests",
            ]
            subprocess.run(command, cwd=root, check=True)
            used = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(source)) if not entry.obsolete}
            found += [f"{source.relative_to(root)}: missing: {words}" for _, words in sorted(used - known, key=str)]
    finally:
        for source, content in before.items():
            source.write_bytes(content)
    return found


def check(root: Path) -> int:
    """Print what is wrong; 1 when anything is."""
    found = gaps(root)
    if shutil.which("xgettext"):
        found += missing(root)
    elif os.environ.get("CI") == "true":
        found.append("xgettext is not installed, so the sources were not compared with the catalogues")
    else:
        print("xgettext is not installed: sources not compared with the catalogues (Debian: gettext)")
    print("\n".join(found) or "translations: complete")
    return 1 if found else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        sys.exit(check(ROOT))
    if compiled := build(ROOT):
        print(f"translations: {compiled} compiled")
