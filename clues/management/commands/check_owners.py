"""``manage.py check_owners``: every lead had exactly one owner at every moment, proven over the whole database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clues.queries import ownership_faults

MOST = 10
WORDS = {
    "no_open_tenure": "没有现任承办经历的线索",
    "differs_from_lead": "与线索不一致的承办经历",
    "gap": "后面有空档的承办经历",
    "overlap": "与后一条重叠的承办经历",
    "starts_late": "登记之后才开始有承办经历的线索",
}


class Command(BaseCommand):
    help = "核对每条线索在任何时刻都只有一个承办人"

    def handle(self, *args: Any, **options: Any) -> None:
        """:raises CommandError: it was not so; the numbers of the rows are written out."""
        found = 0
        for name, rows in ownership_faults().items():
            count = rows.count()
            found += count
            some = ", ".join(str(pk) for pk in rows.values_list("pk", flat=True)[:MOST]) if count else ""
            self.stdout.write(f"{WORDS[name]}：{count}{f'（{some}）' if some else ''}")
        if found:
            raise CommandError(f"{found} 处不是恰好一个承办人", returncode=1)
        self.stdout.write("每条线索在任何时刻都恰有一个承办人")
