"""Facts that payments states, by noun."""

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

__all__ = [
    "ChargeAccrued",
    "ChargeReversed",
    "EarningAccrued",
    "EarningHeld",
    "EarningPaid",
    "EarningPayable",
    "EarningReversed",
    "FundsLow",
    "PayoutAccountChanged",
    "PayoutArrived",
    "PayoutHeld",
    "PayoutReturned",
    "PayoutTransferred",
    "RailStopped",
    "StatementIssued",
]
