"""Four ways to staff the same week, and the fairest opponent that fixed staff have."""

import random

import pytest

from scheduling.quoting import Costs, OnDemand, compare_strategies, daily_rota, least_shifts, on_demand_steps
from scheduling.quoting.rota import Rota, cheapest_rota, least_shifts_rota
from scheduling.quoting.strategies import AVERAGE, ON_DEMAND, PEAK, ROTA, Comparison

COSTS = Costs(fixed_hour_minor=2_000, on_demand_hour_minor=3_000, contacts_per_hour=10.0)
PEAKED = [0] * 8 + [2, 3, 4, 6, 8, 6, 4, 4, 5, 8, 14, 20, 12, 4] + [0] * 2


def compared(day: list[int], *, costs: Costs = COSTS, days: int = 7) -> Comparison:
    steps = on_demand_steps(day, slot_minutes=60)
    return compare_strategies(
        day * days,
        costs,
        slot_minutes=60,
        rota=cheapest_rota(day * 7, slot_minutes=60) if days == 7 else daily_rota(day, open_days=days),
        on_demand=OnDemand(sum(steps.seats) * days),
    )


def covers(rota: Rota, need: list[int]) -> bool:
    size = len(need)
    return all(sum(rota.starts[(hour - back) % size] for back in range(8)) >= need[hour] for hour in range(size))


def test_flat_demand_shows_fixed_staff_as_cheaper() -> None:
    found = compared([10] * 24)
    assert found.is_fixed_cheaper
    assert found.best in {PEAK, ROTA}
    assert found.of(ROTA).cost_minor < found.of(ON_DEMAND).cost_minor
    assert found.of(ROTA).heads == 42  # 240 hours a day are 30 shifts, 210 a week, five each


def test_a_sharp_peak_shows_on_demand_as_cheaper_even_than_the_best_rota() -> None:
    found = compared(PEAKED)
    assert found.best == ON_DEMAND
    assert found.of(ON_DEMAND).cost_minor < found.of(ROTA).cost_minor < found.of(PEAK).cost_minor


def test_the_team_at_the_peak_idles_and_the_team_at_the_average_misses() -> None:
    found = compared(PEAKED, days=1)
    hours = sum(1 for need in PEAKED if need)
    assert found.of(PEAK).idle_hours == 20 * hours - sum(PEAKED)
    assert found.of(PEAK).uncovered_hours == 0
    level = round(sum(PEAKED) / hours)
    missed = sum(max(0, need - level) for need in PEAKED)
    assert found.of(AVERAGE).uncovered_hours == missed
    assert found.of(AVERAGE).abandoned == missed * 10


def test_absence_is_paid_for_fixed_staff_and_lost_contacts_only_where_they_have_a_price() -> None:
    plain = compared(PEAKED, days=1)
    absent = compared(PEAKED, costs=Costs(2_000, 3_000, absence_bp=2_000, contacts_per_hour=10.0), days=1)
    assert absent.of(PEAK).paid_hours == pytest.approx(plain.of(PEAK).paid_hours * 0.9 / 0.8)
    priced = compared(PEAKED, costs=Costs(2_000, 3_000, contacts_per_hour=10.0, lost_contact_minor=5), days=1)
    lost = priced.of(AVERAGE).abandoned
    assert priced.of(AVERAGE).cost_minor == plain.of(AVERAGE).cost_minor + 5 * lost


def test_seats_that_do_not_fill_are_not_paid_and_their_hours_are_uncovered() -> None:
    half = compared(PEAKED, costs=Costs(2_000, 3_000, fill_bp=5_000), days=1)
    assert half.of(ON_DEMAND).uncovered_hours == pytest.approx(sum(PEAKED) / 2)
    assert half.best != ON_DEMAND  # cheaper, but worse


def test_zero_demand_costs_nothing() -> None:
    found = compared([0] * 24)
    assert [one.cost_minor for one in found.strategies] == [0, 0, 0, 0]


@pytest.mark.parametrize("seed", range(6))
def test_the_rota_covers_every_hour_and_no_smaller_one_exists(seed: int) -> None:
    rng = random.Random(seed)
    need = [rng.randint(0, 6) if seed % 2 else rng.randint(1, 5) * (8 <= hour % 24 < 20) for hour in range(168)]
    found = cheapest_rota(need, slot_minutes=60)
    counted = least_shifts_rota(need, slot_minutes=60)
    assert found.is_proven
    assert covers(found, need)
    assert covers(counted, need)
    assert found.heads <= counted.heads
    assert found.heads >= -(-sum(least_shifts(need)) // 5)
    by_day = [sum(found.starts[day * 24 : day * 24 + 24]) for day in range(7)]
    assert max(by_day) <= found.heads
    assert sum(found.starts) <= 5 * found.heads


@pytest.mark.parametrize("seed", range(5))
def test_counting_finds_as_few_shifts_as_trying_every_smaller_number(seed: int) -> None:
    rng = random.Random(100 + seed)
    need = [rng.randint(0, 5) for _ in range(24)]
    assert sum(least_shifts(need)) == fewest_by_enumeration(need)


def fewest_by_enumeration(need: list[int]) -> int:
    """Integer programming on the plain day, as an opinion of its own."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    matrix = np.array([[1.0 if (hour - start) % 24 < 8 else 0.0 for start in range(24)] for hour in range(24)])
    solved = milp(np.ones(24), integrality=np.ones(24), bounds=Bounds(0), constraints=LinearConstraint(matrix, need))
    return round(float(solved.fun))


def test_seats_on_demand_follow_the_curve_and_nobody_comes_for_less_than_the_shortest_shift() -> None:
    steps = on_demand_steps([0, 1, 0, 0, 3, 3, 3, 1, 0], slot_minutes=60, shortest_minutes=120)
    assert steps.seats == (0, 1, 1, 0, 3, 3, 3, 1, 0)
    assert on_demand_steps(PEAKED, slot_minutes=60, shortest_minutes=60).seats == tuple(PEAKED)
