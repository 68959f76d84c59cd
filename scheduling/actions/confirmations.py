"""Saying again that one comes, and losing a seat that was never confirmed to somebody who waits."""

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import DomainError, NotFound
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, AgentActor
from scheduling.actions import seats
from scheduling.actions.claims import order_for, seat_agent
from scheduling.actions.releases import locked_claim, release_unconfirmed
from scheduling.actions.waitlists import end_wait, lock_shift
from scheduling.errors import InvitationExpired, NotConfirmable, ShiftFull
from scheduling.events import ClaimConfirmed
from scheduling.models import Claim, WaitlistEntry
from scheduling.queries.claimable import way_of
from scheduling.queries.doors import claim_for
from scheduling.queries.releases import can_confirm
from scheduling.queries.waits import UNCONFIRMED_BEFORE, entry_for, line_of, unconfirmed_seat
from scheduling.states import CLAIM_MOVES, ClaimSource, ClaimState, WaitState

logger = logging.getLogger(__name__)


@transaction.atomic
def confirm_claim(*, claim_id: UUID, by: Actor, at: datetime) -> Claim:
    """Say again that one comes, between 24 and 2 hours before the start. Confirming twice changes nothing.

    Raises:
        NotFound: not the agent's own. NotConfirmable: too early, too late, or no coming claim.
    """
    if not isinstance(by, AgentActor):
        raise NotFound
    claim_for(by, claim_id)
    claim = locked_claim(claim_id)
    if claim.state == ClaimState.CONFIRMED:
        return claim
    if not can_confirm(claim, at=at):
        raise NotConfirmable
    current = claim.state
    require_move(CLAIM_MOVES, current, ClaimState.CONFIRMED)
    claim.state, claim.confirmed_at = ClaimState.CONFIRMED, at
    claim.save(update_fields=["state", "confirmed_at"])
    trail.record("scheduling.confirm_claim", claim, by=by, at=at, from_state=current, to_state=claim.state)
    outbox.publish(
        ClaimConfirmed(claim_id=claim.pk, shift_id=claim.shift_id, agent_id=claim.agent_id),
        at=at,
        brand_id=claim.brand_id,
        agent_id=claim.agent_id,
    )
    return claim


def take_unconfirmed(*, entry_id: UUID, by: Actor, at: datetime) -> Claim:
    """Let somebody in line take the seat of a holder who did not confirm, from two hours before the start on.

    The holder's claim ends without points in the same transaction; the one claimed last goes first.

    Raises:
        NotFound: not the agent's own place. InvitationExpired: not waiting any more.
        ShiftFull: everybody has confirmed. Everything that stands in the way of a claim.
    """
    entry = entry_for(by, entry_id)
    if entry.state != WaitState.WAITING:
        raise InvitationExpired
    if entry.shift.starts_at - at > UNCONFIRMED_BEFORE or unconfirmed_seat(entry.shift_id) is None:
        raise ShiftFull(_("Everybody who holds a seat in this shift has confirmed, or still may."))
    order = order_for(
        entry.shift_id,
        agent=entry.agent,
        by=by,
        at=at,
        way=way_of(ClaimSource.WAITLIST, from_reserved=True),
        key=f"wait-{entry.pk}",
        before=lambda: _vacate(entry.shift_id, by, at),
        then=lambda claim: _took_over(entry_id, claim, by, at),
    )
    return order if isinstance(order, Claim) else seat_agent(order)


def pass_unconfirmed_on(*, shift_id: UUID, by: Actor, at: datetime) -> None:
    """Give unconfirmed seats to those in line who want no question, in order; who cannot take one waits on."""
    waiting = line_of(shift_id).filter(state=WaitState.WAITING, auto_accept=True)
    for entry_id in list(waiting.values_list("pk", flat=True)):
        try:
            take_unconfirmed(entry_id=entry_id, by=by, at=at)
        except ShiftFull:
            return
        except DomainError as refused:
            logger.info("place %s in line cannot take over: %s", entry_id, refused.code)


def _vacate(shift_id: UUID, by: Actor, at: datetime) -> None:
    """The seat goes from the holder to the one in line: filled to reserved, and then the claim fills it."""
    lock_shift(shift_id)
    found = unconfirmed_seat(shift_id)
    held = locked_claim(found.pk) if found is not None else None
    if held is None or held.state != ClaimState.CLAIMED:  # confirmed, or taken over, a moment ago
        raise ShiftFull
    seats.free_seat(shift_id)
    seats.reserve_seat(shift_id)
    release_unconfirmed(held, by=by, at=at)


def _took_over(entry_id: UUID, claim: Claim, by: Actor, at: datetime) -> None:
    entry = WaitlistEntry.objects.across_brands().select_for_update(of=("self",)).get(pk=entry_id)
    if entry.state != WaitState.WAITING:
        raise InvitationExpired
    entry.claim, entry.invited_at, entry.expires_at = claim, at, at
    entry.save(update_fields=["claim", "invited_at", "expires_at"])
    end_wait(entry, WaitState.INVITED, action="scheduling.invite_waiting", by=by, at=at)
    end_wait(entry, WaitState.ACCEPTED, action="scheduling.accept_invitation", by=by, at=at)
