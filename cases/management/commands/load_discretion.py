from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import SystemActor
from cases.actions.discretion import load_discretion
from core.errors import Refusal
from deadlines.yearplans import DATA


class Command(BaseCommand):
    help = "Load standards of discretion and local hearing thresholds (YAML); what is in force already stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", default=DATA / "discretion" / "example.yaml")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            loaded = load_discretion(
                text=path.read_text(encoding="utf-8"), source=path.name, actor=SystemActor("load_discretion"),
                at=timezone.now(),
            )  # fmt: skip
        except Refusal as refusal:
            raise CommandError(f"{refusal.field or ''} {refusal.detail}".strip()) from refusal
        except OSError as error:
            raise CommandError(f"cannot read {error.filename}: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{path} is not UTF-8") from error
        self.stdout.write(f"{loaded} loaded")
