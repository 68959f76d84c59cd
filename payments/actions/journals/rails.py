"""What a rail does with money of its own accord: its fee, and what was pending becoming available."""

from datetime import datetime
from uuid import UUID

from gigcx.kernel.money import Money
from payments.ledger import AccountRef, Posting, credit, debit, platform_account
from payments.states import JournalKind


def rail_settled(rail: str, money: Money, *, ref: str, source_id: UUID, at: datetime) -> Posting:
    """This function will state that money on a rail can be sent now."""
    legs = (
        debit(platform_account(f"rail.{rail}.available", money.currency), money),
        credit(_pending(rail, money.currency), money),
    )
    return Posting(f"settled:{rail}:{ref}", JournalKind.RAIL_SETTLED, legs, at, "rail", source_id)


def rail_fee(rail: str, money: Money, *, ref: str, source_id: UUID, at: datetime, is_available: bool) -> Posting:
    """This function will state that the rail kept a fee, out of what is pending or of what is available."""
    kept_from = platform_account(f"rail.{rail}.available", money.currency)
    legs = (
        debit(platform_account("expense.rail_fees", money.currency), money),
        credit(kept_from if is_available else _pending(rail, money.currency), money),
    )
    return Posting(f"fee:{rail}:{ref}", JournalKind.RAIL_FEE, legs, at, "rail", source_id)


def _pending(rail: str, currency: str) -> AccountRef:
    return platform_account(f"rail.{rail}.pending", currency)
