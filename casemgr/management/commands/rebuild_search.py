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
        cases = Case.objects.select_related("office").order_by("pk").iterator(chunk_size=AT_ONCE)
        self.stdout.write(f"leads: {self._index(lead_moves.searchable(lead) for lead in leads)}")
        self.stdout.write(f"cases: {self._index(case_moves.searchable(case) for case in cases)}")

    def _index(self, rows: Any) -> int:
        count, batch = 0, []
        for row in rows:
            batch.append(row)
            count += 1
            if len(batch) == AT_ONCE:
                index_texts(batch)
                batch = []
        index_texts(batch)
        return count
