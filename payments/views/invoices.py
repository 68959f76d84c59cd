"""A brand's invoices, credit notes and receipts: what is due, what it is made of, what happens when it is not paid."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from gigcx.kernel import clock
from gigcx.kernel.intervals import zone_of
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.formats import country_text, day_text, duration_text, money_text, number_text, percent_text
from payments.models import CreditNote, Invoice, InvoiceCopy, InvoiceLine, Receipt
from payments.policies.invoices import DUNNING_DAYS
from payments.queries.billing_weeks import next_invoice
from payments.queries.invoices import (
    credit_note_for,
    credit_notes_for,
    invoice_for,
    invoice_lines,
    invoices_for,
    line_sums,
    receipts_for,
)
from payments.queries.pages import page_of
from payments.states import OWING_INVOICES, CopyState, DunningKind, EarningKind, InvoiceState, ReceiptMethod
from payments.views.billing import tabs

PAGE: Final = 50
S = InvoiceState
_BADGES: Final = {
    S.ISSUED: ("line", "clock"),
    S.PART_PAID: ("line", "clock"),
    S.PAID: ("cover", "check"),
    S.OVERDUE: ("short", "warning"),
    S.WRITTEN_OFF: ("short", "pause"),
    S.CREDITED: ("line", "undo"),
}


def date_text(day: date | None) -> str:
    """This function will write a day of the calendar with its year."""
    return f"{day:%-d %B %Y}" if day else ""


@brand_page(Permission.VIEW_BILLING)
def invoices(request: BrandRequest) -> HttpResponse:
    """This function will list what was invoiced, credited and paid, newest first."""
    slug = request.actor.brand.slug
    rows = invoices_for(request.actor)
    page = page_of(rows, by="issued_at", after=request.GET.get("after", ""), size=PAGE)
    is_first = not request.GET.get("after")
    context = {
        "page_title": _("Invoices"),
        "tabs": tabs(slug, "invoices"),
        "headline": _headline(page.rows if is_first and not page.next_cursor else _owing(request.actor)),
        "coming": _coming(request.actor),
        "rows": [_row(row, slug) for row in page.rows],
        "notes": [_note_row(note, slug) for note in credit_notes_for(request.actor)[:PAGE]] if is_first else [],
        "receipts": [_receipt_row(one, request.actor) for one in receipts_for(request.actor)[:PAGE]]
        if is_first
        else [],
        "next_url": f"?after={page.next_cursor}" if page.next_cursor else "",
    }
    return render(request, "payments/invoice_list.html", context)


def _owing(actor: BrandActor) -> Sequence[Invoice]:
    return list(invoices_for(actor).filter(state__in=OWING_INVOICES))


def _headline(rows: Sequence[Invoice]) -> str:
    owing = sorted((one for one in rows if one.state in OWING_INVOICES), key=lambda one: (one.due_on, one.pk))
    if not owing:
        return _("Nothing is due.")
    first = owing[0]
    same = [one for one in owing if one.currency == first.currency]
    open_money = Money(sum(one.open_minor for one in same), first.currency)
    if first.state == S.OVERDUE:
        return _("%(amount)s is open, overdue since %(day)s.") % {
            "amount": money_text(open_money),
            "day": date_text(first.due_on),
        }
    return _("%(amount)s is open, due %(day)s.") % {"amount": money_text(open_money), "day": date_text(first.due_on)}


def _coming(actor: BrandActor) -> str:
    """What Tuesday will bring."""
    found = next_invoice(actor.brand, at=clock.now())
    day = day_text(found.issues_at, zone_of(actor.brand.timezone))
    if not found.net:
        return _("The next invoice is issued %(day)s, over what is ready by then.") % {"day": day}
    return _("The next invoice is issued %(day)s: %(net)s before tax is ready so far.") % {
        "day": day,
        "net": money_text(found.net),
    }


def _row(row: Invoice, slug: str) -> dict[str, Any]:
    return {
        "url": reverse("payments:invoice", kwargs={"slug": slug, "invoice_id": row.pk}),
        "number": row.full_number,
        "issued": date_text(row.issued_on),
        "due": date_text(row.due_on),
        "gross": money_text(row.gross),
        "open": money_text(_open(row)) if row.state in OWING_INVOICES else "",
        "badge": _badge(row),
    }


def _badge(row: Invoice) -> dict[str, str]:
    kind, icon = _BADGES[InvoiceState(row.state)]
    return {"kind": kind, "icon": icon, "text": str(InvoiceState(row.state).label)}


def _open(row: Invoice) -> Money:
    return Money(row.open_minor, row.currency)


def _note_row(note: CreditNote, slug: str) -> dict[str, str]:
    return {
        "url": reverse("payments:credit-note", kwargs={"slug": slug, "credit_note_id": note.pk}),
        "number": note.full_number,
        "issued": date_text(note.issued_on),
        "invoice": str(note.invoice.full_number),
        "gross": money_text(Money(note.gross_minor, note.currency)),
        "reason": note.reason,
    }


def _receipt_row(one: Receipt, actor: BrandActor) -> dict[str, str]:
    paid = ", ".join(str(part.invoice.full_number) for part in one.allocations.all())
    return {
        "when": day_text(one.received_at, zone_of(actor.brand.timezone)),
        "method": str(ReceiptMethod(one.method).label),
        "for": paid or _("the wallet"),
        "amount": money_text(Money(one.amount_minor, one.currency)),
        "pdf_url": reverse("payments:receipt-pdf", kwargs={"slug": actor.brand.slug, "receipt_id": one.pk}),
    }


@brand_page(Permission.VIEW_BILLING)
def invoice(request: BrandRequest, invoice_id: UUID) -> HttpResponse:
    """This function will show one invoice: sums, tax and why, payments, what follows, and its lines down to the minute."""
    found = invoice_for(request.actor, invoice_id)
    slug, at = request.actor.brand.slug, clock.now()
    after = _position(request.GET.get("after", ""))
    lines = list(invoice_lines(found).filter(position__gt=after)[: PAGE + 1])
    kwargs = {"slug": slug, "invoice_id": found.pk}
    context = {
        "page_title": _("Invoice %(number)s") % {"number": found.full_number},
        "headline": _invoice_headline(found),
        "badge": _badge(found),
        "back_url": reverse("payments:invoices", kwargs={"slug": slug}),
        "pdf_url": reverse("payments:invoice-pdf", kwargs=kwargs),
        "csv_url": reverse("payments:invoice-csv", kwargs=kwargs),
        "pay_url": _pay_url(found, request.actor),
        "copy_url": _copy_url(found),
        "bank": _bank_words(found),
        "sums": _sums(found),
        "reasons": [tax.sentence for tax in found.taxes.all()],
        "payments": _payments(found, request.actor),
        "dunning": _dunning(found, at) if found.state in OWING_INVOICES else [],
        "facts": _facts(found),
        "groups": _groups(found),
        "lines": [_line(line, found, request.actor) for line in lines[:PAGE]],
        "next_url": f"?after={lines[PAGE - 1].position}#lines" if len(lines) > PAGE else "",
    }
    return render(request, "payments/invoice_page.html", context)


def _position(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _invoice_headline(found: Invoice) -> str:
    amounts = {"gross": money_text(found.gross), "open": money_text(_open(found)), "due": date_text(found.due_on)}
    match found.state:
        case S.PAID:
            return _("%(gross)s, paid.") % amounts
        case S.OVERDUE:
            return _("%(open)s was due %(due)s.") % amounts
        case S.CREDITED:
            return _("%(gross)s, credited in full.") % amounts
        case S.WRITTEN_OFF:
            return _("%(open)s was not paid.") % amounts
    return _("%(open)s is due %(due)s.") % amounts


def _pay_url(found: Invoice, actor: BrandActor) -> str:
    """Money in the wallet pays invoices by itself, the one due first first."""
    if found.state not in OWING_INVOICES or not actor.can(Permission.MANAGE_BILLING):
        return ""
    return reverse("payments:funds", kwargs={"slug": actor.brand.slug}) + f"?amount={found.open_minor}"


def _copy_url(found: Invoice) -> str:
    """The provider's page of this invoice, while what it collects is what is open."""
    copy: InvoiceCopy | None = getattr(found, "copy", None)
    if copy is None or copy.state != CopyState.OPEN or found.state not in OWING_INVOICES:
        return ""
    return copy.pay_url if copy.amount_minor == found.open_minor else ""


def _bank_words(found: Invoice) -> str:
    bank = found.seller.get("bank", "")
    if not bank or found.state not in OWING_INVOICES:
        return ""
    return _("Or transfer it to %(bank)s with %(number)s as the reference.") % {
        "bank": bank,
        "number": found.full_number,
    }


def _sums(found: Invoice) -> list[dict[str, Any]]:
    taxes = [
        {
            "name": _("Tax in %(place)s, %(rate)s of %(base)s")
            % {
                "place": country_text(tax.jurisdiction),
                "rate": percent_text(Decimal(tax.rate_bp).scaleb(-4), 2 if tax.rate_bp % 100 else 0),
                "base": money_text(Money(tax.base_minor, found.currency)),
            },
            "figure": money_text(Money(tax.tax_minor, found.currency)),
        }
        for tax in found.taxes.all()
    ]
    return [
        {"name": _("Net"), "figure": money_text(Money(found.net_minor, found.currency))},
        *taxes,
        {"name": _("Total"), "figure": money_text(found.gross), "is_total": True},
    ]


def _payments(found: Invoice, actor: BrandActor) -> list[dict[str, str]]:
    zone = zone_of(actor.brand.timezone)
    paid = [
        {
            "name": _("%(day)s, %(method)s")
            % {"day": day_text(one.allocated_at, zone), "method": ReceiptMethod(one.method).label},
            "figure": money_text(Money(-one.amount_minor, found.currency)),
        }
        for one in sorted(found.allocations.all(), key=lambda one: one.allocated_at)
    ]
    credited = [
        {
            "name": _("Credit note %(number)s") % {"number": note.full_number},
            "figure": money_text(Money(note.to_wallet_minor - note.gross_minor, found.currency)),
        }
        for note in found.credit_notes.all()
        if note.gross_minor > note.to_wallet_minor
    ]
    return [*paid, *credited]


def _dunning(found: Invoice, at: datetime) -> list[dict[str, str]]:
    words = {
        DunningKind.DUE: _("It is due; we write to your billing people."),
        DunningKind.REMINDER: _("A reminder."),
        DunningKind.PAST_DUE: _("Nothing new can be published. What is published runs."),
        DunningKind.LAST_REMINDER: _("The last reminder."),
        DunningKind.SUSPENSION: _("The account is suspended: seats more than 72 hours ahead are called off."),
    }
    due = found.due_on or at.date()
    return [
        {
            "title": date_text(due + timedelta(days=days)),
            "text": words[step],
            "state": "past" if due + timedelta(days=days) < at.date() else "next",
        }
        for step, days in DUNNING_DAYS.items()
    ]


def _facts(found: Invoice) -> list[dict[str, str]]:
    facts = (
        (_("Number"), str(found.full_number)),
        (_("Week"), f"{date_text(found.period_from)} – {date_text(found.period_to)}"),
        (_("Issued"), date_text(found.issued_on)),
        (_("Due"), date_text(found.due_on)),
        (_("From"), _party(found.seller)),
        (_("To"), _party(found.buyer)),
        (_("Your order number"), found.purchase_order),
        (_("Fingerprint (SHA-256)"), found.content_sha256),
    )
    return [{"term": term, "text": text} for term, text in facts if text]


def _party(party: dict[str, str]) -> str:
    vat = _("VAT %(number)s") % {"number": party["vat_id"]} if party.get("vat_id") else ""
    parts = (party.get("name", ""), party.get("address", ""), party.get("country", ""), vat)
    return ", ".join(part.replace("\n", ", ") for part in parts if part)


def _groups(found: Invoice) -> list[dict[str, str]]:
    return [
        {
            "program": one.program,
            "kind": str(EarningKind(one.kind).label),
            "lines": number_text(one.lines),
            "time": _("%(hours)s h") % {"hours": number_text(Decimal(one.seconds) / 3600, 1)},
            "net": money_text(one.net),
        }
        for one in line_sums(found)
    ]


def _line(line: InvoiceLine, found: Invoice, actor: BrandActor) -> dict[str, str]:
    zone = zone_of(actor.brand.timezone)
    return {
        "position": str(line.position),
        "url": reverse("payments:billing-line", kwargs={"slug": actor.brand.slug, "charge_id": line.charge_id}),
        "when": day_text(line.worked_to, zone),
        "agent": line.agent_name,
        "description": line.description,
        "time": duration_text(line.seconds // 60) if line.seconds else "",
        "net": money_text(Money(line.net_minor, found.currency)),
        "credited": money_text(Money(line.credited_minor, found.currency)) if line.credited_minor else "",
    }


@brand_page(Permission.VIEW_BILLING)
def credit_note(request: BrandRequest, credit_note_id: UUID) -> HttpResponse:
    """This function will show one credit note: why, what it took off, and where the money went."""
    note = credit_note_for(request.actor, credit_note_id)
    slug = request.actor.brand.slug
    kwargs = {"slug": slug, "credit_note_id": note.pk}
    off = Money(note.gross_minor - note.to_wallet_minor, note.currency)
    context = {
        "page_title": _("Credit note %(number)s") % {"number": note.full_number},
        "headline": _("%(gross)s was taken off invoice %(number)s.")
        % {"gross": money_text(Money(note.gross_minor, note.currency)), "number": note.invoice.full_number},
        "back_url": reverse("payments:invoices", kwargs={"slug": slug}),
        "invoice_url": reverse("payments:invoice", kwargs={"slug": slug, "invoice_id": note.invoice_id}),
        "pdf_url": reverse("payments:credit-note-pdf", kwargs=kwargs),
        "csv_url": reverse("payments:credit-note-csv", kwargs=kwargs),
        "reason": note.reason,
        "sums": [
            {"name": _("Net"), "figure": money_text(Money(note.net_minor, note.currency))},
            {"name": _("Tax"), "figure": money_text(Money(note.tax_minor, note.currency))},
            {"name": _("Total"), "figure": money_text(Money(note.gross_minor, note.currency)), "is_total": True},
        ],
        "where": [
            {"name": _("Taken off what was open"), "figure": money_text(off)},
            {"name": _("Put into your wallet"), "figure": money_text(Money(note.to_wallet_minor, note.currency))},
        ],
        "lines": [
            {
                "position": str(one.invoice_line.position),
                "description": one.invoice_line.description,
                "agent": one.invoice_line.agent_name,
                "when": day_text(one.invoice_line.worked_to, zone_of(request.actor.brand.timezone)),
                "net": money_text(Money(one.net_minor, note.currency)),
            }
            for one in sorted(note.lines.all(), key=lambda one: one.invoice_line.position)
        ],
    }
    return render(request, "payments/credit_note_page.html", context)
