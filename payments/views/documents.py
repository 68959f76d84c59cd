"""Papers to take away: PDF and CSV, with the hash that proves them."""

from base64 import b64encode
from typing import Final
from uuid import UUID

from django.http import HttpResponse

from gigcx.kernel import clock
from gigcx.tenancy.roles import Permission
from gigcx.web.access import AgentRequest, BrandRequest, agent_page, brand_page
from payments import actions
from payments.models import RenderedDocument
from payments.queries import statement_for
from payments.queries.documents import receipt_for, receipt_number
from payments.queries.invoices import credit_note_for, invoice_for

TYPES: Final = {"pdf": "application/pdf", "csv": "text/csv; charset=utf-8"}


def handed_out(document: RenderedDocument, *, name: str) -> HttpResponse:
    """This function will answer with a paper as a file, and its SHA-256 in `Repr-Digest` (RFC 9530)."""
    response = HttpResponse(bytes(document.content), content_type=TYPES[document.format])
    response["Content-Disposition"] = f'attachment; filename="{name}.{document.format}"'
    response["Repr-Digest"] = f"sha-256=:{b64encode(bytes.fromhex(document.sha256)).decode()}:"
    response["Cache-Control"] = "private, no-store"
    return response


@agent_page
def statement(request: AgentRequest, statement_id: UUID, file_format: str) -> HttpResponse:
    """This function will hand out a statement as PDF or CSV, made from its snapshot alone."""
    found = statement_for(request.actor, statement_id)
    return handed_out(actions.keep_statement(found, file_format=file_format, at=clock.now()), name=found.number)


@brand_page(Permission.VIEW_BILLING)
def invoice(request: BrandRequest, invoice_id: UUID, file_format: str) -> HttpResponse:
    """This function will hand out an issued invoice as PDF or CSV."""
    found = invoice_for(request.actor, invoice_id)
    return handed_out(actions.keep_invoice(found, file_format=file_format, at=clock.now()), name=str(found.full_number))


@brand_page(Permission.VIEW_BILLING)
def credit_note(request: BrandRequest, credit_note_id: UUID, file_format: str) -> HttpResponse:
    """This function will hand out a credit note as PDF or CSV."""
    found = credit_note_for(request.actor, credit_note_id)
    return handed_out(actions.keep_credit_note(found, file_format=file_format, at=clock.now()), name=found.full_number)


@brand_page(Permission.VIEW_BILLING)
def receipt(request: BrandRequest, receipt_id: UUID, file_format: str) -> HttpResponse:
    """This function will hand out a receipt as PDF or CSV."""
    found = receipt_for(request.actor, receipt_id)
    document = actions.keep_receipt(found, file_format=file_format, at=clock.now())
    return handed_out(document, name=receipt_number(found))
