"""Postings that the ledger's tests share."""

from uuid import UUID

from gigcx.kernel.money import Money
from payments.ledger import Posting, agent_account, brand_account, credit, debit, platform_account
from payments.states import JournalKind
from tests.cast import MONDAY_NOON

AGENT, BRAND, SOURCE = UUID(int=1), UUID(int=2), UUID(int=3)


def accrual(
    key: str, *, pay: int = 1000, bill: int = 1500, agent: UUID = AGENT, brand: UUID = BRAND, currency: str = "USD"
) -> Posting:
    """An earning: what the brand owes, what the agent gets, what stays."""
    legs = (
        debit(brand_account(brand, "unbilled", currency), Money(bill, currency)),
        credit(agent_account(agent, "accrued", currency), Money(pay, currency)),
        credit(platform_account("revenue.margin", currency), Money(bill - pay, currency)),
    )
    return Posting(key, JournalKind.EARNING_ACCRUED, legs, MONDAY_NOON, "test", SOURCE)


def payable(key: str, amount: int, *, agent: UUID = AGENT, currency: str = "USD") -> Posting:
    """From review to ready."""
    money = Money(amount, currency)
    legs = (
        debit(agent_account(agent, "accrued", currency), money),
        credit(agent_account(agent, "payable", currency), money),
    )
    return Posting(key, JournalKind.EARNING_PAYABLE, legs, MONDAY_NOON, "test", SOURCE)
