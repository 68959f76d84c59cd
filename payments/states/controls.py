"""States of what guards money: disputes of lines, adjustments, the inbox, reconciliation, bank files, tax papers."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from gigcx.kernel.states import moves


class LineDisputeState(TextChoices):
    """Where a dispute of a line stands."""

    OPEN = "open", _("Open")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DECIDED = "decided", _("Decided")
    DEFAULTED = "defaulted", _("Decided by silence")
    APPEALED = "appealed", _("Appealed")
    CLOSED = "closed", _("Closed")


class DisputeDecision(TextChoices):
    """What was decided of a disputed line."""

    STANDS = "stands", _("the line stands")
    CORRECTED = "corrected", _("the line was corrected")
    REMOVED = "removed", _("the line was taken away")


class PartyKind(TextChoices):
    """Who speaks."""

    AGENT = "agent", _("agent")
    BRAND = "brand", _("brand")
    OPS = "ops", _("ops")


class AdjustmentState(TextChoices):
    """Where an adjustment by hand stands."""

    ASKED = "asked", _("Waits for a second person")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")


class InboxState(TextChoices):
    """Where a webhook that came in stands."""

    RECEIVED = "received", _("Received")
    PROCESSED = "processed", _("Processed")
    IGNORED = "ignored", _("Ignored")
    FAILED = "failed", _("Failed, tried again")
    PARKED = "parked", _("Parked")


class ReconciliationScope(TextChoices):
    """How far back a reconciliation looks."""

    RECENT = "recent", _("the last three days")
    FULL = "full", _("everything")


class DifferenceKind(TextChoices):
    """How our books and the other side differ."""

    MISSING_THERE = "missing_there", _("in our books, not on the other side")
    MISSING_HERE = "missing_here", _("on the other side, not in our books")
    AMOUNT = "amount", _("another amount")
    DESTINATION = "destination", _("another destination")
    CURRENCY = "currency", _("another currency")
    REVERSED_THERE = "reversed_there", _("reversed on the other side only")
    DOUBLE_PAYMENT = "double_payment", _("sent twice")
    BALANCE = "balance", _("another balance")


class DifferenceState(TextChoices):
    """Where a difference stands."""

    OPEN = "open", _("Open")
    EXPLAINED = "explained", _("Explained")
    CORRECTED = "corrected", _("Corrected")
    ACCEPTED = "accepted", _("Accepted")


class BankFileState(TextChoices):
    """Where a file for the bank stands."""

    MADE = "made", _("Made")
    SENT = "sent", _("Given to the bank")
    CLOSED = "closed", _("Every line answered")


class BankLineState(TextChoices):
    """Where a line of such a file stands."""

    WAITING = "waiting", _("Waits for the bank")
    CONFIRMED = "confirmed", _("Confirmed")
    RETURNED = "returned", _("Returned")


class TaxForm(TextChoices):
    """Which report an agent's income goes into."""

    NEC_1099 = "1099_nec", _("1099-NEC")
    K_1099 = "1099_k", _("1099-K")
    DAC7 = "dac7", _("DAC7")
    NONE = "none", _("none")


class DocumentKind(TextChoices):
    """What a rendered document shows."""

    STATEMENT = "statement", _("Statement")
    INVOICE = "invoice", _("Invoice")
    CREDIT_NOTE = "credit_note", _("Credit note")
    RECEIPT = "receipt", _("Receipt")


LINE_DISPUTE_MOVES = moves(
    {
        LineDisputeState.OPEN: [LineDisputeState.DECIDED, LineDisputeState.DEFAULTED, LineDisputeState.WITHDRAWN],
        LineDisputeState.DECIDED: [LineDisputeState.APPEALED, LineDisputeState.CLOSED],
        LineDisputeState.DEFAULTED: [LineDisputeState.APPEALED, LineDisputeState.CLOSED],
        LineDisputeState.APPEALED: [LineDisputeState.CLOSED],
        LineDisputeState.WITHDRAWN: [],
        LineDisputeState.CLOSED: [],
    }
)
ADJUSTMENT_MOVES = moves({AdjustmentState.ASKED: [AdjustmentState.APPROVED, AdjustmentState.REFUSED]})
INBOX_MOVES = moves(
    {
        InboxState.RECEIVED: [InboxState.PROCESSED, InboxState.IGNORED, InboxState.FAILED, InboxState.PARKED],
        InboxState.FAILED: [InboxState.PROCESSED, InboxState.IGNORED, InboxState.FAILED, InboxState.PARKED],
        InboxState.PARKED: [InboxState.RECEIVED],
    }
)
DIFFERENCE_MOVES = moves(
    {
        DifferenceState.OPEN: [DifferenceState.EXPLAINED, DifferenceState.CORRECTED, DifferenceState.ACCEPTED],
        DifferenceState.EXPLAINED: [DifferenceState.CORRECTED, DifferenceState.ACCEPTED],
    }
)
BANK_FILE_MOVES = moves(
    {BankFileState.MADE: [BankFileState.SENT, BankFileState.CLOSED], BankFileState.SENT: [BankFileState.CLOSED]}
)
BANK_LINE_MOVES = moves(
    {
        BankLineState.WAITING: [BankLineState.CONFIRMED, BankLineState.RETURNED],
        BankLineState.CONFIRMED: [BankLineState.RETURNED],
    }
)
OPEN_DIFFERENCES = (DifferenceState.OPEN, DifferenceState.EXPLAINED)
