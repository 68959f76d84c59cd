"""How long before the start people come and what pay does: learned where there is enough to learn from."""

import numpy as np
import pytest

from scheduling.quoting import Bench, OpenShift, Seats, fill_probability, learned_habits
from scheduling.quoting.habits import ASSUMED, ENOUGH_SEATS


def released(
    shifts: int, *, lead: float, elasticity: float, ratios: tuple[float, ...], seats: int = 12, seed: int = 7
) -> list[OpenShift]:
    """Shifts of a market with known habits: 8 arrivals each at usual pay, open for three days."""
    rng, found = np.random.default_rng(seed), []
    for number in range(shifts):
        group, ratio = number % 5, ratios[number // 5 % len(ratios)]
        arrivals = rng.poisson(8.0 * (1 + group / 5) * ratio**elasticity)
        hours = np.sort(rng.exponential(lead, arrivals))[::-1]
        taken = tuple(float(one) for one in hours if one <= 72.0)[:seats]
        found.append(OpenShift(group, seats, 72.0, taken, len(taken) == seats, ratio))
    return found


@pytest.mark.parametrize("lead", [14.0, 60.0])
@pytest.mark.parametrize("elasticity", [0.4, 2.6])
def test_habits_of_a_known_market_are_found_though_full_shifts_turn_claims_away(lead: float, elasticity: float) -> None:
    found = learned_habits(released(400, lead=lead, elasticity=elasticity, ratios=(0.85, 1.0, 1.2)))
    assert found.is_lead_learned
    assert found.is_pay_learned
    assert found.lead_scale_hours == pytest.approx(lead, rel=0.15)
    assert found.pay_elasticity == pytest.approx(elasticity, abs=0.45)


def test_few_seats_leave_the_assumptions_as_they_are() -> None:
    few = released(ENOUGH_SEATS // 12, lead=14.0, elasticity=0.4, ratios=(0.85, 1.2))
    found = learned_habits(few)
    assert (found.is_lead_learned, found.is_pay_learned) == (False, False)
    assert (found.lead_scale_hours, found.pay_elasticity) == (ASSUMED.lead_scale_hours, ASSUMED.pay_elasticity)
    assert found.seats == sum(one.seats for one in few)


def test_where_pay_never_differed_only_its_effect_stays_assumed() -> None:
    found = learned_habits(released(200, lead=14.0, elasticity=0.4, ratios=(1.0,)))
    assert (found.is_lead_learned, found.is_pay_learned) == (True, False)
    assert found.pay_elasticity == ASSUMED.pay_elasticity


def test_nobody_coming_teaches_nothing() -> None:
    assert not learned_habits([OpenShift(0, 50, 72.0, (), False, 1.0)] * 20).is_lead_learned


def test_learned_habits_move_the_odds() -> None:
    odds = []
    for lead, elasticity in ((12.0, 1.5), (120.0, 1.5), (12.0, 0.0)):
        bench = Bench(
            np.ones(60),
            np.full(60, 2400),
            np.full(42, 0.1),
            np.ones(42),
            lead_scale_hours=lead,
            pay_elasticity=elasticity,
        )
        odds.append(fill_probability(bench, [Seats(0, 240, 10, 3, 48.0, 1.3)], draws=100, seed=1).share)
    usual, early, unmoved = odds
    assert early < usual
    assert unmoved < usual
