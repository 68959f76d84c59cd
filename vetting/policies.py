"""Who may do what here. Pure."""

from gigcx.tenancy.actors import Actor, AgentActor, BrandActor, OpsActor, SystemActor
from gigcx.tenancy.roles import Permission
from vetting.models import Attempt, Certificate, IdentityCheck, RatingTask, RevocationProposal


def can_review_identity(actor: Actor, check: IdentityCheck) -> bool:
    """This function will let ops review a check that is not about themselves."""
    return isinstance(actor, OpsActor) and actor.user.pk != check.agent.user_id


def can_view_document(actor: Actor, check: IdentityCheck) -> bool:
    """This function will let those see documents who may review them."""
    return can_review_identity(actor, check)


def can_author_items(actor: Actor) -> bool:
    """This function will let trainers and owners write questions and tests."""
    return _holds(actor, Permission.AUTHOR_CONTENT)


def can_approve_items(actor: Actor) -> bool:
    """This function will let trainers and owners publish what others wrote."""
    return _holds(actor, Permission.APPROVE_CONTENT)


def can_see_key(actor: Actor) -> bool:
    """This function will let authors see keys; agents never."""
    return _holds(actor, Permission.AUTHOR_CONTENT)


def can_sit_attempt(actor: Actor, attempt: Attempt) -> bool:
    """This function will let only the agent answer their own test."""
    return isinstance(actor, AgentActor) and actor.agent_id == attempt.agent_id


def can_rate(actor: Actor, task: RatingTask) -> bool:
    """This function will let ops rate answers that are not their own."""
    return isinstance(actor, OpsActor) and actor.user.pk != task.attempt_item.attempt.agent.user_id


def can_revoke_certificate(actor: Actor, certificate: Certificate) -> bool:
    """This function will let ops propose to take a certificate away, not their own."""
    return isinstance(actor, OpsActor) and actor.user.pk != certificate.agent.user_id


def can_decide_revocation(actor: Actor, proposal: RevocationProposal) -> bool:
    """This function will let a second person of ops carry a proposal out."""
    return can_revoke_certificate(actor, proposal.certificate) and actor.ref_id != proposal.proposed_by_id


def _holds(actor: Actor, permission: Permission) -> bool:
    return isinstance(actor, BrandActor | OpsActor | SystemActor) and actor.can(permission)
