"""Accepting, declining, ending: what brands and agents decide about an engagement."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from gigcx.audit.outbox import publish
from gigcx.audit.trail import record
from gigcx.kernel.errors import DomainError, NotFound
from gigcx.kernel.events import Event
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, require
from gigcx.tenancy.roles import Permission
from recruiting.actions.wording import chosen, many_lines
from recruiting.events import AgentBlocked, EngagementAccepted, EngagementDeclined, EngagementEnded
from recruiting.models import Engagement
from recruiting.policies import require_agent
from recruiting.states import (
    ENGAGEMENT_MOVES,
    OPEN_ENGAGEMENT_STATES,
    DeclineCode,
    EndReason,
    EngagementState,
)

REAPPLY_AFTER: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of deciding about several people: who was moved, and why the others were not, by engagement id."""

    done: tuple[UUID, ...]
    refused: dict[UUID, str]


@transaction.atomic
def accept_engagement(*, engagement_id: UUID, by: Actor, at: datetime) -> Engagement:
    """Take an applicant on: terms, training and certification open to them.

    Raises:
        MoveRefused: it is no application any more.
    """
    return accepted(_decidable(engagement_id, by), by=by, at=at)


@transaction.atomic
def decline_engagement(*, engagement_id: UUID, code: str, reason: str, by: Actor, at: datetime) -> Engagement:
    """Turn an applicant down, saying why; they may apply again after thirty days.

    Raises:
        Invalid: an unknown code, or no sentence that says why.
        MoveRefused: it is no application any more.
    """
    engagement = _decidable(engagement_id, by)
    chosen([code], field="code", among=DeclineCode.values)
    sentence = many_lines(reason, field="reason", limit=1000, is_required=True)
    return declined(engagement, code=code, reason=sentence, by=by, at=at)


@transaction.atomic
def accept_engagements(*, engagement_ids: Sequence[UUID], by: Actor, at: datetime) -> Batch:
    """Take several applicants on; those who moved on meanwhile are left alone and named.

    Raises:
        NotFound, NotAllowed: any of them is not the actor's to decide; then nothing happens.
    """
    return _each(engagement_ids, lambda one: accepted(one, by=by, at=at), by)


@transaction.atomic
def decline_engagements(*, engagement_ids: Sequence[UUID], code: str, reason: str, by: Actor, at: datetime) -> Batch:
    """Turn several applicants down with one reason; those who moved on meanwhile are left alone and named.

    Raises:
        Invalid: an unknown code, or no sentence that says why.
        NotFound, NotAllowed: any of them is not the actor's to decide; then nothing happens.
    """
    chosen([code], field="code", among=DeclineCode.values)
    sentence = many_lines(reason, field="reason", limit=1000, is_required=True)
    return _each(engagement_ids, lambda one: declined(one, code=code, reason=sentence, by=by, at=at), by)


@transaction.atomic
def withdraw(*, engagement_id: UUID, reason: str, by: Actor, at: datetime) -> Engagement:
    """Leave a program, as its agent; the application or the place ends.

    Raises:
        NotFound: somebody else's.
        MoveRefused: it is declined or over.
    """
    engagement = locked_engagement(engagement_id)
    require_agent(by, engagement.agent_id)
    words = many_lines(reason, field="reason", limit=1000)
    return ended(engagement, code=EndReason.WITHDRAWN, reason=words, by=by, at=at)


@transaction.atomic
def end_engagement(*, engagement_id: UUID, reason: str, by: Actor, at: datetime) -> Engagement:
    """End somebody's place in a program, as its brand.

    Raises:
        Invalid: no sentence that says why.
        MoveRefused: it is declined or over.
    """
    engagement = _decidable(engagement_id, by)
    words = many_lines(reason, field="reason", limit=1000, is_required=True)
    return ended(engagement, code=EndReason.BRAND_ENDED, reason=words, by=by, at=at)


@transaction.atomic
def block_agent(*, engagement_id: UUID, reason: str, by: Actor, at: datetime) -> Engagement:
    """Keep an agent from new work in this program; seats already claimed stay theirs.

    Raises:
        Invalid: no sentence that says why.
    """
    return _blocked(_decidable(engagement_id, by), reason, "block_agent", by=by, at=at)


@transaction.atomic
def block_agent_for_safety(*, engagement_id: UUID, reason: str, by: Actor, at: datetime) -> Engagement:
    """Keep an agent from all work in this program at once: seats already claimed are taken back, without points.

    Raises:
        Invalid: no sentence that says why.
    """
    return _blocked(_decidable(engagement_id, by), reason, "block_agent_for_safety", by=by, at=at)


def _blocked(engagement: Engagement, reason: str, verb: str, *, by: Actor, at: datetime) -> Engagement:
    words = many_lines(reason, field="reason", limit=1000, is_required=True)
    _flagged(engagement, "blocked_by_brand_at", at, verb=verb, reason=words, by=by, at=at)
    is_for_safety = verb == "block_agent_for_safety"
    state_fact(AgentBlocked, engagement, at=at, reason=words, is_for_safety=is_for_safety)
    return engagement


@transaction.atomic
def unblock_agent(*, engagement_id: UUID, by: Actor, at: datetime) -> Engagement:
    """Let a blocked agent take new work again."""
    engagement = _decidable(engagement_id, by)
    return _flagged(engagement, "blocked_by_brand_at", None, verb="unblock_agent", reason="", by=by, at=at)


@transaction.atomic
def favor_agent(*, engagement_id: UUID, by: Actor, at: datetime) -> Engagement:
    """Mark an agent as one of the brand's favorites."""
    return _flagged(_decidable(engagement_id, by), "is_favorite", True, verb="favor_agent", reason="", by=by, at=at)


@transaction.atomic
def unfavor_agent(*, engagement_id: UUID, by: Actor, at: datetime) -> Engagement:
    """Take an agent off the brand's favorites."""
    return _flagged(_decidable(engagement_id, by), "is_favorite", False, verb="unfavor_agent", reason="", by=by, at=at)


def locked_engagement(engagement_id: UUID) -> Engagement:
    """This function will lock an engagement's row until the transaction ends. Raises NotFound."""
    rows = Engagement.objects.across_brands().select_for_update(of=("self",))
    engagement = rows.select_related("agent__user", "program__brand").filter(pk=engagement_id).first()
    if engagement is None:
        raise NotFound
    return engagement


def accepted(engagement: Engagement, *, by: Actor, at: datetime) -> Engagement:
    """This function will move a locked application to accepted."""
    moved(engagement, EngagementState.ACCEPTED, {"accepted_at": at}, verb="accept_engagement", by=by, at=at)
    state_fact(EngagementAccepted, engagement, at=at)
    return engagement


def declined(engagement: Engagement, *, code: str, reason: str, by: Actor, at: datetime) -> Engagement:
    """This function will move a locked application to declined, with its reason and the date to apply again."""
    fields = {"decline_code": code, "decline_reason": reason, "reapply_at": at + REAPPLY_AFTER}
    moved(engagement, EngagementState.DECLINED, fields, verb="decline_engagement", reason=reason, by=by, at=at)
    state_fact(EngagementDeclined, engagement, at=at, reason=str(code))
    return engagement


def ended(engagement: Engagement, *, code: str, reason: str, by: Actor, at: datetime) -> Engagement:
    """This function will end a locked engagement."""
    fields = {"ended_at": at, "end_code": code, "end_reason": reason}
    moved(engagement, EngagementState.ENDED, fields, verb="end_engagement", reason=reason, by=by, at=at)
    state_fact(EngagementEnded, engagement, at=at, reason=str(code))
    return engagement


def moved(
    engagement: Engagement,
    state: EngagementState,
    fields: dict[str, Any],
    *,
    verb: str,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    """This function will move a locked engagement, keep the fields and write the history."""
    require_move(ENGAGEMENT_MOVES, engagement.state, state)
    before = engagement.state
    for name, value in {**fields, "state": state, "state_since": at}.items():
        setattr(engagement, name, value)
    engagement.save(update_fields=[*fields, "state", "state_since"])
    record(f"recruiting.{verb}", engagement, by=by, at=at, from_state=before, to_state=state, reason=reason)


def state_fact(fact: type[Event], engagement: Engagement, *, at: datetime, **more: Any) -> None:
    """This function will state a fact about an engagement."""
    ids = {"engagement_id": engagement.pk, "agent_id": engagement.agent_id, "program_id": engagement.program_id}
    publish(fact(**ids, **more), at=at, brand_id=engagement.brand_id, agent_id=engagement.agent_id)


def _decidable(engagement_id: UUID, by: Actor) -> Engagement:
    engagement = locked_engagement(engagement_id)
    require(by, Permission.MANAGE_ENGAGEMENTS, brand_id=engagement.brand_id)
    return engagement


def _each(ids: Sequence[UUID], decide: Callable[[Engagement], Engagement], by: Actor) -> Batch:
    done: list[UUID] = []
    refused: dict[UUID, str] = {}
    for engagement in [_decidable(one, by) for one in sorted(set(ids))]:
        try:
            decide(engagement)
        except DomainError as refusal:
            refused[engagement.pk] = refusal.message
        else:
            done.append(engagement.pk)
    return Batch(tuple(done), refused)


def _flagged(
    engagement: Engagement, column: str, value: Any, *, verb: str, reason: str, by: Actor, at: datetime
) -> Engagement:
    setattr(engagement, column, value)
    engagement.save(update_fields=[column])
    record(f"recruiting.{verb}", engagement, by=by, at=at, reason=reason)
    return engagement


def end_all(program_id: UUID, *, by: Actor, at: datetime) -> int:
    """This function will end every open engagement of a program that closes, in the order of their ids."""
    rows = Engagement.objects.across_brands().select_for_update(of=("self",)).select_related("program")
    closing = list(rows.filter(program_id=program_id, state__in=OPEN_ENGAGEMENT_STATES).order_by("pk"))
    for engagement in closing:
        ended(engagement, code=EndReason.PROGRAM_CLOSED, reason="", by=by, at=at)
    return len(closing)
