"""Who may do what here. Pure: from the actor and the thing alone."""

from uuid import UUID

from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor, AgentActor, BrandActor, OpsActor, PersonActor, SystemActor
from gigcx.tenancy.roles import Permission
from recruiting.models import Engagement, Program


def can_register_agent(actor: Actor, user_id: UUID) -> bool:
    """This function will tell whether the actor may open an agent profile for that person: only for themselves."""
    if isinstance(actor, PersonActor | BrandActor):
        return actor.user.pk == user_id
    return isinstance(actor, OpsActor | SystemActor)


def can_edit_agent(actor: Actor, agent_id: UUID) -> bool:
    """This function will tell whether the actor may change that agent's profile, apply or agree for them."""
    if isinstance(actor, AgentActor):
        return actor.agent_id == agent_id
    return isinstance(actor, OpsActor | SystemActor)


def can_prove_abilities(actor: Actor) -> bool:
    """This function will tell whether the actor may record proofs about agents: the product itself and ops."""
    return isinstance(actor, OpsActor | SystemActor)


def can_edit_program(actor: Actor, program: Program) -> bool:
    """This function will tell whether the actor may change the program and its terms."""
    return _in_brand(actor, program.brand_id, Permission.MANAGE_PROGRAMS)


def can_publish_pay(actor: Actor, program: Program) -> bool:
    """This function will tell whether the actor may publish prices."""
    return _in_brand(actor, program.brand_id, Permission.PUBLISH_PAY)


def can_review_program(actor: Actor) -> bool:
    """This function will tell whether the actor may let a program be seen by everybody."""
    return isinstance(actor, OpsActor | SystemActor)


def can_decide_engagement(actor: Actor, engagement: Engagement) -> bool:
    """This function will tell whether the actor may accept, decline, end or block."""
    return _in_brand(actor, engagement.brand_id, Permission.MANAGE_ENGAGEMENTS)


def require_agent(actor: Actor, agent_id: UUID) -> None:
    """This function will raise NotFound unless the actor is that agent, ops or the product."""
    if not can_edit_agent(actor, agent_id):
        raise NotFound


def require_product(actor: Actor) -> None:
    """This function will raise NotFound unless the product itself or ops asks."""
    if not can_prove_abilities(actor):
        raise NotFound


def _in_brand(actor: Actor, brand_id: UUID, permission: Permission) -> bool:
    if isinstance(actor, BrandActor):
        return actor.brand_id == brand_id and actor.can(permission)
    return isinstance(actor, OpsActor | SystemActor)
