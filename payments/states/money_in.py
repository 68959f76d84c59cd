"""States of what brands owe and pay: invoices, credit notes, top-ups, reminders, budgets."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from gigcx.kernel.states import moves


class InvoiceState(TextChoices):
    """Where an invoice stands."""

    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Issued")
    PART_PAID = "part_paid", _("Partly paid")
    PAID = "paid", _("Paid")
    OVERDUE = "overdue", _("Overdue")
    WRITTEN_OFF = "written_off", _("Written off")
    CREDITED = "credited", _("Credited in full")
    DISCARDED = "discarded", _("Discarded")


class SeriesKind(TextChoices):
    """What a series of numbers counts."""

    INVOICE = "invoice", _("invoices")
    CREDIT_NOTE = "credit_note", _("credit notes")
    RECEIPT = "receipt", _("receipts")


class TopUpState(TextChoices):
    """Where money on its way to a brand's wallet stands."""

    STARTED = "started", _("Waiting for you to pay")
    PROCESSING = "processing", _("On its way")
    SETTLED = "settled", _("In your wallet")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Expired")
    DISPUTED = "disputed", _("Disputed with the card's bank")
    REFUNDED = "refunded", _("Refunded")


class ReceiptMethod(TextChoices):
    """How money reached us."""

    WALLET = "wallet", _("from the wallet")
    CARD = "card", _("card")
    BANK_DEBIT = "bank_debit", _("bank debit")
    BANK_TRANSFER = "bank_transfer", _("bank transfer")
    SANDBOX = "sandbox", _("sandbox")


class ProposalState(TextChoices):
    """Where a bank transfer that somebody typed in stands: a second person looks before it counts."""

    PROPOSED = "proposed", _("Waits for a second look")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")


class CopyState(TextChoices):
    """Where the provider's copy of an invoice stands: asked for, open to be paid, wrong or not needed, and voided."""

    ASKED = "asked", _("Asked for")
    OPEN = "open", _("Can be paid there")
    STALE = "stale", _("To be voided")
    VOIDED = "voided", _("Voided")
    REFUSED = "refused", _("Not made")


class DunningKind(TextChoices):
    """What a step of a reminder does."""

    DUE = "due", _("due today")
    REMINDER = "reminder", _("reminder")
    PAST_DUE = "past_due", _("posting stops")
    LAST_REMINDER = "last_reminder", _("last reminder")
    SUSPENSION = "suspension", _("suspension")


class BudgetScope(TextChoices):
    """What a budget covers."""

    BRAND = "brand", _("the whole brand")
    PROGRAM = "program", _("one program")


class TaxRule(TextChoices):
    """Why an invoice carries the tax it carries."""

    NONE = "none", _("no tax registered here")
    DOMESTIC = "domestic", _("domestic rate")
    REVERSE_CHARGE = "reverse_charge", _("reverse charge: the customer accounts for the tax")
    DESTINATION = "destination", _("rate of the customer's country")
    EXPORT = "export", _("outside the scope of the seller's tax")


INVOICE_MOVES = moves(
    {
        InvoiceState.DRAFT: [InvoiceState.ISSUED, InvoiceState.DISCARDED],
        InvoiceState.ISSUED: [
            InvoiceState.PART_PAID,
            InvoiceState.PAID,
            InvoiceState.OVERDUE,
            InvoiceState.CREDITED,
        ],
        InvoiceState.PART_PAID: [InvoiceState.PAID, InvoiceState.OVERDUE, InvoiceState.CREDITED],
        InvoiceState.OVERDUE: [
            InvoiceState.PAID,
            InvoiceState.WRITTEN_OFF,
            InvoiceState.CREDITED,
        ],
        InvoiceState.PAID: [],
        InvoiceState.WRITTEN_OFF: [],
        InvoiceState.CREDITED: [],
        InvoiceState.DISCARDED: [],
    }
)
PROPOSAL_MOVES = moves({ProposalState.PROPOSED: [ProposalState.CONFIRMED, ProposalState.DECLINED]})
COPY_MOVES = moves(
    {
        CopyState.ASKED: [CopyState.OPEN, CopyState.STALE, CopyState.REFUSED],
        CopyState.OPEN: [CopyState.STALE],
        CopyState.STALE: [CopyState.VOIDED],
        CopyState.VOIDED: [],
        CopyState.REFUSED: [],
    }
)
TOP_UP_MOVES = moves(
    {
        TopUpState.STARTED: [TopUpState.PROCESSING, TopUpState.SETTLED, TopUpState.FAILED, TopUpState.EXPIRED],
        TopUpState.PROCESSING: [TopUpState.SETTLED, TopUpState.FAILED, TopUpState.EXPIRED],
        TopUpState.EXPIRED: [TopUpState.SETTLED],
        TopUpState.FAILED: [TopUpState.SETTLED],
        TopUpState.SETTLED: [TopUpState.DISPUTED, TopUpState.REFUNDED],
        TopUpState.DISPUTED: [TopUpState.SETTLED],
        TopUpState.REFUNDED: [TopUpState.SETTLED],
    }
)
OWING_INVOICES = (InvoiceState.ISSUED, InvoiceState.PART_PAID, InvoiceState.OVERDUE)
