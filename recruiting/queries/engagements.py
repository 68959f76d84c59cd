"""Reads about engagements."""

from uuid import UUID

from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor
from recruiting.models import Engagement
from recruiting.models.engagements import EngagementQuerySet


def engagement_for(actor: Actor, engagement_id: UUID) -> Engagement:
    """This function will return an engagement of the actor's brand, or the agent's own.

    Raises:
        NotFound: there is none, or it is another's.
    """
    engagement = engagements_for(actor).filter(pk=engagement_id).first()
    if engagement is None:
        raise NotFound
    return engagement


def engagements_for(actor: Actor) -> EngagementQuerySet:
    """This function will return the actor's engagements with what lists show, latest application first."""
    return Engagement.objects.for_actor(actor).for_listing().order_by("-applied_at", "pk")


def engagement_of(agent_id: UUID, program_id: UUID) -> Engagement | None:
    """This function will return the agent's open engagement in the program, a lapsed one included, or None."""
    rows = Engagement.objects.across_brands().open().filter(agent_id=agent_id, program_id=program_id)
    return rows.select_related("agent__user", "program__brand").first()


def open_engagements(program_id: UUID) -> EngagementQuerySet:
    """This function will return a program's engagements that are neither declined nor ended, oldest first."""
    rows = Engagement.objects.across_brands().open().filter(program_id=program_id)
    return rows.select_related("agent__user", "program").order_by("applied_at", "pk")
