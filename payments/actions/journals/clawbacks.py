"""What netting a clawback means in the books."""

from datetime import datetime

from gigcx.kernel.money import Money
from payments.ledger import Leg, Posting, agent_account, credit, debit, mirrored
from payments.models import PayoutItem
from payments.states import JournalKind


def netted(item: PayoutItem, *, owed_minor: int, actor: str, at: datetime) -> Posting:
    """This function will state that a payout carries `owed_minor` (positive) of what the agent owes us."""
    legs = _legs(item, owed_minor)
    return Posting(f"net:{item.pk}", JournalKind.CLAWBACK_NETTED, legs, at, "payout_item", item.pk, actor)


def unnetted(item: PayoutItem, *, owed_minor: int, actor: str, at: datetime, reason: str) -> Posting:
    """This function will state that it did not: the payout was called off or came back."""
    legs = mirrored(_legs(item, owed_minor))
    return Posting(f"unnet:{item.pk}", JournalKind.CLAWBACK_NETTED, legs, at, "payout_item", item.pk, actor, reason)


def _legs(item: PayoutItem, owed_minor: int) -> tuple[Leg, ...]:
    money = Money(owed_minor, item.currency)
    return (
        debit(agent_account(item.agent_id, "payable", item.currency), money),
        credit(agent_account(item.agent_id, "clawback", item.currency), money),
    )
