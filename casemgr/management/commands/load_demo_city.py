from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from accounts.models import Office
from casemgr.demo_cases import FORMS
from casemgr.demo_city import (
    ACTOR,
    PASSWORD,
    build_city,
    demo_accounts,
    discretion,
    division_of_powers,
    no_penalty_lists,
    number_formats,
)
from casemgr.demo_matters import load_matters
from casemgr.demo_walks import walk_on
from casemgr.demo_year import load_year
from documents.actions.templates import load_templates


class Command(BaseCommand):
    help = "Build the demo city once (kept on later runs) and print its accounts."

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        if not Office.objects.exists():
            self._build(at)
        self.stdout.write(f"演示账号（密码均为 {PASSWORD}）/ Demo accounts (one password for all: {PASSWORD})")
        for account in demo_accounts():
            self.stdout.write(f"  {account.username:<14} {account.name}")

    @transaction.atomic
    def _build(self, at: datetime) -> None:
        """All of it or nothing: half a city would never be finished by the next start."""
        number_formats(at=at)
        load_templates(actor=ACTOR, at=at, forms=FORMS)
        build_city(at=at, since=at.date().replace(year=at.year - 1, month=1, day=1))
        division_of_powers(at=at)
        no_penalty_lists(at=at)
        discretion(at=at)
        walk_on(load_year(now=at), now=at)
        load_matters(now=at)
