"""The least number of agents that keeps a promise.

Every definition of service level rises with the agents (docs/algorithms/staffing.md proves it), so a bracket that halves is
valid. All intervals are searched at once; those that are found leave the arrays.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gigcx.kernel.errors import Invalid
from scheduling.staffing.erlang import missed_c
from scheduling.staffing.figures import Definition, Floats, check_queue, laid_out, shaped
from scheduling.staffing.palm import Rule, missed_a, rule_of

Missed = Callable[[NDArray[np.intp], Floats], Floats]
Whole = NDArray[np.int64]

_LEAST_MISS: Final = 2.0**-54  # what a float next to 1 can still tell from it
_FUZZ: Final = 1e-12


def ceiling(values: Floats) -> Floats:
    """This function will round up, taking what is whole but for the last digits of a float as whole."""
    return np.ceil(values * (1 - _FUZZ) - _FUZZ * 1e-3) + 0.0


def agents_c(
    load: ArrayLike,
    aht: ArrayLike,
    threshold: ArrayLike,
    target: ArrayLike,
    *,
    max_occupancy: ArrayLike | None = None,
    slots: ArrayLike = 1,
) -> Whole:
    """This function will return the least agents that answer the `target` share within `threshold`: Erlang C.

    At least so many that the queue settles (agents > load), and load / `max_occupancy` if that is given; none without load.
    With `slots` each agent is that many servers and `aht` is the time with that many contacts at once. A target of 1 is met
    when the rest is below what a float can tell from nothing.

    Raises:
        Invalid: an input outside its range; names it.
    """
    shape, given = _checked(max_occupancy, load=load, aht=aht, threshold=threshold, target=target, slots=slots)
    a, handling, within = given["load"], given["aht"], given["threshold"]
    handling = np.where(a > 0, handling, 1.0)
    slots_ = given["slots"]

    def missed(which: NDArray[np.intp], agents: Floats) -> Floats:
        return missed_c(agents * slots_[which], a[which], handling[which], within[which])

    low = np.floor(a / slots_) + 1
    guess = _halfin_whitt(a, handling, within, given["target"]) / slots_
    return _answer(shape, given, _least(missed, given["target"], low=low, guess=guess, step=1 + 0.02 * np.sqrt(a)))


def agents_a(  # noqa: PLR0917  the order of the literature
    load: ArrayLike,
    aht: ArrayLike,
    patience: ArrayLike,
    threshold: ArrayLike,
    target: ArrayLike,
    definition: Rule = Definition.ANSWERED_IN_T_OF_OFFERED,
    *,
    max_occupancy: ArrayLike | None = None,
    slots: ArrayLike = 1,
) -> Whole:
    """This function will return the least agents that keep the `target` by the named definition: Erlang A.

    From 1 on: callers who hang up make room, so the answer may lie far below the load. Then load / `max_occupancy` if that
    is given (1 therefore means as many as the load); none without load. `slots` as for `agents_c`. Endless patience is
    Erlang C and needs agents > load.

    Raises:
        Invalid: an input outside its range or an unknown definition; names it.
    """
    rule = rule_of(definition)
    shape, given = _checked(
        max_occupancy, load=load, aht=aht, patience=patience, threshold=threshold, target=target, slots=slots
    )
    a, patient, within, slots_ = given["load"], given["patience"], given["threshold"], given["slots"]
    handling = np.where(a > 0, given["aht"], 1.0)

    def missed(which: NDArray[np.intp], agents: Floats) -> Floats:
        return missed_a(agents * slots_[which], a[which], handling[which], patient[which], within[which], rule)

    low = np.where(np.isinf(patient), np.floor(a / slots_) + 1, 1.0)
    guess = _halfin_whitt(a, handling, within, given["target"]) / slots_
    return _answer(shape, given, _least(missed, given["target"], low=low, guess=guess, step=1 + 0.1 * np.sqrt(a)))


def _checked(max_occupancy: ArrayLike | None, **given: ArrayLike) -> tuple[tuple[int, ...], dict[str, Floats]]:
    extra = {} if max_occupancy is None else {"max_occupancy": max_occupancy}
    shape, arrays = laid_out(**given, **extra)
    check_queue(arrays)
    if arrays["slots"].size and arrays["slots"].min() < 1:
        raise Invalid("An agent handles one contact at once or more.", field="slots")
    return shape, arrays


def _answer(shape: tuple[int, ...], given: dict[str, Floats], agents: Floats) -> Whole:
    """The cap on occupancy, nobody where nothing comes, and the shape."""
    if "max_occupancy" in given:
        agents = np.maximum(agents, ceiling(given["load"] / given["max_occupancy"] / given["slots"]))
    return shaped(np.where(given["load"] > 0, agents, 0).astype(np.int64), shape)  # type: ignore[no-any-return]


def _halfin_whitt(load: Floats, aht: Floats, threshold: Floats, target: Floats) -> Floats:
    """Where to look first: load + beta sqrt(load), beta solving the heavy-traffic limit (Halfin & Whitt 1981)."""
    from scipy import special

    root = np.sqrt(load)
    rate, goal = root * threshold / aht, np.log(np.maximum(1 - target, _LEAST_MISS))
    low, high = np.zeros_like(load), np.full_like(load, 9.0)
    for _ in range(9):
        beta = 0.5 * (low + high)
        ratio = beta * np.sqrt(2 * np.pi) * special.ndtr(beta) * np.exp(0.5 * beta * beta)
        missing = -np.log1p(ratio) - beta * rate > goal
        low, high = np.where(missing, beta, low), np.where(missing, high, beta)
    return load + high * root


def _least(missed: Missed, target: Floats, *, low: Floats, guess: Floats, step: Floats) -> Floats:
    """The least whole number from `low` on with 1 - missed >= target.

    Widens from the guess until it has one number that fails and one that keeps the target, then cuts that bracket: where a
    straight line through the logarithms of the misses says, and in the middle on every third turn.
    """
    found = _Bracket.around(low)
    goal = np.log(np.maximum(1 - target, _LEAST_MISS))
    number, step = np.maximum(np.ceil(guess), low), np.ceil(step)
    open_, turn = np.arange(low.size), 0
    while open_.size:
        share = missed(open_, number[open_])
        found.learn(open_, number[open_], share, 1 - share >= target[open_])
        open_ = open_[found.keeps[open_] - found.fails[open_] > 1]
        turn += 1
        number[open_] = found.next(open_, goal[open_], step[open_], is_half=turn % 3 == 0)
        step[open_] *= 2
    return found.keeps


@dataclass(frozen=True, slots=True)
class _Bracket:
    """Numbers that fail and numbers that keep the target, with the logarithms of what they miss; `nan` if never tried."""

    fails: Floats
    keeps: Floats
    at_fails: Floats
    at_keeps: Floats

    @classmethod
    def around(cls, low: Floats) -> "_Bracket":
        unknown = np.full_like(low, np.nan)
        return cls(low - 1, np.full_like(low, np.inf), unknown, unknown.copy())

    def learn(self, which: NDArray[np.intp], tried: Floats, share: Floats, kept: NDArray[np.bool_]) -> None:
        with np.errstate(divide="ignore"):
            logs = np.log(share)
        yes, no = which[kept], which[~kept]
        self.keeps[yes], self.at_keeps[yes] = tried[kept], logs[kept]
        self.fails[no], self.at_fails[no] = tried[~kept], logs[~kept]

    def next(self, which: NDArray[np.intp], goal: Floats, step: Floats, *, is_half: bool) -> Floats:
        """The numbers to try next, strictly between what fails and what keeps the target."""
        fails, keeps, at_fails, at_keeps = (
            one[which] for one in (self.fails, self.keeps, self.at_fails, self.at_keeps)
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            line = fails + np.ceil((at_fails - goal) / (at_fails - at_keeps) * (keeps - fails))
            middle = np.floor(0.5 * (fails + keeps))
        found = np.where(is_half | ~np.isfinite(line), middle, line)
        found = np.where(np.isnan(at_fails), keeps - step, found)
        found = np.where(np.isinf(keeps), np.maximum(fails, 0) + step, found)
        return np.clip(found, fails + 1, np.where(np.isinf(keeps), np.inf, keeps - 1))
