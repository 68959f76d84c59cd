"""Facts about payouts asked for at once."""

from dataclasses import dataclass
from uuid import UUID

from gigcx.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class InstantPayoutFailed(Event):
    """The money is the agent's, yet not at once: the fee was given back."""

    type = "payments.instant_payout_failed"
    item_id: UUID
    agent_id: UUID
