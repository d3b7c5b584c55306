import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import override

from casemgr.replay.printing import as_data, as_text
from casemgr.replay.run import replay_cases
from casemgr.replay.source import read_cases
from core.errors import Refusal
from deadlines.replay import SHANGHAI
from deadlines.yearplans import DATA


class Command(BaseCommand):
    help = "把已公布的案例按其真实日期经本系统的办理动作复盘，报告各项期限是否按期、会提醒何人；默认不留下任何数据"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", default=DATA / "cases" / "published_cases.json")
        parser.add_argument("--json", action="store_true", help="输出JSON")
        parser.add_argument("--keep", action="store_true", help="保留复盘产生的机构、线索、案件和通知")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        at = timezone.now()
        with override("zh-hans"):
            try:
                cases = read_cases(path.read_bytes(), today=at.astimezone(SHANGHAI).date())
                reports = replay_cases(cases, at=at, keep=options["keep"])
            except OSError as error:
                raise CommandError(f"无法读取{path}：{error.strerror}") from error
            except Refusal as refusal:
                if options["json"]:
                    error_data = {"code": refusal.code, "field": refusal.field, "detail": refusal.detail}
                    self.stdout.write(json.dumps({"error": error_data}, ensure_ascii=False))
                raise CommandError(refusal.detail) from refusal
            if options["json"]:
                self.stdout.write(json.dumps(as_data(reports, path.name), ensure_ascii=False, indent=1))
            else:
                self.stdout.write(as_text(reports, path.name))
