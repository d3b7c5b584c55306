from core.api.filters import Filters, IdFilter, OneOfFilter, TextFilter
from informants.models import Informant, Opening, Reward
from informants.states import OpeningState, RewardState


class InformantFilter(Filters):
    """By code or by matter; never by anything the seal covers."""

    code = TextFilter()
    subject_kind = TextFilter()
    subject_id = IdFilter()

    class Meta:
        model = Informant
        fields: tuple[str, ...] = ()


class OpeningFilter(Filters):
    state = OneOfFilter(choices=OpeningState.choices)
    informant = IdFilter(field_name="informant_id")
    requested_by = IdFilter(field_name="requested_by_id")

    class Meta:
        model = Opening
        fields: tuple[str, ...] = ()


class RewardFilter(Filters):
    state = OneOfFilter(choices=RewardState.choices)
    informant = IdFilter(field_name="informant_id")

    class Meta:
        model = Reward
        fields: tuple[str, ...] = ()
