from typing import Any

from django.core.management.base import BaseCommand

from cases.actions import moves as case_moves
from cases.models import Case
from clues.actions import moves as lead_moves
from clues.models import Lead
from search.actions import index_texts

AT_ONCE = 2000


class Command(BaseCommand):
    help = "Write the full-text index of leads and cases anew; may run while people work, and again after a break."

    def handle(self, *args: Any, **options: Any) -> None:
        leads = Lead.objects.select_related("office").order_by("pk").iterator(chunk_size=AT_ONCE)
        index_texts(lead_moves.searchable(lead) for lead in leads)
        cases = Case.objects.select_related("office").order_by("pk").iterator(chunk_size=AT_ONCE)
        index_texts(case_moves.searchable(case) for case in cases)
        self.stdout.write(f"{Lead.objects.count()} leads, {Case.objects.count()} cases")
