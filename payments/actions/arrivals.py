"""What happens to a payout after the transfer: the bank has it, or sends it back to the agent's own balance."""

from dataclasses import dataclass
from datetime import datetime

from payments.actions.inbox import INBOX
from payments.actions.settlement import confirm_arrival, record_return
from payments.models import PayoutItem
from payments.states import ItemState


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteArrival:
    """A payment from an agent's balance on the rail to the bank, as the other side has it.

    `transfer_refs` are the transfers in it where the rail tells them; `item_ref` is our own mark on it.
    """

    ref: str
    account_ref: str
    state: str
    amount_minor: int
    currency: str
    transfer_refs: tuple[str, ...] = ()
    item_ref: str = ""
    failure: str = ""


def record_arrival(arrival: RemoteArrival, *, at: datetime) -> int:
    """This function will note that the payouts in it arrived or were sent back, and return how many moved.

    It is information only: the books closed with the transfer, and the money stays the agent's either way.
    """
    moved = 0
    for item in items_in(arrival):
        if arrival.state == "paid" and item.state == ItemState.TRANSFERRED:
            confirm_arrival(item_id=item.pk, by=INBOX, at=at)
            moved += 1
        elif arrival.state in ("failed", "canceled") and item.state in (ItemState.TRANSFERRED, ItemState.ARRIVED):
            reason = arrival.failure or f"the bank payout {arrival.state}"
            record_return(item_id=item.pk, reason=reason, by=INBOX, at=at)
            moved += 1
    return moved


def items_in(arrival: RemoteArrival) -> list[PayoutItem]:
    """This function will return the payouts that a bank payment carried.

    By the rail's own list, else by our mark, else the one payout of that account with that very amount.
    """
    rows = PayoutItem.objects.across_brands().filter(destination_ref=arrival.account_ref).order_by("pk")
    if arrival.transfer_refs:
        return list(rows.filter(transfer_ref__in=arrival.transfer_refs))
    if arrival.item_ref:
        return [one for one in rows if str(one.pk) == arrival.item_ref]
    states = [ItemState.TRANSFERRED, ItemState.ARRIVED]
    equal = list(
        rows.filter(state__in=states, amount_minor=arrival.amount_minor, currency=arrival.currency).order_by(
            "transferred_at", "pk"
        )
    )
    return equal if len(equal) == 1 else []
