"""Reads about certificates."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor
from vetting.models import Certificate
from vetting.models.certificates import CertificateQuerySet
from vetting.states import CertificateState


@dataclass(frozen=True, slots=True)
class PublicCertificate:
    """What anybody may read: no reason, and a name only where the holder shares it."""

    public_id: UUID
    is_valid: bool
    state: str
    certification: str
    program: str
    brand: str
    version: int
    valid_from: datetime
    expires_at: datetime
    ended_at: datetime | None
    holder: str


def certificate_for(actor: Actor, certificate_id: UUID) -> Certificate:
    """This function will return a certificate that the actor may see: the agent's own, or the brand's.

    Raises:
        NotFound: there is none, or it is another's.
    """
    certificate = certificates_for(actor).filter(pk=certificate_id).first()
    if certificate is None:
        raise NotFound
    return certificate


def certificates_for(actor: Actor) -> CertificateQuerySet:
    """This function will return the actor's certificates, newest first."""
    return Certificate.objects.for_actor(actor).for_listing()


def public_certificate(public_id: UUID, at: datetime) -> PublicCertificate:
    """This function will return a certificate by the id printed on it.

    Raises:
        NotFound: there is none, or it has not begun.
    """
    rows = Certificate.objects.across_brands().for_listing().select_related("agent__user")
    certificate = rows.exclude(state=CertificateState.PENDING).filter(public_id=public_id).first()
    if certificate is None:
        raise NotFound
    counts = certificate.state in (CertificateState.ACTIVE, CertificateState.DUE_FOR_RENEWAL)
    return PublicCertificate(
        public_id=certificate.public_id,
        is_valid=counts and certificate.valid_from <= at < certificate.expires_at,
        state=str(CertificateState(certificate.state).label),
        certification=certificate.certification.name,
        program=certificate.program.name,
        brand=certificate.brand.name,
        version=certificate.version.n,
        valid_from=certificate.valid_from,
        expires_at=certificate.expires_at,
        ended_at=certificate.ended_at,
        holder=certificate.agent.user.full_name if certificate.is_name_public else "",
    )
