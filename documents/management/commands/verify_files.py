from typing import Any

from django.core.management.base import BaseCommand, CommandError

from documents.queries.files import check_files


class Command(BaseCommand):
    help = "重新计算全部已存文件的校验值（SHA-256、SM3）并与存入时比对；有改动或者缺失时列出并以 1 退出。"

    def handle(self, *args: Any, **options: Any) -> None:
        found = check_files()
        self.stdout.write(f"文件内容 {found.contents} 份；没有记录指向的 {found.unnamed} 份。")
        if not found.is_sound:
            lines = [f"被改动：{each}" for each in found.altered] + [f"缺失：{each}" for each in found.missing]
            raise CommandError("\n".join(lines), returncode=1)
        self.stdout.write("一致。")
