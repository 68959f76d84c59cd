"""How long a quote's outlook takes for a bench of 5,000 and one week, and whether its odds hold in a simulated market.

Run with `python -m benchmarks.quote`. No database: the room is pure. The market of the second part works by rules that the
model does not know (see `tests/scheduling/quoting/market.py`); a decile is a tenth of the shifts by predicted odds of filling.
"""

import os
import platform
import statistics
import time
from collections.abc import Callable
from typing import Final

import numpy as np
import scipy

from scheduling.quoting import (
    Bench,
    Costs,
    OnDemand,
    Seats,
    cheapest_rota,
    compare_strategies,
    fill_probability,
    price_of_certainty,
    slot_of,
)
from scheduling.quoting.learning import SLOTS
from tests.scheduling.quoting.market import SimulatedMarket

AGENTS: Final = 5_000
SHIFTS_A_DAY: Final = 30
DRAWS: Final = 200
SEED: Final = 7
ROUNDS: Final = 3
MARKETS: Final = 10
WEEKS: Final = 12


def week_of_shifts(dice: np.random.Generator) -> list[Seats]:
    """210 shifts of six hours with about 7,000 seats."""
    found = []
    for day in range(7):
        for number in range(SHIFTS_A_DAY):
            start = day * 1440 + 480 + number * 20
            found.append(Seats(start, start + 360, int(dice.integers(5, 60)), slot_of(day, start % 1440 // 60), 72.0))
    return found


def timed(work: Callable[[], object]) -> tuple[float, float, float]:
    """Best and median seconds, and the least of processor time, which a loaded machine does not stretch as much."""
    taken, busy = [], []
    for _round in range(ROUNDS):
        begun, worked = time.perf_counter(), time.process_time()
        work()
        taken.append(time.perf_counter() - begun)
        busy.append(time.process_time() - worked)
    return min(taken), statistics.median(taken), min(busy)


def measure_speed() -> None:
    """Odds, price of certainty and comparison, alone and together."""
    dice = np.random.default_rng(SEED)
    bench = Bench(dice.gamma(2, 0.5, AGENTS), np.full(AGENTS, 2_400), np.full(SLOTS, 0.01), np.ones(SLOTS))
    shifts = week_of_shifts(dice)
    required = [int(40 + 30 * np.sin(quarter / 15)) for quarter in range(672)]

    def odds() -> None:
        fill_probability(bench, shifts, draws=DRAWS, seed=SEED)

    def certainty() -> None:
        price_of_certainty(bench, shifts, draws=30, seed=SEED)

    def ways() -> None:
        rota = cheapest_rota(required, slot_minutes=15)
        compare_strategies(required, Costs(2_000, 3_000), slot_minutes=15, rota=rota, on_demand=OnDemand(9_000.0))

    for name, work in (("odds", odds), ("price of certainty", certainty), ("comparison with its rota", ways)):
        best, median, busy = timed(work)
        print(f"{name:28} best {best:5.2f} s  median {median:5.2f} s  processor {busy:5.2f} s")


def measure_calibration() -> None:
    """Predicted against happened, decile by decile."""
    predicted: list[float] = []
    happened: list[bool] = []
    for number in range(MARKETS):
        dice = np.random.default_rng(SEED + number)
        market, size = SimulatedMarket(300, dice), 8 * dice.uniform(0.6, 1.4)
        known = market.bench([market.played(market.offered(8, size=size)) for _ in range(8)])
        for week in range(WEEKS):
            shifts = market.offered(8, size=size)
            odds = fill_probability(known, shifts, draws=100, seed=week)
            real = market.played(shifts)
            predicted += [one.full for one in odds.shifts]
            happened += [taken == one.seats for taken, one in zip(real.taken, shifts, strict=True)]
    order = np.argsort(predicted, kind="stable")
    worst = 0.0
    for part in np.array_split(order, 10):
        said, was = float(np.mean(np.array(predicted)[part])), float(np.mean(np.array(happened)[part]))
        worst = max(worst, abs(said - was))
        print(f"said {said:6.1%}  was {was:6.1%}  off by {100 * (said - was):+5.1f} points")
    print(f"{len(predicted):,} shifts, worst decile off by {100 * worst:.1f} points (target: within 7)")


def main() -> None:
    """Print both parts with load, versions and seed."""
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(
        f"load {load}  Python {platform.python_version()}  numpy {np.__version__}  scipy {scipy.__version__}  seed {SEED}"
    )
    measure_speed()
    measure_calibration()


if __name__ == "__main__":
    main()
