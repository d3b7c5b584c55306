from clues.models import Lead
from clues.states import Channel, LeadState
from core.api.filters import DayFilter, Filters, IdFilter, OneOfFilter, TextFilter


class LeadFilter(Filters):
    """Days are inclusive; a filter given several values takes any of them."""

    state = OneOfFilter(choices=LeadState.choices)
    channel = OneOfFilter(choices=Channel.choices)
    office = IdFilter(field_name="office_id")
    bureau = IdFilter(field_name="bureau_id")
    owner = IdFilter(field_name="owner_id")
    received_from = DayFilter(field_name="received_on", lookup_expr="gte")
    received_until = DayFilter(field_name="received_on", lookup_expr="lte")
    party_code = TextFilter()
    number = TextFilter()

    class Meta:
        model = Lead
        fields: tuple[str, ...] = ()
