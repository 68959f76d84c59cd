"""Who may do what here."""

from gigcx.tenancy.actors import Actor, AgentActor, OpsActor, SystemActor
from gigcx.tenancy.roles import Permission
from scheduling.models import CapacityRequest, Claim, Shift
from scheduling.states import CLAIMABLE, COMING, COMMITTED, PLANNING, ClaimState


def can_edit_request(actor: Actor, request: CapacityRequest) -> bool:
    """This function will tell whether the actor may still type over the demand."""
    return actor.can(Permission.PLAN_CAPACITY) and request.state in PLANNING


def can_accept_quote(actor: Actor, request: CapacityRequest) -> bool:
    """This function will tell whether the actor may turn the price into a promise."""
    return actor.can(Permission.ACCEPT_QUOTES) and request.state in PLANNING


def can_cancel_request(actor: Actor, request: CapacityRequest) -> bool:
    """This function will tell whether the actor may take the request back."""
    return actor.can(Permission.PLAN_CAPACITY) and request.state in (*PLANNING, *COMMITTED[:2])


def can_auto_fill(actor: Actor, request: CapacityRequest) -> bool:
    """This function will tell whether the actor may have the request's open seats filled."""
    return actor.can(Permission.PLAN_CAPACITY) and request.state in COMMITTED[:2]


def can_claim_shift(actor: Actor, shift: Shift) -> bool:
    """This function will tell whether the shift is one that agents may claim; who and when is decided by the claim."""
    return isinstance(actor, AgentActor) and shift.state in CLAIMABLE


def can_give_back_claim(actor: Actor, claim: Claim) -> bool:
    """This function will tell whether the holder may still give the seat back."""
    return isinstance(actor, AgentActor) and actor.agent_id == claim.agent_id and claim.state in COMING


def can_confirm_work(actor: Actor, claim: Claim) -> bool:
    """This function will tell whether the actor may confirm a claim's minutes before the lock."""
    return actor.can(Permission.CONFIRM_WORK) and claim.state == ClaimState.WORKED


def can_adjust_minutes(actor: Actor) -> bool:
    """This function will tell whether the actor may correct minutes: ops and the product itself."""
    return isinstance(actor, OpsActor | SystemActor)
