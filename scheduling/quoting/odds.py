"""How likely seats are to fill: a market simulated many times over. Pure NumPy; times are minutes, lead times hours.

Whoever may claim meets a shift as a Poisson process. Its rate is the agent's own activity, times the rate of the shift's
slot of the week, times what lead time and pay do to it, times one appetite of the week that all agents share. A sum of
Poisson processes is one too, so arrivals are drawn for the whole market at once and only then given to an agent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LEAD_SCALE_HOURS: Final = 36.0
PAY_ELASTICITY: Final = 1.5
REST_MINUTES: Final = 8 * 60
DAY_MINUTES: Final = 24 * 60
_ROUNDS: Final = 4
_DRAWS_A_BATCH: Final = 50
_HELD_AT_MOST: Final = 8
_COVERED: Final = 0.95


@dataclass(frozen=True, slots=True)
class Seats:
    """One shift to fill. Minutes count from any common origin; `slot` names its part of the week; pay 1 is the usual."""

    start_minute: int
    end_minute: int
    seats: int
    slot: int
    lead_hours: float
    pay_ratio: float = 1.0

    @property
    def minutes(self) -> int:
        """Length of the shift."""
        return self.end_minute - self.start_minute


@dataclass(frozen=True, slots=True)
class Bench:
    """Agents who may claim, arrays aligned by agent; rates per slot of the week.

    `activity` is relative to the pool (mean 1); `minutes_left` what each may still take; `held` are (agent, start, end) of
    shifts they have already. `slot_weight` is the share of each slot's rate that rests on history rather than on a prior.
    Shows follow a beta distribution of that mean and strength, one draw a day: an outage keeps many away at once. The last
    two are habits of the brand's agents, learned or assumed.
    """

    activity: Floats
    minutes_left: Ints
    slot_rates: Floats
    slot_weight: Floats
    held: tuple[tuple[int, int, int], ...] = ()
    show_mean: float = 0.95
    show_strength: float = 40.0
    appetite_spread: float = 0.15
    lead_scale_hours: float = LEAD_SCALE_HOURS
    pay_elasticity: float = PAY_ELASTICITY

    @property
    def size(self) -> int:
        """How many agents."""
        return len(self.activity)


@dataclass(frozen=True, slots=True)
class SeatOdds:
    """What becomes of one shift: expected and one-in-ten-bad filled seats, the odds of all filled, who comes in the end."""

    expected: float
    low: int
    full: float
    present: float
    is_prior: bool


@dataclass(frozen=True, slots=True)
class FillOdds:
    """The odds shift by shift and together. `share` is expected filled seat time, `covered` the odds of at least 95 %."""

    shifts: tuple[SeatOdds, ...]
    share: float
    low_share: float
    present_share: float
    covered: float
    draws: int
    seed: int

    @property
    def has_priors(self) -> bool:
        """Whether any figure rests on assumptions more than on history."""
        return any(one.is_prior for one in self.shifts)


def lead_factor(lead_hours: float, scale_hours: float = LEAD_SCALE_HOURS) -> float:
    """This function will return how much of a slot's full rate is seen when seats are open that long before the start."""
    return float(1.0 - np.exp(-max(0.0, lead_hours) / scale_hours))


def pay_factor(pay_ratio: float, elasticity: float = PAY_ELASTICITY) -> float:
    """This function will return what pay, relative to the usual, does to the rate: a constant elasticity."""
    return float(max(pay_ratio, 0.0) ** elasticity)


def fill_probability(bench: Bench, seats: Sequence[Seats], *, draws: int, seed: int) -> FillOdds:
    """This function will simulate the release of the shifts `draws` times and count.

    Agents keep their caps, never overlap, and rest 8 hours in any 24. The same seed gives the same answer.
    """
    if not seats:
        return FillOdds((), 1.0, 1.0, 1.0, 1.0, draws, seed)
    rng = np.random.default_rng(seed)
    filled = _filled(bench, seats, draws, rng)
    present = rng.binomial(filled, _shows(bench, seats, len(filled), rng))
    return _counted(bench, seats, filled, present, seed)


def _filled(bench: Bench, seats: Sequence[Seats], draws: int, rng: np.random.Generator) -> Ints:
    if not bench.size:
        return np.zeros((draws, len(seats)), dtype=np.int64)
    batches = max(1, round(draws / _DRAWS_A_BATCH))
    return np.vstack([_one_batch(bench, seats, -(-draws // batches), rng) for _ in range(batches)])[:draws]


class _Market:
    """The state of one batch of draws: who holds what, whose hours are used, how full each shift is."""

    def __init__(self, bench: Bench, seats: Sequence[Seats], draws: int) -> None:
        cells = draws * bench.size
        self.draws, self.size = draws, bench.size
        self.conflict = _conflicts(seats)
        self.left = np.tile(bench.minutes_left, draws)
        self.held = np.full((cells, _HELD_AT_MOST), len(seats), dtype=np.int32)
        self.count = np.zeros(cells, dtype=np.int32)
        self.filled = np.zeros((draws, len(seats)), dtype=np.int64)

    def offer(self, shift: int, cells: Ints, *, seats: int, minutes: int) -> None:
        """Give the shift's seats to those who came, in order of draw and arrival, as hours, overlaps and seats allow."""
        may = (self.left[cells] >= minutes) & (self.count[cells] < _HELD_AT_MOST)
        cells = cells[may]
        if cells.size:
            cells = cells[~self.conflict[shift][self.held[cells]].any(axis=1)]
        if not cells.size:
            return
        _unique, first = np.unique(cells, return_index=True)
        cells = cells[np.sort(first)]
        draw = cells // self.size
        rank = np.arange(cells.size) - np.searchsorted(draw, draw)
        won = rank < seats - self.filled[draw, shift]
        self._seat(shift, cells[won], minutes)
        self.filled[:, shift] += np.bincount(draw[won], minlength=self.draws)

    def _seat(self, shift: int, cells: Ints, minutes: int) -> None:
        self.left[cells] -= minutes
        self.held[cells, self.count[cells]] = shift
        self.count[cells] += 1


def _one_batch(bench: Bench, seats: Sequence[Seats], draws: int, rng: np.random.Generator) -> Ints:
    market = _Market(bench, seats, draws)
    taken = _taken(bench, seats)
    spread = bench.appetite_spread
    appetite = rng.lognormal(-spread * spread / 2, spread, draws)
    by_agent, every = np.cumsum(bench.activity), np.arange(draws)
    rates = [bench.slot_rates[one.slot] * _habit(bench, one) / _ROUNDS for one in seats]
    for _round in range(_ROUNDS):
        for shift in rng.permutation(len(seats)):
            wanting = np.where(market.filled[:, shift] < seats[shift].seats, appetite, 0.0)
            draw = np.repeat(every, rng.poisson(rates[shift] * by_agent[-1] * wanting))
            agent = np.searchsorted(by_agent, rng.random(draw.size) * by_agent[-1], side="right")
            if taken[shift].size:
                free = ~np.isin(agent, taken[shift])
                draw, agent = draw[free], agent[free]
            one = seats[shift]
            market.offer(int(shift), draw * bench.size + agent, seats=one.seats, minutes=one.minutes)
    return market.filled


def _habit(bench: Bench, one: Seats) -> float:
    return lead_factor(one.lead_hours, bench.lead_scale_hours) * pay_factor(one.pay_ratio, bench.pay_elasticity)


def _conflicts(seats: Sequence[Seats]) -> npt.NDArray[np.bool_]:
    """Which two shifts one agent cannot both work; the extra last column stands for nothing held."""
    starts = np.array([one.start_minute for one in seats])
    ends = np.array([one.end_minute for one in seats])
    found = _clash(starts[:, None], ends[:, None], starts[None, :], ends[None, :])
    return np.hstack([found, np.zeros((len(seats), 1), dtype=bool)])


def _clash(start: Ints, end: Ints, other_start: Ints, other_end: Ints) -> npt.NDArray[np.bool_]:
    overlap = (start < other_end) & (other_start < end)
    gap = np.maximum(start, other_start) - np.minimum(end, other_end)
    reach = np.maximum(end, other_end) - np.minimum(start, other_start)
    tiring = (gap < REST_MINUTES) & (reach > DAY_MINUTES - REST_MINUTES)
    return np.asarray(overlap | tiring)


def _taken(bench: Bench, seats: Sequence[Seats]) -> list[Ints]:
    """For each shift the agents who hold something else then."""
    if not bench.held:
        return [np.zeros(0, dtype=np.int64)] * len(seats)
    agent, start, end = (np.array(column, dtype=np.int64) for column in zip(*bench.held, strict=True))
    found = []
    for one in seats:
        here = np.array([one.start_minute]), np.array([one.end_minute])
        found.append(np.unique(agent[_clash(here[0], here[1], start, end)]))
    return found


def _shows(bench: Bench, seats: Sequence[Seats], draws: int, rng: np.random.Generator) -> Floats:
    days = np.array([one.start_minute // DAY_MINUTES for one in seats])
    _unique, day = np.unique(days, return_inverse=True)
    good, bad = bench.show_mean * bench.show_strength, (1 - bench.show_mean) * bench.show_strength
    by_day = rng.beta(max(good, 1e-6), max(bad, 1e-6), size=(draws, int(day.max()) + 1))
    return np.asarray(by_day[:, day], dtype=np.float64)


def _counted(bench: Bench, seats: Sequence[Seats], filled: Ints, present: Ints, seed: int) -> FillOdds:
    wanted = np.array([one.seats for one in seats])
    weight = wanted * np.array([one.minutes for one in seats])
    share = (filled / wanted) @ weight / weight.sum()
    shown = (present / wanted) @ weight / weight.sum()
    low = np.quantile(filled, 0.1, axis=0, method="lower")
    shifts = tuple(
        SeatOdds(
            expected=float(filled[:, index].mean()),
            low=int(low[index]),
            full=float((filled[:, index] == one.seats).mean()),
            present=float(present[:, index].mean()),
            is_prior=bool(bench.slot_weight[one.slot] < 0.5),
        )
        for index, one in enumerate(seats)
    )
    return FillOdds(
        shifts=shifts,
        share=float(share.mean()),
        low_share=float(np.quantile(share, 0.1)),
        present_share=float(shown.mean()),
        covered=float((share >= _COVERED).mean()),
        draws=len(filled),
        seed=seed,
    )


def odds_to_json(odds: FillOdds) -> dict[str, Any]:
    """This function will return the odds as JSON values, shift by shift in their order."""
    return {
        "shifts": [
            {
                "expected": round(one.expected, 2),
                "low": one.low,
                "full": round(one.full, 3),
                "present": round(one.present, 2),
                "is_prior": one.is_prior,
            }
            for one in odds.shifts
        ],
        "share": round(odds.share, 4),
        "low_share": round(odds.low_share, 4),
        "present_share": round(odds.present_share, 4),
        "covered": round(odds.covered, 3),
        "draws": odds.draws,
    }
