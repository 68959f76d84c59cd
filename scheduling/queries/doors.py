"""Doors: an object for an actor who may see it, or nothing at all."""

from uuid import UUID

from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor, AgentActor
from recruiting.models import Agent, Program
from scheduling.models import AssignmentRun, CapacityRequest, Claim, Quote, Shift, WorkSession
from scheduling.states import SessionState, ShiftState


def request_for(actor: Actor, request_id: UUID) -> CapacityRequest:
    """This function will return the capacity request.

    Raises:
        NotFound: there is none, or it belongs to somebody else.
    """
    found = CapacityRequest.objects.for_actor(actor).select_related("program", "brand").filter(pk=request_id).first()
    if found is None:
        raise NotFound
    return found


def quote_for(actor: Actor, quote_id: UUID) -> Quote:
    """This function will return the quote with its request.

    Raises:
        NotFound: there is none, or it belongs to somebody else.
    """
    found = Quote.objects.for_actor(actor).select_related("request").filter(pk=quote_id).first()
    if found is None:
        raise NotFound
    return found


def shift_for(actor: Actor, shift_id: UUID) -> Shift:
    """This function will return the shift. Agents see every shift that was ever announced, of any brand.

    Raises:
        NotFound: there is none, or it is not the actor's to see.
    """
    rows = Shift.objects.across_brands().exclude(state=ShiftState.DRAFT)
    scoped = rows if isinstance(actor, AgentActor) else Shift.objects.for_actor(actor)
    found = scoped.select_related("program", "rate_card", "brand", "request").filter(pk=shift_id).first()
    if found is None:
        raise NotFound
    return found


def claim_for(actor: Actor, claim_id: UUID) -> Claim:
    """This function will return the claim: the brand's, or the agent's own.

    Raises:
        NotFound: there is none, or it belongs to somebody else.
    """
    found = (
        Claim.objects.for_actor(actor)
        .select_related("shift__program", "brand", "rate_card", "agent__user", "engagement")
        .filter(pk=claim_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def run_for(actor: Actor, run_id: UUID) -> AssignmentRun:
    """This function will return the run of auto-fill with its request: the brand's.

    Raises:
        NotFound: there is none, or it belongs to somebody else.
    """
    rows = AssignmentRun.objects.for_actor(actor).select_related("request__program", "brand")
    found = rows.filter(pk=run_id).first()
    if found is None:
        raise NotFound
    return found


def session_for(actor: Actor, session_id: UUID) -> WorkSession:
    """This function will return the work session: the brand's, or the agent's own.

    Raises:
        NotFound: there is none, or it belongs to somebody else.
    """
    found = WorkSession.objects.for_actor(actor).select_related("claim__shift").filter(pk=session_id).first()
    if found is None:
        raise NotFound
    return found


def live_session_of(agent_id: UUID) -> WorkSession | None:
    """This function will return the agent's session that is not over, or None."""
    return (
        WorkSession.objects.across_brands()
        .filter(agent_id=agent_id)
        .exclude(state=SessionState.ENDED)
        .select_related("claim__shift__program", "claim__brand", "claim__rate_card")
        .first()
    )


def program_of(actor: Actor, program_id: UUID) -> Program:
    """This function will return a program of the actor's brand.

    Raises:
        NotFound: there is none, or it belongs to somebody else.
    """
    found = Program.objects.for_actor(actor).select_related("brand").filter(pk=program_id).first()
    if found is None:
        raise NotFound
    return found


def worker_for(actor: Actor) -> Agent:
    """This function will return the acting agent with person and calendar, in one query.

    Raises:
        NotFound: the actor is no agent.
    """
    rows = Agent.objects.across_brands().select_related("user", "calendar")
    found = rows.filter(pk=actor.agent_id).first() if isinstance(actor, AgentActor) else None
    if found is None:
        raise NotFound
    return found
