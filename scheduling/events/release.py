"""Facts about the release of seats."""

from dataclasses import dataclass
from uuid import UUID

from gigcx.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class WindowCommitted(Event):
    """The seal of a draw is public: its seed can no longer be chosen."""

    type = "scheduling.window_committed"
    window_id: UUID
    request_id: UUID


@dataclass(frozen=True, kw_only=True)
class WindowClosed(Event):
    """Wishes are frozen and their digest is public."""

    type = "scheduling.window_closed"
    window_id: UUID
    request_id: UUID


@dataclass(frozen=True, kw_only=True)
class DrawRevealed(Event):
    """Everything about a draw is public, the seed included."""

    type = "scheduling.draw_revealed"
    window_id: UUID
    request_id: UUID


@dataclass(frozen=True, kw_only=True)
class WindowVoided(Event):
    """A draw was taken back before it was drawn; a new one may follow."""

    type = "scheduling.window_voided"
    window_id: UUID
    request_id: UUID
    next_window_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ShiftFilled(Event):
    """The last seat of a shift was taken."""

    type = "scheduling.shift_filled"
    shift_id: UUID


@dataclass(frozen=True, kw_only=True)
class SeatBooked(Event):
    """Auto-fill gave a consenting agent a seat that they may decline."""

    type = "scheduling.seat_booked"
    claim_id: UUID
    shift_id: UUID
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class AgentInvitedToFill(Event):
    """Seats stay open that an agent is free for who does not let auto-fill book them."""

    type = "scheduling.agent_invited_to_fill"
    run_id: UUID
    request_id: UUID
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class IncentiveAnnounced(Event):
    """A shift pays more from now on."""

    type = "scheduling.incentive_announced"
    shift_id: UUID
    incentive_id: UUID
    per_hour_minor: int
