"""Whom facts about invoices are told: the people of a brand who look after its billing."""

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from gigcx.audit.outbox import Delivered
from gigcx.notify.registries import Kind, Message, kind, tell
from gigcx.tenancy.models import Brand
from gigcx.tenancy.queries import members_with
from gigcx.tenancy.roles import Permission
from gigcx.web.formats import money_text
from payments.events import CreditNoteIssued, DunningStepTaken, InvoiceIssued, InvoicePaid
from payments.models import CreditNote, Invoice
from payments.states import DunningKind

INVOICES = "invoices"
UNPAID = "unpaid_invoice"


def register() -> None:
    """This function will register the kinds and who is told what."""
    kind(Kind(INVOICES, _("Invoices and credit notes"), reaches=Permission.VIEW_BILLING))
    kind(Kind(UNPAID, _("An invoice is not paid"), is_mandatory=True, reaches=Permission.VIEW_BILLING))
    tell(InvoiceIssued, INVOICES, invoice_issued)
    tell(InvoicePaid, INVOICES, invoice_paid)
    tell(CreditNoteIssued, INVOICES, credit_note_issued)
    tell(DunningStepTaken, UNPAID, invoice_unpaid)


def invoice_issued(fact: InvoiceIssued, delivered: Delivered) -> Iterable[Message]:
    """This function will tell that an invoice is there, how much it is and when it is due."""
    found = _invoice(fact.invoice_id)
    text = format_lazy(
        _("{gross}, due {due}. Every line leads to its minutes."),
        gross=money_text(found.gross),
        due=f"{found.due_on:%-d %B %Y}",
    )
    return _to_billing(found, format_lazy(_("Invoice {number} is issued"), number=found.full_number), text)


def invoice_paid(fact: InvoicePaid, delivered: Delivered) -> Iterable[Message]:
    """This function will tell that an invoice is paid."""
    found = _invoice(fact.invoice_id)
    return _to_billing(found, format_lazy(_("Invoice {number} is paid"), number=found.full_number), _("Thank you."))


def credit_note_issued(fact: CreditNoteIssued, delivered: Delivered) -> Iterable[Message]:
    """This function will tell what was taken off an invoice, and why."""
    note = CreditNote.objects.across_brands().select_related("invoice").get(pk=fact.credit_note_id)
    title = format_lazy(_("Credit note {number} is issued"), number=note.full_number)
    return _to_billing(note.invoice, title, note.reason)


def invoice_unpaid(fact: DunningStepTaken, delivered: Delivered) -> Iterable[Message]:
    """This function will remind of an unpaid invoice and say what stops when; one paid meanwhile is not reminded of."""
    found = _invoice(fact.invoice_id)
    if not found.open_minor:
        return []
    title = format_lazy(_TITLES[DunningKind(fact.step)], number=found.full_number)
    return _to_billing(found, title, _TEXTS[DunningKind(fact.step)])


_TITLES = {
    DunningKind.DUE: _("Invoice {number} is due today"),
    DunningKind.REMINDER: _("Invoice {number} is overdue"),
    DunningKind.PAST_DUE: _("Invoice {number} is overdue: nothing new can be published"),
    DunningKind.LAST_REMINDER: _("Last reminder of invoice {number}"),
    DunningKind.SUSPENSION: _("Invoice {number} is not paid: your account is suspended"),
}
_TEXTS = {
    DunningKind.DUE: _("Money in your wallet pays it by itself."),
    DunningKind.REMINDER: _("In four days nothing new can be published until it is paid."),
    DunningKind.PAST_DUE: _("What is published runs. Two weeks from now seats further ahead are called off."),
    DunningKind.LAST_REMINDER: _(
        "In a week the account is suspended and seats more than 72 hours ahead are called off."
    ),
    DunningKind.SUSPENSION: _("Seats more than 72 hours ahead are called off; nearer ones run. Paying opens it again."),
}


def _invoice(invoice_id: UUID) -> Invoice:
    found: Invoice = Invoice.objects.across_brands().select_related("brand").get(pk=invoice_id)
    return found


def _to_billing(invoice: Invoice, title: str | Promise, text: str | Promise) -> list[Message]:
    slug = Brand.objects.values_list("slug", flat=True).get(pk=invoice.brand_id)
    url = reverse("payments:invoice", kwargs={"slug": slug, "invoice_id": invoice.pk})
    people = members_with(invoice.brand_id, Permission.VIEW_BILLING)
    return [Message(user.pk, title, text, url, _("Open the invoice"), invoice.brand_id) for user in people]
