"""``manage.py due``: when a period ends, by rule or in raw form, with or without a database."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from core.errors import Refusal
from deadlines.arithmetic import Roll, Unit
from deadlines.calculator import answer_to


class Command(BaseCommand):
    help = "计算期限届满日：按规则（--rule）、按天数（--add）或者倒推（--before）"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser | ArgumentParser) -> None:
        # Everything is read as text, so that every mistake becomes an error with a code and a field.
        parser.add_argument("--rule", help="规则编号，例如 lead_verification；版本按起算日选择")
        parser.add_argument("--add", metavar="N", help="从起算日向后数 N")
        parser.add_argument("--before", metavar="N", help="从某日向前倒推 N（清日）")
        parser.add_argument("--unit", help=" ".join(Unit))
        parser.add_argument("--roll", help=" ".join(Roll))
        parser.add_argument("--start", help="起算日 2024-01-29；按小时的写时刻 2024-09-30T17:20（北京时间）")
        parser.add_argument("--extensions", metavar="N", help="使用前 N 次法定延长")
        parser.add_argument(
            "--extend-by", action="append", default=[], metavar="N", help="法律未定长短的延长所批准的期限"
        )
        parser.add_argument(
            "--exclude", action="append", default=[], metavar="A..B", help="不计入的期间，含首尾，可重复"
        )
        parser.add_argument("--json", action="store_true", help="输出JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        with override("zh-hans"):
            try:
                answer, lines = answer_to(options)
            except Refusal as refusal:
                if options["json"]:
                    error = {"code": refusal.code, "field": refusal.field, "detail": refusal.detail}
                    self.stdout.write(json.dumps({"error": error}, ensure_ascii=False))
                raise CommandError(refusal.detail, returncode=2) from refusal
            self.stdout.write(json.dumps(answer, ensure_ascii=False) if options["json"] else "\n".join(lines))
