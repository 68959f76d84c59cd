"""Erlang B and C: callers who give up at once, and callers who wait for ever."""

import numpy as np
from numpy.typing import ArrayLike

from scheduling.staffing.figures import Floats, QueueFigures, check_queue, laid_out, shaped
from scheduling.staffing.fractions import log_inverse_blocking


def erlang_b(agents: ArrayLike, load: ArrayLike) -> Floats:
    """This function will return the share of contacts lost when nobody may wait (Erlang 1917).

    B = (a^n / n!) / sum of a^k / k! for k = 0..n, for whole `agents` n and `load` a in erlangs; 1 without agents.

    Raises:
        Invalid: a negative load, or agents that are not whole.
    """
    shape, given = laid_out(agents=agents, load=load)
    check_queue(given)
    return shaped(blocking(given["agents"], given["load"]), shape)  # type: ignore[no-any-return]


def blocking(agents: Floats, load: Floats) -> Floats:
    """This function will return Erlang B over flat arrays that were checked."""
    found = np.where(agents == 0, 1.0, 0.0)
    busy = load > 0
    found[busy] = np.exp(-log_inverse_blocking(agents[busy], load[busy]))
    return found


def erlang_c(agents: ArrayLike, load: ArrayLike) -> Floats:
    """This function will return the share of contacts that wait when everybody waits until answered (Erlang 1917).

    C = B / (1 - rho (1 - B)) with rho = load / agents; 1 where agents <= load, for the queue then grows for ever.

    Raises:
        Invalid: a negative load, or agents that are not whole.
    """
    shape, given = laid_out(agents=agents, load=load)
    check_queue(given)
    return shaped(waiting(given["agents"], given["load"]), shape)  # type: ignore[no-any-return]


def waiting(agents: Floats, load: Floats) -> Floats:
    """This function will return Erlang C over flat arrays that were checked."""
    found = np.ones_like(load)
    stable = agents > load
    n, a = agents[stable], load[stable]
    lost = blocking(n, a)
    found[stable] = lost / (((n - a) + a * lost) / n)
    return found


def missed_c(agents: Floats, load: Floats, aht: Floats, threshold: Floats) -> Floats:
    """This function will return the share not answered within the threshold, small shares exact; flat arrays."""
    found = np.ones_like(load)
    stable = agents > load
    n, a = agents[stable], load[stable]
    found[stable] = waiting(n, a) * np.exp(-(n - a) * threshold[stable] / np.where(a > 0, aht[stable], 1.0))
    found[load == 0] = 0.0
    return found


def queue_c(agents: ArrayLike, load: ArrayLike, aht: ArrayLike, threshold: ArrayLike) -> QueueFigures:
    """This function will describe an interval in which nobody hangs up: M/M/n, Erlang C.

    `agents` whole, `load` in erlangs, `aht` and `threshold` in one unit of time; inputs broadcast. Service level is
    1 - C e^(-(n - a) T / aht), mean wait C aht / (n - a). With agents <= load the service level is 0, the wait `inf` and the
    occupancy 1. Without load nothing waits, whoever is there.

    Raises:
        Invalid: an input outside its range; names it.
    """
    shape, given = laid_out(agents=agents, load=load, aht=aht, threshold=threshold)
    check_queue(given)
    n, a, handling = given["agents"], given["load"], given["aht"]
    idle, stable = a == 0, n > a
    wait = np.where(idle, 0.0, waiting(n, a))
    spare = np.where(stable, n - a, 1.0)
    asa = np.where(idle, 0.0, np.where(stable, wait * handling / spare, np.inf))
    level = 1.0 - missed_c(n, a, handling, given["threshold"])
    occupancy = np.where(stable, a / np.where(n > 0, n, 1.0), np.where(idle, 0.0, 1.0))
    return QueueFigures(*(shaped(one, shape) for one in (wait, asa, level, np.zeros_like(a), occupancy)))
