"""Facts about seats that change hands."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gigcx.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ClaimConfirmed(Event):
    """An agent said again that they will come."""

    type = "scheduling.claim_confirmed"
    claim_id: UUID
    shift_id: UUID
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class ClaimSwapped(Event):
    """A claim went to another agent; the giver is free."""

    type = "scheduling.claim_swapped"
    claim_id: UUID
    new_claim_id: UUID
    shift_id: UUID
    agent_id: UUID
    taker_id: UUID


@dataclass(frozen=True, kw_only=True)
class SeatRetaken(Event):
    """Somebody else took the seat that was given back, so giving it back cost nothing."""

    type = "scheduling.seat_retaken"
    claim_id: UUID
    agent_id: UUID
    points_void: int


@dataclass(frozen=True, kw_only=True)
class InvitationSent(Event):
    """A seat is held for the next in line until the invitation ends."""

    type = "scheduling.invitation_sent"
    entry_id: UUID
    shift_id: UUID
    agent_id: UUID
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class StandbyPromoted(Event):
    """Somebody on standby was given a seat."""

    type = "scheduling.standby_promoted"
    claim_id: UUID
    shift_id: UUID
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class SwapOffered(Event):
    """A claim was offered to one agent by name."""

    type = "scheduling.swap_offered"
    offer_id: UUID
    agent_id: UUID
    to_agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class SwapAwaitsApproval(Event):
    """Somebody took a swap in a program whose brand has a say; silence until then means yes."""

    type = "scheduling.swap_awaits_approval"
    offer_id: UUID
    decide_by: datetime


@dataclass(frozen=True, kw_only=True)
class SwapRefused(Event):
    """A brand said no to a swap; the giver still owes the shift and the offer is open again."""

    type = "scheduling.swap_refused"
    offer_id: UUID
    taker_id: UUID
    reason: str
