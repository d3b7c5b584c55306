from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from casemgr.routing_trial import MOST, SHOWN, USUAL, newest_of, try_division
from clues.models import Lead
from core.errors import Refusal


class Command(BaseCommand):
    help = "Say which of the newest leads a division of powers (YAML) would send elsewhere; stores nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--leads", type=int, default=USUAL, help=f"how many of the newest leads, at most {MOST}")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not 1 <= options["leads"] <= MOST:
            raise CommandError(f"--leads must be 1 to {MOST}")
        try:
            leads = newest_of(Lead.objects.order_by("-received_on", "-id"), options["leads"])
            trial = try_division(path.read_text(encoding="utf-8"), leads)
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        except OSError as error:
            raise CommandError(f"cannot read {error.filename}: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{path} is not UTF-8") from error
        coverage = trial.examined.coverage
        self.stdout.write(f"combinations: {coverage.total}, without an office: {trial.examined.unowned}")
        for fault in trial.faults:
            self.stdout.write(f"  {fault}")
        self.stdout.write(f"leads: {trial.asked}, elsewhere: {len(trial.elsewhere)}")
        for each in trial.elsewhere[:SHOWN]:
            goal = each.office.name if each.office else each.why or "-"
            self.stdout.write(f"  {each.lead.number}: {each.lead.office.name} -> {goal} {each.rule}".rstrip())
        if len(trial.elsewhere) > SHOWN:
            self.stdout.write(f"  … {len(trial.elsewhere) - SHOWN} more")
