from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django_filters import ChoiceFilter

from clues.models import Lead
from clues.narrowing import OVERDUE, SOON, due, given_back, in_category, with_words
from clues.states import Channel, LeadState
from core.api.filters import DayFilter, Filters, FlagFilter, IdFilter, OneOfFilter, TextFilter


class LeadFilter(Filters):
    """Days are inclusive; a filter given several values takes any of them."""

    q = TextFilter(
        method="with_words", help_text=gettext_lazy("编号、当事人、地址、内容、核查情况中的词，空格分开的都要有")
    )
    state = OneOfFilter(choices=LeadState.choices)
    channel = OneOfFilter(choices=Channel.choices)
    category = TextFilter(method="in_category", help_text=gettext_lazy("事项类别代码，含下级类别"))
    office = IdFilter(field_name="office_id")
    bureau = IdFilter(field_name="bureau_id")
    owner = IdFilter(field_name="owner_id")
    due = ChoiceFilter(method="of_due", choices=[(SOON, SOON), (OVERDUE, OVERDUE)])
    returned = FlagFilter(method="of_returned")
    received_from = DayFilter(field_name="received_on", lookup_expr="gte")
    received_until = DayFilter(field_name="received_on", lookup_expr="lte")
    party_code = TextFilter()
    number = TextFilter()

    class Meta:
        model = Lead
        fields: tuple[str, ...] = ()

    def with_words(self, leads: QuerySet[Lead], _name: str, words: str) -> QuerySet[Lead]:
        return leads.filter(with_words(self.request.user, words))

    def in_category(self, leads: QuerySet[Lead], _name: str, code: str) -> QuerySet[Lead]:
        return leads.filter(in_category(code))

    def of_due(self, leads: QuerySet[Lead], _name: str, which: str) -> QuerySet[Lead]:
        return leads.filter(due(self.request.user, which, self.now))

    def of_returned(self, leads: QuerySet[Lead], _name: str, asked: bool) -> QuerySet[Lead]:
        return leads.filter(given_back()) if asked else leads.exclude(given_back())

    @property
    def now(self) -> datetime:
        return timezone.now()
