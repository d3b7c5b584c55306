import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.queries import newest_seal


class Command(BaseCommand):
    help = "输出最近一次封存的摘要，或追加到库外的文件（另一台机器、只写介质）；audit_verify --anchor 用它比对。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        seal = newest_seal()
        if seal is None:
            raise CommandError("还没有封存过审计记录。")
        line = json.dumps({"seal": seal.pk, "sealed_at": seal.sealed_at.isoformat(), "chained": seal.chained})
        self.stdout.write(line)
        if options["file"]:
            with options["file"].open("a") as file:
                file.write(f"{line}\n")
