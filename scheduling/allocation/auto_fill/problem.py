"""What auto-fill is asked: shifts with free seats, people with limits, and who may take which shift at which gain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

DAY: Final = 24 * 60
REASONS: Final = ("certificate", "skill", "unavailable", "rest", "hours", "taken")


@dataclass(frozen=True, slots=True)
class Clock:
    """Where the days and weeks of one time zone begin, in minutes from the problem's zero; the last entry ends the last."""

    days: Ints
    weeks: Ints


@dataclass(frozen=True, slots=True)
class Shifts:
    """One entry a shift: half-open minutes `[starts, ends)`, at most a day long; free seats; points of a filled seat."""

    starts: Ints
    ends: Ints
    seats: Ints
    points: Ints


@dataclass(frozen=True, slots=True)
class People:
    """One entry an agent. Limits in minutes; `clock` says whose midnight counts; `is_new` counts towards the share."""

    day_minutes: Ints
    week_minutes: Ints
    rest_minutes: Ints
    turnaround_minutes: Ints
    is_new: Bools
    clock: Ints


@dataclass(frozen=True, slots=True)
class Taken:
    """Time that is taken already, of whichever brand; `frees` includes the turnaround."""

    agent: Ints
    starts: Ints
    ends: Ints
    frees: Ints


@dataclass(frozen=True, slots=True)
class Pairs:
    """Who may take which shift; `score` is added to the shift's points. Their sum must be above zero."""

    agent: Ints
    shift: Ints
    score: Ints


@dataclass(frozen=True)
class Problem:
    """Times are whole minutes from one common zero, points are whole numbers.

    `new_points` are given for each pick of a new agent, up to `new_target` picks. `excluded` counts, for each shift, people who
    are no pair of it, by reason (certificate, skill, unavailable).
    """

    shifts: Shifts
    people: People
    pairs: Pairs
    clocks: tuple[Clock, ...]
    taken: Taken = field(default_factory=lambda: Taken(*(np.zeros(0, np.int64) for _ in range(4))))
    new_points: int = 0
    new_target: int = 0
    excluded: Mapping[str, Ints] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """Who takes which shift, and how good that is.

    `picks` has a row (agent, shift) for each seat filled. `objective` and `bound` are points; no plan can have more than
    `bound`. `reasons[shift]` counts, for a shift with an empty seat, why each person is not in it. `first` is what greedy had.
    """

    picks: Ints
    objective: int
    bound: int
    is_proven: bool
    seconds: float
    first: int
    reasons: Mapping[int, Mapping[str, int]]

    @property
    def gap(self) -> float:
        """How far below the bound the plan is at most, as a share of the bound."""
        return max(0.0, (self.bound - self.objective) / self.bound) if self.bound > 0 else 0.0


def week_clock(weeks: int = 3, first: int = -7 * DAY) -> Clock:
    """This function will return a clock whose days and weeks have no change of time; minute 0 is a Monday's midnight."""
    days = np.arange(weeks * 7 + 1, dtype=np.int64) * DAY + first
    return Clock(days, days[::7].copy())


def ints(values: Sequence[int] | NDArray[Any]) -> Ints:
    """This function will return whole numbers as an array."""
    return np.asarray(values, dtype=np.int64)
