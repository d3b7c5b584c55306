from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import SystemActor
from core.errors import Refusal
from documents.actions.templates import load_templates, set_form_numbers


class Command(BaseCommand):
    help = "装入66种文书的全国统一模板和各代字的编号格式；已在使用的不变，可以重复运行。"

    def handle(self, *args: Any, **options: Any) -> None:
        at, actor = timezone.now(), SystemActor("load_forms")
        try:
            made = load_templates(actor=actor, at=at)
            numbers = set_form_numbers(actor=actor, at=at)
        except Refusal as refusal:
            raise CommandError(f"{refusal.field or ''} {refusal.detail}".strip()) from refusal
        self.stdout.write(f"新装入模板 {len(made)} 种，编号格式 {len(numbers)} 种。")
