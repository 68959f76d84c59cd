"""Tables of this stage, by noun."""

from payments.models.charges import BrandFunds, BrandHold, Charge
from payments.models.controls import PaymentsMode, RailSwitch
from payments.models.earnings import Earning, EarningHold
from payments.models.ledger import Account, Balance, BalanceSnapshot, Entry, Journal
from payments.models.payouts import PayoutAllocation, PayoutAttempt, PayoutItem
from payments.models.runs import PayoutAccount, PayoutRun, RunApproval
from payments.models.sandbox import SandboxAccount, SandboxBalance, SandboxPayment
from payments.models.statements import Statement

__all__ = [
    "Account",
    "Balance",
    "BalanceSnapshot",
    "BrandFunds",
    "BrandHold",
    "Charge",
    "Earning",
    "EarningHold",
    "Entry",
    "Journal",
    "PaymentsMode",
    "PayoutAccount",
    "PayoutAllocation",
    "PayoutAttempt",
    "PayoutItem",
    "PayoutRun",
    "RailSwitch",
    "RunApproval",
    "SandboxAccount",
    "SandboxBalance",
    "SandboxPayment",
    "Statement",
]
