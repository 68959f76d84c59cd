"""Pages by key, so that a list may grow while it is read."""

from rest_framework.pagination import CursorPagination


class KeyPagination(CursorPagination):
    """Newest first; `cursor` continues, `page_size` up to 200."""

    ordering = "-pk"
    page_size_query_param = "page_size"
    max_page_size = 200
