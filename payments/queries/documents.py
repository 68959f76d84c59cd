"""What a paper is made from: the content frozen at issue, after its hash was checked."""

import json
from typing import Any
from uuid import UUID

from payments.documents import digest
from payments.errors.documents import DocumentAltered
from payments.models import RenderedDocument, Statement


def statement_snapshot(statement: Statement) -> dict[str, Any]:
    """This function will return what a statement says.

    Raises:
        DocumentAltered: the snapshot's hash is another one.
    """
    snapshot = bytes(statement.snapshot)
    if digest(snapshot) != statement.sha256:
        raise DocumentAltered(context={"number": statement.number})
    content: dict[str, Any] = json.loads(snapshot)
    return content


def kept_document(kind: str, subject_id: UUID, file_format: str) -> RenderedDocument | None:
    """This function will return the paper as it was first rendered, or None before that.

    Raises:
        DocumentAltered: its bytes do not give its hash any more.
    """
    found = RenderedDocument.objects.filter(kind=kind, subject_id=subject_id, format=file_format).first()
    if found is not None and digest(bytes(found.content)) != found.sha256:
        raise DocumentAltered(context={"document": str(found.pk)})
    return found


def statements_without_papers(limit: int = 500) -> list[UUID]:
    """This function will return statements whose PDF was not set yet, the oldest first."""
    kept = RenderedDocument.objects.filter(kind="statement", format="pdf").values("subject_id")
    rows = Statement.objects.across_brands().exclude(pk__in=kept)
    return list(rows.order_by("issued_at", "pk").values_list("pk", flat=True)[:limit])
