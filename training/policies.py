"""Who may do what with courses and enrolments."""

from gigcx.tenancy.actors import Actor, AgentActor, BrandActor, OpsActor, SystemActor
from gigcx.tenancy.roles import Permission
from training.models import Course, CourseVersion, Enrolment


def can_author_course(actor: Actor, course: Course) -> bool:
    """This function will tell whether the actor may write this course."""
    return _is_member_with(actor, course, Permission.AUTHOR_CONTENT)


def can_approve_version(actor: Actor, version: CourseVersion) -> bool:
    """This function will tell whether the actor may approve this version: never somebody who wrote in it."""
    return _is_member_with(actor, version, Permission.APPROVE_CONTENT) and not has_written(actor, version)


def can_publish_course(actor: Actor, version: CourseVersion) -> bool:
    """This function will tell whether the actor may publish this version."""
    return _is_member_with(actor, version, Permission.APPROVE_CONTENT)


def can_learn(actor: Actor, enrolment: Enrolment) -> bool:
    """This function will tell whether the enrolment is the actor's own way to learn."""
    return isinstance(actor, AgentActor) and actor.agent_id == enrolment.agent_id


def can_support_enrolment(actor: Actor) -> bool:
    """This function will tell whether the actor may mend other people's enrolments."""
    return isinstance(actor, OpsActor | SystemActor)


def has_written(actor: Actor, version: CourseVersion) -> bool:
    """This function will tell whether the actor is an author of this version."""
    return str(getattr(getattr(actor, "user", None), "pk", "")) in version.author_ids


def _is_member_with(actor: Actor, owned: Course | CourseVersion, permission: Permission) -> bool:
    if isinstance(actor, OpsActor | SystemActor):
        return True
    return isinstance(actor, BrandActor) and actor.brand_id == owned.brand_id and actor.can(permission)
