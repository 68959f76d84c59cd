"""Facts of earlier stages that become money. Each may be heard twice; the second time changes nothing.

Money is dated by the moment of the fact, not of its hearing: a delivery that comes late pays as if it had come in time.
"""

from typing import Final

from gigcx.audit.outbox import Delivered
from gigcx.tenancy.actors import SystemActor
from payments import actions
from payments.queries.unheard import floored_by
from scheduling.events import ClaimCancelledByBrand, ClaimExcused, IncidentSettled, ShiftVerified
from training.events import TrainingTimeEarned
from vetting.events import CertificateIssued

PRICING: Final = SystemActor("pricing")


def accrue_shift(event: ShiftVerified, delivered: Delivered) -> None:
    """This function will pay a verified claim."""
    actions.accrue_claim(
        claim_id=event.claim_id, source_event_id=delivered.event_id, by=PRICING, at=delivered.occurred_at
    )


def accrue_excused(event: ClaimExcused, delivered: Delivered) -> None:
    """This function will pay the floor of a seat that an incident kept its holder from; worked claims follow their own fact."""
    actions.accrue_excused(
        claim_id=event.claim_id, source_event_id=delivered.event_id, by=PRICING, at=delivered.occurred_at
    )


def accrue_incident(event: IncidentSettled, delivered: Delivered) -> None:
    """This function will pay the floors of excused seats that this incident took more of than was known before."""
    for claim_id in floored_by(event.incident_id):
        actions.accrue_excused(claim_id=claim_id, source_event_id=None, by=PRICING, at=delivered.occurred_at)


def accrue_cancellation(event: ClaimCancelledByBrand, delivered: Delivered) -> None:
    """This function will pay a seat that the brand called off late, and charge the brand what it accepted."""
    actions.accrue_cancellation(
        claim_id=event.claim_id,
        notice_seconds=event.notice_seconds,
        source_event_id=delivered.event_id,
        by=PRICING,
        at=delivered.occurred_at,
    )


def accrue_training(event: TrainingTimeEarned, delivered: Delivered) -> None:
    """This function will pay training time."""
    actions.accrue_training(
        training_time_id=event.training_time_id,
        source_event_id=delivered.event_id,
        by=PRICING,
        at=delivered.occurred_at,
    )


def accrue_bounty(event: CertificateIssued, delivered: Delivered) -> None:
    """This function will pay a certification's bounty."""
    actions.accrue_bounty(
        agent_id=event.agent_id,
        program_id=event.program_id,
        certification_version_id=event.certification_version_id,
        source_event_id=delivered.event_id,
        by=PRICING,
        at=delivered.occurred_at,
    )
