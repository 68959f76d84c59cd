"""Facts this stage states."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from gigcx.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class RequestPublished(Event):
    """A capacity request became a promise: funds are held, its shifts are announced."""

    type = "scheduling.request_published"
    request_id: UUID


@dataclass(frozen=True, kw_only=True)
class RequestCancelled(Event):
    """A brand took a published request back."""

    type = "scheduling.request_cancelled"
    request_id: UUID


@dataclass(frozen=True, kw_only=True)
class RequestCompleted(Event):
    """The last shift of a request ended."""

    type = "scheduling.request_completed"
    request_id: UUID


@dataclass(frozen=True, kw_only=True)
class ShiftAnnounced(Event):
    """Agents may see the shift."""

    type = "scheduling.shift_announced"
    shift_id: UUID


@dataclass(frozen=True, kw_only=True)
class ShiftClaimed(Event):
    """An agent took a seat."""

    type = "scheduling.shift_claimed"
    claim_id: UUID
    shift_id: UUID
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class ClaimUndone(Event):
    """A claim was taken back within its undo time: it never counts."""

    type = "scheduling.claim_undone"
    claim_id: UUID
    shift_id: UUID
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class ClaimReleased(Event):
    """A seat was given back, at the cost in points that was shown (zero or less); `reason` where the holder did not do it."""

    type = "scheduling.claim_released"
    claim_id: UUID
    shift_id: UUID
    agent_id: UUID
    points: int
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ClaimCancelledByBrand(Event):
    """The brand cancelled a shift somebody held."""

    type = "scheduling.claim_cancelled_by_brand"
    claim_id: UUID
    shift_id: UUID
    agent_id: UUID
    notice_seconds: int
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ClaimExcused(Event):
    """Lateness, absence or a seat given up does not count: the holder could not help it."""

    type = "scheduling.claim_excused"
    claim_id: UUID
    shift_id: UUID
    agent_id: UUID
    reason: str
    points_void: int = 0


@dataclass(frozen=True, kw_only=True)
class AgentCheckedIn(Event):
    """Work began."""

    type = "scheduling.agent_checked_in"
    claim_id: UUID
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class AgentLate(Event):
    """Work began more than five minutes after the start."""

    type = "scheduling.agent_late"
    claim_id: UUID
    agent_id: UUID
    points: int


@dataclass(frozen=True, kw_only=True)
class AgentNoShow(Event):
    """Nobody came within the grace time."""

    type = "scheduling.agent_no_show"
    claim_id: UUID
    agent_id: UUID
    points: int


@dataclass(frozen=True, kw_only=True)
class WorkSessionEnded(Event):
    """Somebody left the desk, by choice or by a gap of heartbeats."""

    type = "scheduling.work_session_ended"
    session_id: UUID
    agent_id: UUID
    claim_id: UUID


@dataclass(frozen=True, kw_only=True)
class ShiftVerified(Event):
    """The minutes of one claim are final in this version; whoever prices work listens."""

    type = "scheduling.shift_verified"
    claim_id: UUID
    version: int
    agent_id: UUID
    shift_id: UUID


@dataclass(frozen=True, kw_only=True)
class MinutesAdjusted(Event):
    """Minutes were added to or taken from a claim, with a reason."""

    type = "scheduling.minutes_adjusted"
    claim_id: UUID
    adjustment_id: UUID
    seconds: int


@dataclass(frozen=True, kw_only=True)
class TimesheetLocked(Event):
    """A brand's week is closed: later changes are adjustments."""

    type = "scheduling.timesheet_locked"
    brand_id: UUID
    week_starts_on: date
