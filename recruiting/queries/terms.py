"""Reads about terms and who accepted them."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor
from recruiting.models import TermsAcceptance, TermsVersion
from recruiting.states import VersionState


def active_terms(program_id: UUID, at: datetime) -> TermsVersion | None:
    """This function will return the terms in force at that moment, or None."""
    rows = TermsVersion.objects.across_brands().filter(program_id=program_id).exclude(state=VersionState.DRAFT)
    in_force = rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at), valid_from__lte=at)
    return in_force.order_by("-version").first()


def accepted_terms(agent_id: UUID, program_id: UUID) -> TermsVersion | None:
    """This function will return the latest version that the agent accepted, or None."""
    rows = TermsAcceptance.objects.across_brands().filter(agent_id=agent_id, version__program_id=program_id)
    acceptance = rows.select_related("version").order_by("-version__version").first()
    return acceptance.version if acceptance else None


def terms_of(actor: Actor, program_id: UUID) -> QuerySet[TermsVersion]:
    """This function will return a program's versions, newest first."""
    return TermsVersion.objects.for_actor(actor).filter(program_id=program_id).order_by("-version")


def terms_version_for(actor: Actor, terms_version_id: UUID) -> TermsVersion:
    """This function will return one version of the actor's brand.

    Raises:
        NotFound: there is none, or it is another brand's.
    """
    version = TermsVersion.objects.for_actor(actor).filter(pk=terms_version_id).first()
    if version is None:
        raise NotFound
    return version
