"""Reads about agents."""

from django.db.models import QuerySet

from gigcx.accounts.models import User
from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor, AgentActor
from recruiting.models import Agent, Skill


def agent_for(actor: Actor) -> Agent:
    """This function will return the acting agent, with person, skills and languages.

    Raises:
        NotFound: the actor is no agent.
    """
    if not isinstance(actor, AgentActor):
        raise NotFound
    agent = Agent.objects.for_actor(actor).for_listing().first()
    if agent is None:
        raise NotFound
    return agent


def agent_of_user(user: User) -> Agent | None:
    """This function will return the person's agent profile, or None; asked once for each user object."""
    try:
        return user.agent
    except Agent.DoesNotExist:
        return None


def skills_offered() -> QuerySet[Skill]:
    """This function will return the taxonomy's words in use, by group and label."""
    return Skill.objects.filter(is_retired=False).order_by("group", "label", "pk")
