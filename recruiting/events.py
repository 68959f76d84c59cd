"""Facts this stage states."""

from dataclasses import dataclass
from uuid import UUID

from gigcx.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class AgentRegistered(Event):
    type = "recruiting.agent_registered"
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class ProgramSubmitted(Event):
    type = "recruiting.program_submitted"
    program_id: UUID


@dataclass(frozen=True, kw_only=True)
class ProgramReturned(Event):
    type = "recruiting.program_returned"
    program_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class ProgramPublished(Event):
    type = "recruiting.program_published"
    program_id: UUID


@dataclass(frozen=True, kw_only=True)
class ProgramLaunched(Event):
    type = "recruiting.program_launched"
    program_id: UUID


@dataclass(frozen=True, kw_only=True)
class EngagementApplied(Event):
    type = "recruiting.engagement_applied"
    engagement_id: UUID
    agent_id: UUID
    program_id: UUID


@dataclass(frozen=True, kw_only=True)
class EngagementAccepted(Event):
    type = "recruiting.engagement_accepted"
    engagement_id: UUID
    agent_id: UUID
    program_id: UUID


@dataclass(frozen=True, kw_only=True)
class EngagementDeclined(Event):
    type = "recruiting.engagement_declined"
    engagement_id: UUID
    agent_id: UUID
    program_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class EngagementCertified(Event):
    type = "recruiting.engagement_certified"
    engagement_id: UUID
    agent_id: UUID
    program_id: UUID


@dataclass(frozen=True, kw_only=True)
class EngagementLapsed(Event):
    type = "recruiting.engagement_lapsed"
    engagement_id: UUID
    agent_id: UUID
    program_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class EngagementEnded(Event):
    type = "recruiting.engagement_ended"
    engagement_id: UUID
    agent_id: UUID
    program_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class AgentBlocked(Event):
    """A brand takes no new work from an agent; for safety, it takes back the seats they hold too."""

    type = "recruiting.agent_blocked"
    engagement_id: UUID
    agent_id: UUID
    program_id: UUID
    reason: str
    is_for_safety: bool


@dataclass(frozen=True, kw_only=True)
class TermsPublished(Event):
    type = "recruiting.terms_published"
    program_id: UUID
    terms_version_id: UUID
    is_material: bool


@dataclass(frozen=True, kw_only=True)
class TermsAccepted(Event):
    type = "recruiting.terms_accepted"
    agent_id: UUID
    program_id: UUID
    terms_version_id: UUID


@dataclass(frozen=True, kw_only=True)
class RateCardPublished(Event):
    type = "recruiting.rate_card_published"
    program_id: UUID
    rate_card_id: UUID


@dataclass(frozen=True, kw_only=True)
class StandingRecorded(Event):
    type = "recruiting.standing_recorded"
    engagement_id: UUID
    agent_id: UUID
    program_id: UUID
