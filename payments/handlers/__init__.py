"""What payments does with facts of earlier stages, by noun."""

from payments.handlers import disputes, fund_notices
from payments.handlers.accounts import check_identity
from payments.handlers.funds import pause_free_seats, pay_open_invoices, resume_free_seats
from payments.handlers.invoices import draft_invoices
from payments.handlers.work import (
    PRICING,
    accrue_bounty,
    accrue_cancellation,
    accrue_excused,
    accrue_incident,
    accrue_shift,
    accrue_training,
)

__all__ = [
    "PRICING",
    "accrue_bounty",
    "accrue_cancellation",
    "accrue_excused",
    "accrue_incident",
    "accrue_shift",
    "accrue_training",
    "check_identity",
    "disputes",
    "draft_invoices",
    "fund_notices",
    "pause_free_seats",
    "pay_open_invoices",
    "resume_free_seats",
]
