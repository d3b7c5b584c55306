from cases.models import Case
from cases.states.matter import CaseState, Outcome, Procedure
from core.api.filters import DayFilter, Filters, IdFilter, OneOfFilter, TextFilter


class CaseFilter(Filters):
    """Days are inclusive; a filter given several values takes any of them."""

    state = OneOfFilter(choices=CaseState.choices)
    procedure = OneOfFilter(choices=Procedure.choices)
    outcome = OneOfFilter(choices=Outcome.choices)
    office = IdFilter(field_name="office_id")
    bureau = IdFilter(field_name="bureau_id")
    owner = IdFilter(field_name="owner_id")
    filed_from = DayFilter(field_name="filed_on", lookup_expr="gte")
    filed_until = DayFilter(field_name="filed_on", lookup_expr="lte")
    lead = IdFilter(field_name="lead_id")
    party_code = TextFilter()
    number = TextFilter()
    decision_number = TextFilter()

    class Meta:
        model = Case
        fields: tuple[str, ...] = ()
