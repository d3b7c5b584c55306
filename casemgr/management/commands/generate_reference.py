from difflib import unified_diff
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from casemgr.reference import ROOT, reference_pages

PLACE = ROOT / "docs" / "reference"


class Command(BaseCommand):
    help = "Write docs/reference from the state tables, the rules, the ladder and the sources."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a page is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        stale = []
        for name, text in reference_pages().items():
            path = PLACE / name
            before = path.read_text(encoding="utf-8") if path.exists() else ""
            if before == text:
                continue
            if options["check"]:
                stale.append(name)
                self.stdout.writelines(_difference(name, before, text))
            else:
                path.write_text(text, encoding="utf-8")
                self.stdout.write(f"written: {path.relative_to(ROOT)}")
        if stale:
            raise CommandError(f"stale: {', '.join(stale)}. Run manage.py generate_reference and commit.")


def _difference(name: str, before: str, after: str) -> list[str]:
    """The first lines that differ: enough to see what changed."""
    lines = list(unified_diff(before.splitlines(), after.splitlines(), f"{name} (on disk)", name, lineterm="", n=0))
    shown = [f"{line}\n" for line in lines[:20]]
    return shown + ([f"… and {len(lines) - 20} more lines\n"] if len(lines) > 20 else [])
