"""What cannot be had together, as chains: an agent's candidates in order of start, and for each the first that may follow it.

Whatever may follow a shift at all stands at or after that place. So choosing along the chain never forbids a lawful plan:
the best choice by it is an upper bound. All candidates between a shift and its successor clash with it, hence the sets that
cover one place are cliques, and their matrix has consecutive ones: its linear programme is whole-numbered.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from scheduling.allocation.auto_fill.candidates import Candidates
from scheduling.allocation.auto_fill.problem import DAY, Bools, Ints, Problem
from scheduling.allocation.auto_fill.schedules import Schedules

Reals = np.ndarray[Any, np.dtype[np.float64]]
_LOOK: Final = 48


@dataclass(frozen=True, slots=True)
class Chains:
    """For each candidate the place of the first that may follow; `first` and `after` bound each agent's own places."""

    agent: Ints
    first: Ints
    after: Ints
    follower: Ints


def chains_of(problem: Problem, pool: Candidates, held: Schedules) -> Chains:
    """This function will find followers; past a number of places it stops looking, which only weakens the bound."""
    shifts, people = problem.shifts, problem.people
    agents, first = np.unique(pool.agent, return_index=True)
    after = np.r_[first[1:], len(pool)].astype(np.int64)
    own_end = np.repeat(after, after - first)
    span = int(shifts.ends.max(initial=0) - shifts.starts.min(initial=0)) + 2 * DAY
    zero = int(shifts.starts.min(initial=0))
    keys = pool.agent * span + shifts.starts[pool.shift] - zero
    free = shifts.ends[pool.shift] + people.turnaround_minutes[pool.agent] - zero
    follower = np.minimum(np.searchsorted(keys, pool.agent * span + free), own_end)
    open_ = np.flatnonzero(follower < own_end)
    for _look in range(_LOOK):
        if not len(open_):
            break
        clash = _clash(problem, held, pool, open_, follower[open_])
        follower[open_[clash]] += 1
        open_ = open_[clash & (follower[open_] < own_end[open_])]
    return Chains(agents, first.astype(np.int64), after, follower)


def _clash(problem: Problem, held: Schedules, pool: Candidates, one: Ints, other: Ints) -> Bools:
    """Whether two shifts of one agent, the second after the first, break a daily limit or the rest between them."""
    agent, early, late = pool.agent[one], pool.shift[one], pool.shift[other]
    shifts, people, parts = problem.shifts, problem.people, held.parts
    rest = people.rest_minutes[agent]
    gap = shifts.starts[late] - shifts.ends[early]
    found = (gap < rest) & (shifts.ends[late] - shifts.starts[early] > DAY - rest)
    clock = people.clock[agent]
    for early_day, early_minutes in _days(parts, clock, early):
        for late_day, late_minutes in _days(parts, clock, late):
            total = held.day_used[agent, early_day] + early_minutes + late_minutes
            shared = (early_day == late_day) & (early_minutes > 0) & (late_minutes > 0)
            found |= shared & (total > people.day_minutes[agent])
    return np.asarray(found, np.bool_)


def _days(parts: "object", clock: Ints, shift: Ints) -> list[tuple[Ints, Ints]]:
    day = parts.day[clock, shift]  # type: ignore[attr-defined]
    return [(day, parts.day_first[clock, shift]), (day + 1, parts.day_next[clock, shift])]  # type: ignore[attr-defined]


def best_chains(chains: Chains, profit: Reals) -> float:
    """This function will return the sum over agents of the most profit along their chains."""
    return float(_tables(chains, profit)[chains.first + np.arange(len(chains.first))].sum())


def best_by_agent(chains: Chains, profit: Reals, people: int) -> Reals:
    """This function will return the most profit along each agent's chain."""
    best = np.zeros(people)
    best[chains.agent] = _tables(chains, profit)[chains.first + np.arange(len(chains.first))]
    return best


def _tables(chains: Chains, profit: Reals) -> Reals:
    """best[place] of what can be had from a place on; one empty place ends each agent's."""
    shift = np.arange(len(chains.first))
    table = np.zeros(len(profit) + len(shift))
    sizes = chains.after - chains.first
    order = np.argsort(-sizes, kind="stable")
    counts = np.searchsorted(-sizes[order], -np.arange(1, int(sizes.max(initial=0)) + 1), side="right")
    for back in range(int(sizes.max(initial=0))):
        who = order[: counts[back]]
        place = chains.after[who] - 1 - back
        here = place + who
        table[here] = np.maximum(table[here + 1], profit[place] + table[chains.follower[place] + who])
    return table


def cliques_of(chains: Chains, size: int) -> tuple[Ints, Ints, int]:
    """This function will return the entries (row, candidate) of the maximal cliques, and how many rows there are."""
    place = np.arange(size)
    ends = np.zeros(size + 1, np.bool_)
    ends[chains.follower] = True
    ends[chains.after] = True
    last = np.flatnonzero(ends[1:])  # a clique is the set that covers a place just before some follower
    row_first = np.searchsorted(last, place)
    row_after = np.searchsorted(last, chains.follower - 1, side="right")
    width = row_after - row_first
    candidate = np.repeat(place, width)
    start = np.repeat(np.cumsum(width) - width, width)
    row = np.repeat(row_first, width) + np.arange(len(candidate)) - start
    return row, candidate, len(last)


def losses_of(chains: Chains, profit: Reals) -> Reals:
    """This function will return for each candidate how much its agent's best chain loses by having to go through it.

    A plan that uses the candidate is worth at most the bound less this loss: what loses more than the gap is in no better plan.
    """
    table, size = _tables(chains, profit), len(profit)
    who = np.repeat(np.arange(len(chains.first)), chains.after - chains.first)
    onward = profit + table[chains.follower + who]
    until = _until(chains, profit)
    best = table[chains.first + np.arange(len(chains.first))]
    return np.asarray(best[who] - until[:size] - onward, np.float64)


def _until(chains: Chains, profit: Reals) -> Reals:
    """until[place] of what can be had by chains that end before a place and let it follow."""
    until = np.zeros(len(profit) + 1)
    pushed = np.zeros(len(profit) + 1)
    sizes = chains.after - chains.first
    order = np.argsort(-sizes, kind="stable")
    counts = np.searchsorted(-sizes[order], -np.arange(1, int(sizes.max(initial=0)) + 1), side="right")
    for ahead in range(int(sizes.max(initial=0))):
        who = order[: counts[ahead]]
        place = chains.first[who] + ahead
        if ahead:
            until[place] = np.maximum(until[place - 1], pushed[place])
        follower = chains.follower[place]
        inside = follower < chains.after[who]
        np.maximum.at(pushed, follower[inside], (until[place] + profit[place])[inside])
    return until
