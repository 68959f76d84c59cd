"""Keeping papers: rendered once from frozen content, then only ever handed out as they are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from payments.documents import (
    RENDERER_VERSION,
    Paper,
    Sheet,
    credit_note_paper,
    credit_note_sheet,
    csv_bytes,
    digest,
    invoice_paper,
    invoice_sheet,
    pdf_bytes,
    receipt_paper,
    receipt_sheet,
    statement_paper,
    statement_sheet,
)
from payments.models import CreditNote, Invoice, Receipt, RenderedDocument, Statement
from payments.queries.documents import (
    credit_note_paper_content,
    invoice_paper_content,
    kept_document,
    receipt_paper_content,
    statement_snapshot,
)
from payments.states import DocumentKind

FORMATS: Final = ("pdf", "csv")


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a kind of paper is drawn from its content."""

    paper: Callable[[dict[str, Any]], Paper]
    sheet: Callable[[dict[str, Any]], Sheet]


_DRAWINGS: Final = {
    DocumentKind.STATEMENT: Drawing(statement_paper, statement_sheet),
    DocumentKind.INVOICE: Drawing(invoice_paper, invoice_sheet),
    DocumentKind.CREDIT_NOTE: Drawing(credit_note_paper, credit_note_sheet),
    DocumentKind.RECEIPT: Drawing(receipt_paper, receipt_sheet),
}


def keep_statement(statement: Statement, *, file_format: str, at: datetime) -> RenderedDocument:
    """This function will return the statement's PDF or CSV, rendering it from the snapshot where it is asked for first.

    Raises:
        DocumentAltered: the snapshot or the kept bytes are not what was hashed.
    """
    return _kept(
        DocumentKind.STATEMENT, statement.pk, file_format, content=lambda: statement_snapshot(statement), at=at
    )


def keep_invoice(invoice: Invoice, *, file_format: str, at: datetime) -> RenderedDocument:
    """This function will return an issued invoice's PDF or CSV. `invoice` comes with its brand.

    Raises:
        DocumentAltered: the content or the kept bytes are not what was hashed.
    """
    return _kept(DocumentKind.INVOICE, invoice.pk, file_format, content=lambda: invoice_paper_content(invoice), at=at)


def keep_credit_note(note: CreditNote, *, file_format: str, at: datetime) -> RenderedDocument:
    """This function will return a credit note's PDF or CSV. `note` comes with its brand.

    Raises:
        DocumentAltered: the content or the kept bytes are not what was hashed.
    """
    return _kept(DocumentKind.CREDIT_NOTE, note.pk, file_format, content=lambda: credit_note_paper_content(note), at=at)


def keep_receipt(receipt: Receipt, *, file_format: str, at: datetime) -> RenderedDocument:
    """This function will return a receipt's PDF or CSV, as it was when it was first taken. It comes with its brand."""
    return _kept(DocumentKind.RECEIPT, receipt.pk, file_format, content=lambda: receipt_paper_content(receipt), at=at)


def _kept(
    kind: DocumentKind, subject_id: UUID, file_format: str, *, content: Callable[[], dict[str, Any]], at: datetime
) -> RenderedDocument:
    frozen = content()  # also where the paper is there already: a changed source is told at each download
    found = kept_document(kind, subject_id, file_format)
    return found or _keep(kind, subject_id, file_format, rendered(kind, frozen, file_format=file_format), at=at)


def rendered(kind: DocumentKind, content: dict[str, Any], *, file_format: str) -> bytes:
    """This function will draw a paper of this kind from its content."""
    drawing = _DRAWINGS[kind]
    return pdf_bytes(drawing.paper(content)) if file_format == "pdf" else csv_bytes(drawing.sheet(content))


@transaction.atomic
def _keep(kind: DocumentKind, subject_id: UUID, file_format: str, content: bytes, *, at: datetime) -> RenderedDocument:
    """Two at once render the same bytes; the first row stays."""
    RenderedDocument.objects.bulk_create(
        [
            RenderedDocument(
                kind=kind,
                subject_id=subject_id,
                format=file_format,
                renderer_version=RENDERER_VERSION,
                content=content,
                sha256=digest(content),
                rendered_at=at,
            )
        ],
        ignore_conflicts=True,
    )
    return RenderedDocument.objects.get(kind=kind, subject_id=subject_id, format=file_format)


def keep_statement_papers(statement_id: UUID, *, at: datetime) -> None:
    """This function will render what a statement needs before anybody asks for it."""
    statement = Statement.objects.across_brands().get(pk=statement_id)
    for file_format in FORMATS:
        keep_statement(statement, file_format=file_format, at=at)
