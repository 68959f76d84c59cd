"""Taking money off an issued invoice: a paper of its own, never more than remains of a line."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import Invalid, MoveRefused
from gigcx.kernel.ids import uuid7
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, OpsActor
from gigcx.tenancy.policies import require_ops
from payments import ledger
from payments.actions.drafts import locked_invoice
from payments.actions.dunning import reopen_if_clear
from payments.actions.journals import invoices as journals
from payments.actions.numbering import take_number
from payments.errors.invoices import MoreThanRemaining
from payments.events.invoices import CreditNoteIssued
from payments.ledger.retries import with_retries
from payments.models import Charge, CreditNote, CreditNoteLine, Invoice, InvoiceLine
from payments.pricing.tax import credited_tax
from payments.queries.invoices import credit_note_content, hash_of
from payments.queries.parties import seller_party
from payments.states import INVOICE_MOVES, OWING_INVOICES, InvoiceState, SeriesKind

SERVICE_CREDIT: Final = "expense.service_credit"
_CREDITABLE: Final = (*OWING_INVOICES, InvoiceState.PAID)


@dataclass(frozen=True, slots=True)
class _Credit:
    line: InvoiceLine
    net_minor: int
    tax_minor: int


def issue_credit_note(
    *,
    invoice_id: UUID,
    nets: Mapping[UUID, int],
    reason: str,
    by: Actor,
    at: datetime,
    expense: str = SERVICE_CREDIT,
) -> CreditNote:
    """This function will credit lines of an issued invoice, by invoice line the net in minor units, with their tax.

    What is still open of the invoice is credited first; what was paid already goes to the brand's wallet. Ops and the
    product only. `expense` is the account of ours that bears it.

    Raises:
        MoreThanRemaining: a line has less left.
        Invalid: no line, no positive amount, or no reason.
        MoveRefused: the invoice is not issued, or was given up.
    """
    require_ops(by)
    if not reason.strip():
        raise Invalid(_("Say why; the brand reads it on the credit note."), field="reason")
    if not nets or min(nets.values()) <= 0:
        raise Invalid(_("Choose at least one line, and an amount above zero."), field="nets")
    return with_retries(lambda: _credited(invoice_id, nets, reason.strip(), expense, by=by, at=at))


def credit_whole_invoice(*, invoice_id: UUID, reason: str, by: Actor, at: datetime) -> CreditNote:
    """This function will credit all that remains of every line.

    Raises: as `issue_credit_note`.
    """
    rows = InvoiceLine.objects.across_brands().filter(invoice_id=invoice_id, net_minor__gt=F("credited_minor"))
    nets = {line.pk: line.net_minor - line.credited_minor for line in rows.order_by("position")}
    return issue_credit_note(invoice_id=invoice_id, nets=nets, reason=reason, by=by, at=at)


def credit_charges(
    nets: Mapping[UUID, int], *, reason: str, by: Actor, at: datetime, expense: str = SERVICE_CREDIT
) -> list[CreditNote]:
    """This function will credit charges that are on invoices already, by charge the net in minor units; a note an invoice.

    Raises: as `issue_credit_note`.
    """
    by_invoice: dict[UUID, dict[UUID, int]] = defaultdict(dict)
    rows = InvoiceLine.objects.across_brands().filter(charge_id__in=nets).order_by("invoice_id", "position")
    for line in rows:
        by_invoice[line.invoice_id][line.pk] = nets[line.charge_id]
    return [
        issue_credit_note(invoice_id=invoice_id, nets=found, reason=reason, by=by, at=at, expense=expense)
        for invoice_id, found in by_invoice.items()
    ]


@transaction.atomic
def _credited(
    invoice_id: UUID, nets: Mapping[UUID, int], reason: str, expense: str, *, by: Actor, at: datetime
) -> CreditNote:
    invoice = locked_invoice(invoice_id)
    if invoice.state not in _CREDITABLE:
        raise MoveRefused(_("This invoice can no longer be credited."), context={"state": invoice.state})
    given = _credits(invoice, nets)
    note = _note(invoice, given, reason, by=by, at=at)
    _take_off_lines(given)
    before = _take_off_invoice(invoice, note, at)
    taxes = _taxes(given)
    actor = by.label or by.kind
    ledger.post([journals.credit_noted(note, taxes=taxes, expense=expense, actor=actor, at=at, reason=reason)])
    if invoice.state != before and invoice.state not in OWING_INVOICES:
        reopen_if_clear(invoice.brand_id, by=by, at=at)
    _number(note, given, at)
    _tell(invoice, note, before, reason, by=by, at=at)
    return note


def _credits(invoice: Invoice, nets: Mapping[UUID, int]) -> list[_Credit]:
    rows = InvoiceLine.objects.for_brand(invoice.brand_id).filter(invoice=invoice, pk__in=nets)
    lines = list(rows.select_for_update(of=("self",)).select_related("tax_decision").order_by("pk"))
    if len(lines) != len(nets):
        raise Invalid(_("A line is not on this invoice."), field="nets")
    for line in lines:
        left = line.net_minor - line.credited_minor
        if nets[line.pk] > left:
            words = _("Line %(n)s has %(left)s %(currency)s minor units left.")
            raise MoreThanRemaining(
                words % {"n": line.position, "left": left, "currency": invoice.currency}, field="nets"
            )
    return [_credit(line, nets[line.pk]) for line in sorted(lines, key=lambda one: one.position)]


def _credit(line: InvoiceLine, net: int) -> _Credit:
    tax = credited_tax(line.net_minor, line.tax_minor, credited_before=line.credited_minor, credited_now=net)
    return _Credit(line, net, tax)


def _note(invoice: Invoice, given: Sequence[_Credit], reason: str, *, by: Actor, at: datetime) -> CreditNote:
    net, tax = sum(one.net_minor for one in given), sum(one.tax_minor for one in given)
    return CreditNote(
        id=uuid7(),
        brand_id=invoice.brand_id,
        invoice=invoice,
        currency=invoice.currency,
        reason=reason,
        net_minor=net,
        tax_minor=tax,
        gross_minor=net + tax,
        to_wallet_minor=max(0, net + tax - invoice.open_minor),
        seller=seller_party(),
        buyer=invoice.buyer,
        issued_on=at.date(),
        issued_at=at,
        issued_by=(by.label or by.kind)[:80],
        issued_by_user=by.user if isinstance(by, OpsActor) else None,
    )


def _take_off_lines(given: Sequence[_Credit]) -> None:
    for one in given:
        one.line.credited_minor += one.net_minor
    InvoiceLine.objects.bulk_update([one.line for one in given], ["credited_minor"], batch_size=500)
    off = {one.line.charge_id: one.net_minor for one in given}
    charges = list(Charge.objects.across_brands().filter(pk__in=off).select_for_update(of=("self",)).order_by("pk"))
    for charge in charges:
        charge.credited_minor += off[charge.pk]
    Charge.objects.bulk_update(charges, ["credited_minor"], batch_size=500)


def _take_off_invoice(invoice: Invoice, note: CreditNote, at: datetime) -> str:
    """Returns the state before. What nobody has to pay any more is paid, or credited where nothing was paid at all."""
    before = invoice.state
    invoice.credited_minor += note.gross_minor
    if before in OWING_INVOICES and not invoice.open_minor:
        invoice.state = InvoiceState.PAID if invoice.paid_minor else InvoiceState.CREDITED
        require_move(INVOICE_MOVES, before, invoice.state)
        invoice.paid_at, invoice.ended_at = (at, None) if invoice.paid_minor else (None, at)
    invoice.save(update_fields=["state", "credited_minor", "paid_at", "ended_at"])
    return before


def _taxes(given: Sequence[_Credit]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for one in given:
        if one.line.tax_decision is not None:
            found[one.line.tax_decision.jurisdiction] += one.tax_minor
    return found


def _number(note: CreditNote, given: Sequence[_Credit], at: datetime) -> None:
    taken = take_number(SeriesKind.CREDIT_NOTE, on=at.date())
    note.legal_entity, note.series = taken.legal_entity, taken.series
    note.year, note.number, note.full_number = taken.year, taken.number, taken.full
    lines = [
        CreditNoteLine(id=uuid7(), note=note, invoice_line=one.line, net_minor=one.net_minor, tax_minor=one.tax_minor)
        for one in given
    ]
    note.content_sha256 = hash_of(credit_note_content(note, lines=lines))
    note.save(force_insert=True)
    CreditNoteLine.objects.bulk_create(lines, batch_size=500)


def _tell(invoice: Invoice, note: CreditNote, before: str, reason: str, *, by: Actor, at: datetime) -> None:
    trail.record(
        "payments.issue_credit_note",
        invoice,
        by=by,
        at=at,
        from_state=before,
        to_state=invoice.state,
        reason=reason,
        changes={"number": note.full_number, "gross_minor": note.gross_minor},
    )
    fact = CreditNoteIssued(credit_note_id=note.pk, invoice_id=invoice.pk)
    outbox.publish(fact, at=at, brand_id=invoice.brand_id)
