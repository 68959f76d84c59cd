"""Pages by key: lists that grow while they are read, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from gigcx.kernel.errors import NotFound

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Some rows and the cursor of what follows; empty when nothing does."""

    rows: Sequence[M]
    next_cursor: str


def page_of(rows: QuerySet[M], *, by: str, after: str, size: int) -> Page[M]:
    """This function will return up to `size` rows older than the cursor, ordered by (`by`, id), newest first.

    Raises:
        NotFound: the cursor is not one of ours.
    """
    if after:
        moment, pk = _read(after)
        rows = rows.filter(Q(**{f"{by}__lt": moment}) | Q(**{by: moment, "pk__lt": pk}))
    found = list(rows[: size + 1])
    shown = found[:size]
    return Page(shown, _cursor(shown[-1], by) if len(found) > size else "")


def _cursor(row: Any, by: str) -> str:
    moment: datetime = getattr(row, by)
    return f"{moment.timestamp():.6f}_{row.pk.hex}"


def _read(cursor: str) -> tuple[datetime, UUID]:
    try:
        seconds, _sep, pk = cursor.partition("_")
        whole, _dot, micro = seconds.partition(".")
        moment = datetime.fromtimestamp(int(whole), UTC).replace(microsecond=int(micro or 0))
        return moment, UUID(pk)
    except (ValueError, OverflowError, OSError) as wrong:
        raise NotFound from wrong
