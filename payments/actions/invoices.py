"""Issuing invoices: what was worked and reviewed becomes owed, under a number that has no gap."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import translation

from gigcx.audit import outbox, trail
from gigcx.kernel.ids import uuid7
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor
from gigcx.tenancy.policies import require_ops
from payments import ledger
from payments.actions.drafts import locked_invoice
from payments.actions.journals import invoices as journals
from payments.actions.numbering import take_number
from payments.errors.invoices import NothingToInvoice
from payments.events.invoices import InvoiceIssued
from payments.ledger.retries import with_retries
from payments.models import BrandFunds, Charge, Invoice, InvoiceLine, TaxDecision
from payments.policies.invoices import DEFAULT_DAYS_UNTIL_DUE
from payments.pricing import sentence
from payments.pricing.tax import TaxFinding, TaxGroup, decide_tax, tax_groups
from payments.queries.billing_weeks import ready_charges
from payments.queries.invoices import billing_profile_of, hash_of, invoice_content
from payments.queries.parties import buyer_party, seller_party, tax_buyer, tax_seller, vat_evidence
from payments.states import INVOICE_MOVES, ChargeState, EarningKind, InvoiceState, SeriesKind

_BATCH = 1000
_WEEK = timedelta(days=6)
_AT_ISSUE = (
    *("legal_entity", "series", "year", "number", "full_number", "issued_on", "issued_at", "due_on", "purchase_order"),
    *("seller", "buyer", "net_minor", "tax_minor", "gross_minor", "content_sha256", "state"),
)


def issue_invoice(*, invoice_id: UUID, by: Actor, at: datetime) -> Invoice:
    """This function will issue a draft: its ready lines, tax, journal and, last, its number. Ops and the product only.

    Lines that are held or in dispute stay for the next invoice.

    Raises:
        NothingToInvoice: no line is ready; the draft stays.
        MoveRefused: it is issued or discarded already.
        SellerUnknown: real money, and nobody said who invoices.
    """
    require_ops(by)
    return with_retries(lambda: _issued(invoice_id, by=by, at=at))


@transaction.atomic
def _issued(invoice_id: UUID, *, by: Actor, at: datetime) -> Invoice:
    invoice = locked_invoice(invoice_id)
    require_move(INVOICE_MOVES, invoice.state, InvoiceState.ISSUED)
    charges = _taken(invoice)
    _name_parties(invoice, at)
    lines, decisions = _written(invoice, charges)
    taxes: dict[str, int] = defaultdict(int)
    for one in decisions:
        taxes[one.jurisdiction] += one.tax_minor
    ledger.post([journals.issued(invoice, taxes=taxes, actor=by.label or by.kind, at=at)])
    _number(invoice, lines, decisions, at)
    trail.record(
        "payments.issue_invoice",
        invoice,
        by=by,
        at=at,
        from_state=InvoiceState.DRAFT,
        to_state=invoice.state,
        changes={"number": invoice.full_number, "lines": len(lines), "gross_minor": invoice.gross_minor},
    )
    outbox.publish(InvoiceIssued(invoice_id=invoice.pk), at=at, brand_id=invoice.brand_id)
    return invoice


def _taken(invoice: Invoice) -> list[Charge]:
    """Locked and marked, so that nothing withdraws them meanwhile. What was corrected to nothing is closed without a line."""
    ready = ready_charges(invoice.brand_id, invoice.currency, until=invoice.period_to + timedelta(days=1))
    rows = list(ready.select_for_update(of=("self",)).order_by("pk"))
    charges = [one for one in rows if one.owed_minor > 0]
    if not charges:
        raise NothingToInvoice
    Charge.objects.for_brand(invoice.brand_id).filter(pk__in=[one.pk for one in rows]).update(
        state=ChargeState.INVOICED, invoice=invoice
    )
    shown = Charge.objects.for_brand(invoice.brand_id).filter(pk__in=[one.pk for one in charges])
    return list(
        shown.select_related("program", "earning__agent__user").order_by(
            "program__name", "earning__worked_from", "kind", "pk"
        )
    )


def _name_parties(invoice: Invoice, at: datetime) -> None:
    profile = billing_profile_of(invoice.brand)
    invoice.seller = seller_party()
    invoice.buyer = buyer_party(invoice.brand, profile)
    invoice.purchase_order = profile.purchase_order if profile else ""
    invoice.issued_on, invoice.issued_at = at.date(), at
    funds = BrandFunds.objects.for_brand(invoice.brand_id).filter(currency=invoice.currency).first()
    days = funds.days_until_due if funds else DEFAULT_DAYS_UNTIL_DUE
    invoice.due_on = invoice.issued_on + timedelta(days=days)


def _written(invoice: Invoice, charges: Sequence[Charge]) -> tuple[list[InvoiceLine], list[TaxDecision]]:
    groups = tax_groups([one.owed_minor for one in charges], _findings(invoice, charges))
    decisions = TaxDecision.objects.bulk_create([_decision(invoice, group) for group in groups])
    shares = {
        place: (decision, minor)
        for decision, group in zip(decisions, groups, strict=True)
        for place, minor in group.shares.items()
    }
    with translation.override("en"):
        wanted = [_line(invoice, charge, place, *shares[place]) for place, charge in enumerate(charges)]
    lines = InvoiceLine.objects.bulk_create(wanted, batch_size=_BATCH)
    invoice.net_minor = sum(group.base_minor for group in groups)
    invoice.tax_minor = sum(group.tax_minor for group in groups)
    invoice.gross_minor = invoice.net_minor + invoice.tax_minor
    return lines, decisions


def _findings(invoice: Invoice, charges: Sequence[Charge]) -> list[TaxFinding]:
    """Work is supplied when its billing week is over: a rate that changed since then is not the line's."""
    profile = billing_profile_of(invoice.brand)
    seller, buyer, evidence = tax_seller(), tax_buyer(invoice.brand, profile), vat_evidence(profile)
    by_week = {
        week: decide_tax(seller, buyer, on=week + _WEEK, evidence=evidence)
        for week in {one.billing_week for one in charges}
    }
    return [by_week[one.billing_week] for one in charges]


def _decision(invoice: Invoice, group: TaxGroup) -> TaxDecision:
    finding = group.finding
    return TaxDecision(
        id=uuid7(),
        invoice=invoice,
        rule=finding.rule,
        jurisdiction=finding.jurisdiction,
        rate_bp=finding.rate_bp,
        base_minor=group.base_minor,
        tax_minor=group.tax_minor,
        sentence=finding.sentence,
        evidence=finding.evidence,
    )


def _line(invoice: Invoice, charge: Charge, place: int, decision: TaxDecision, tax_minor: int) -> InvoiceLine:
    work = charge.earning
    return InvoiceLine(
        id=uuid7(),
        invoice=invoice,
        position=place + 1,
        charge=charge,
        kind=charge.kind,
        description=f"{EarningKind(charge.kind).label}: {sentence(charge.explanation)}",
        program_name=charge.program.name,
        agent_name=work.agent.user.full_name,
        worked_from=work.worked_from,
        worked_to=work.worked_to,
        seconds=work.worked_seconds,
        net_minor=charge.owed_minor,
        tax_decision=decision,
        tax_minor=tax_minor,
    )


def _number(invoice: Invoice, lines: list[InvoiceLine], decisions: list[TaxDecision], at: datetime) -> None:
    """The number comes last: its row is the one everybody waits for."""
    taken = take_number(SeriesKind.INVOICE, on=at.date())
    invoice.legal_entity, invoice.series = taken.legal_entity, taken.series
    invoice.year, invoice.number, invoice.full_number = taken.year, taken.number, taken.full
    ordered = sorted(decisions, key=lambda one: (one.jurisdiction, one.rate_bp, one.rule))
    invoice.content_sha256 = hash_of(invoice_content(invoice, lines=lines, taxes=ordered))
    invoice.state = InvoiceState.ISSUED
    invoice.save(update_fields=_AT_ISSUE)


@transaction.atomic
def write_off(*, invoice_id: UUID, reason: str, by: Actor, at: datetime) -> Invoice:
    """This function will give an overdue invoice up as bad debt. What agents earned by it stays theirs. Ops only.

    Raises:
        MoveRefused: it is not overdue.
    """
    require_ops(by)
    invoice = locked_invoice(invoice_id)
    require_move(INVOICE_MOVES, invoice.state, InvoiceState.WRITTEN_OFF)
    actor = by.label or by.kind
    ledger.post([journals.bad_debt(invoice, minor=invoice.open_minor, actor=actor, at=at, reason=reason)])
    before, invoice.state, invoice.ended_at = invoice.state, InvoiceState.WRITTEN_OFF, at
    invoice.save(update_fields=["state", "ended_at"])
    trail.record("payments.write_off", invoice, by=by, at=at, from_state=before, to_state=invoice.state, reason=reason)
    return invoice


@transaction.atomic
def note_remote_invoice(*, invoice_id: UUID, remote_ref: str, by: Actor, at: datetime) -> Invoice:
    """This function will note under which name the other side collects an invoice; ours stays the book."""
    require_ops(by)
    invoice = locked_invoice(invoice_id)
    before, invoice.remote_ref = invoice.remote_ref, remote_ref
    invoice.save(update_fields=["remote_ref"])
    trail.record(
        "payments.note_remote_invoice", invoice, by=by, at=at, changes={"remote_ref": [before or "", remote_ref]}
    )
    return invoice
