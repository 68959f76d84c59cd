"""What people type on money pages, by noun."""

from payments.forms.disputes import ChargeDisputeForm, EarningDisputeForm, WordsForm
from payments.forms.pages import MoneyForm, PayoutAccountForm, SandboxBankForm, TraceForm, country_choices

__all__ = [
    "ChargeDisputeForm",
    "EarningDisputeForm",
    "MoneyForm",
    "PayoutAccountForm",
    "SandboxBankForm",
    "TraceForm",
    "WordsForm",
    "country_choices",
]
