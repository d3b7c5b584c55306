from rest_framework.pagination import CursorPagination


class NewestFirst(CursorPagination):
    """A cursor over the primary key, newest first; no count, at most 200 rows a page."""

    ordering = "-id"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
