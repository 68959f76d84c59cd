"""What payments does with facts of earlier stages, by noun."""

from payments.handlers import disputes, fund_notices
from payments.handlers.funds import pay_open_invoices
from payments.handlers.invoices import draft_invoices
from payments.handlers.work import (
    PRICING,
    accrue_bounty,
    accrue_cancellation,
    accrue_excused,
    accrue_shift,
    accrue_training,
)

__all__ = [
    "PRICING",
    "accrue_bounty",
    "accrue_cancellation",
    "accrue_excused",
    "accrue_shift",
    "accrue_training",
    "disputes",
    "draft_invoices",
    "fund_notices",
    "pay_open_invoices",
]
