"""Facts that payments states, by noun."""

from payments.events.disputes import ClawbackRecorded, LineDisputeDecided, LineDisputeOpened
from payments.events.funds import BudgetThresholdReached, CardDisputed, TopUpFailed, TopUpSettled
from payments.events.invoices import (
    CreditNoteIssued,
    DunningStepTaken,
    InvoiceIssued,
    InvoiceOverdue,
    InvoicePaid,
)
from payments.events.labels import PayLabelPublished
from payments.events.lines import (
    ChargeAccrued,
    ChargeReversed,
    EarningAccrued,
    EarningHeld,
    EarningPaid,
    EarningPayable,
    EarningReversed,
    FundsLow,
    PayoutAccountChanged,
    PayoutArrived,
    PayoutHeld,
    PayoutReturned,
    PayoutTransferred,
    RailStopped,
    StatementIssued,
)
from payments.events.payouts import InstantPayoutFailed

__all__ = [
    "BudgetThresholdReached",
    "CardDisputed",
    "ChargeAccrued",
    "ChargeReversed",
    "ClawbackRecorded",
    "CreditNoteIssued",
    "DunningStepTaken",
    "EarningAccrued",
    "EarningHeld",
    "EarningPaid",
    "EarningPayable",
    "EarningReversed",
    "FundsLow",
    "InstantPayoutFailed",
    "InvoiceIssued",
    "InvoiceOverdue",
    "InvoicePaid",
    "LineDisputeDecided",
    "LineDisputeOpened",
    "PayLabelPublished",
    "PayoutAccountChanged",
    "PayoutArrived",
    "PayoutHeld",
    "PayoutReturned",
    "PayoutTransferred",
    "RailStopped",
    "StatementIssued",
    "TopUpFailed",
    "TopUpSettled",
]
