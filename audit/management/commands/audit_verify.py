import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.queries import verify_trail
from core.clock import database_now


class Command(BaseCommand):
    help = "重新计算审计记录的全部摘要并与封存时比对；发现改动时列出记录并以 1 退出。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchor", type=Path, help="audit_anchor 在库外留存的文件；没有它就看不出尾部被截断或整体重写"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        anchors = _anchors(options["anchor"]) if options["anchor"] else {}
        result = verify_trail(at=database_now(), anchors=anchors)
        self.stdout.write(
            f"记录 {result.entries} 条，封存 {result.seals} 次，待封存 {result.waiting} 条，锚点 {result.anchors} 个。"
        )
        if not anchors:
            self.stdout.write("未与库外锚点比对。")
        if not result.is_sound:
            raise CommandError("\n".join(["审计记录被改动过：", *result.found]), returncode=1)
        self.stdout.write("一致。")


def _anchors(path: Path) -> dict[int, str]:
    """:raises CommandError: the file is missing, or a line is not what audit_anchor writes."""
    try:
        lines = path.read_text().splitlines()
    except OSError as error:
        raise CommandError(f"读不出锚点文件：{error}") from error
    anchors = {}
    for number, line in enumerate(lines, start=1):
        try:
            anchor = json.loads(line)
            anchors[int(anchor["seal"])] = str(anchor["chained"])
        except (ValueError, KeyError, TypeError) as error:
            raise CommandError(f"锚点文件第 {number} 行不是 audit_anchor 写的。") from error
    return anchors
