"""The books: post journals, read balances, prove that everything adds up.

Nothing else writes to the ledger's tables. Postings are idempotent by their key.
"""

from payments.ledger.chart import AccountRef, agent_account, brand_account, platform_account
from payments.ledger.posting import post
from payments.ledger.postings import Leg, Posting, credit, debit, mirrored
from payments.ledger.reading import (
    Finding,
    TrialBalance,
    balance,
    balance_of,
    balances_of_owner,
    take_snapshots,
    trial_balance,
    verify_books,
)

__all__ = [
    "AccountRef",
    "Finding",
    "Leg",
    "Posting",
    "TrialBalance",
    "agent_account",
    "balance",
    "balance_of",
    "balances_of_owner",
    "brand_account",
    "credit",
    "debit",
    "mirrored",
    "platform_account",
    "post",
    "take_snapshots",
    "trial_balance",
    "verify_books",
]
