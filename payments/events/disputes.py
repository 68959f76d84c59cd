"""Facts about lines that somebody calls wrong."""

from dataclasses import dataclass
from uuid import UUID

from gigcx.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ClawbackRecorded(Event):
    type = "payments.clawback_recorded"
    earning_id: UUID
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class LineDisputeOpened(Event):
    type = "payments.line_dispute_opened"
    dispute_id: UUID
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class LineDisputeDecided(Event):
    type = "payments.line_dispute_decided"
    dispute_id: UUID
    agent_id: UUID
