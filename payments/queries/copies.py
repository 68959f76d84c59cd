"""Invoices that the payment provider should have a copy of, and copies that should not be paid any more."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from gigcx.kernel.money import Money
from payments.models import Invoice, InvoiceCopy, Receipt
from payments.policies.funds import ASK_AGAIN_WITHIN
from payments.queries.invoices import line_sums
from payments.states import OWING_INVOICES, CopyState, EarningKind


def invoices_to_copy(*, at: datetime, limit: int = 200) -> list[UUID]:
    """This function will list open invoices without a copy that were issued of late, and those whose copy was not answered.

    Older ones are left: a provider that forgot our key would make a second copy.
    """
    owing = Invoice.objects.across_brands().filter(state__in=OWING_INVOICES)
    fresh = Q(copy__isnull=True, issued_at__gt=at - ASK_AGAIN_WITHIN)
    unanswered = Q(copy__state=CopyState.ASKED, copy__asked_at__gt=at - ASK_AGAIN_WITHIN)
    return list(owing.filter(fresh | unanswered).order_by("issued_at", "pk").values_list("pk", flat=True)[:limit])


def copies_not_to_be_paid(*, limit: int = 200) -> list[UUID]:
    """This function will list open copies that ask for another sum than is open by now, unless they were paid themselves."""
    paid_there = Receipt.objects.across_brands().filter(remote_ref=OuterRef("ref"))
    rest = F("invoice__gross_minor") - F("invoice__paid_minor") - F("invoice__credited_minor")
    is_over = ~Q(invoice__state__in=OWING_INVOICES) | ~Q(amount_minor=rest)
    rows = InvoiceCopy.objects.across_brands().filter(is_over, ~Exists(paid_there), state=CopyState.OPEN)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def copies_to_void(*, limit: int = 200) -> list[InvoiceCopy]:
    """This function will list copies that are to be voided."""
    rows = InvoiceCopy.objects.across_brands().filter(state=CopyState.STALE)
    return list(rows.order_by("pk")[:limit])


def lines_of_copy(copy: InvoiceCopy) -> tuple[tuple[str, Money], ...]:
    """This function will return what a copy says: sums by program and kind, taxes, and what was paid or credited before.

    Names of people stay with us. The lines come to exactly what the copy collects.
    """
    invoice, currency = copy.invoice, copy.currency
    sums = [(f"{one.program}: {EarningKind(one.kind).label}", one.net) for one in line_sums(invoice)]
    taxes = [
        (f"{one.jurisdiction} {Decimal(one.rate_bp).scaleb(-2).normalize():f} %", Money(one.tax_minor, currency))
        for one in invoice.taxes.order_by("jurisdiction", "rate_bp", "pk")
        if one.tax_minor
    ]
    before = copy.amount_minor - invoice.gross_minor
    rest = [("Paid or credited before", Money(before, currency))] if before else []
    return (*sums, *taxes, *rest)
