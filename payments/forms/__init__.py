"""What people type on money pages, by noun."""

from payments.forms.disputes import ChargeDisputeForm, EarningDisputeForm, WordsForm
from payments.forms.funds import AutoTopUpForm, BudgetForm, SandboxCheckoutForm, TermsForm, TopUpForm
from payments.forms.invoices import BankTransferForm, BillingDetailsForm, CreditForm
from payments.forms.ops import AdjustmentForm, FigureForm, InstantFeeForm
from payments.forms.pages import MoneyForm, PayoutAccountForm, SandboxBankForm, TraceForm, country_choices
from payments.forms.rates import FxRateForm

__all__ = [
    "AdjustmentForm",
    "AutoTopUpForm",
    "BankTransferForm",
    "BillingDetailsForm",
    "BudgetForm",
    "ChargeDisputeForm",
    "CreditForm",
    "EarningDisputeForm",
    "FigureForm",
    "FxRateForm",
    "InstantFeeForm",
    "MoneyForm",
    "PayoutAccountForm",
    "SandboxBankForm",
    "SandboxCheckoutForm",
    "TermsForm",
    "TopUpForm",
    "TraceForm",
    "WordsForm",
    "country_choices",
]
