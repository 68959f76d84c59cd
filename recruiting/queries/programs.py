"""Reads about programs."""

from uuid import UUID

from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor, AgentActor
from recruiting.models import Program
from recruiting.models.programs import ProgramQuerySet
from recruiting.states import ProgramState


def program_for(actor: Actor, program_id: UUID) -> Program:
    """This function will return a program that the actor may look into: the brand's own; for agents, one they are in.

    Raises:
        NotFound: there is none, or it is another's.
    """
    program = programs_for(actor).filter(pk=program_id).first()
    if program is None:
        raise NotFound
    return program


def programs_for(actor: Actor) -> ProgramQuerySet:
    """This function will return the actor's programs by name; for agents, those they have an engagement in."""
    if isinstance(actor, AgentActor):
        rows = Program.objects.across_brands().filter(engagements__agent_id=actor.agent_id).distinct()
    else:
        rows = Program.objects.for_actor(actor)
    return rows.for_listing().order_by("name", "pk")


def public_programs() -> ProgramQuerySet:
    """This function will return the programs that take applications, newest first."""
    return Program.objects.across_brands().public().for_listing().order_by("-published_at", "pk")


def public_program(public_slug: str) -> Program:
    """This function will return the program behind a public address.

    Raises:
        NotFound: there is none, or it is not public now.
    """
    program = public_programs().filter(public_slug=public_slug).first()
    if program is None:
        raise NotFound
    return program


def published_program(program_id: UUID) -> Program:
    """This function will return a program that has been published and is not archived, whoever asks.

    Raises:
        NotFound: there is none.
    """
    rows = Program.objects.across_brands().for_listing().filter(published_at__isnull=False)
    program = rows.exclude(state=ProgramState.ARCHIVED).filter(pk=program_id).first()
    if program is None:
        raise NotFound
    return program
