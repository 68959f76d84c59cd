"""Reads of this stage, by noun."""

from payments.queries.balances import AgentBalance, agent_balance, paid_this_year
from payments.queries.books import (
    Identity,
    MoneyBoard,
    claims_without_earning,
    money_board,
    rail_reserved,
)
from payments.queries.cards import card_by_id, card_of
from payments.queries.charges import (
    Upcoming,
    UpcomingWeek,
    charge_for,
    charges_for,
    spend_of_week,
    upcoming_charges,
)
from payments.queries.clock import database_now
from payments.queries.earnings import earning_for, earnings_for, money_of_week, review_ends_next
from payments.queries.funds import (
    Spendable,
    funds_of,
    page_of_top_ups,
    spendable,
    top_up_for,
    top_up_of,
    top_ups_for,
)
from payments.queries.payouts import (
    current_account,
    destination_facts,
    due_unknown_items,
    expired_leases,
    next_payout_at,
    payout_account_for,
    payout_for,
    payouts_for,
    run_for,
    statement_for,
    statements_for,
)
from payments.queries.runs import Check, run_checks
from payments.queries.tracing import Trace, trace

__all__ = [
    "AgentBalance",
    "Check",
    "Identity",
    "MoneyBoard",
    "Spendable",
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
    "funds_of",
    "money_board",
    "money_of_week",
    "next_payout_at",
    "page_of_top_ups",
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
    "top_up_for",
    "top_up_of",
    "top_ups_for",
    "trace",
    "upcoming_charges",
]
