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
from scheduling.actions.waitlists import lock_shift
from scheduling.errors import OverlapsOtherShift, SwapNotOpen, TooLateToSwap
from scheduling.events import ClaimSwapped, SwapAwaitsApproval, SwapOffered, SwapRefused
from scheduling.models import Claim, SwapOffer
from scheduling.queries.claimable import refuse_before_locking, way_of
from scheduling.queries.doors import claim_for
from scheduling.queries.hours import budget_refusal, refusal_for
from scheduling.queries.swaps import (
    DECIDE_WITHIN,
    STANDING_SWAPS,
    can_offer_swap,
    is_swap_approved_by_brand,
    swap_closes_at,
    swap_for,
)
from scheduling.queries.wishes import Wish, wish_for
from scheduling.states import CLAIM_MOVES, COMING, SWAP_MOVES, ClaimSource, ClaimState, SwapKind, SwapState

_TAKING = way_of(ClaimSource.SWAP, from_reserved=True)


@dataclass(frozen=True, slots=True)
class _Hand:
    """One claim and who takes it over, with everything that needs no lock already known."""

    claim: Claim
    taker: Agent
    wish: Wish
    key: str


# offering


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
                _publish(
                    SwapOffered(offer_id=offer.pk, agent_id=offer.agent_id, to_agent_id=offer.to_agent_id), offer, at
                )
    except IntegrityError as refused:
        if pgcode_of(refused) == "23505":
            raise SwapNotOpen(
                _("This shift is on offer already. Take the offer back before you make another.")
            ) from refused
        raise
    return offer


def _publish(fact: SwapOffered | SwapAwaitsApproval | SwapRefused, offer: SwapOffer, at: datetime) -> None:
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
    offer = _locked(offer_id)
    _move(offer, target, action, by=by, at=at)
    return offer


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
    offer = _locked(offer_id)
    if offer.state != SwapState.OPEN:
        raise SwapNotOpen
    offer.taker, offer.decide_by, offer.reason = agent, min(at + DECIDE_WITHIN, offer.expires_at), ""
    offer.save(update_fields=["taker", "decide_by", "reason"])
    _move(offer, SwapState.PENDING_APPROVAL, "scheduling.take_swap", by=by, at=at)
    _publish(SwapAwaitsApproval(offer_id=offer.pk, decide_by=offer.decide_by), offer, at)
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
    offer = _locked(offer_id)
    if offer.state != SwapState.PENDING_APPROVAL or offer.taker_id is None or offer.taker_id != taker.pk:
        raise SwapNotOpen
    _publish(SwapRefused(offer_id=offer.pk, taker_id=offer.taker_id, reason=reason), offer, at)
    offer.taker, offer.decide_by, offer.reason = None, None, reason
    offer.save(update_fields=["taker", "decide_by", "reason"])
    _move(offer, SwapState.OPEN, "scheduling.refuse_swap", by=by, at=at, reason=reason)
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
    offer = _locked(offer_id)
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
    _move(offer, SwapState.TAKEN, "scheduling.complete_swap", by=by, at=at)
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


def _locked(offer_id: UUID) -> SwapOffer:
    return SwapOffer.objects.across_brands().select_for_update(of=("self",)).get(pk=offer_id)


def _move(offer: SwapOffer, target: SwapState, action: str, *, by: Actor, at: datetime, reason: str = "") -> None:
    current = offer.state
    require_move(SWAP_MOVES, current, target)
    offer.state = target
    offer.ended_at = None if target in STANDING_SWAPS else at
    offer.save(update_fields=["state", "ended_at"])
    trail.record(action, offer, by=by, at=at, from_state=current, to_state=target, reason=reason)
