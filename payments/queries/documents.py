"""What a paper is made from: the content frozen at issue, after its hash was checked."""

import json
from typing import Any
from uuid import UUID

from django.conf import settings

from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor
from payments.documents import digest
from payments.errors.documents import DocumentAltered
from payments.errors.invoices import SellerUnknown
from payments.models import CreditNote, Invoice, Receipt, RenderedDocument, Statement
from payments.queries.invoices import (
    billing_profile_of,
    credit_note_content,
    hash_of,
    invoice_content,
    receipt_content,
)
from payments.queries.parties import buyer_party, seller_party


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


def invoice_paper_content(invoice: Invoice) -> dict[str, Any]:
    """This function will return what an issued invoice says, with its brand's zone. `invoice` comes with its brand.

    Raises:
        DocumentAltered: its content gives another hash than at issue.
    """
    return _checked(invoice_content(invoice), invoice.content_sha256, zone=invoice.brand.timezone)


def credit_note_paper_content(note: CreditNote) -> dict[str, Any]:
    """This function will return what a credit note says, with its brand's zone. `note` comes with its brand.

    Raises:
        DocumentAltered: its content gives another hash than at issue.
    """
    return _checked(credit_note_content(note), note.content_sha256, zone=note.brand.timezone)


def _checked(content: dict[str, Any], expected: str, *, zone: str) -> dict[str, Any]:
    if hash_of(content) != expected:
        raise DocumentAltered(context={"number": content["number"]})
    return {**content, "timezone": zone, "is_sandbox": settings.PAYMENTS_MODE != "live"}


def receipt_paper_content(receipt: Receipt) -> dict[str, Any]:
    """This function will return what a receipt says, with the parties as they were when it came."""
    seller, buyer = (receipt.seller, receipt.buyer) if receipt.buyer else receipt_parties(receipt)
    return {
        **receipt_content(receipt),
        "number": receipt_number(receipt),
        "seller": seller or seller_party(),
        "buyer": buyer,
        "is_sandbox": settings.PAYMENTS_MODE != "live",
    }


def receipt_parties(receipt: Receipt) -> tuple[dict[str, str], dict[str, str]]:
    """This function will return who receives and who pays as they are now. Money that came is kept even by a nameless house."""
    try:
        seller = seller_party()
    except SellerUnknown:
        seller = {}
    return seller, buyer_party(receipt.brand, billing_profile_of(receipt.brand))


def receipt_number(receipt: Receipt) -> str:
    """This function will return a receipt's number; one from before the series is named by its year and the end of its id."""
    return receipt.full_number or f"RC-{receipt.received_at:%Y}-{receipt.pk.hex[-10:].upper()}"


def receipt_for(actor: Actor, receipt_id: UUID) -> Receipt:
    """This function will return one payment a brand made.

    Raises:
        NotFound: no such payment, or another brand's.
    """
    found = Receipt.objects.for_actor(actor).select_related("brand").filter(pk=receipt_id).first()
    if found is None:
        raise NotFound
    return found


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
