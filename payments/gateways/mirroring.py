"""Copies of issued invoices for the provider to collect. Written down, asked for, recorded; each step commits first.

The sandbox has no other side that would collect: there nothing is copied.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Final
from uuid import UUID

from gigcx.kernel.errors import DomainError
from gigcx.tenancy.actors import SystemActor
from payments import actions
from payments.actions.checkouts import CollectionRefused, CollectionUnknown, MirrorOrder
from payments.gateways.collection import collecting_rail, collection_of
from payments.models import InvoiceCopy
from payments.queries.clock import database_now
from payments.queries.copies import copies_not_to_be_paid, copies_to_void, invoices_to_copy, lines_of_copy
from payments.states import CopyState, RailCode

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
CASHIER: Final = SystemActor("cashier")
# A provider refuses a day that is over; an invoice may be due at once.
_LEAST_TIME: Final = timedelta(days=1)


def mirror_invoices(*, clock: Clock = database_now) -> int:
    """This function will have open invoices copied, and copies voided that should not be paid; return how many were made."""
    if collecting_rail() == RailCode.SANDBOX:
        return 0
    made = sum(_mirrored(invoice_id, clock) for invoice_id in invoices_to_copy(at=clock()))
    for copy_id in copies_not_to_be_paid():
        actions.retire_invoice_copy(copy_id=copy_id, by=CASHIER, at=clock())
    for copy in copies_to_void():
        _void(copy, clock)
    return made


def _mirrored(invoice_id: UUID, clock: Clock) -> bool:
    try:
        copy = actions.start_invoice_copy(invoice_id=invoice_id, rail=collecting_rail(), by=CASHIER, at=clock())
    except DomainError:  # paid a moment ago
        return False
    if copy.state != CopyState.ASKED:
        return False
    try:
        facts = collection_of(copy.rail).mirror_invoice(order_of(copy), key=copy.idempotency_key)
    except CollectionUnknown as unclear:
        logger.warning("an invoice's copy is not answered", extra={"copy": str(copy.pk), "detail": unclear.detail})
        return False
    except CollectionRefused as refused:
        actions.refuse_invoice_copy(copy_id=copy.pk, reason=refused.detail, by=CASHIER, at=clock())
        return False
    return actions.record_invoice_copy(copy_id=copy.pk, facts=facts, by=CASHIER, at=clock()).state == CopyState.OPEN


def order_of(copy: InvoiceCopy) -> MirrorOrder:
    """This function will say what is asked for, from what was written down: asked again it is word for word the same."""
    invoice = copy.invoice
    due = datetime.combine(invoice.due_on or copy.asked_at.date(), time(23, 59), UTC)
    return MirrorOrder(
        invoice_id=invoice.pk,
        brand_id=copy.brand_id,
        number=invoice.full_number or "",
        customer_ref=copy.customer_ref,
        due_at=max(due, copy.asked_at + _LEAST_TIME),
        lines=lines_of_copy(copy),
    )


def _void(copy: InvoiceCopy, clock: Clock) -> None:
    try:
        collection_of(copy.rail).void_invoice(ref=copy.ref or "", key=f"{copy.idempotency_key}:void")
    except CollectionUnknown as unclear:
        logger.warning("a void is not answered", extra={"copy": str(copy.pk), "detail": unclear.detail})
        return
    except CollectionRefused as refused:  # paid or voided there meanwhile: the payment is heard like any other
        logger.error("a copy cannot be voided", extra={"copy": str(copy.pk), "detail": refused.detail})
    actions.void_invoice_copy(copy_id=copy.pk, by=CASHIER, at=clock())
