"""``manage.py rotate_informant_keys``: seal everything anew with the first key of INFORMANT_KEYS."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import override

from accounts.models import SystemActor
from core.errors import Refusal
from informants.actions import reseal_informants
from informants.sealing import new_key


class Command(BaseCommand):
    help = "用 INFORMANT_KEYS 的第一个密钥重新加密举报人信息；可以随时中断，再次执行即接着做"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser | ArgumentParser) -> None:
        parser.add_argument(
            "--new", metavar="ID", help="只打印一个新密钥（放到 INFORMANT_KEYS 的最前面），不改动任何内容"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["new"]:
            self.stdout.write(new_key(options["new"]))
            return
        with override("zh-hans"):
            try:
                self.stdout.write(f"重新加密 {self._reseal_all()} 条。")
            except Refusal as refusal:
                raise CommandError(refusal.detail) from refusal

    def _reseal_all(self) -> int:
        after, total = 0, 0
        while batch := reseal_informants(after=after, actor=SystemActor("rotate_informant_keys"), at=timezone.now()):
            after, total = batch[0], total + batch[1]
        return total
