"""Background work of this stage, by noun."""

from payments.tasks.disputes import default_disputes
from payments.tasks.documents import keep_statement_papers
from payments.tasks.funds import check_budgets, look_up_top_ups, top_up_low_brands
from payments.tasks.inbox import fetch_missed_events, forget_event_bodies, process_event, sweep_inbox
from payments.tasks.invoices import bill_weeks, issue_invoice, mirror_invoices, remind_brands, settle_invoices
from payments.tasks.labels import accrue_guarantees, publish_pay_labels
from payments.tasks.payouts import (
    SWEEP,
    execute_run,
    expire_brand_holds,
    guard_books,
    plan_final_runs,
    plan_weekly_runs,
    release_earnings,
    send_instant,
    sweep_payouts,
)
from payments.tasks.reconciliation import reconcile, reconcile_everything, reconcile_recent
from payments.tasks.work import accrue_missed_facts, accrue_missed_work

__all__ = [
    "SWEEP",
    "accrue_guarantees",
    "accrue_missed_facts",
    "accrue_missed_work",
    "bill_weeks",
    "check_budgets",
    "default_disputes",
    "execute_run",
    "expire_brand_holds",
    "fetch_missed_events",
    "forget_event_bodies",
    "guard_books",
    "issue_invoice",
    "keep_statement_papers",
    "look_up_top_ups",
    "mirror_invoices",
    "plan_final_runs",
    "plan_weekly_runs",
    "process_event",
    "publish_pay_labels",
    "reconcile",
    "reconcile_everything",
    "reconcile_recent",
    "release_earnings",
    "remind_brands",
    "send_instant",
    "settle_invoices",
    "sweep_inbox",
    "sweep_payouts",
    "top_up_low_brands",
]
