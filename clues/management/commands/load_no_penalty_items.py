from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import SystemActor
from clues.actions.no_penalty import load_no_penalty_items
from core.errors import Refusal
from deadlines.yearplans import DATA


class Command(BaseCommand):
    help = "Load the no-penalty lists (YAML); what is in force already stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", default=DATA / "law" / "no_penalty_items.yaml")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            loaded = load_no_penalty_items(
                text=path.read_text(encoding="utf-8"), source=path.name,
                actor=SystemActor("load_no_penalty_items"), at=timezone.now(),
            )  # fmt: skip
        except Refusal as refusal:
            raise CommandError(f"{refusal.field or ''} {refusal.detail}".strip()) from refusal
        except OSError as error:
            raise CommandError(f"cannot read {error.filename}: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{path} is not UTF-8") from error
        self.stdout.write(f"{loaded} loaded")
