"""Invoices and credit notes: doors, lists, and the canonical content that every paper is made from."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from gigcx.audit.models import AuditEntry
from gigcx.kernel.errors import NotFound
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import Actor
from gigcx.tenancy.models import Brand
from gigcx.tenancy.states import BrandState
from payments.models import (
    BillingProfile,
    CreditNote,
    CreditNoteLine,
    DunningStep,
    Invoice,
    InvoiceLine,
    Receipt,
    ReceiptProposal,
    TaxDecision,
)
from payments.states import OWING_INVOICES, DunningKind, InvoiceState, ProposalState

# How the trail says that a debt given up keeps its brand stopped no longer.
_WAIVED: Final = "payments.waive_debt"
_NOT_ISSUED = (InvoiceState.DRAFT, InvoiceState.DISCARDED)


def invoices_for(actor: Actor) -> QuerySet[Invoice]:
    """This function will list issued invoices, newest first; drafts are the house's own."""
    rows: QuerySet[Invoice] = Invoice.objects.for_actor(actor).exclude(state__in=_NOT_ISSUED)
    return rows.order_by("-issued_at", "-pk")


def invoice_for(actor: Actor, invoice_id: UUID) -> Invoice:
    """This function will return one issued invoice with its taxes and payments.

    Raises:
        NotFound: no such invoice, or another brand's, or not issued.
    """
    rows = (
        invoices_for(actor)
        .select_related("brand", "copy")
        .prefetch_related("taxes", "allocations__receipt", "credit_notes")
    )
    found = rows.filter(pk=invoice_id).first()
    if found is None:
        raise NotFound
    return found


def invoice_lines(invoice: Invoice) -> QuerySet[InvoiceLine]:
    """This function will list an invoice's lines in their order."""
    rows: QuerySet[InvoiceLine] = InvoiceLine.objects.for_brand(invoice.brand_id).filter(invoice=invoice)
    return rows.select_related("tax_decision").order_by("position")


def credit_notes_for(actor: Actor) -> QuerySet[CreditNote]:
    """This function will list credit notes, newest first."""
    rows: QuerySet[CreditNote] = CreditNote.objects.for_actor(actor).select_related("invoice")
    return rows.order_by("-issued_at", "-pk")


def credit_note_for(actor: Actor, credit_note_id: UUID) -> CreditNote:
    """This function will return one credit note with its lines.

    Raises:
        NotFound: no such note, or another brand's.
    """
    rows = credit_notes_for(actor).select_related("brand")
    found = rows.prefetch_related("lines__invoice_line__tax_decision").filter(pk=credit_note_id).first()
    if found is None:
        raise NotFound
    return found


def receipts_for(actor: Actor) -> QuerySet[Receipt]:
    """This function will list payments a brand made, newest first, with what they paid."""
    rows: QuerySet[Receipt] = Receipt.objects.for_actor(actor).prefetch_related("allocations__invoice")
    return rows.order_by("-received_at", "-pk")


def billing_profile_of(brand: Brand) -> BillingProfile | None:
    """This function will return whom a brand's invoices are made out to, where somebody said so."""
    found: BillingProfile | None = BillingProfile.objects.for_brand(brand.pk).first()
    return found


@dataclass(frozen=True, slots=True)
class LineSum:
    """The lines of one program and kind on an invoice."""

    program: str
    kind: str
    lines: int
    seconds: int
    net: Money


def line_sums(invoice: Invoice) -> list[LineSum]:
    """This function will sum an invoice's lines by program and kind."""
    rows = InvoiceLine.objects.for_brand(invoice.brand_id).filter(invoice=invoice)
    grouped = rows.values_list("program_name", "kind").annotate(Count("pk"), Sum("seconds"), Sum("net_minor"))
    return [
        LineSum(program, kind, int(count), int(seconds), Money(int(net), invoice.currency))
        for program, kind, count, seconds, net in grouped.order_by("program_name", "kind")
    ]


def owing_brands() -> list[tuple[UUID, str]]:
    """This function will list brands and currencies with invoices that are not paid."""
    rows = Invoice.objects.across_brands().filter(state__in=OWING_INVOICES)
    return list(rows.order_by("brand_id", "currency").values_list("brand_id", "currency").distinct())


def owing_invoices(brand_id: UUID, currency: str) -> QuerySet[Invoice]:
    """This function will list a brand's unpaid invoices, the one due first first."""
    rows: QuerySet[Invoice] = Invoice.objects.for_brand(brand_id).filter(currency=currency, state__in=OWING_INVOICES)
    return rows.order_by("due_on", "issued_at", "pk")


def invoices_to_remind(*, at: datetime) -> list[UUID]:
    """This function will list unpaid invoices whose due day has come somewhere in the world."""
    rows = Invoice.objects.across_brands().filter(state__in=OWING_INVOICES, due_on__lte=(at + timedelta(days=1)).date())
    return list(rows.order_by("due_on", "pk").values_list("pk", flat=True))


def unpaid_invoices() -> QuerySet[Invoice]:
    """This function will list invoices that may keep their brand stopped: unpaid ones, and debts given up and not waived."""
    waived = AuditEntry.objects.filter(
        action=_WAIVED, subject_type=Invoice._meta.label_lower, subject_id=OuterRef("pk")
    )
    rows: QuerySet[Invoice] = Invoice.objects.across_brands().filter(
        state__in=[*OWING_INVOICES, InvoiceState.WRITTEN_OFF]
    )
    return rows.exclude(Q(state=InvoiceState.WRITTEN_OFF) & Exists(waived))


def is_waived(invoice_id: UUID) -> bool:
    """This function will tell whether ops said that a debt given up keeps its brand stopped no longer."""
    rows = AuditEntry.objects.filter(action=_WAIVED, subject_type=Invoice._meta.label_lower, subject_id=invoice_id)
    return rows.exists()


def brands_suspended_for_debt() -> list[UUID]:
    """This function will list suspended brands that an unpaid invoice suspended."""
    steps = DunningStep.objects.across_brands().filter(
        step=DunningKind.SUSPENSION, invoice__in=unpaid_invoices(), invoice__brand__state=BrandState.SUSPENDED
    )
    return list(steps.order_by("invoice__brand_id").values_list("invoice__brand_id", flat=True).distinct())


def overdue_invoices() -> tuple[int, datetime | None]:
    """This function will count overdue invoices and tell when the first of them was issued."""
    rows = Invoice.objects.across_brands().filter(state=InvoiceState.OVERDUE)
    return rows.count(), rows.order_by("issued_at").values_list("issued_at", flat=True).first()


def open_proposals() -> tuple[int, datetime | None]:
    """This function will count bank transfers that wait for a second look and tell since when the first does."""
    rows = ReceiptProposal.objects.across_brands().filter(state=ProposalState.PROPOSED)
    return rows.count(), rows.order_by("proposed_at").values_list("proposed_at", flat=True).first()


def held_for_finished_work(brand_id: UUID, currency: str) -> int:
    """This function will return what a brand's holds took for work that was done and not yet paid from them.

    The money in the hold account, less what open holds still keep for coming work; one statement, so that both are of the
    same moment.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce((SELECT b.amount_minor * b.normal_side FROM payments_balance b
                             JOIN payments_account a ON a.id = b.account_id
                             WHERE a.owner_kind = 'brand' AND a.owner_id = %(brand)s
                               AND a.code = 'hold' AND a.currency = %(currency)s), 0)
                 - coalesce((SELECT sum(h.amount_minor - h.consumed_minor) FROM payments_brandhold h
                             WHERE h.brand_id = %(brand)s AND h.currency = %(currency)s AND h.state = 'active'), 0)
            """,
            {"brand": brand_id, "currency": currency},
        )
        return max(0, int(cursor.fetchone()[0]))


def invoice_content(
    invoice: Invoice, *, lines: Iterable[InvoiceLine] | None = None, taxes: Iterable[TaxDecision] | None = None
) -> dict[str, Any]:
    """This function will return an issued invoice as plain values: what page, PDF, CSV and API all say.

    Only columns that never change once issued are in it, so its hash is the same for good.
    """
    listed = list(invoice_lines(invoice) if lines is None else lines)
    decided = invoice.taxes.order_by("jurisdiction", "rate_bp", "rule") if taxes is None else taxes
    return {
        "version": 1,
        "kind": "invoice",
        "id": str(invoice.pk),
        "number": invoice.full_number,
        "issued_on": _day(invoice.issued_on),
        "due_on": _day(invoice.due_on),
        "period_from": _day(invoice.period_from),
        "period_to": _day(invoice.period_to),
        "currency": invoice.currency,
        "purchase_order": invoice.purchase_order,
        "seller": invoice.seller,
        "buyer": invoice.buyer,
        "lines": [_line(line) for line in listed],
        "taxes": [_tax(one) for one in decided],
        "net_minor": invoice.net_minor,
        "tax_minor": invoice.tax_minor,
        "gross_minor": invoice.gross_minor,
    }


def _line(line: InvoiceLine) -> dict[str, Any]:
    return {
        "position": line.position,
        "charge": str(line.charge_id),
        "kind": line.kind,
        "description": line.description,
        "program": line.program_name,
        "agent": line.agent_name,
        "worked_from": _moment(line.worked_from),
        "worked_to": _moment(line.worked_to),
        "seconds": line.seconds,
        "net_minor": line.net_minor,
        "tax_minor": line.tax_minor,
        "tax_rate_bp": line.tax_decision.rate_bp if line.tax_decision else 0,
    }


def _tax(one: TaxDecision) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "jurisdiction": one.jurisdiction,
        "rate_bp": one.rate_bp,
        "base_minor": one.base_minor,
        "tax_minor": one.tax_minor,
        "sentence": one.sentence,
    }


def credit_note_content(note: CreditNote, *, lines: Iterable[CreditNoteLine] | None = None) -> dict[str, Any]:
    """This function will return a credit note as plain values; nothing in it ever changes."""
    asked = (
        CreditNoteLine.objects.for_brand(note.brand_id).filter(note=note).select_related("invoice_line__tax_decision")
    )
    listed = list(asked.order_by("invoice_line__position") if lines is None else lines)
    return {
        "version": 1,
        "kind": "credit_note",
        "id": str(note.pk),
        "number": note.full_number,
        "invoice": note.invoice.full_number,
        "issued_on": _day(note.issued_on),
        "currency": note.currency,
        "reason": note.reason,
        "seller": note.seller,
        "buyer": note.buyer,
        "lines": [
            {
                "position": one.invoice_line.position,
                "description": one.invoice_line.description,
                "program": one.invoice_line.program_name,
                "agent": one.invoice_line.agent_name,
                "worked_from": _moment(one.invoice_line.worked_from),
                "worked_to": _moment(one.invoice_line.worked_to),
                "net_minor": one.net_minor,
                "tax_minor": one.tax_minor,
            }
            for one in listed
        ],
        "net_minor": note.net_minor,
        "tax_minor": note.tax_minor,
        "gross_minor": note.gross_minor,
        "to_wallet_minor": note.to_wallet_minor,
    }


def receipt_content(receipt: Receipt) -> dict[str, Any]:
    """This function will return a payment as plain values, with what it paid."""
    allocated = receipt.allocations.select_related("invoice").order_by("allocated_at", "pk")
    paid: list[dict[str, Any]] = [
        {"invoice": one.invoice.full_number, "amount_minor": one.amount_minor} for one in allocated
    ]
    return {
        "version": 1,
        "kind": "receipt",
        "id": str(receipt.pk),
        "reference": receipt.remote_ref,
        "method": receipt.method,
        "received_at": _moment(receipt.received_at),
        "currency": receipt.currency,
        "amount_minor": receipt.amount_minor,
        "paid": paid,
        "to_wallet_minor": receipt.amount_minor - sum(one["amount_minor"] for one in paid),
    }


def canonical(content: dict[str, Any]) -> bytes:
    """This function will return the one way in which a content is written down."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def hash_of(content: dict[str, Any]) -> str:
    """This function will return the SHA-256 of a content, in hexadecimal digits."""
    return hashlib.sha256(canonical(content)).hexdigest()


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
