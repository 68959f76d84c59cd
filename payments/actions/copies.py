"""Copies of issued invoices at the provider, as it was asked for them and as it answered. Nothing here asks it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from gigcx.audit import trail
from gigcx.kernel.errors import NotFound
from gigcx.kernel.ids import uuid7
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor
from gigcx.tenancy.policies import require_ops
from payments.actions.checkouts import MirrorFacts
from payments.actions.drafts import locked_invoice
from payments.actions.funds import locked_funds
from payments.actions.invoices import note_remote_invoice
from payments.errors.invoices import NothingToInvoice
from payments.models import BrandFunds, InvoiceCopy
from payments.states import COPY_MOVES, OWING_INVOICES, CopyState


@transaction.atomic
def start_invoice_copy(*, invoice_id: UUID, rail: str, by: Actor, at: datetime) -> InvoiceCopy:
    """This function will write down that the provider is asked for a copy of what is open, with the key it is asked under.

    Called again it returns the one copy there is.

    Raises:
        NotFound: somebody other than ops or the product asks, or no such invoice.
        NothingToInvoice: nothing of it is open.
    """
    require_ops(by)
    invoice = locked_invoice(invoice_id)
    known = InvoiceCopy.objects.for_brand(invoice.brand_id).filter(invoice=invoice).first()
    if known is not None:
        return known
    if invoice.state not in OWING_INVOICES or invoice.open_minor <= 0:
        raise NothingToInvoice
    funds = BrandFunds.objects.for_brand(invoice.brand_id).filter(currency=invoice.currency).first()
    copy = InvoiceCopy.objects.create(
        id=uuid7(),
        brand_id=invoice.brand_id,
        invoice=invoice,
        rail=rail,
        currency=invoice.currency,
        amount_minor=invoice.open_minor,
        customer_ref=funds.customer_ref if funds else "",
        idempotency_key=f"gigcx:invoice:{invoice.pk}:1",
        asked_at=at,
    )
    trail.record("payments.start_invoice_copy", copy, by=by, at=at, to_state=copy.state)
    return copy


@transaction.atomic
def record_invoice_copy(*, copy_id: UUID, facts: MirrorFacts, by: Actor, at: datetime) -> InvoiceCopy:
    """This function will note the copy that was made; one with another total than ours is never to be paid.

    Hearing it again changes nothing.
    """
    copy = _locked(copy_id)
    if copy.state != CopyState.ASKED:
        return copy
    copy.ref, copy.pay_url = facts.ref, facts.pay_url
    copy.save(update_fields=["ref", "pay_url"])
    _keep_customer(copy, facts.customer_ref, at)
    if facts.total_minor != copy.amount_minor:
        words = f"its total is {facts.total_minor}, not {copy.amount_minor}"
        return _moved(copy, CopyState.STALE, reason=words, by=by, at=at)
    note_remote_invoice(invoice_id=copy.invoice_id, remote_ref=facts.ref, by=by, at=at)
    return _moved(copy, CopyState.OPEN, by=by, at=at)


def _keep_customer(copy: InvoiceCopy, customer_ref: str, at: datetime) -> None:
    """The customer that was made for the first copy is the one of the next."""
    funds = locked_funds(copy.brand_id, copy.currency, at)
    if customer_ref and not funds.customer_ref:
        funds.customer_ref = customer_ref
        funds.save(update_fields=["customer_ref"])


@transaction.atomic
def refuse_invoice_copy(*, copy_id: UUID, reason: str, by: Actor, at: datetime) -> InvoiceCopy:
    """This function will note that the provider makes no copy; the brand pays by top-up or transfer."""
    return _moved(_locked(copy_id), CopyState.REFUSED, reason=reason, by=by, at=at)


@transaction.atomic
def retire_invoice_copy(*, copy_id: UUID, by: Actor, at: datetime) -> InvoiceCopy:
    """This function will mark a copy that should not be paid any more; it is voided next."""
    copy = _locked(copy_id)
    return _moved(copy, CopyState.STALE, reason="another sum is open", by=by, at=at)


@transaction.atomic
def void_invoice_copy(*, copy_id: UUID, by: Actor, at: datetime) -> InvoiceCopy:
    """This function will note that the provider voided a copy."""
    return _moved(_locked(copy_id), CopyState.VOIDED, by=by, at=at)


def _moved(copy: InvoiceCopy, target: CopyState, *, by: Actor, at: datetime, reason: str = "") -> InvoiceCopy:
    if copy.state == target:
        return copy
    require_move(COPY_MOVES, copy.state, target)
    before, copy.state = copy.state, target
    copy.failure = reason[:200]
    copy.ended_at = at if target in (CopyState.VOIDED, CopyState.REFUSED) else None
    copy.save(update_fields=["state", "failure", "ended_at"])
    action = "payments.move_invoice_copy"
    trail.record(action, copy, by=by, at=at, from_state=before, to_state=target, reason=copy.failure)
    return copy


def _locked(copy_id: UUID) -> InvoiceCopy:
    rows = InvoiceCopy.objects.across_brands().select_for_update(of=("self",)).select_related("invoice")
    found = rows.filter(pk=copy_id).first()
    if found is None:
        raise NotFound
    return found
