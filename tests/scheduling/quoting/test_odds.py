"""The simulated market: caps, overlaps, seeds, and predictions against a market of other rules."""

from dataclasses import replace

import numpy as np
import pytest

from scheduling.quoting import Bench, PastShift, Seats, fill_probability, learned_rates, price_of_certainty
from scheduling.quoting.learning import PRIOR_RATE, SLOTS
from tests.scheduling.quoting.market import SimulatedMarket

EIGHT = 8 * 60


def bench(agents: int, *, rate: float = 0.5, minutes: int = 2400, held: tuple[tuple[int, int, int], ...] = ()) -> Bench:
    return Bench(np.ones(agents), np.full(agents, minutes), np.full(SLOTS, rate), np.ones(SLOTS), held=held)


def seats(start_hour: int, count: int, *, hours: int = 4, lead: float = 72.0, pay: float = 1.0) -> Seats:
    return Seats(start_hour * 60, (start_hour + hours) * 60, count, start_hour // 4 % SLOTS, lead, pay)


def test_the_same_seed_gives_the_same_odds_and_another_one_others() -> None:
    shifts = [seats(hour, 4) for hour in (8, 12, 16, 32, 36)]
    first = fill_probability(bench(20, rate=0.2), shifts, draws=50, seed=1)
    assert fill_probability(bench(20, rate=0.2), shifts, draws=50, seed=1) == first
    assert fill_probability(bench(20, rate=0.2), shifts, draws=50, seed=2) != first


def test_nobody_works_two_shifts_at_once() -> None:
    odds = fill_probability(bench(5, rate=50.0), [seats(9, 5), seats(10, 5)], draws=40, seed=3)
    assert sum(one.expected for one in odds.shifts) == pytest.approx(5.0)


def test_nobody_takes_more_hours_than_they_have() -> None:
    week = [seats(24 * day + 9, 10) for day in range(7)]
    odds = fill_probability(bench(3, rate=50.0, minutes=EIGHT), week, draws=40, seed=3)
    assert sum(one.expected for one in odds.shifts) == pytest.approx(3 * 2)


def test_who_holds_something_else_then_takes_nothing() -> None:
    held = ((0, 9 * 60, 13 * 60),)
    odds = fill_probability(bench(1, rate=50.0, held=held), [seats(10, 1), seats(58, 1)], draws=40, seed=3)
    assert [one.expected for one in odds.shifts] == [0.0, 1.0]


def test_eight_hours_of_rest_in_a_day_keep_a_late_and_an_early_shift_apart() -> None:
    shifts = [seats(14, 1, hours=9), seats(28, 1, hours=4)]
    odds = fill_probability(bench(1, rate=50.0), shifts, draws=40, seed=3)
    assert sum(one.expected for one in odds.shifts) == pytest.approx(1.0)


def test_an_empty_bench_fills_nothing_and_no_seats_need_nobody() -> None:
    assert fill_probability(bench(0), [seats(9, 2)], draws=20, seed=1).share == 0.0
    assert fill_probability(bench(4), [], draws=20, seed=1).share == 1.0


@pytest.mark.parametrize("better", [seats(9, 30, lead=96.0), seats(9, 30, pay=1.5)])
def test_more_notice_and_more_pay_fill_more(better: Seats) -> None:
    plain = fill_probability(bench(60, rate=0.4), [seats(9, 30, lead=12.0)], draws=200, seed=4)
    assert fill_probability(bench(60, rate=0.4), [better], draws=200, seed=4).share > plain.share


def test_outages_make_a_bad_day_worse_than_single_absences_would() -> None:
    shifts = [seats(9, 40)]
    calm = replace(bench(200, rate=9.0), show_strength=1e6)
    stormy = replace(bench(200, rate=9.0), show_strength=4.0)
    lows = [
        np.std([fill_probability(one, shifts, draws=20, seed=seed).shifts[0].present for seed in range(30)])
        for one in (calm, stormy)
    ]
    assert lows[1] > 2 * lows[0]


def test_a_slot_without_history_says_that_it_rests_on_a_prior() -> None:
    rates = learned_rates([PastShift(3, 200, 60, 96.0, None)] * 10)
    assert rates.weight[3] > 0.5 > rates.weight[30]
    assert learned_rates([]).slots == pytest.approx(np.full(SLOTS, PRIOR_RATE))
    odds = fill_probability(
        Bench(np.ones(9), np.full(9, 2400), rates.slots, rates.weight), [seats(12, 2), seats(120, 2)], draws=20, seed=1
    )
    assert [one.is_prior for one in odds.shifts] == [False, True]


def test_a_full_shift_counts_only_until_its_last_seat_went() -> None:
    open_all_along = learned_rates([PastShift(0, 100, 10, 96.0, None)] * 20)
    gone_in_hours = learned_rates([PastShift(0, 100, 10, 96.0, 90.0)] * 20)
    assert gone_in_hours.slots[0] > open_all_along.slots[0]


def test_five_points_more_cost_a_raise_that_reaches_them() -> None:
    week = [seats(24 * day + 9, 12) for day in range(7)]
    found = price_of_certainty(bench(40, rate=0.25), week, draws=60, seed=5)
    assert found.is_enough
    assert 0 < found.raise_share <= 0.5
    assert found.share_after >= found.share_before + 0.05


def test_a_full_week_needs_no_raise_and_a_tiny_pool_is_not_helped_by_one() -> None:
    week = [seats(24 * day + 9, 1) for day in range(7)]
    assert price_of_certainty(bench(80, rate=5.0), week, draws=30, seed=5).raise_share == 0.0
    crowd = [seats(24 * day + 9, 50) for day in range(7)]
    assert not price_of_certainty(bench(2, rate=5.0), crowd, draws=30, seed=5).is_enough


def test_predicted_odds_hold_in_a_market_that_works_by_other_rules() -> None:
    predicted, happened = [], []
    for seed in (1, 2, 3):
        market = SimulatedMarket(200, np.random.default_rng(seed))
        known = market.bench([market.played(market.offered(8, size=6)) for _ in range(8)])
        for week in range(8):
            shifts = market.offered(8, size=6)
            odds = fill_probability(known, shifts, draws=50, seed=week)
            real = market.played(shifts)
            predicted += [one.full for one in odds.shifts]
            happened += [taken == one.seats for taken, one in zip(real.taken, shifts, strict=True)]
    order = np.argsort(predicted, kind="stable")
    for part in np.array_split(order, 4):
        assert np.mean(np.array(predicted)[part]) == pytest.approx(np.mean(np.array(happened)[part]), abs=0.12)
