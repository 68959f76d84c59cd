"""Pages by key, so that a list may grow while it is read."""

from rest_framework.pagination import CursorPagination


class KeyPagination(CursorPagination):
    """Newest first by id (ids rise with time); `cursor` continues, `page_size` up to 200.

    A view may set `page_ordering`; it must end in a unique column so that no row is skipped or seen twice.
    """

    ordering = "-pk"
    page_size_query_param = "page_size"
    max_page_size = 200
    offset_cutoff = 1000

    def get_ordering(self, request, queryset, view):  # type: ignore[no-untyped-def]  # the stubs disagree with the code
        """This function will return the view's stable order."""
        order = getattr(view, "page_ordering", self.ordering)
        return (order,) if isinstance(order, str) else tuple(order)
