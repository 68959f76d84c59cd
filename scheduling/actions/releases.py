"""Giving a seat back: undo without a trace, release at a cost that was shown, cancellation by the brand."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import NotFound
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, AgentActor
from scheduling.actions.attempts import with_retries
from scheduling.actions.waitlists import lock_shift, place_freed
from scheduling.errors import PointsChanged, UndoOver
from scheduling.events import ClaimCancelledByBrand, ClaimExcused, ClaimReleased, ClaimUndone, SeatRetaken
from scheduling.models import Claim
from scheduling.queries.doors import claim_for
from scheduling.queries.releases import can_undo, has_retaken, release_cost, release_points, retaken_by
from scheduling.states import CLAIM_MOVES, ClaimState


def undo_claim(*, claim_id: UUID, by: Actor, at: datetime) -> Claim:
    """Take a fresh claim back: within its undo time and at least two hours before the start. It never counts.

    Raises:
        NotFound: not the agent's own claim.
        MoveRefused: already given back, worked or gone.
        UndoOver: the undo time has passed.
    """
    _require_holder(by, claim_id)
    return with_retries(lambda: _undone(claim_id, by, at))


def release_claim(*, claim_id: UUID, accepted_points: int, by: Actor, at: datetime) -> Claim:
    """Give a seat back at the cost that was shown.

    Raises:
        NotFound: not the agent's own claim.
        MoveRefused: already given back, worked or gone.
        PointsChanged: it costs another number of points now; carries the number.
    """
    _require_holder(by, claim_id)
    return with_retries(lambda: _released(claim_id, accepted_points, by, at))


def decline_auto_fill(*, claim_id: UUID, by: Actor, at: datetime) -> Claim:
    """Say no to a seat that auto-fill gave, until the time that was promised with it. It never counts.

    Raises:
        NotFound: not the agent's own claim. MoveRefused: already given back, worked or gone. UndoOver: that time has passed.
    """
    return undo_claim(claim_id=claim_id, by=by, at=at)


def _require_holder(by: Actor, claim_id: UUID) -> None:
    if not isinstance(by, AgentActor):
        raise NotFound
    claim_for(by, claim_id)


@transaction.atomic
def _undone(claim_id: UUID, by: Actor, at: datetime) -> Claim:
    claim = _held(claim_id, ClaimState.UNDONE)
    if not can_undo(claim, at=at):
        raise UndoOver
    place_freed(claim, at=at)
    _move(claim, ClaimState.UNDONE, action="scheduling.undo_claim", by=by, at=at)
    outbox.publish(
        ClaimUndone(claim_id=claim.pk, shift_id=claim.shift_id, agent_id=claim.agent_id),
        at=at,
        brand_id=claim.brand_id,
        agent_id=claim.agent_id,
    )
    return claim


@transaction.atomic
def _released(claim_id: UUID, accepted_points: int, by: Actor, at: datetime) -> Claim:
    claim = _held(claim_id, ClaimState.RELEASED)
    cost = release_cost(claim, at=at)
    if cost.points != accepted_points:
        raise PointsChanged(points=cost.points)
    place_freed(claim, at=at)
    claim.points, claim.left_at = cost.points, at
    _move(claim, ClaimState.RELEASED, action="scheduling.release_claim", by=by, at=at)
    outbox.publish(
        ClaimReleased(claim_id=claim.pk, shift_id=claim.shift_id, agent_id=claim.agent_id, points=cost.points),
        at=at,
        brand_id=claim.brand_id,
        agent_id=claim.agent_id,
    )
    return claim


def _held(claim_id: UUID, target: ClaimState) -> Claim:
    """The shift's row first, then the claim's: the order of every lock."""
    lock_shift(Claim.objects.across_brands().values_list("shift_id", flat=True).get(pk=claim_id))
    claim = locked_claim(claim_id)
    require_move(CLAIM_MOVES, claim.state, target)
    return claim


def locked_claim(claim_id: UUID) -> Claim:
    """This function will lock a claim's row and return it with shift, program and agent."""
    rows = Claim.objects.across_brands().select_for_update(of=("self",))
    return rows.select_related("shift__program", "agent__user", "rate_card").get(pk=claim_id)


def _move(claim: Claim, target: ClaimState, *, action: str, by: Actor, at: datetime, reason: str = "") -> None:
    current = claim.state
    require_move(CLAIM_MOVES, current, target)
    claim.state = target
    claim.save(update_fields=["state", "points", "left_at"])
    trail.record(
        action,
        claim,
        by=by,
        at=at,
        from_state=current,
        to_state=target,
        reason=reason,
        changes={"points": claim.points} if claim.points else None,
    )


def release_unconfirmed(claim: Claim, *, by: Actor, at: datetime) -> None:
    """This function will end a claim that was not confirmed in time, without points. The caller holds the shift's row."""
    words = _("It was still not confirmed within 2 hours of the start, and somebody in line took it.")
    claim.points, claim.left_at = 0, at
    _move(claim, ClaimState.RELEASED, action="scheduling.take_over_claim", by=by, at=at, reason=words)
    outbox.publish(
        ClaimReleased(claim_id=claim.pk, shift_id=claim.shift_id, agent_id=claim.agent_id, points=0, reason=words),
        at=at,
        brand_id=claim.brand_id,
        agent_id=claim.agent_id,
    )


def release_paused(claim: Claim, *, by: Actor, at: datetime) -> None:
    """This function will end a claim whose holder paused their profile, at what giving it back costs at that moment.

    A pause is the holder's own choice: it frees no seat for less than giving it back. The caller holds the shift's row.
    """
    words = _("Your profile is paused: the seat counts as given back.")
    notice = claim.starts_at - at
    claim.points = release_points(notice, timedelta(hours=claim.shift.program.lock_down_hours))
    claim.left_at = at
    _move(claim, ClaimState.RELEASED, action="scheduling.release_paused", by=by, at=at, reason=words)
    outbox.publish(
        ClaimReleased(
            claim_id=claim.pk, shift_id=claim.shift_id, agent_id=claim.agent_id, points=claim.points, reason=words
        ),
        at=at,
        brand_id=claim.brand_id,
        agent_id=claim.agent_id,
    )


@transaction.atomic
def void_points_of_retaken(*, claim_id: UUID, by: Actor, at: datetime) -> Claim | None:
    """Void the points of one seat that was given back and that this claim has retaken, and return the voided claim.

    Each claim retakes at most one seat, the one given back first; hearing of it twice changes nothing.
    """
    taken = Claim.objects.across_brands().get(pk=claim_id)
    if retaken_by(taken) is None:  # nearly always, and then the hot row stays alone
        return None
    lock_shift(taken.shift_id)
    found = None if has_retaken(taken) else retaken_by(taken)
    if found is None:
        return None
    released = locked_claim(found.pk)
    points, released.points = released.points, 0
    released.save(update_fields=["points"])
    trail.record(
        "scheduling.void_points", released, by=by, at=at, changes={"points_void": points, "retaken_by": str(taken.pk)}
    )
    outbox.publish(
        SeatRetaken(claim_id=released.pk, agent_id=released.agent_id, points_void=points),
        at=at,
        brand_id=released.brand_id,
        agent_id=released.agent_id,
    )
    return released


def cancel_claim_for_brand(claim: Claim, *, by: Actor, at: datetime, reason: str) -> None:
    """This function will end a claim whose shift the brand cancelled. The caller holds the shift's row."""
    _move(claim, ClaimState.BRAND_CANCELLED, action="scheduling.cancel_claim", by=by, at=at, reason=reason)
    notice = max(0, int((claim.starts_at - at).total_seconds()))
    outbox.publish(
        ClaimCancelledByBrand(
            claim_id=claim.pk,
            shift_id=claim.shift_id,
            agent_id=claim.agent_id,
            notice_seconds=notice,
            reason=reason,
        ),
        at=at,
        brand_id=claim.brand_id,
        agent_id=claim.agent_id,
    )


def excuse_claim(claim: Claim, *, by: Actor, at: datetime, reason: str) -> None:
    """This function will end a claim whose holder may not work, without points. The caller holds the shift's row."""
    claim.points = 0
    _move(claim, ClaimState.RELEASED, action="scheduling.free_claim", by=by, at=at, reason=reason)
    _move(claim, ClaimState.EXCUSED, action="scheduling.excuse_claim", by=by, at=at)
    outbox.publish(
        ClaimExcused(claim_id=claim.pk, shift_id=claim.shift_id, agent_id=claim.agent_id, reason=reason),
        at=at,
        brand_id=claim.brand_id,
        agent_id=claim.agent_id,
    )
