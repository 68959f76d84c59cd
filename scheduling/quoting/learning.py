"""From what was offered and taken to rates: a pool's own history, shrunk towards priors where there is little of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from scheduling.quoting.odds import LEAD_SCALE_HOURS, Bench, Floats, Ints, Seats, fill_probability, lead_factor

BLOCKS_A_DAY: Final = 6
SLOTS: Final = 7 * BLOCKS_A_DAY
PRIOR_RATE: Final = 0.03
PRIOR_SHOW: Final = 0.95
PRIOR_SHOW_STRENGTH: Final = 40.0
_PRIOR_POOL_CLAIMS: Final = 10.0
_PRIOR_SLOT_CLAIMS: Final = 6.0
_PRIOR_AGENT_CLAIMS: Final = 2.0
_TUNING_ROUNDS: Final = 6
_TUNING_RANGE: Final = (0.6, 3.0)
_TUNING_DRAWS: Final = 12
_ENOUGH_CLAIMS: Final = 20


@dataclass(frozen=True, slots=True)
class PastShift:
    """A shift that was on offer: its slot, how many agents could claim it, what was taken, and how long it was open.

    `open_hours` is publication to start, `filled_after_hours` publication to the last seat where it filled, else None.
    """

    slot: int
    agents: int
    claims: int
    open_hours: float
    filled_after_hours: float | None


@dataclass(frozen=True, slots=True)
class Rates:
    """Claims per agent and full lead time, slot by slot of the week, and how far history rather than a prior says so."""

    slots: Floats
    weight: Floats


def slot_of(weekday: int, hour: int) -> int:
    """This function will return the part of the week that a local start falls in: Monday 0, blocks of four hours."""
    return weekday * BLOCKS_A_DAY + hour * BLOCKS_A_DAY // 24


def learned_rates(past: Sequence[PastShift], *, lead_scale_hours: float = LEAD_SCALE_HOURS) -> Rates:
    """This function will estimate claim rates by slot: gamma-Poisson, each slot shrunk to the pool, the pool to a prior.

    A full shift turns claims away, so it counts as exposed only until its last seat went (right censoring); the claim
    that closed it is left out, as the maximum-likelihood rate of a stopped Poisson process is biased with it.
    """
    claims, exposure = np.zeros(SLOTS), np.zeros(SLOTS)
    for one in past:
        is_full = one.filled_after_hours is not None
        hours = one.open_hours if one.filled_after_hours is None else one.filled_after_hours
        opened = lead_factor(one.open_hours, lead_scale_hours)
        # the rate of claims fades as the start nears: what is seen by then is the difference of two lead factors
        seen = opened if not is_full else opened - lead_factor(max(0.0, one.open_hours - hours), lead_scale_hours)
        claims[one.slot] += max(0, one.claims - is_full)
        exposure[one.slot] += max(0, one.agents - one.claims / 2) * seen
    pool = (claims.sum() + _PRIOR_POOL_CLAIMS) / (exposure.sum() + _PRIOR_POOL_CLAIMS / PRIOR_RATE)
    prior_exposure = _PRIOR_SLOT_CLAIMS / pool
    slots = (claims + _PRIOR_SLOT_CLAIMS) / (exposure + prior_exposure)
    return Rates(slots, exposure / (exposure + prior_exposure))


def learned_activity(claims: Ints, *, expected: float) -> Floats:
    """This function will estimate how active each agent is against the pool's mean, shrunk; the mean of the result is 1."""
    if not len(claims):
        return np.zeros(0)
    raw = (claims + _PRIOR_AGENT_CLAIMS) / (expected + _PRIOR_AGENT_CLAIMS)
    return np.asarray(raw / raw.mean(), dtype=np.float64)


def learned_show(came: int, booked: int) -> float:
    """This function will return the share who come, shrunk to the prior."""
    good = PRIOR_SHOW * PRIOR_SHOW_STRENGTH + came
    return good / (PRIOR_SHOW_STRENGTH + booked)


@dataclass(frozen=True, slots=True)
class PastWeek:
    """The shifts of one past week as they were on offer, and how many seats were taken altogether."""

    seats: tuple[Seats, ...]
    taken: int


def tuned(bench: Bench, weeks: Sequence[PastWeek], *, seed: int) -> Bench:
    """This function will scale the rates until playing past weeks takes as many seats as were taken (indirect inference).

    Learned rates are net of who was busy or out of hours, and the simulation takes those away once more; this gives them
    back. Where nearly all seats were taken there is nothing to learn from, and with few claims the rates stay as they are.
    """
    taken = sum(one.taken for one in weeks)
    offered = sum(seat.seats for one in weeks for seat in one.seats)
    if taken < _ENOUGH_CLAIMS or taken > 0.98 * offered:
        return bench
    low, high = _TUNING_RANGE
    for _round in range(_TUNING_ROUNDS):
        middle = (low * high) ** 0.5
        if _expected(bench, weeks, middle, seed=seed) < taken:
            low = middle
        else:
            high = middle
    return replace(bench, slot_rates=bench.slot_rates * (low * high) ** 0.5)


def _expected(bench: Bench, weeks: Sequence[PastWeek], factor: float, *, seed: int) -> float:
    played = replace(bench, held=(), slot_rates=bench.slot_rates * factor)
    odds = [fill_probability(played, one.seats, draws=_TUNING_DRAWS, seed=seed + at) for at, one in enumerate(weeks)]
    return sum(shift.expected for one in odds for shift in one.shifts)
