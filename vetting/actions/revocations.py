"""Taking a certificate away: one person proposes with a reason, another carries it out."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import Invalid, NotFound
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, AgentActor, OpsActor
from recruiting.actions import lapse_engagement
from recruiting.queries import engagement_of
from recruiting.states import BENCH_STATES
from vetting.actions.candidacies import evaluate_candidacy
from vetting.actions.evidence import withdraw_evidence
from vetting.errors import OwnCase, ReasonRequired, SamePerson
from vetting.events import CertificateRevoked
from vetting.models import Candidacy, Certificate, Evidence, RevocationProposal
from vetting.policies import can_decide_revocation, can_revoke_certificate
from vetting.states import CERTIFICATE_MOVES, PROPOSAL_MOVES, CertificateState, ProposalState

REASON_CODES: Final = {
    "evidence_false": "What it rests on was false",
    "safety": "Safety of customers or people",
    "issued_in_error": "Issued in error",
}


@transaction.atomic
def propose_revocation(
    *, certificate_id: UUID, reason_code: str, reason: str, by: Actor, at: datetime
) -> RevocationProposal:
    """This function will ask for a certificate to be taken away. Nothing changes until a second person agrees.

    Raises:
        NotFound: no such certificate, or the asker is not ops.
        OwnCase: it is the asker's own.
        ReasonRequired: no known reason code, or no words.
        Invalid: a proposal is open already.
    """
    certificate = _certificate(certificate_id, by)
    if reason_code not in REASON_CODES or not reason.strip():
        raise ReasonRequired(field="reason")
    require_move(CERTIFICATE_MOVES, certificate.state, CertificateState.REVOKED)
    try:
        with transaction.atomic():
            proposal = RevocationProposal.objects.create(
                brand_id=certificate.brand_id,
                certificate=certificate,
                reason_code=reason_code,
                reason=reason,
                proposed_by=by.user,  # type: ignore[union-attr]  # ops, checked by the door
                proposed_at=at,
            )
    except IntegrityError as doubled:
        raise Invalid(_("This is proposed already and waits for a second person.")) from doubled
    trail.record("vetting.propose_revocation", certificate, by=by, at=at, reason=reason)
    return proposal


@transaction.atomic
def revoke_certificate(*, proposal_id: UUID, by: Actor, at: datetime) -> Certificate:
    """This function will carry a proposal out: the certificate is revoked and the engagement lapses.

    Raises:
        NotFound: no such proposal, or the asker is not ops.
        SamePerson: the asker proposed it.
        OwnCase: it is the asker's own certificate.
        MoveRefused: it was decided before, or the certificate ended meanwhile.
    """
    proposal = _proposal(proposal_id, by)
    if proposal.proposed_by_id == by.ref_id:
        raise SamePerson
    if not can_decide_revocation(by, proposal):
        raise OwnCase
    _decided(proposal, ProposalState.APPROVED, by=by, at=at)
    certificate = Certificate.objects.across_brands().select_for_update(of=("self",)).get(pk=proposal.certificate_id)
    before = certificate.state
    require_move(CERTIFICATE_MOVES, before, CertificateState.REVOKED)
    certificate.state, certificate.ended_at = CertificateState.REVOKED, at
    certificate.save(update_fields=["state", "ended_at"])
    trail.record(
        "vetting.revoke_certificate",
        certificate,
        by=by,
        at=at,
        from_state=before,
        to_state=certificate.state,
        reason=proposal.reason,
    )
    _close_work(certificate, proposal.reason, at=at, by=by)
    return certificate


@transaction.atomic
def dismiss_revocation(*, proposal_id: UUID, by: Actor, at: datetime) -> RevocationProposal:
    """This function will drop a proposal; the one who made it may do that too."""
    proposal = _proposal(proposal_id, by)
    return _decided(proposal, ProposalState.DISMISSED, by=by, at=at)


@transaction.atomic
def share_name(*, certificate_id: UUID, by: Actor, at: datetime) -> Certificate:
    """This function will show the agent's name on the certificate's public page."""
    return _set_name(certificate_id, is_public=True, by=by, at=at)


@transaction.atomic
def hide_name(*, certificate_id: UUID, by: Actor, at: datetime) -> Certificate:
    """This function will take the agent's name off the certificate's public page."""
    return _set_name(certificate_id, is_public=False, by=by, at=at)


def _set_name(certificate_id: UUID, *, is_public: bool, by: Actor, at: datetime) -> Certificate:
    rows = Certificate.objects.for_actor(by).select_for_update(of=("self",))
    certificate = rows.filter(pk=certificate_id).first()
    if certificate is None or not isinstance(by, AgentActor):
        raise NotFound
    certificate.is_name_public = is_public
    certificate.save(update_fields=["is_name_public"])
    trail.record("vetting.share_name", certificate, by=by, at=at, changes={"is_name_public": is_public})
    return certificate


def _certificate(certificate_id: UUID, by: Actor) -> Certificate:
    if not isinstance(by, OpsActor):
        raise NotFound
    rows = Certificate.objects.across_brands().select_related("agent").select_for_update(of=("self",))
    certificate = rows.filter(pk=certificate_id).first()
    if certificate is None:
        raise NotFound
    if not can_revoke_certificate(by, certificate):
        raise OwnCase
    return certificate


def _proposal(proposal_id: UUID, by: Actor) -> RevocationProposal:
    if not isinstance(by, OpsActor):
        raise NotFound
    rows = RevocationProposal.objects.across_brands().select_related("certificate__agent")
    proposal = rows.select_for_update(of=("self",)).filter(pk=proposal_id).first()
    if proposal is None:
        raise NotFound
    return proposal


def _decided(proposal: RevocationProposal, state: ProposalState, *, by: Actor, at: datetime) -> RevocationProposal:
    before = proposal.state
    require_move(PROPOSAL_MOVES, before, state)
    proposal.state, proposal.decided_at = state, at
    proposal.decided_by = by.user  # type: ignore[union-attr]  # ops, checked by the door
    proposal.save(update_fields=["state", "decided_at", "decided_by"])
    trail.record("vetting.decide_revocation", proposal, by=by, at=at, from_state=before, to_state=state)
    return proposal


def _close_work(certificate: Certificate, reason: str, *, by: Actor, at: datetime) -> None:
    engagement = engagement_of(certificate.agent_id, certificate.program_id)
    if engagement is not None and engagement.state in BENCH_STATES:
        lapse_engagement(engagement_id=engagement.pk, reason=reason, by=by, at=at)
    event = CertificateRevoked(
        certificate_id=certificate.pk, agent_id=certificate.agent_id, program_id=certificate.program_id
    )
    outbox.publish(event, at=at, brand_id=certificate.brand_id, agent_id=certificate.agent_id)
    rows = Candidacy.objects.across_brands().filter(agent_id=certificate.agent_id)
    candidacy = rows.filter(certification_id=certificate.certification_id).first()
    if candidacy is not None:
        _forget_basis(certificate, reason, by=by, at=at)
        evaluate_candidacy(candidacy_id=candidacy.pk, cause="safety", at=at)


def _forget_basis(certificate: Certificate, reason: str, *, by: Actor, at: datetime) -> None:
    """A revoked certificate must not come back from the same tests: all but identity and terms is asked again."""
    ids = [line["evidence"] for line in certificate.basis]
    rows = Evidence.objects.across_brands().standing().filter(pk__in=ids).exclude(kind__in=("identity", "terms"))
    for evidence_id in rows.order_by("pk").values_list("pk", flat=True):
        withdraw_evidence(evidence_id=evidence_id, reason=reason, by=by, at=at)
