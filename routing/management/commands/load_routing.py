from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import SystemActor
from core.errors import Refusal
from routing.actions import check_sound, check_whole, load_rules
from routing.inspection import Examination, examine
from routing.rule_files import parse_division
from routing.wording import cell_line

MOST_LINES = 50


class Command(BaseCommand):
    help = "Load a division of powers (YAML), refused when a combination has no office; --dry-run only reports."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="report the coverage, load nothing")
        parser.add_argument("--allow-gaps", action="store_true", help="load although some combinations have no office")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            text = path.read_text(encoding="utf-8")
            examined = examine(parse_division(text))
            self._report(examined)
            if options["dry_run"]:
                check_sound(examined)
                if not options["allow_gaps"]:
                    check_whole(examined)
                return
            loaded = load_rules(
                text=text, source=path.name, actor=SystemActor("load_routing"), at=timezone.now(),
                allow_gaps=options["allow_gaps"],
            )  # fmt: skip
        except Refusal as refusal:
            raise CommandError(f"{refusal.field or ''} {refusal.detail}".strip()) from refusal
        except OSError as error:
            raise CommandError(f"cannot read {error.filename}: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{path} is not UTF-8") from error
        self.stdout.write("loaded" if loaded else "loaded already")

    def _report(self, examined: Examination) -> None:
        self.stdout.write(f"combinations: {examined.coverage.total}, without an office: {examined.unowned}")
        lines = [f"{cell.count}: {cell_line(cell)}" for cell in examined.coverage.uncovered]
        lines += [f"{trouble.count}: {trouble.refusal.detail}" for trouble in examined.troubles]
        for line in lines[:MOST_LINES]:
            self.stdout.write(f"  {line}")
        if len(lines) > MOST_LINES:
            self.stdout.write(f"  … {len(lines) - MOST_LINES} more")
        for rule in examined.idle_rules:
            self.stdout.write(f"never decides: {rule.key}")
