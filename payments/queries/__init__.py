"""Reads of this stage, by noun."""

from payments.queries.balances import AgentBalance, agent_balance, paid_this_year
from payments.queries.books import (
    Identity,
    MoneyBoard,
    Trace,
    claims_without_earning,
    money_board,
    rail_reserved,
    trace,
)
from payments.queries.cards import card_by_id, card_of
from payments.queries.charges import (
    Upcoming,
    UpcomingWeek,
    charge_for,
    charges_for,
    spend_of_week,
    spendable,
    upcoming_charges,
)
from payments.queries.clock import database_now
from payments.queries.earnings import earning_for, earnings_for, money_of_week, review_ends_next
from payments.queries.payouts import (
    current_account,
    destination_facts,
    due_unknown_items,
    expired_leases,
    next_payout_at,
    payout_account_for,
    payout_for,
    payouts_for,
    run_checks,
    run_for,
    statement_for,
    statements_for,
)

__all__ = [
    "AgentBalance",
    "Identity",
    "MoneyBoard",
    "Trace",
    "Upcoming",
    "UpcomingWeek",
    "agent_balance",
    "card_by_id",
    "card_of",
    "charge_for",
    "charges_for",
    "claims_without_earning",
    "current_account",
    "database_now",
    "destination_facts",
    "due_unknown_items",
    "earning_for",
    "earnings_for",
    "expired_leases",
    "money_board",
    "money_of_week",
    "next_payout_at",
    "paid_this_year",
    "payout_account_for",
    "payout_for",
    "payouts_for",
    "rail_reserved",
    "review_ends_next",
    "run_checks",
    "run_for",
    "spend_of_week",
    "spendable",
    "statement_for",
    "statements_for",
    "trace",
    "upcoming_charges",
]
