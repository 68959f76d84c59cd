"""The same queues by brute force: every state's probability, summed. Nothing here uses a formula of the product.

State k has k contacts in the system. Up at rate load/aht; down at min(k, n)/aht plus one over the patience for everyone who
waits. Weights are products of ratios, kept as logarithms. Who finds j waiting is served after j + 1 departures: without
impatience a Gamma time; with it a sum of exponentials whose rates step by theta, the law of -ln Beta(x, j + 1) / theta.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special


@dataclass(frozen=True)
class Summed:
    """Shares of all contacts, and the mean wait."""

    wait: float
    abandoned: float
    asa: float
    occupancy: float
    answered_late: float
    hung_up_late: float
    blocked: float

    def level(self, definition: str, hung_up_after_short: float = 0.0) -> float:
        """The service level by one of the four definitions."""
        good = 1 - self.abandoned - self.answered_late
        return {
            "answered_in_t_of_offered": good,
            "answered_in_t_of_answered": good / (1 - self.abandoned) if self.abandoned < 1 else 0.0,
            "answered_or_abandoned_in_t_of_offered": 1 - self.answered_late - self.hung_up_late,
            "excluding_short_abandons": good / (1 - (self.abandoned - hung_up_after_short)),
        }[definition]


def states(agents: int, load: float, per_patience: float, *, tail: float = 1e-19) -> NDArray[np.float64]:
    """Probabilities of 0, 1, 2, ... in the system; time in handling times, `per_patience` = aht / patience."""
    logs, first, log_weight, best = [np.zeros(1)], 1, 0.0, 0.0
    while True:
        counts = np.arange(first, first + 65_536, dtype=np.float64)
        down = np.minimum(counts, agents) + np.maximum(counts - agents, 0) * per_patience
        steps = log_weight + np.cumsum(np.log(load / down))
        logs.append(steps)
        first, log_weight, best = first + counts.size, float(steps[-1]), max(best, float(steps.max()))
        ratio = load / down[-1]
        if ratio < 1 and log_weight - best - np.log1p(-ratio) < np.log(tail):
            break
        assert first < 20_000_000, "too many states to sum"
    weights = np.exp(np.concatenate(logs) - best)
    return np.asarray(weights / weights.sum())


def summed(agents: int, load: float, aht: float, patience: float, threshold: float) -> Summed:
    """One queue, by its states."""
    theta = 0.0 if np.isinf(patience) else aht / patience
    chances = states(agents, load, theta)
    waiting = chances[agents:]
    ahead = np.arange(waiting.size, dtype=np.float64)
    waiting, ahead = waiting[waiting > 1e-25], ahead[waiting > 1e-25]
    queue = float(waiting @ ahead)
    busy = float(chances @ np.minimum(np.arange(chances.size), agents))
    late, hung_up = _late(waiting, ahead, agents, theta, threshold / aht)
    return Summed(
        wait=float(waiting.sum()),
        abandoned=theta * queue / load,
        asa=queue / load * aht,
        occupancy=busy / agents,
        answered_late=late,
        hung_up_late=hung_up,
        blocked=loss(agents, load),
    )


def loss(agents: int, load: float) -> float:
    """Nobody may wait: the last of the states 0..agents."""
    counts = np.arange(1, agents + 1, dtype=np.float64)
    logs = np.concatenate([np.zeros(1), np.cumsum(np.log(load / counts))])
    return float(1 / np.exp(logs - logs[-1]).sum()) if logs.max() - logs[-1] < 700 else 0.0


def _late(
    waiting: NDArray[np.float64], ahead: NDArray[np.float64], agents: int, theta: float, threshold: float
) -> tuple[float, float]:
    """Shares answered, and hung up, after the threshold (in handling times)."""
    if theta == 0:
        return float(waiting @ special.gammaincc(ahead + 1, agents * threshold)), 0.0
    servers, left = agents / theta, np.exp(-theta * threshold)
    answered = waiting @ (servers / (servers + ahead + 1) * special.betainc(servers + 1, ahead + 1, left))
    longer = left * (waiting @ special.betainc(servers, ahead + 1, left))
    return float(answered), float(max(longer - answered, 0.0))
