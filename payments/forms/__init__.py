"""What people type on money pages, by noun."""

from payments.forms.pages import MoneyForm, PayoutAccountForm, SandboxBankForm, TraceForm, country_choices

__all__ = [
    "MoneyForm",
    "PayoutAccountForm",
    "SandboxBankForm",
    "TraceForm",
    "country_choices",
]
