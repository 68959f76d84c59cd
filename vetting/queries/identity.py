"""Reads about identity checks."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Min

from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor, OpsActor
from vetting import vault
from vetting.models import AgentIdentity, IdentityCheck, RatingTask, RevocationProposal
from vetting.states import CheckState, IdentityState, ProposalState, RatingState


@dataclass(frozen=True, slots=True)
class IdentityStanding:
    """Where an agent stands: the identity, the latest check, and whether documents may be sent now.

    `is_asked_again`: verified, and asked for documents once more; the verification stands meanwhile.
    """

    identity: AgentIdentity | None
    check: IdentityCheck | None
    is_verified: bool
    can_send: bool
    opens_at: datetime | None
    is_asked_again: bool


@dataclass(frozen=True, slots=True)
class SealedDetails:
    """What the person wrote, opened for a reviewer."""

    legal_name: str
    birth_date: str
    age: int | None


def identity_standing(agent_id: UUID, at: datetime) -> IdentityStanding:
    """This function will say how far the agent's identity is verified and what they may do now."""
    identity = AgentIdentity.objects.across_brands().filter(agent_id=agent_id).first()
    rows = IdentityCheck.objects.across_brands().filter(agent_id=agent_id)
    check = rows.order_by("-requested_at", "-pk").first()
    until = identity.verified_until if identity else None
    is_verified = bool(identity and identity.state == IdentityState.VERIFIED and until and until > at)
    opens_at = check.reapply_at if check and check.reapply_at and check.reapply_at > at else None
    is_busy = check is not None and check.state in (CheckState.NEEDS_REVIEW, CheckState.PROCESSING)
    is_asked_again = is_verified and check is not None and check.state == CheckState.AWAITING_INPUT
    can_send = is_asked_again or not (is_verified or is_busy or opens_at)
    return IdentityStanding(identity, check, is_verified, can_send, opens_at, is_asked_again)


def identity_check_for(actor: Actor, check_id: UUID) -> IdentityCheck:
    """This function will return a check: ops see all, an agent their own, a brand none.

    Raises:
        NotFound: there is none, or it is another's.
    """
    rows = IdentityCheck.objects.for_actor(actor).select_related("agent__user")
    check = rows.filter(pk=check_id).first()
    if check is None:
        raise NotFound
    return check


def sealed_details(actor: Actor, check: IdentityCheck, at: datetime) -> SealedDetails:
    """This function will open what the person wrote, for ops alone.

    Raises:
        NotFound: the asker is not ops.
    """
    if not isinstance(actor, OpsActor):
        raise NotFound
    name = vault.open_text(check.sealed_name, context=f"{check.pk}:name")
    birth = vault.open_text(check.sealed_birth_date, context=f"{check.pk}:birth")
    return SealedDetails(name, birth, _age(birth, at) if birth else None)


def _age(birth: str, at: datetime) -> int:
    born = datetime.fromisoformat(birth).date()
    today = at.date()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def review_queue(at: datetime) -> tuple[int, datetime | None]:
    """This function will return how many checks wait for reviewers and since when the oldest does."""
    rows = IdentityCheck.objects.across_brands().filter(state=CheckState.NEEDS_REVIEW)
    return rows.count(), rows.aggregate(oldest=Min("submitted_at"))["oldest"]


def rating_queue(at: datetime) -> tuple[int, datetime | None]:
    """This function will return how many answers wait for a person and since when the oldest does."""
    rows = RatingTask.objects.across_brands().exclude(state=RatingState.DONE)
    return rows.count(), rows.aggregate(oldest=Min("opened_at"))["oldest"]


def revocation_queue(at: datetime) -> tuple[int, datetime | None]:
    """This function will return how many revocations wait for a second person and since when the oldest does."""
    rows = RevocationProposal.objects.across_brands().filter(state=ProposalState.OPEN)
    return rows.count(), rows.aggregate(oldest=Min("proposed_at"))["oldest"]
