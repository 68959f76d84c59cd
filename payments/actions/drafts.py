"""Drafts of invoices: which week is billed next, and what it comes to so far."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from gigcx.audit import trail
from gigcx.kernel.errors import NotFound
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor
from gigcx.tenancy.models import Brand
from gigcx.tenancy.policies import require_ops
from payments.actions.numbering import SERIES
from payments.models import Invoice
from payments.queries.billing_weeks import has_invoice, ready_minor
from payments.queries.parties import seller_code
from payments.states import INVOICE_MOVES, InvoiceState, SeriesKind


@transaction.atomic
def draft_invoice(*, brand_id: UUID, currency: str, period_from: date, by: Actor, at: datetime) -> Invoice | None:
    """This function will draft the invoice of a billing week, or return None when the week has one already.

    A draft has no number and no lines yet: it takes what is ready when it is issued.
    """
    if has_invoice(brand_id, currency, period_from):
        return None
    brand = Brand.objects.get(pk=brand_id)
    try:
        with transaction.atomic():
            draft = _drafted(brand, currency, period_from, at)
    except IntegrityError:
        return None  # somebody else drafted it in the meantime
    trail.record("payments.draft_invoice", draft, by=by, at=at, to_state=draft.state)
    return draft


def _drafted(brand: Brand, currency: str, period_from: date, at: datetime) -> Invoice:
    net = ready_minor(brand.pk, currency, period_from)
    return Invoice.objects.create(
        brand=brand,
        legal_entity=seller_code(),
        series=SERIES[SeriesKind.INVOICE],
        currency=currency,
        period_from=period_from,
        period_to=period_from + timedelta(days=6),
        net_minor=net,
        gross_minor=net,
        created_at=at,
    )


@transaction.atomic
def discard_invoice(*, invoice_id: UUID, reason: str, by: Actor, at: datetime) -> Invoice:
    """This function will drop a draft; its lines go onto the next week's invoice. Ops only.

    Raises:
        MoveRefused: it is issued already.
    """
    require_ops(by)
    draft = locked_invoice(invoice_id)
    require_move(INVOICE_MOVES, draft.state, InvoiceState.DISCARDED)
    before, draft.state, draft.ended_at = draft.state, InvoiceState.DISCARDED, at
    draft.save(update_fields=["state", "ended_at"])
    trail.record(
        "payments.discard_invoice", draft, by=by, at=at, from_state=before, to_state=draft.state, reason=reason
    )
    return draft


def locked_invoice(invoice_id: UUID) -> Invoice:
    """This function will lock an invoice's row.

    Raises:
        NotFound: no such invoice.
    """
    rows = Invoice.objects.across_brands().select_for_update(of=("self",))
    found = rows.select_related("brand").filter(pk=invoice_id).first()
    if found is None:
        raise NotFound
    return found
