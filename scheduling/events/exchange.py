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
