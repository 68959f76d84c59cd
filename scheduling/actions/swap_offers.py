"""Claims on offer: to one agent, to the whole program, or for another claim; taken back, or over because time is up."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import Invalid, NotFound
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, AgentActor
from recruiting.models import Agent
from scheduling.actions.attempts import pgcode_of
from scheduling.errors import SwapNotOpen, TooLateToSwap
from scheduling.events import SwapAwaitsApproval, SwapOffered, SwapRefused
from scheduling.models import Claim, SwapOffer
from scheduling.queries.doors import claim_for
from scheduling.queries.swaps import (
    STANDING_SWAPS,
    can_offer_swap,
    swap_closes_at,
    swap_for,
)
from scheduling.states import COMING, SWAP_MOVES, SwapKind, SwapState


def offer_swap(*, claim_id: UUID, by: Actor, at: datetime, to_handle: str = "") -> SwapOffer:
    """Offer a coming shift to one agent, by handle, or to everybody eligible in the program. The giver owes it until it is taken.

    Raises:
        NotFound: not the agent's own claim. SwapNotOpen: not coming, or on offer already. TooLateToSwap: 30 minutes before.
        Invalid: nobody of that handle works in the program.
    """
    claim = _own_claim(claim_id, by, at)
    receiver = _receiver(claim, to_handle) if to_handle.strip() else None
    offer = SwapOffer(
        brand_id=claim.brand_id,
        claim=claim,
        agent_id=claim.agent_id,
        kind=SwapKind.GIVE,
        to_agent=receiver,
        created_at=at,
        expires_at=swap_closes_at(claim),
    )
    return _offered(offer, by, at)


def offer_trade(*, claim_id: UUID, for_offer_id: UUID, by: Actor, at: datetime) -> SwapOffer:
    """Offer one's own shift for one that another agent has on offer.

    Raises:
        NotFound: not the agent's own claim, or an offer that is not theirs to see. SwapNotOpen: either is not to be had any more.
        TooLateToSwap: 30 minutes before the earlier of the two.
    """
    claim = _own_claim(claim_id, by, at)
    wanted = swap_for(by, for_offer_id)
    is_same_program = wanted.claim.shift.program_id == claim.shift.program_id
    if wanted.state != SwapState.OPEN or wanted.agent_id == claim.agent_id or not is_same_program:
        raise SwapNotOpen
    closes_at = swap_closes_at(claim, wanted.claim)
    if at >= closes_at:
        raise TooLateToSwap
    offer = SwapOffer(
        brand_id=claim.brand_id,
        claim=claim,
        agent_id=claim.agent_id,
        kind=SwapKind.TRADE,
        to_agent_id=wanted.agent_id,
        for_claim=wanted.claim,
        created_at=at,
        expires_at=closes_at,
    )
    return _offered(offer, by, at)


def _own_claim(claim_id: UUID, by: Actor, at: datetime) -> Claim:
    if not isinstance(by, AgentActor):
        raise NotFound
    claim = claim_for(by, claim_id)
    if can_offer_swap(claim, at=at):
        return claim
    if claim.state in COMING and at >= swap_closes_at(claim):
        raise TooLateToSwap
    raise SwapNotOpen(_("Only a seat that is still to come can be offered to somebody else."))


def _receiver(claim: Claim, handle: str) -> Agent:
    rows = Agent.objects.across_brands().filter(
        handle__iexact=handle.strip().removeprefix("@"), engagements__program_id=claim.shift.program_id
    )
    found = rows.exclude(pk=claim.agent_id).first()
    if found is None:
        raise Invalid(_("Nobody else of that handle works in this program."), field="to_handle")
    return found


def _offered(offer: SwapOffer, by: Actor, at: datetime) -> SwapOffer:
    try:
        with transaction.atomic():
            offer.save(force_insert=True)
            trail.record("scheduling.offer_swap", offer, by=by, at=at, to_state=SwapState.OPEN)
            if offer.to_agent_id is not None:
                publish_offer(
                    SwapOffered(offer_id=offer.pk, agent_id=offer.agent_id, to_agent_id=offer.to_agent_id), offer, at
                )
    except IntegrityError as refused:
        if pgcode_of(refused) == "23505":
            raise SwapNotOpen(
                _("This shift is on offer already. Take the offer back before you make another.")
            ) from refused
        raise
    return offer


def publish_offer(fact: SwapOffered | SwapAwaitsApproval | SwapRefused, offer: SwapOffer, at: datetime) -> None:
    """This function will state a fact about an offer to whoever made it."""
    outbox.publish(fact, at=at, brand_id=offer.brand_id, agent_id=offer.agent_id)


def withdraw_swap(*, offer_id: UUID, by: Actor, at: datetime) -> SwapOffer:
    """Take an offer back; the giver keeps the shift.

    Raises:
        NotFound: not the agent's own offer. MoveRefused: taken, over or taken back already.
    """
    offer = swap_for(by, offer_id)
    if not isinstance(by, AgentActor) or offer.agent_id != by.agent_id:
        raise NotFound
    return _ended(offer_id, SwapState.WITHDRAWN, "scheduling.withdraw_swap", by=by, at=at)


def expire_swap(*, offer_id: UUID, by: Actor, at: datetime) -> None:
    """End an offer past its cut-off, or of a claim that is not coming any more; the giver still owes what is still theirs."""
    offer = SwapOffer.objects.across_brands().get(pk=offer_id)
    if offer.state in STANDING_SWAPS:
        _ended(offer_id, SwapState.EXPIRED, "scheduling.expire_swap", by=by, at=at)


@transaction.atomic
def _ended(offer_id: UUID, target: SwapState, action: str, *, by: Actor, at: datetime) -> SwapOffer:
    offer = locked_offer(offer_id)
    move_offer(offer, target, action, by=by, at=at)
    return offer


def locked_offer(offer_id: UUID) -> SwapOffer:
    """This function will lock an offer: after shifts, before claims."""
    return SwapOffer.objects.across_brands().select_for_update(of=("self",)).get(pk=offer_id)


def move_offer(offer: SwapOffer, target: SwapState, action: str, *, by: Actor, at: datetime, reason: str = "") -> None:
    """This function will move a locked offer, with the line in its history."""
    current = offer.state
    require_move(SWAP_MOVES, current, target)
    offer.state = target
    offer.ended_at = None if target in STANDING_SWAPS else at
    offer.save(update_fields=["state", "ended_at"])
    trail.record(action, offer, by=by, at=at, from_state=current, to_state=target, reason=reason)
