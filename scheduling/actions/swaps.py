"""Claims that change hands: given away or traded, to one agent or to whoever is eligible in the program.

The old claim ends before the new one is written, in one transaction; both sides pass what a claim has to pass. Until then
the giver owes the shift.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import DomainError, Invalid, NotFound
from gigcx.kernel.ids import uuid7
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, AgentActor, require
from gigcx.tenancy.roles import Permission
from recruiting.models import Agent
from scheduling.actions.attempts import pgcode_of, with_retries
from scheduling.actions.calendars import OwnTime, lock_own_time
from scheduling.actions.claims import busy_period
from scheduling.actions.releases import locked_claim
from scheduling.actions.swap_offers import locked_offer, move_offer, publish_offer
from scheduling.actions.waitlists import lock_shift
from scheduling.errors import OverlapsOtherShift, SwapNotOpen, TooLateToSwap
from scheduling.events import ClaimSwapped, SwapAwaitsApproval, SwapRefused
from scheduling.models import Claim, SwapOffer
from scheduling.queries.claimable import refuse_before_locking, way_of
from scheduling.queries.hours import budget_refusal, refusal_for
from scheduling.queries.swaps import (
    DECIDE_WITHIN,
    STANDING_SWAPS,
    is_swap_approved_by_brand,
    swap_for,
)
from scheduling.queries.wishes import Wish, wish_for
from scheduling.states import CLAIM_MOVES, COMING, ClaimSource, ClaimState, SwapState

_TAKING = way_of(ClaimSource.SWAP, from_reserved=True)


@dataclass(frozen=True, slots=True)
class _Hand:
    """One claim and who takes it over, with everything that needs no lock already known."""

    claim: Claim
    taker: Agent
    wish: Wish
    key: str


# taking


def take_swap(*, offer_id: UUID, agent: Agent, by: Actor, at: datetime) -> SwapOffer:
    """Take over what another agent offers, or ask the brand where it has a say; its silence for two hours means yes.

    Raises:
        NotFound: not offered to this agent. SwapNotOpen: gone. TooLateToSwap: past the cut-off.
        What stands in the way of a claim: NotEligible, OverlapsOtherShift, HoursExceeded, RestTooShort, CommitBudgetReached.
    """
    offer = swap_for(by, offer_id)
    if not isinstance(by, AgentActor) or by.agent_id != agent.pk or offer.agent_id == agent.pk:
        raise NotFound
    _refuse_closed(offer, at)
    if offer.state != SwapState.OPEN or (offer.to_agent_id is not None and offer.to_agent_id != agent.pk):
        raise SwapNotOpen
    if offer.for_claim is not None and offer.for_claim.agent_id != agent.pk:
        raise SwapNotOpen
    hands = _hands(offer, agent, at)
    if is_swap_approved_by_brand(offer.claim.shift.program_id):
        return with_retries(lambda: _asked(offer_id, agent, by, at))
    return with_retries(lambda: _exchanged(offer_id, hands, by, at))


def _refuse_closed(offer: SwapOffer, at: datetime) -> None:
    if at >= offer.expires_at:
        raise TooLateToSwap
    if offer.state not in STANDING_SWAPS or offer.claim.state not in COMING:
        raise SwapNotOpen
    if offer.for_claim is not None and offer.for_claim.state not in COMING:
        raise SwapNotOpen


def _hands(offer: SwapOffer, taker: Agent, at: datetime) -> list[_Hand]:
    """Step 1 of a claim for each side, without a lock."""
    key = f"swap-{offer.pk}-{uuid7().hex[-8:]}"
    hands = [_hand(offer.claim, taker, key, at)]
    if offer.for_claim is not None:
        giver = Agent.objects.across_brands().select_related("user").get(pk=offer.agent_id)
        hands.append(_hand(offer.for_claim, giver, f"{key}-back", at))
    return hands


def _hand(claim: Claim, taker: Agent, key: str, at: datetime) -> _Hand:
    wish = wish_for(claim.shift_id, taker.pk, key, kind=claim.kind, at=at)
    if wish is None or wish.earlier_claim_id is not None:
        raise SwapNotOpen(_("You have a place in this shift already."))
    refuse_before_locking(wish, taker, way=_TAKING, seen=None, at=at)
    return _Hand(claim, taker, wish, key)


@transaction.atomic
def _asked(offer_id: UUID, agent: Agent, by: Actor, at: datetime) -> SwapOffer:
    offer = locked_offer(offer_id)
    if offer.state != SwapState.OPEN:
        raise SwapNotOpen
    offer.taker, offer.decide_by, offer.reason = agent, min(at + DECIDE_WITHIN, offer.expires_at), ""
    offer.save(update_fields=["taker", "decide_by", "reason"])
    move_offer(offer, SwapState.PENDING_APPROVAL, "scheduling.take_swap", by=by, at=at)
    publish_offer(SwapAwaitsApproval(offer_id=offer.pk, decide_by=offer.decide_by), offer, at)
    return offer


def approve_swap(*, offer_id: UUID, by: Actor, at: datetime) -> SwapOffer:
    """Say yes to a swap; the product itself says it after two hours of silence.

    Where the taker can no longer take it, the offer is open again and the reason is raised.

    Raises:
        NotFound, NotAllowed: as everywhere. SwapNotOpen: nothing waits for a word. What stands in the way of a claim.
    """
    offer = swap_for(by, offer_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=offer.brand_id)
    if offer.state != SwapState.PENDING_APPROVAL or offer.taker_id is None:
        raise SwapNotOpen
    taker = Agent.objects.across_brands().select_related("user").get(pk=offer.taker_id)
    try:
        return with_retries(lambda: _exchanged(offer_id, _hands(offer, taker, at), by, at))
    except DomainError as refused:
        _reopened(offer_id, refused.message, taker=taker, by=by, at=at)
        raise


def refuse_swap(*, offer_id: UUID, reason: str, by: Actor, at: datetime) -> SwapOffer:
    """Say no to a swap, with a reason both agents read; the offer is open again and the giver still owes the shift.

    Raises:
        NotFound, NotAllowed: as everywhere. Invalid: no reason. SwapNotOpen: nothing waits for a word.
    """
    offer = swap_for(by, offer_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=offer.brand_id)
    if not reason.strip():
        raise Invalid(_("Say why: both agents will read it."), field="reason")
    if offer.state != SwapState.PENDING_APPROVAL or offer.taker is None:
        raise SwapNotOpen
    return _reopened(offer_id, reason.strip(), taker=offer.taker, by=by, at=at)


@transaction.atomic
def _reopened(offer_id: UUID, reason: str, *, taker: Agent, by: Actor, at: datetime) -> SwapOffer:
    offer = locked_offer(offer_id)
    if offer.state != SwapState.PENDING_APPROVAL or offer.taker_id is None or offer.taker_id != taker.pk:
        raise SwapNotOpen
    publish_offer(SwapRefused(offer_id=offer.pk, taker_id=offer.taker_id, reason=reason), offer, at)
    offer.taker, offer.decide_by, offer.reason = None, None, reason
    offer.save(update_fields=["taker", "decide_by", "reason"])
    move_offer(offer, SwapState.OPEN, "scheduling.refuse_swap", by=by, at=at, reason=reason)
    return offer


# the exchange


def _exchanged(offer_id: UUID, hands: list[_Hand], by: Actor, at: datetime) -> SwapOffer:
    try:
        with transaction.atomic():
            return _exchange(offer_id, hands, by, at)
    except IntegrityError as refused:
        if pgcode_of(refused) == "23P01":
            raise OverlapsOtherShift from refused
        if pgcode_of(refused) == "23505":
            raise SwapNotOpen from refused
        raise


def _exchange(offer_id: UUID, hands: list[_Hand], by: Actor, at: datetime) -> SwapOffer:
    """Agents ascending, shifts ascending, the offer, claims ascending; old claims end before new ones are written."""
    own = {one.taker.pk: lock_own_time(one.taker, one.wish.period) for one in _ascending(hands)}
    for shift_id in sorted({one.claim.shift_id for one in hands}):
        lock_shift(shift_id)
    offer = locked_offer(offer_id)
    if offer.state not in STANDING_SWAPS or at >= offer.expires_at:
        raise SwapNotOpen
    if offer.taker_id not in {None, hands[0].taker.pk}:  # refused a moment ago, and somebody else asked since
        raise SwapNotOpen
    old = {claim_id: locked_claim(claim_id) for claim_id in sorted(one.claim.pk for one in hands)}
    for one in hands:
        _refuse_own(one, own[one.taker.pk], given={other.claim.pk for other in hands}, at=at)
    for one in hands:
        _end_old(old[one.claim.pk], by=by, at=at)
    fresh = [_written(one, own[one.taker.pk], by=by, at=at) for one in hands]
    for one, claim in zip(hands, fresh, strict=True):
        _state_swap(old[one.claim.pk], claim, at=at)
    offer.taker, offer.new_claim = hands[0].taker, fresh[0]
    offer.save(update_fields=["taker", "new_claim"])
    move_offer(offer, SwapState.TAKEN, "scheduling.complete_swap", by=by, at=at)
    return offer


def _ascending(hands: Iterable[_Hand]) -> list[_Hand]:
    return sorted(hands, key=lambda one: one.taker.pk)


def _refuse_own(hand: _Hand, own: OwnTime, *, given: set[UUID], at: datetime) -> None:
    """Step 3: the taker's own time, without what they give in return."""
    kept = [one for one in own.held if one.claim_id not in given]
    wish = hand.wish
    refusal = refusal_for(wish.period, kept, own.limits) or budget_refusal(
        wish.period, kept, wish.engagement_id, minutes=wish.open_week_minutes, zone=own.limits.zone, at=at
    )
    if refusal is not None:
        raise refusal


def _end_old(claim: Claim, *, by: Actor, at: datetime) -> None:
    if claim.state not in COMING:
        raise SwapNotOpen
    current = claim.state
    require_move(CLAIM_MOVES, current, ClaimState.SWAPPED)
    claim.state, claim.left_at = ClaimState.SWAPPED, at
    claim.save(update_fields=["state", "left_at"])
    trail.record("scheduling.swap_claim", claim, by=by, at=at, from_state=current, to_state=claim.state)


def _written(hand: _Hand, own: OwnTime, *, by: Actor, at: datetime) -> Claim:
    wish, old = hand.wish, hand.claim
    if wish.engagement_id is None:
        raise SwapNotOpen
    claim = Claim.objects.create(
        brand_id=wish.brand_id,
        shift_id=wish.shift_id,
        agent=hand.taker,
        engagement_id=wish.engagement_id,
        kind=old.kind,
        source=ClaimSource.SWAP,
        starts_at=wish.starts_at,
        ends_at=wish.ends_at,
        busy=busy_period(wish.starts_at, wish.ends_at, own.limits.turnaround_minutes),
        rate_card_id=wish.rate_card_id,
        tier=wish.tier,
        claimed_at=at,
        undo_until=at,
        idempotency_key=hand.key,
    )
    trail.record("scheduling.claim_shift", claim, by=by, at=at, to_state=claim.state, changes={"swapped": str(old.pk)})
    return claim


def _state_swap(old: Claim, new: Claim, *, at: datetime) -> None:
    outbox.publish(
        ClaimSwapped(
            claim_id=old.pk,
            new_claim_id=new.pk,
            shift_id=old.shift_id,
            agent_id=old.agent_id,
            taker_id=new.agent_id,
        ),
        at=at,
        brand_id=old.brand_id,
        agent_id=old.agent_id,
    )
