"""How long 10,000 intervals of up to 10,000 erlangs take, whether each answer is the least, and how exact the figures are.

Run with `python -m benchmarks.staffing`. Times are elapsed, the median of five rounds on one core. The exactness is against
a sum over every state of the queue (`tests/scheduling/staffing/birth_death.py`), which uses none of the product's formulas.
"""

import os
import platform
import statistics
import time
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import scipy
from numpy.typing import NDArray

from scheduling.staffing import Definition, agents_a, agents_c, excluding_short_abandons, queue_a, queue_c
from scheduling.staffing.palm import Rule
from tests.scheduling.staffing.birth_death import summed

INTERVALS: Final = 10_000
SEED: Final = 11
ROUNDS: Final = 5
SUMMED: Final = 400
MOST: Final = {"C": 0.2, "A": 1.5}
EXACT: Final = 1e-6

Floats = NDArray[np.float64]


def scene() -> dict[str, Floats]:
    """Loads from 0.1 to 10,000 erlangs, evenly by size; callers, handling and promises of all kinds."""
    dice = np.random.default_rng(SEED)
    return {
        "load": np.append(10 ** dice.uniform(-1, 4, INTERVALS - 1), 10_000.0),
        "aht": dice.uniform(60, 1_200, INTERVALS),
        "patience": 10 ** dice.uniform(1, 3.5, INTERVALS),
        "threshold": dice.choice([0.0, 10.0, 20.0, 60.0, 120.0], INTERVALS),
        "target": dice.uniform(0.5, 0.99, INTERVALS),
    }


def measured(call: Callable[[], object]) -> float:
    """Median of elapsed seconds, after one round to warm up."""
    call()
    spent = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        call()
        spent.append(time.perf_counter() - began)
    return statistics.median(spent)


def show(label: str, figure: float, most: float, unit: str) -> None:
    """Print one line."""
    print(f"{label:58}{figure:12.3g} {unit} (at most {most:g}): {'ok' if figure <= most else 'MISSED'}")


def least(level: Floats, fewer: Floats, target: Floats) -> int:
    """How many answers keep the target while one agent fewer does not."""
    return int(((level >= target) & (fewer < target)).sum())


def minimal(given: dict[str, Floats]) -> None:
    """Count the answers that are the least, by model and definition."""
    queue: dict[str, Any] = {name: given[name] for name in ("load", "aht", "threshold")}
    agents = agents_c(**queue, target=given["target"])
    found = [queue_c(agents - step, **queue).service_level for step in (0, 1)]
    print(f"{'Erlang C: least number of agents':58}{least(found[0], found[1], given['target']):12,} of {INTERVALS:,}")
    queue |= {"patience": given["patience"]}
    rules: list[Rule] = [*list(Definition)[:3], excluding_short_abandons(10)]
    for rule in rules:
        agents = agents_a(**queue, target=given["target"], definition=rule)
        level = queue_a(agents, **queue, definition=rule).service_level
        fewer = queue_a(agents - 1, **queue, definition=rule).service_level
        count = least(level, np.where(agents == 1, -1.0, fewer), given["target"])
        print(f"{f'Erlang A, {rule}: least':58}{count:12,} of {INTERVALS:,}")


def farthest(given: dict[str, Floats]) -> tuple[float, float]:
    """The largest difference of any share from the sum over states, for C and A, on every 25th interval and the largest."""
    agents = agents_a(given["load"], given["aht"], given["patience"], given["threshold"], given["target"])
    patient = agents_c(given["load"], given["aht"], given["threshold"], given["target"])
    worst_c, worst_a = 0.0, 0.0
    for place in [*range(0, INTERVALS, INTERVALS // SUMMED), INTERVALS - 1]:
        load, aht, patience, threshold = (float(given[k][place]) for k in ("load", "aht", "patience", "threshold"))
        here, whole = int(agents[place]), summed(int(agents[place]), load, aht, patience, threshold)
        figures = queue_a(here, load, aht, patience, threshold)
        worst_a = apart(
            worst_a,
            figures.service_level - (1 - whole.abandoned - whole.answered_late),
            figures.abandoned - whole.abandoned,
            figures.wait_probability - whole.wait,
            figures.occupancy - whole.occupancy,
        )
        whole = summed(int(patient[place]), load, aht, np.inf, threshold)
        figures = queue_c(int(patient[place]), load, aht, threshold)
        worst_c = apart(
            worst_c,
            figures.service_level - (1 - whole.answered_late),
            figures.wait_probability - whole.wait,
        )
    return worst_c, worst_a


def apart(worst: float, *differences: Any) -> float:
    """The largest so far."""
    return max(worst, *(abs(float(one)) for one in differences))


def main() -> None:
    """Measure, check, print."""
    given = scene()
    print(
        f"load {os.getloadavg()[0]:.2f}, Python {platform.python_version()}, NumPy {np.__version__}, "
        f"SciPy {scipy.__version__}, seed {SEED}"
    )
    queue = {name: given[name] for name in ("load", "aht", "threshold", "target")}
    show("Erlang C, 10,000 intervals to 10,000 erlangs", measured(lambda: agents_c(**queue)), MOST["C"], "s")
    callers: dict[str, Any] = queue | {"patience": given["patience"]}
    show("Erlang A, 10,000 intervals to 10,000 erlangs", measured(lambda: agents_a(**callers)), MOST["A"], "s")
    minimal(given)
    for model, far in zip("CA", farthest(given), strict=True):
        show(f"Erlang {model}: farthest from the sum over states", far, EXACT, "")
    print(f"load at the end {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
