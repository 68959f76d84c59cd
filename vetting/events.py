"""What this stage states about itself."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gigcx.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class IdentityVerified(Event):
    type = "vetting.identity_verified"
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class IdentityRejected(Event):
    type = "vetting.identity_rejected"
    agent_id: UUID
    check_id: UUID
    reapply_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class IdentityExpired(Event):
    type = "vetting.identity_expired"
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class AttemptSubmitted(Event):
    type = "vetting.attempt_submitted"
    attempt_id: UUID


@dataclass(frozen=True, kw_only=True)
class AttemptGraded(Event):
    type = "vetting.attempt_graded"
    attempt_id: UUID


@dataclass(frozen=True, kw_only=True)
class ResultReleased(Event):
    type = "vetting.result_released"
    attempt_id: UUID
    agent_id: UUID
    is_passed: bool


@dataclass(frozen=True, kw_only=True)
class EvidenceRecorded(Event):
    type = "vetting.evidence_recorded"
    evidence_id: UUID
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class EvidenceWithdrawn(Event):
    type = "vetting.evidence_withdrawn"
    evidence_id: UUID
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class CertificationVersionPublished(Event):
    type = "vetting.certification_version_published"
    certification_version_id: UUID
    program_id: UUID


@dataclass(frozen=True, kw_only=True)
class CertificateIssued(Event):
    type = "vetting.certificate_issued"
    certificate_id: UUID
    agent_id: UUID
    program_id: UUID
    certification_version_id: UUID


@dataclass(frozen=True, kw_only=True)
class CertificateDueForRenewal(Event):
    type = "vetting.certificate_due_for_renewal"
    certificate_id: UUID
    agent_id: UUID
    program_id: UUID


@dataclass(frozen=True, kw_only=True)
class CertificateSuspended(Event):
    type = "vetting.certificate_suspended"
    certificate_id: UUID
    agent_id: UUID
    program_id: UUID


@dataclass(frozen=True, kw_only=True)
class CertificateReinstated(Event):
    type = "vetting.certificate_reinstated"
    certificate_id: UUID
    agent_id: UUID
    program_id: UUID


@dataclass(frozen=True, kw_only=True)
class CertificateSuperseded(Event):
    type = "vetting.certificate_superseded"
    certificate_id: UUID
    agent_id: UUID
    program_id: UUID


@dataclass(frozen=True, kw_only=True)
class CertificateExpired(Event):
    type = "vetting.certificate_expired"
    certificate_id: UUID
    agent_id: UUID
    program_id: UUID


@dataclass(frozen=True, kw_only=True)
class CertificateRevoked(Event):
    type = "vetting.certificate_revoked"
    certificate_id: UUID
    agent_id: UUID
    program_id: UUID


@dataclass(frozen=True, kw_only=True)
class EligibilityGained(Event):
    type = "vetting.eligibility_gained"
    agent_id: UUID
    program_id: UUID
    effective_at: datetime
    cause: str


@dataclass(frozen=True, kw_only=True)
class EligibilityLost(Event):
    type = "vetting.eligibility_lost"
    agent_id: UUID
    program_id: UUID
    effective_at: datetime
    cause: str
