"""Shifts that change hands: given, traded, approved, refused; each side passes what a claim has to pass."""

from datetime import datetime, timedelta

import pytest

from gigcx.audit.models import OutboxEvent
from gigcx.kernel.errors import Invalid, MoveRefused, NotAllowed, NotFound
from gigcx.tenancy.actors import BrandActor, SystemActor
from gigcx.tenancy.models import Brand
from recruiting.models import Agent, Program
from scheduling import actions
from scheduling.actions import swaps
from scheduling.errors import NotEligible, OverlapsOtherShift, ShiftFull, SwapNotOpen, TooLateToSwap
from scheduling.models import Claim, Shift, SwapOffer
from scheduling.queries.swaps import offers_of, swap_board, swaps_to_decide, swaps_to_expire
from scheduling.queries.sweeps import counters_out_of_step
from scheduling.states import ClaimSource, ClaimState, ShiftState, SwapState
from tests import cast
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
CLOCK = SystemActor("clock")


@pytest.fixture
def shift(chat: Program, at: datetime) -> Shift:
    """A full shift in two days."""
    return plan.make_shift(chat, at + 2 * DAY, seats=1)


@pytest.fixture
def held(shift: Shift, ada: Agent, at: datetime) -> Claim:
    """Ada's seat in it."""
    return plan.make_claim(ada, shift, at=at - DAY)


def offer(claim: Claim, at: datetime, *, to: str = "") -> SwapOffer:
    by = recruit.agent_actor(Agent.objects.across_brands().select_related("user").get(pk=claim.agent_id))
    return actions.offer_swap(claim_id=claim.pk, to_handle=to, by=by, at=at)


def take(swap: SwapOffer, agent: Agent, at: datetime) -> SwapOffer:
    return actions.take_swap(offer_id=swap.pk, agent=agent, by=recruit.agent_actor(agent), at=at)


def holders(shift: Shift) -> list[str]:
    rows = Claim.objects.across_brands().filter(shift=shift).occupying().order_by("pk")
    return [claim.agent.user.full_name for claim in rows.select_related("agent__user")]


def test_a_given_shift_goes_to_the_taker_and_the_giver_is_free_at_once(
    chat: Program, held: Claim, ada: Agent, bo: Agent, at: datetime
) -> None:
    swap = offer(held, at)
    assert swap_board(bo.pk, at=at) == [swap]
    assert swap_board(ada.pk, at=at) == []
    done = take(swap, bo, at)
    held.refresh_from_db()
    assert (held.state, done.state, holders(held.shift)) == (ClaimState.SWAPPED, SwapState.TAKEN, ["Bo Lind"])
    assert done.new_claim is not None
    assert (done.new_claim.source, done.new_claim.points, held.points) == (ClaimSource.SWAP, 0, 0)
    other = plan.make_shift(chat, held.starts_at + HOUR)
    assert actions.claim_shift(shift_id=other.pk, agent=ada, by=recruit.agent_actor(ada), at=at)
    assert OutboxEvent.objects.filter(type="scheduling.claim_swapped").count() == 1
    assert counters_out_of_step() == []


def test_a_swap_is_taken_once(held: Claim, bo: Agent, cy: Agent, at: datetime) -> None:
    swap = offer(held, at)
    take(swap, bo, at)
    with pytest.raises((SwapNotOpen, NotFound)):
        take(swap, cy, at)
    assert holders(held.shift) == ["Bo Lind"]


def test_a_taker_passes_what_a_claim_has_to_pass(chat: Program, held: Claim, bo: Agent, at: datetime) -> None:
    swap = offer(held, at)
    clash = plan.make_claim(bo, plan.make_shift(chat, held.starts_at + HOUR))
    with pytest.raises(OverlapsOtherShift):
        take(swap, bo, at)
    clash.delete()
    stranger = recruit.make_agent("Dee Poe")
    with pytest.raises(NotFound):
        take(swap, stranger, at)
    recruit.make_engagement(stranger, chat)
    with pytest.raises(NotEligible):
        take(swap, stranger, at)
    held.refresh_from_db()
    assert held.state == ClaimState.CLAIMED


def test_an_offer_by_name_is_for_that_agent_alone(held: Claim, bo: Agent, cy: Agent, at: datetime) -> None:
    with pytest.raises(Invalid):
        offer(held, at, to="nobody-here")
    swap = offer(held, at, to=f"@{bo.handle.upper()}")
    assert (swap_board(cy.pk, at=at), swap_board(bo.pk, at=at)) == ([], [swap])
    with pytest.raises(NotFound):
        take(swap, cy, at)
    assert take(swap, bo, at).state == SwapState.TAKEN


def test_nobody_offers_or_takes_back_what_is_not_theirs(held: Claim, bo: Agent, ada: Agent, at: datetime) -> None:
    with pytest.raises(NotFound):
        actions.offer_swap(claim_id=held.pk, by=recruit.agent_actor(bo), at=at)
    swap = offer(held, at)
    with pytest.raises(NotFound):
        actions.withdraw_swap(offer_id=swap.pk, by=recruit.agent_actor(bo), at=at)
    with pytest.raises(NotFound):
        take(swap, ada, at)
    actions.withdraw_swap(offer_id=swap.pk, by=recruit.agent_actor(ada), at=at)
    with pytest.raises(MoveRefused):
        actions.withdraw_swap(offer_id=swap.pk, by=recruit.agent_actor(ada), at=at)
    assert holders(held.shift) == ["Ada Obi"]


def test_a_claim_is_on_offer_once(held: Claim, at: datetime) -> None:
    offer(held, at)
    with pytest.raises(SwapNotOpen):
        offer(held, at)


def test_swaps_end_half_an_hour_before_the_start(held: Claim, bo: Agent, at: datetime) -> None:
    swap = offer(held, held.starts_at - 31 * MINUTE)
    assert swaps_to_expire(at=held.starts_at - 31 * MINUTE) == []
    with pytest.raises(TooLateToSwap):
        take(swap, bo, held.starts_at - 30 * MINUTE)
    assert swaps_to_expire(at=held.starts_at - 30 * MINUTE) == [swap.pk]
    actions.expire_swap(offer_id=swap.pk, by=CLOCK, at=held.starts_at - 30 * MINUTE)
    swap.refresh_from_db()
    assert (swap.state, holders(held.shift)) == (SwapState.EXPIRED, ["Ada Obi"])
    with pytest.raises(TooLateToSwap):
        offer(held, held.starts_at - 30 * MINUTE)


def test_a_trade_moves_both_shifts_at_once(
    chat: Program, held: Claim, ada: Agent, bo: Agent, cy: Agent, at: datetime
) -> None:
    """Bo's shift overlaps Ada's: only because both end first can each take the other's."""
    theirs = plan.make_claim(bo, plan.make_shift(chat, held.starts_at + HOUR, seats=1), at=at - DAY)
    wanted = offer(held, at)
    trade = actions.offer_trade(claim_id=theirs.pk, for_offer_id=wanted.pk, by=recruit.agent_actor(bo), at=at)
    assert swap_board(ada.pk, at=at) == [trade]
    with pytest.raises(NotFound):
        take(trade, cy, at)
    take(trade, ada, at)
    assert (holders(held.shift), holders(theirs.shift)) == (["Bo Lind"], ["Ada Obi"])
    assert swaps_to_expire(at=at) == [wanted.pk]
    assert counters_out_of_step() == []


def test_a_trade_whose_other_side_cannot_take_it_changes_nothing(
    chat: Program, held: Claim, ada: Agent, bo: Agent, at: datetime
) -> None:
    theirs = plan.make_claim(bo, plan.make_shift(chat, at + 4 * DAY, seats=1), at=at - DAY)
    plan.make_claim(bo, plan.make_shift(chat, held.starts_at + 2 * HOUR), at=at - DAY)
    wanted = offer(held, at)
    trade = actions.offer_trade(claim_id=theirs.pk, for_offer_id=wanted.pk, by=recruit.agent_actor(bo), at=at)
    with pytest.raises(OverlapsOtherShift):
        take(trade, ada, at)
    assert (holders(held.shift), holders(theirs.shift)) == (["Ada Obi"], ["Bo Lind"])


def test_a_brand_may_have_a_say_and_two_hours_of_silence_mean_yes(
    acme: Brand, acme_owner: BrandActor, globex_owner: BrandActor, chat: Program, held: Claim, bo: Agent, at: datetime
) -> None:
    plan.make_rules(chat, is_swap_approved=True)
    asked = take(offer(held, at), bo, at)
    assert (asked.state, asked.decide_by, holders(held.shift)) == (
        SwapState.PENDING_APPROVAL,
        at + 2 * HOUR,
        ["Ada Obi"],
    )
    assert offers_of(bo.pk, at=at) == [asked]
    with pytest.raises(NotFound):
        actions.approve_swap(offer_id=asked.pk, by=globex_owner, at=at)
    trainer = cast.make_member(acme, "Tess Trainer", role="trainer")
    with pytest.raises(NotAllowed):
        actions.approve_swap(offer_id=asked.pk, by=trainer, at=at)
    with pytest.raises(Invalid):
        actions.refuse_swap(offer_id=asked.pk, reason=" ", by=acme_owner, at=at)
    refused = actions.refuse_swap(offer_id=asked.pk, reason="We need Ada.", by=acme_owner, at=at)
    assert (refused.state, refused.reason, refused.taker_id) == (SwapState.OPEN, "We need Ada.", None)
    again = take(refused, bo, at)
    assert swaps_to_decide(at=at + 2 * HOUR) == [again.pk]
    actions.approve_swap(offer_id=again.pk, by=CLOCK, at=at + 2 * HOUR)
    assert holders(held.shift) == ["Bo Lind"]


def test_a_yes_that_was_pressed_before_a_refusal_does_not_seat_whom_it_refused(
    chat: Program,
    held: Claim,
    bo: Agent,
    cy: Agent,
    acme_owner: BrandActor,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plan.make_rules(chat, is_swap_approved=True)
    asked = take(offer(held, at), bo, at)
    judged = swaps._hands

    def meanwhile(swap: SwapOffer, taker: Agent, now: datetime) -> list[object]:
        hands = judged(swap, taker, now)
        monkeypatch.setattr(swaps, "_hands", judged)
        actions.refuse_swap(offer_id=swap.pk, reason="Not Bo.", by=acme_owner, at=at)
        take(swap, cy, at)
        return list(hands)

    monkeypatch.setattr(swaps, "_hands", meanwhile)
    with pytest.raises(SwapNotOpen):
        actions.approve_swap(offer_id=asked.pk, by=acme_owner, at=at)
    asked.refresh_from_db()
    assert (holders(held.shift), asked.state, asked.taker) == (["Ada Obi"], SwapState.PENDING_APPROVAL, cy)


def test_a_taker_who_can_no_longer_take_it_leaves_the_offer_open(
    acme_owner: BrandActor, chat: Program, held: Claim, bo: Agent, at: datetime
) -> None:
    plan.make_rules(chat, is_swap_approved=True)
    asked = take(offer(held, at), bo, at)
    plan.make_claim(bo, plan.make_shift(chat, held.starts_at + HOUR), at=at)
    with pytest.raises(OverlapsOtherShift):
        actions.approve_swap(offer_id=asked.pk, by=acme_owner, at=at)
    asked.refresh_from_db()
    assert (asked.state, asked.taker_id, holders(held.shift)) == (SwapState.OPEN, None, ["Ada Obi"])


def test_an_offer_of_a_seat_that_was_given_back_is_over(held: Claim, ada: Agent, bo: Agent, at: datetime) -> None:
    swap = offer(held, at)
    actions.release_claim(claim_id=held.pk, accepted_points=0, by=recruit.agent_actor(ada), at=at)
    with pytest.raises(SwapNotOpen):
        take(swap, bo, at)
    assert swaps_to_expire(at=at) == [swap.pk]
    assert actions.claim_shift(shift_id=held.shift_id, agent=bo, by=recruit.agent_actor(bo), at=at)


def test_nothing_is_swapped_when_the_history_cannot_be_written(
    held: Claim, bo: Agent, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    swap = offer(held, at)

    def broken(*_given: object, **_named: object) -> None:
        raise ShiftFull

    monkeypatch.setattr("scheduling.actions.swaps.trail.record", broken)
    with pytest.raises(ShiftFull):
        take(swap, bo, at)
    assert holders(held.shift) == ["Ada Obi"]


def test_a_drawn_seat_changes_hands_while_the_shift_still_collects(
    chat: Program, ada: Agent, bo: Agent, at: datetime
) -> None:
    shift = plan.make_shift(chat, at + 2 * DAY, seats=1, state=ShiftState.COLLECTING)
    take(offer(plan.make_claim(ada, shift, source=ClaimSource.DRAW, at=at - DAY), at), bo, at)
    assert holders(shift) == ["Bo Lind"]
