from core.api.filters import Filters, FlagFilter, IdFilter, TextFilter
from notices.models import Notice


class NoticeFilter(Filters):
    unread = FlagFilter(field_name="read_at", lookup_expr="isnull")
    urgent = FlagFilter(field_name="is_urgent")
    subject_kind = TextFilter()
    subject_id = IdFilter()

    class Meta:
        model = Notice
        fields: tuple[str, ...] = ()
