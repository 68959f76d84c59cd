"""Work that may wait for hours: e-mail, forms, call-backs. It fills idle time first and is levelled over the rest."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gigcx.kernel.errors import Invalid
from scheduling.staffing.figures import Floats, laid_out, within

_FUZZ = 1e-9


@dataclass(frozen=True, slots=True)
class DeferredPlan:
    """Interval by interval: agents to add, hours done in idle time, hours done by the added agents, hours still waiting.

    `is_kept` says whether every deadline within the horizon is; it fails only where work falls due with no open hour left.
    """

    agents: NDArray[np.int64]
    done_idle: Floats
    done: Floats
    backlog: Floats
    is_kept: bool


def deferred_agents(
    work_hours: ArrayLike,
    due: ArrayLike,
    open_hours: ArrayLike,
    spare_hours: ArrayLike = 0.0,
    carried: ArrayLike = 0.0,
) -> DeferredPlan:
    """This function will return the fewest, most level agents with capacity by each deadline >= the work due by then.

    All are hours in order of time, one entry an interval. `work_hours` arrives during an interval and can be worked on in it;
    it must be done before the end of the interval `due` places later (0: in the same one; work due past the horizon waits).
    Work that came later never gets an earlier deadline than work before it: where `due` says so, all before it is hurried.
    `open_hours` is how long one added agent works in the interval (0: closed). `spare_hours` is what agents of other channels
    have left over there: used first, as soon as there is work. `carried` is work from before: one number, due by the first
    deadline, or hours by the interval at whose end they are due.

    The agents follow the tightest string between what has come and what is due: the least peak, and no more change than
    needed. They are whole: as soon as rounding up got ahead, fewer follow.

    Raises:
        Invalid: negative hours, or lists that differ in length.
    """
    _, given = laid_out(work=work_hours, due=due, open=open_hours, spare=spare_hours)
    for name in ("work", "due", "open", "spare"):
        within(name, given[name], 0, message="This is zero or more.")
    came, must = _curves(given["work"], given["due"], np.asarray(carried, dtype=np.float64))
    agents, idle, done = _walk(came, must, given["open"], given["spare"])
    total = np.cumsum(done + idle)
    is_kept = bool((total >= must - _FUZZ * (1 + must)).all())
    return DeferredPlan(agents, idle, done, np.maximum(came - total, 0.0), is_kept)


def _curves(work: Floats, due: Floats, carried: Floats) -> tuple[Floats, Floats]:
    """What has come, and what must be done, by the end of each interval."""
    if not work.size:
        return np.zeros(0), np.zeros(0)
    if carried.ndim and carried.size != work.size:
        raise Invalid("Carried work is one number, or one an interval.", field="carried")
    if (carried < 0).any():
        raise Invalid("This is zero or more.", field="carried")
    deadline = np.minimum.accumulate((np.arange(work.size) + np.floor(due))[::-1])[::-1]
    within_horizon = deadline < work.size
    falls: Floats = np.bincount(deadline[within_horizon].astype(np.intp), work[within_horizon], work.size).astype(float)
    if carried.ndim:
        falls = falls + carried
    else:
        falls[int(min(deadline[0], work.size - 1))] += float(carried)
    return np.cumsum(work) + float(carried.sum()), np.cumsum(falls)


def _walk(came: Floats, must: Floats, hours: Floats, spare: Floats) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Interval by interval: idle time takes what waits, then whole agents follow the tight string."""
    agents: NDArray[np.int64] = np.zeros(came.shape, dtype=np.int64)
    idle, done = np.zeros_like(came), np.zeros_like(came)
    clock, free, so_far = np.cumsum(hours), np.cumsum(spare), 0.0
    for place in range(came.size):
        before = so_far
        idle[place] = min(spare[place], max(came[place] - so_far, 0.0))
        so_far += idle[place]
        if hours[place] <= 0 or came[place] - so_far <= _FUZZ:
            continue
        others = before + free[place:] - free[place] + spare[place]
        length = clock[place:] - clock[place] + hours[place]
        rate = _rate((came[place:] - others) / length, (must[place:] - others) / length)
        agents[place] = int(np.ceil(rate - _FUZZ))
        done[place] = min(agents[place] * hours[place], came[place] - so_far)
        so_far += done[place]
    return agents, idle, done


def _rate(supplies: Floats, needs: Floats) -> float:
    """The slope of the tight string at its first point: between the steepest need and the flattest supply.

    While the steepest need so far lies below the flattest supply so far, one rate may meet both. Where they cross, the older
    of the two bends the string: a need that comes before a drought is met in full, a rush that comes later is met later.
    """
    steepest, flattest = np.maximum.accumulate(needs), np.minimum.accumulate(supplies)
    crossed = np.flatnonzero(steepest > flattest)
    if not crossed.size:
        return float(max(steepest[-1], 0.0))
    place = int(crossed[0])
    if place == 0:
        return float(max(needs[0], 0.0))
    is_drought = supplies[place] < steepest[place - 1]
    return float(max(steepest[place - 1] if is_drought else flattest[place - 1], 0.0))
