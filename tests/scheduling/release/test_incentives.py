"""Paying more for seats that stay empty: no regret, never past the budget, and a ladder that climbs by itself."""

from datetime import datetime

import pytest

from gigcx.kernel.errors import Invalid, NotFound
from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.models import Brand
from recruiting.models import Agent, Program
from scheduling import actions, queries
from scheduling.actions import incentives
from scheduling.actions.claims import claim_shift
from scheduling.errors import BudgetTooSmall, ShiftNotOpen
from scheduling.models import CapacityRequest, Claim, Incentive, Shift
from scheduling.queries.incentives import incentive_now, incentive_of, incentives_of, shifts_on_the_ladder
from scheduling.states import ClaimState, IncentiveCause, ShiftState
from tests.factories import recruiting as recruit
from tests.factories import scheduling as sched
from tests.scheduling.release.scene import CLOCK, HOUR

pytestmark = pytest.mark.django_db
BUDGET = 100_00


def offered(program: Program, at: datetime, *, hours: float = 60, seats: int = 2, budget: int = BUDGET) -> Shift:
    """An open shift of four hours whose request has money for incentives."""
    request = sched.make_request(program, at + hours * HOUR, incentive_budget_minor=budget)
    return sched.make_shift(program, at + hours * HOUR, seats=seats, request=request)


def raise_to(shift: Shift, amount: int, by: BrandActor, at: datetime) -> Incentive:
    return incentives.announce_incentive(shift_id=shift.pk, per_hour_minor=amount, by=by, at=at)


def spent(shift: Shift) -> int:
    return (
        CapacityRequest.objects.across_brands().values_list("incentive_spent_minor", flat=True).get(pk=shift.request_id)
    )


def test_an_early_claimer_gets_a_later_raise_and_reclaiming_never_earns_more(
    chat: Program, ada: Agent, bo: Agent, acme_owner: BrandActor, at: datetime
) -> None:
    shift = offered(chat, at)
    early = claim_shift(shift_id=shift.pk, agent=ada, by=recruit.agent_actor(ada), at=at)
    assert incentive_of(early) == 0
    raise_to(shift, 300, acme_owner, at + HOUR)
    assert incentive_of(early) == 300
    raise_to(shift, 100, acme_owner, at + 2 * HOUR)
    assert incentive_of(early) == 300  # a cut never reaches who held it
    late = claim_shift(shift_id=shift.pk, agent=bo, by=recruit.agent_actor(bo), at=at + 3 * HOUR)
    assert incentives_of([early, late]) == {early.pk: 300, late.pk: 100}
    actions.release_claim(claim_id=early.pk, accepted_points=0, by=recruit.agent_actor(ada), at=at + 4 * HOUR)
    again = claim_shift(shift_id=shift.pk, agent=ada, by=recruit.agent_actor(ada), at=at + 5 * HOUR)
    assert incentive_of(again) <= 300
    assert incentive_of(again) == 100


def test_what_a_verified_claim_is_paid_names_its_incentive(
    chat: Program, ada: Agent, acme_owner: BrandActor, at: datetime
) -> None:
    shift = offered(chat, at)
    raise_to(shift, 250, acme_owner, at)
    claim = claim_shift(shift_id=shift.pk, agent=ada, by=recruit.agent_actor(ada), at=at + HOUR)
    assert queries.payable_minutes(claim.pk).incentive_per_hour_minor == 250


def test_an_incentive_never_spends_past_the_budget_and_says_what_is_missing(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    shift = offered(chat, at, budget=2000)
    raise_to(shift, 200, acme_owner, at)  # 2 seats x 4 h x 2.00
    assert spent(shift) == 1600
    with pytest.raises(BudgetTooSmall) as refused:
        raise_to(shift, 300, acme_owner, at + HOUR)
    assert refused.value.shortfall_minor == 400
    assert (spent(shift), Incentive.objects.across_brands().count()) == (1600, 1)
    raise_to(shift, 0, acme_owner, at + HOUR)
    raise_to(shift, 250, acme_owner, at + 2 * HOUR)  # only what goes beyond the highest step before
    assert spent(shift) == 2000


def test_the_same_amount_twice_is_one_step(chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    shift = offered(chat, at)
    assert raise_to(shift, 200, acme_owner, at).pk == raise_to(shift, 200, acme_owner, at + HOUR).pk
    assert incentive_now([shift.pk], at) == {shift.pk: 200}


def test_an_incentive_is_the_brands_own_and_only_before_the_start(
    chat: Program, acme_owner: BrandActor, globex_owner: BrandActor, at: datetime
) -> None:
    shift = offered(chat, at)
    with pytest.raises(NotFound):
        raise_to(shift, 200, globex_owner, at)
    with pytest.raises(Invalid):
        raise_to(shift, 100_000, acme_owner, at)
    with pytest.raises(ShiftNotOpen):
        raise_to(shift, 200, acme_owner, shift.starts_at)
    Shift.objects.across_brands().update(state=ShiftState.CANCELLED)
    with pytest.raises(ShiftNotOpen):
        raise_to(shift, 200, acme_owner, at)
    assert not Incentive.objects.across_brands().exists()


def test_the_budget_is_never_set_below_what_is_promised(
    chat: Program, acme_owner: BrandActor, globex_owner: BrandActor, at: datetime
) -> None:
    shift = offered(chat, at)
    raise_to(shift, 200, acme_owner, at)
    with pytest.raises(Invalid):
        actions.set_incentive_budget(request_id=shift.request_id, budget_minor=1599, by=acme_owner, at=at)
    with pytest.raises(NotFound):
        actions.set_incentive_budget(request_id=shift.request_id, budget_minor=9999, by=globex_owner, at=at)
    done = actions.set_incentive_budget(request_id=shift.request_id, budget_minor=1600, by=acme_owner, at=at)
    assert done.incentive_budget_minor == 1600


def test_the_ladder_climbs_one_rung_at_its_hour_where_cover_is_short_up_to_the_cap(chat: Program, at: datetime) -> None:
    shift = offered(chat, at, hours=80, seats=4, budget=10_000_00)
    start = shift.starts_at
    paid: list[int] = []
    for hours_before in (73, 72, 71, 48, 24, 12, 6, 5):
        moment = start - hours_before * HOUR
        for _twice in range(2):
            incentives.climb_ladder(shift_id=shift.pk, by=CLOCK, at=moment)
        paid.append(incentive_now([shift.pk], moment).get(shift.pk, 0))
    assert paid == [0, 160, 160, 320, 480, 640, 800, 800]  # a tenth of 16.00 each, half of it at most


def test_the_ladder_leaves_a_covered_shift_alone(chat: Program, ada: Agent, bo: Agent, at: datetime) -> None:
    shift = offered(chat, at, hours=50, seats=2)
    for agent in (ada, bo):
        sched.make_claim(agent, shift)
    assert incentives.climb_ladder(shift_id=shift.pk, by=CLOCK, at=shift.starts_at - 6 * HOUR) is None
    assert shift.pk not in shifts_on_the_ladder(at=shift.starts_at - 6 * HOUR)


def test_the_ladder_stops_at_the_budget(chat: Program, at: datetime) -> None:
    shift = offered(chat, at, hours=80, seats=4, budget=160 * 16 + 5)
    for hours_before in (72, 48):
        incentives.climb_ladder(shift_id=shift.pk, by=CLOCK, at=shift.starts_at - hours_before * HOUR)
    steps = Incentive.objects.across_brands().order_by("announced_at")
    assert [(one.per_hour_minor, one.cause) for one in steps] == [(160, IncentiveCause.LADDER)]
    assert spent(shift) == 160 * 16


def test_holders_of_another_shift_get_nothing(chat: Program, ada: Agent, acme_owner: BrandActor, at: datetime) -> None:
    shift, other = offered(chat, at), sched.make_shift(chat, at + 70 * HOUR)
    claim = sched.make_claim(ada, other, state=ClaimState.CLAIMED)
    raise_to(shift, 200, acme_owner, at)
    assert incentive_of(Claim.objects.across_brands().get(pk=claim.pk)) == 0


def test_an_incentive_needs_the_money_in_the_account(
    chat: Program, acme: Brand, acme_owner: BrandActor, at: datetime
) -> None:
    from payments.models import BrandHold
    from payments.states import BrandHoldState

    shift = offered(chat, at)
    raise_to(shift, 200, acme_owner, at)
    raise_to(shift, 300, acme_owner, at + HOUR)
    held = BrandHold.objects.across_brands().filter(source_kind="scheduling.incentive", state=BrandHoldState.ACTIVE)
    assert [one.amount_minor for one in held] == [2400]


def held_for(shift: Shift) -> list[int]:
    from payments.models import BrandHold
    from payments.states import BrandHoldState

    rows = BrandHold.objects.across_brands().filter(source_id=shift.pk, state=BrandHoldState.ACTIVE)
    return [one.amount_minor for one in rows]


def test_added_seats_count_against_the_incentive_budget_and_seats_taken_back_free_it(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    shift = offered(chat, at, budget=2500)
    raise_to(shift, 200, acme_owner, at)  # 2 seats x 4 h x 2.00
    actions.add_seats(shift_id=shift.pk, seats=1, accepted_minor=None, by=acme_owner, at=at + HOUR)
    assert (spent(shift), held_for(shift)) == (2400, [2400])
    with pytest.raises(BudgetTooSmall, match="incentive too") as refused:
        actions.add_seats(shift_id=shift.pk, seats=1, accepted_minor=None, by=acme_owner, at=at + HOUR)
    assert (refused.value.shortfall_minor, spent(shift), held_for(shift)) == (700, 2400, [2400])
    shift.refresh_from_db()
    assert shift.seats == 3
    actions.reduce_seats(shift_id=shift.pk, seats=2, by=acme_owner, at=at + HOUR)
    assert (spent(shift), held_for(shift)) == (800, [800])


def test_a_cancelled_request_lets_go_of_its_incentive_hold(chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    shift = offered(chat, at)
    raise_to(shift, 200, acme_owner, at)
    assert held_for(shift) == [1600]
    actions.cancel_request(
        request_id=shift.request_id, reason="No need", accepted_fee=None, by=acme_owner, at=at + HOUR
    )
    assert held_for(shift) == []
