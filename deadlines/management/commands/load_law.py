from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import SystemActor
from core.errors import Refusal
from deadlines.actions.law import load_rules, publish_calendar, set_ladder
from deadlines.models import LadderStep
from deadlines.yearplans import DATA


class Command(BaseCommand):
    help = "Load the statutory rules, the holiday notices and the reminder ladder; what is in force already stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rules", type=Path, default=DATA / "law" / "deadline_rules.yaml")
        parser.add_argument("--calendar", type=Path, action="append", help="a holiday notice (holiday-cn JSON)")
        parser.add_argument("--ladder", type=Path, help="replace the reminder ladder with this file")

    def handle(self, *args: Any, **options: Any) -> None:
        at, actor = timezone.now(), SystemActor("load_law")
        calendars = options["calendar"] or sorted((DATA / "calendars").glob("20[0-9][0-9].json"))
        try:
            rules = load_rules(text=options["rules"].read_text(), source=options["rules"].name, actor=actor, at=at)
            loaded = [
                publish_calendar(raw=path.read_bytes(), source=path.name, actor=actor, at=at) for path in calendars
            ]
        except Refusal as refusal:
            raise CommandError(f"{refusal.field or ''} {refusal.detail}".strip()) from refusal
        except OSError as error:
            raise CommandError(f"cannot read {error.filename}: {error.strerror}") from error
        if options["ladder"] or not LadderStep.objects.exists():
            ladder = options["ladder"] or DATA / "reminder_ladder.yaml"
            set_ladder(steps=yaml.safe_load(ladder.read_text())["steps"], actor=actor, at=at)
        self.stdout.write(f"rules: {'loaded' if rules else 'in force already'}")
        for notice in filter(None, loaded):
            self.stdout.write(f"calendar {notice.year}: loaded, {notice.report.changed} running clocks re-dated")
