"""Background work of this stage, by noun."""

from payments.tasks.payouts import (
    SWEEP,
    accrue_missed_work,
    execute_run,
    expire_brand_holds,
    guard_books,
    plan_weekly_runs,
    release_earnings,
    resolve_item,
    sweep_payouts,
)

__all__ = [
    "SWEEP",
    "accrue_missed_work",
    "execute_run",
    "expire_brand_holds",
    "guard_books",
    "plan_weekly_runs",
    "release_earnings",
    "resolve_item",
    "sweep_payouts",
]
