"""Paying invoices: from what was held for the work, from the wallet, and by money that reaches us."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from gigcx.audit import outbox, trail
from gigcx.kernel.ids import uuid7
from gigcx.kernel.money import Money
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor
from gigcx.tenancy.policies import require_ops
from payments import ledger
from payments.actions.dunning import reopen_if_clear
from payments.actions.journals import invoices as journals
from payments.actions.numbering import number_receipt
from payments.errors.invoices import ReceiptKnown
from payments.events.invoices import InvoicePaid
from payments.ledger import balance_of, brand_account
from payments.ledger.retries import with_retries
from payments.models import Allocation, BrandFunds, Invoice, Receipt
from payments.queries.invoices import held_for_finished_work, owing_invoices
from payments.states import INVOICE_MOVES, InvoiceState, ReceiptMethod


def settle_invoices(*, brand_id: UUID, currency: str, by: Actor, at: datetime) -> list[Invoice]:
    """This function will pay a brand's open invoices from its own money, the one due first first, and return those touched.

    What was held for the work pays before the wallet. Part of an invoice may be paid; nothing is taken twice.
    """
    return with_retries(lambda: _settled(brand_id, currency, by=by, at=at))


@transaction.atomic
def _settled(brand_id: UUID, currency: str, *, by: Actor, at: datetime) -> list[Invoice]:
    _lock_funds(brand_id, currency)
    touched = []
    held = held_for_finished_work(brand_id, currency)
    wallet = balance_of(brand_account(brand_id, "wallet", currency))
    for invoice in _locked_owing(brand_id, currency):
        from_hold = min(held, invoice.open_minor)
        from_wallet = min(wallet, invoice.open_minor - from_hold)
        if not from_hold + from_wallet:
            break
        held, wallet = held - from_hold, wallet - from_wallet
        _pay_from_funds(invoice, from_hold, from_wallet, by=by, at=at)
        touched.append(invoice)
    return touched


def _lock_funds(brand_id: UUID, currency: str) -> None:
    """Whoever holds or takes this brand's money waits for the same row."""
    rows = BrandFunds.objects.for_brand(brand_id).select_for_update(of=("self",))
    rows.filter(currency=currency).first()


def _locked_owing(brand_id: UUID, currency: str) -> Sequence[Invoice]:
    """Locked by id, paid by due day."""
    rows = owing_invoices(brand_id, currency).select_for_update(of=("self",)).select_related("brand")
    return sorted(rows.order_by("pk"), key=lambda one: (one.due_on, one.issued_at, one.pk))


def _pay_from_funds(invoice: Invoice, from_hold: int, from_wallet: int, *, by: Actor, at: datetime) -> None:
    minor = from_hold + from_wallet
    number = Allocation.objects.for_brand(invoice.brand_id).filter(invoice=invoice, receipt__isnull=True).count() + 1
    posting = journals.paid_from_funds(
        invoice, number=number, from_hold=from_hold, from_wallet=from_wallet, actor=by.label or by.kind, at=at
    )
    ledger.post([posting])
    Allocation.objects.create(
        id=uuid7(), invoice=invoice, method=ReceiptMethod.WALLET, amount_minor=minor, allocated_at=at
    )
    mark_paid(invoice, minor, by=by, at=at)


def mark_paid(invoice: Invoice, minor: int, *, by: Actor, at: datetime) -> None:
    """This function will count money on an invoice; the last of it makes the invoice paid and may open the brand again."""
    before = invoice.state
    invoice.paid_minor += minor
    if not invoice.open_minor:
        invoice.state, invoice.paid_at = InvoiceState.PAID, at
    elif invoice.state == InvoiceState.ISSUED:
        invoice.state = InvoiceState.PART_PAID
    if invoice.state != before:
        require_move(INVOICE_MOVES, before, invoice.state)
    invoice.save(update_fields=["state", "paid_minor", "paid_at"])
    trail.record(
        "payments.pay_invoice",
        invoice,
        by=by,
        at=at,
        from_state=before,
        to_state=invoice.state,
        changes={"paid_minor": minor},
    )
    if invoice.state == InvoiceState.PAID:
        outbox.publish(InvoicePaid(invoice_id=invoice.pk), at=at, brand_id=invoice.brand_id)
        reopen_if_clear(invoice.brand_id, by=by, at=at)


def record_receipt(
    *,
    brand_id: UUID,
    amount: Money,
    method: str,
    remote_ref: str,
    rail: str = "",
    invoice_id: UUID | None = None,
    received_at: datetime,
    by: Actor,
    at: datetime,
) -> Receipt:
    """This function will record money that reached us, once by its reference, and pay with it. Ops and the product only.

    The named invoice is paid first, then others, the one due first first; what is left goes into the wallet. `rail` says
    where the money lies ("" for our bank).

    Raises:
        ReceiptKnown: the reference is known with another amount or brand.
    """
    require_ops(by)
    fresh = Receipt(
        id=uuid7(),
        brand_id=brand_id,
        currency=amount.currency,
        amount_minor=amount.amount_minor,
        method=method,
        rail=rail,
        remote_ref=remote_ref,
        received_at=received_at,
    )
    return with_retries(lambda: _received(fresh, invoice_id, by=by, at=at))


@transaction.atomic
def _received(receipt: Receipt, invoice_id: UUID | None, *, by: Actor, at: datetime) -> Receipt:
    known = _known(receipt)
    if known is not None:
        return known
    _lock_funds(receipt.brand_id, receipt.currency)
    try:
        with transaction.atomic():
            number_receipt(receipt, on=at.date()).save(force_insert=True)
    except IntegrityError:
        return _known(receipt) or receipt
    trail.record(
        "payments.record_receipt",
        receipt,
        by=by,
        at=at,
        changes={"amount_minor": receipt.amount_minor, "reference": receipt.remote_ref},
    )
    left = _allocated(receipt, invoice_id, by=by, at=at)
    if left:
        ledger.post([journals.surplus(receipt, minor=left, actor=by.label or by.kind, at=at)])
    return receipt


def _known(receipt: Receipt) -> Receipt | None:
    found = Receipt.objects.across_brands().filter(remote_ref=receipt.remote_ref).first()
    if found is None:
        return None
    if (found.brand_id, found.currency, found.amount_minor) != (
        receipt.brand_id,
        receipt.currency,
        receipt.amount_minor,
    ):
        raise ReceiptKnown
    return found


def _allocated(receipt: Receipt, invoice_id: UUID | None, *, by: Actor, at: datetime) -> int:
    left = receipt.amount_minor
    owing = sorted(_locked_owing(receipt.brand_id, receipt.currency), key=lambda one: one.pk != invoice_id)
    for invoice in owing:
        minor = min(left, invoice.open_minor)
        if not minor:
            break
        actor = by.label or by.kind
        ledger.post([journals.paid_by_receipt(invoice, receipt, minor=minor, actor=actor, at=at)])
        Allocation.objects.create(
            id=uuid7(),
            invoice=invoice,
            receipt=receipt,
            method=receipt.method,
            amount_minor=minor,
            allocated_at=at,
        )
        mark_paid(invoice, minor, by=by, at=at)
        left -= minor
    return left


def record_invoice_payment(
    *,
    invoice_id: UUID,
    amount: Money,
    method: str,
    rail: str,
    remote_ref: str,
    received_at: datetime,
    by: Actor,
    at: datetime,
) -> Receipt:
    """This function will record that the other side collected an invoice for us, once by its reference.

    Raises:
        ReceiptKnown: the reference is known with another amount.
        Invoice.DoesNotExist: no such invoice.
    """
    invoice = Invoice.objects.across_brands().get(pk=invoice_id)
    return record_receipt(
        brand_id=invoice.brand_id,
        amount=amount,
        method=method,
        remote_ref=remote_ref,
        rail=rail,
        invoice_id=invoice.pk,
        received_at=received_at,
        by=by,
        at=at,
    )
