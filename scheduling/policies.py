"""Who may do what here."""

from gigcx.tenancy.actors import Actor, AgentActor, BrandActor, OpsActor, SystemActor
from gigcx.tenancy.roles import Permission
from scheduling.models import CapacityRequest, Claim, Shift
from scheduling.states import CLAIMABLE, COMING, COMMITTED, PLANNING, CauseOwner, ClaimState, RequestState, ShiftState


def can_edit_request(actor: Actor, request: CapacityRequest) -> bool:
    """This function will tell whether the actor may still type over the demand."""
    return actor.can(Permission.PLAN_CAPACITY) and request.state in PLANNING


def can_accept_quote(actor: Actor, request: CapacityRequest) -> bool:
    """This function will tell whether the actor may turn the price into a promise."""
    return actor.can(Permission.ACCEPT_QUOTES) and request.state in PLANNING


def can_approve_request(actor: Actor, request: CapacityRequest) -> bool:
    """This function will tell whether the actor may be the second person: no key, and not who accepted the price."""
    is_second = _is_second_person(actor, request) and actor.can(Permission.ACCEPT_QUOTES)
    return is_second and request.state == RequestState.AWAITING_APPROVAL


def can_promise_above_limit(actor: Actor, request: CapacityRequest) -> bool:
    """This function will tell whether the actor may raise a promise past the limit: an owner who did not make it, no key."""
    return _is_second_person(actor, request) and actor.can(Permission.MANAGE_BRAND)


def _is_second_person(actor: Actor, request: CapacityRequest) -> bool:
    return isinstance(actor, BrandActor) and actor.api_key_id is None and actor.user.pk != request.accepted_by


def can_cancel_request(actor: Actor, request: CapacityRequest) -> bool:
    """This function will tell whether the actor may take the request back."""
    return actor.can(Permission.PLAN_CAPACITY) and request.state in (*PLANNING, *COMMITTED[:2])


def can_auto_fill(actor: Actor, request: CapacityRequest) -> bool:
    """This function will tell whether the actor may have the request's open seats filled."""
    return actor.can(Permission.PLAN_CAPACITY) and request.state in COMMITTED[:2]


def can_change_seats(actor: Actor, shift: Shift) -> bool:
    """This function will tell whether the actor may add seats to a published shift or take free ones back."""
    changeable = (ShiftState.ANNOUNCED, ShiftState.COLLECTING, ShiftState.OPEN, ShiftState.STARTED)
    return actor.can(Permission.PLAN_CAPACITY) and shift.state in changeable


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


def can_declare_incident(actor: Actor, cause_owner: str) -> bool:
    """This function will tell whether the actor may say what kept people from working: ops anything, a brand its own tools."""
    if isinstance(actor, OpsActor | SystemActor):
        return True
    return actor.can(Permission.PLAN_CAPACITY) and cause_owner == CauseOwner.BRAND


def can_decide_excuse(actor: Actor) -> bool:
    """This function will tell whether the actor answers agents' excuses: ops, and the clock that answers for them."""
    return isinstance(actor, OpsActor | SystemActor)


def can_act_on_remedy(actor: Actor) -> bool:
    """This function will tell whether the actor may spend the remedy budget: planners, and the product where it was allowed."""
    return actor.can(Permission.PLAN_CAPACITY)
