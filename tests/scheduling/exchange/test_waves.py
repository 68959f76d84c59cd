"""What a wave, a program's rules and a moved price let one agent take."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from gigcx.audit.models import OutboxEvent
from gigcx.tenancy.actors import SystemActor
from recruiting.models import Agent, Engagement, Program
from scheduling import actions
from scheduling.actions.claims import SeenShift
from scheduling.errors import (
    CapReached,
    CommitBudgetReached,
    NotEligible,
    OpenClaimsReached,
    OverlapsOtherShift,
    ShiftChanged,
    ShiftFull,
    TooLate,
    WaveNotOpen,
)
from scheduling.models import Claim, ClaimWindow, Incentive, Shift
from scheduling.queries.incentives import incentive_of
from scheduling.registries import NoNesting, NoPreview, set_nesting_rules, set_reliability_preview
from scheduling.states import ClaimSource, IncentiveCause
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan
from tests.factories import vetting as vet

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
CLOCK = SystemActor("clock")


def take(shift: Shift, agent: Agent, at: datetime, **more: Any) -> Claim:
    return actions.claim_shift(shift_id=shift.pk, agent=agent, by=recruit.agent_actor(agent), at=at, **more)


def grant(shift: Shift, agent: Agent, at: datetime, source: str) -> Claim:
    return actions.grant_claim(
        shift_id=shift.pk, agent=agent, by=CLOCK, at=at, idempotency_key=f"{source}-{shift.pk}", source=source
    )


def test_back_to_back_shifts_of_two_brands_are_allowed_a_minute_of_overlap_is_refused_and_neither_brand_learns_why(
    chat: Program, voice: Program, ada: Agent, at: datetime
) -> None:
    vet.make_eligible(ada, voice, at)
    first = plan.make_shift(chat, at + DAY)
    take(first, ada, at)
    assert take(plan.make_shift(voice, first.ends_at), ada, at)
    overlapping = plan.make_shift(voice, first.starts_at - 4 * HOUR, hours=4 + 1 / 60)
    with pytest.raises(OverlapsOtherShift) as refused:
        take(overlapping, ada, at)
    assert "You work" in refused.value.message
    with pytest.raises(OverlapsOtherShift):
        grant(overlapping, ada, at, ClaimSource.AUTO_FILL)
    assert not Claim.objects.for_brand(voice.brand_id).filter(shift=overlapping).exists()
    assert "Acme" not in refused.value.message


def test_a_claim_seen_before_a_pay_cut_is_refused_an_early_claimer_gets_a_later_raise_and_re_claiming_never_earns_more(
    chat: Program, ada: Agent, bo: Agent, at: datetime
) -> None:
    shift = plan.make_shift(chat, at + 3 * DAY)
    announce(shift, 200, at)
    early = take(shift, ada, at, seen=SeenShift(1, 1600, incentive_minor=200))
    announce(shift, 500, at + HOUR)
    assert incentive_of(early) == 500
    announce(shift, 100, at + 2 * HOUR)
    with pytest.raises(ShiftChanged):
        take(shift, bo, at + 3 * HOUR, seen=SeenShift(1, 1600, incentive_minor=500))
    late = take(shift, bo, at + 3 * HOUR, seen=SeenShift(1, 1600, incentive_minor=50))
    assert (incentive_of(early), incentive_of(late)) == (500, 100)
    cheaper = recruit.make_rate_card(chat, {"productive_hour": (1500, 2000)})
    actions.reprice_shift(shift_id=shift.pk, rate_card_id=cheaper.pk, by=CLOCK, at=at + 4 * HOUR)
    early.refresh_from_db()
    assert early.rate_card_id != cheaper.pk
    actions.release_claim(claim_id=early.pk, accepted_points=0, by=recruit.agent_actor(ada), at=at + 5 * HOUR)
    with pytest.raises(ShiftChanged):
        take(shift, ada, at + 5 * HOUR, seen=SeenShift(1, 1600, incentive_minor=100))
    again = take(shift, ada, at + 5 * HOUR, seen=SeenShift(2, 1500, incentive_minor=100))
    assert (incentive_of(again), again.rate_card_id) == (100, cheaper.pk)


def announce(shift: Shift, per_hour_minor: int, at: datetime) -> None:
    Incentive.objects.create(
        brand_id=shift.brand_id,
        shift=shift,
        per_hour_minor=per_hour_minor,
        currency="USD",
        cause=IncentiveCause.BRAND,
        announced_at=at,
    )


def test_favorites_come_first_and_up_to_their_share_of_the_seats(
    chat: Program, ada: Agent, bo: Agent, cy: Agent, at: datetime
) -> None:
    request = plan.make_request(chat, at + 3 * DAY)
    shift = plan.make_shift(chat, at + 3 * DAY, seats=4, request=request)
    plan.make_wave(request, opens_at=at, audience="favorites", share_cap_bp=3_000)
    plan.make_wave(request, opens_at=at + DAY, position=2)
    Engagement.objects.across_brands().filter(agent__in=[ada, bo]).update(is_favorite=True)
    with pytest.raises(WaveNotOpen) as refused:
        take(shift, cy, at)
    assert refused.value.opens_at == at + DAY
    take(shift, ada, at)
    with pytest.raises(CapReached):  # 30 % of four seats is one
        take(shift, bo, at)
    assert take(shift, cy, at + DAY)
    assert take(shift, bo, at + DAY)


def test_a_wave_from_a_tier_on_is_open_to_that_tier_and_above(
    chat: Program, ada: Agent, bo: Agent, cy: Agent, at: datetime
) -> None:
    request = plan.make_request(chat, at + 3 * DAY)
    shift = plan.make_shift(chat, at + 3 * DAY, request=request)
    plan.make_wave(request, opens_at=at, audience="tier", least_tier="trusted", closes_at=at + DAY)
    for agent, tier in ((ada, "proven"), (bo, "trusted"), (cy, "lead")):
        Engagement.objects.across_brands().filter(agent=agent).update(tier=tier)
    with pytest.raises(WaveNotOpen):
        take(shift, ada, at)
    assert take(shift, bo, at)
    with pytest.raises(WaveNotOpen):  # it has closed by its own timestamp, whatever the sweep did
        take(shift, cy, at + DAY)


def test_nothing_is_claimed_beside_a_draw_that_is_not_settled(chat: Program, ada: Agent, at: datetime) -> None:
    request = plan.make_request(chat, at + 3 * DAY)
    shift = plan.make_shift(chat, at + 3 * DAY, request=request)
    plan.make_wave(request, opens_at=at)
    draw = plan.make_wave(request, opens_at=at, position=2, mode="draw", closes_at=at + HOUR)
    window = plan.make_window(draw, result={"shifts": [str(shift.pk)]})
    with pytest.raises(WaveNotOpen):
        take(shift, ada, at + DAY)
    ClaimWindow.objects.across_brands().filter(pk=window.pk).update(state="revealed", revealed_seed="00")
    assert take(shift, ada, at + DAY)


def test_a_share_of_few_seats_is_one_seat(chat: Program, ada: Agent, bo: Agent, at: datetime) -> None:
    request = plan.make_request(chat, at + 3 * DAY)
    shift = plan.make_shift(chat, at + 3 * DAY, seats=2, request=request)
    plan.make_wave(request, opens_at=at, share_cap_bp=1_000)
    take(shift, ada, at)
    with pytest.raises(CapReached):
        take(shift, bo, at)


def test_one_commits_to_so_many_hours_a_week_and_to_more_the_day_before(
    chat: Program, voice: Program, ada: Agent, at: datetime
) -> None:
    monday = at.replace(hour=8) + 7 * DAY
    vet.make_eligible(ada, voice, at)
    for day in range(3):
        take(plan.make_shift(chat, monday + day * DAY, hours=8), ada, at)
    friday = plan.make_shift(chat, monday + 4 * DAY, hours=4)
    with pytest.raises(CommitBudgetReached) as refused:
        take(friday, ada, at)
    assert "24 h" in refused.value.message
    assert take(plan.make_shift(voice, monday + 3 * DAY, hours=4), ada, at)  # another program's week is another's
    assert take(plan.make_shift(chat, monday + 8 * DAY, hours=4), ada, at)
    assert take(friday, ada, friday.starts_at - DAY)


def test_a_draw_gives_less_and_a_pick_or_remedy_asks_for_no_budget(chat: Program, ada: Agent, at: datetime) -> None:
    monday = at.replace(hour=8) + 7 * DAY
    shifts = [plan.make_shift(chat, monday + day * DAY, hours=7, state="collecting") for day in range(4)]
    grant(shifts[0], ada, at, ClaimSource.DRAW)
    with pytest.raises(CommitBudgetReached):
        grant(shifts[1], ada, at, ClaimSource.DRAW)
    for shift in shifts[1:]:
        grant(shift, ada, at, ClaimSource.AUTO_FILL)
    assert Claim.objects.across_brands().filter(source=ClaimSource.AUTO_FILL).count() == 3


def test_reliability_and_first_shifts_may_stand_in_the_way(chat: Program, ada: Agent, at: datetime) -> None:
    first, second = (plan.make_shift(chat, at + day * DAY) for day in (2, 3))

    class One(NoPreview):
        """Lets everybody hold one coming claim."""

        def limits(self, agent: Agent, at: datetime) -> int | None:
            """This function will say one."""
            return 1

    class Mornings(NoNesting):
        """Sends newcomers home."""

        def refusal(self, *_asked: Any) -> str:
            """This function will say why."""
            return "Your first shifts are mornings."

    try:
        set_reliability_preview(One())
        take(first, ada, at)
        with pytest.raises(OpenClaimsReached):
            take(second, ada, at)
        set_reliability_preview(NoPreview())
        set_nesting_rules(Mornings())
        with pytest.raises(NotEligible, match="mornings"):
            take(second, ada, at)
    finally:
        set_reliability_preview(NoPreview())
        set_nesting_rules(NoNesting())


def test_a_running_shift_is_joined_up_to_its_middle(chat: Program, ada: Agent, bo: Agent, at: datetime) -> None:
    shift = plan.make_shift(chat, at - 2 * HOUR, seats=2, state="started")
    assert grant(shift, ada, at - MINUTE, ClaimSource.REMEDY)
    with pytest.raises(TooLate):
        grant(shift, bo, at, ClaimSource.REMEDY)


def test_the_last_seat_is_stated_once(chat: Program, ada: Agent, bo: Agent, at: datetime) -> None:
    shift = plan.make_shift(chat, at + DAY, seats=2)
    take(shift, ada, at)
    assert not OutboxEvent.objects.filter(type="scheduling.shift_filled").exists()
    take(shift, bo, at)
    fact = OutboxEvent.objects.get(type="scheduling.shift_filled")
    assert (fact.payload, fact.brand_id) == ({"shift_id": str(shift.pk)}, shift.brand_id)
    with pytest.raises(ShiftFull):
        take(shift, recruit.make_agent("Dee Poe"), at)
