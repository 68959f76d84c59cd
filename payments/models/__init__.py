"""Tables of this stage, by noun."""

from payments.models.bankfiles import BankFile, BankFileLine
from payments.models.budgets import Budget, BudgetAlert
from payments.models.charges import BrandFunds, BrandHold, Charge, ChargeTally
from payments.models.controls import PaymentsMode, RailSwitch
from payments.models.copies import InvoiceCopy
from payments.models.disputes import AdjustmentRequest, LineDispute
from payments.models.earnings import Earning, EarningHold
from payments.models.inbox import Difference, Reconciliation, StripeEvent
from payments.models.instant import InstantFee, InstantQuote
from payments.models.invoices import (
    BillingProfile,
    CreditNote,
    CreditNoteLine,
    DunningStep,
    Invoice,
    InvoiceLine,
    NumberSeries,
    TaxDecision,
)
from payments.models.labels import PayLabel
from payments.models.ledger import Account, Balance, BalanceSnapshot, Entry, Journal
from payments.models.payouts import PayoutAllocation, PayoutAttempt, PayoutItem
from payments.models.receipts import Allocation, Receipt, ReceiptProposal, TopUp
from payments.models.runs import PayoutAccount, PayoutRun, RunApproval
from payments.models.sandbox import SandboxAccount, SandboxBalance, SandboxCheckout, SandboxPayment
from payments.models.statements import RenderedDocument, Statement
from payments.models.taxes import FxRate, TaxExport, TaxProfile, TaxThreshold
from payments.models.unpriced import UnpricedWork

__all__ = [
    "Account",
    "AdjustmentRequest",
    "Allocation",
    "Balance",
    "BalanceSnapshot",
    "BankFile",
    "BankFileLine",
    "BillingProfile",
    "BrandFunds",
    "BrandHold",
    "Budget",
    "BudgetAlert",
    "Charge",
    "ChargeTally",
    "CreditNote",
    "CreditNoteLine",
    "Difference",
    "DunningStep",
    "Earning",
    "EarningHold",
    "Entry",
    "FxRate",
    "InstantFee",
    "InstantQuote",
    "Invoice",
    "InvoiceCopy",
    "InvoiceLine",
    "Journal",
    "LineDispute",
    "NumberSeries",
    "PayLabel",
    "PaymentsMode",
    "PayoutAccount",
    "PayoutAllocation",
    "PayoutAttempt",
    "PayoutItem",
    "PayoutRun",
    "RailSwitch",
    "Receipt",
    "ReceiptProposal",
    "Reconciliation",
    "RenderedDocument",
    "RunApproval",
    "SandboxAccount",
    "SandboxBalance",
    "SandboxCheckout",
    "SandboxPayment",
    "Statement",
    "StripeEvent",
    "TaxDecision",
    "TaxExport",
    "TaxProfile",
    "TaxThreshold",
    "TopUp",
    "UnpricedWork",
]
