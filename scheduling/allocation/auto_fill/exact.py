"""Solving a part exactly: the same rows as the bound's programme in whole numbers, and what rows miss forbidden when it shows up.

Rest over three shifts and days of three shifts are in no row. A solution that breaks one is found by dealing it out; the set of
shifts that cannot be had together becomes a row, and the part is solved again.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, vstack

from scheduling.allocation.auto_fill.bounds import programme_of
from scheduling.allocation.auto_fill.candidates import Candidates
from scheduling.allocation.auto_fill.chains import chains_of
from scheduling.allocation.auto_fill.problem import Bools, Ints, Problem
from scheduling.allocation.auto_fill.schedules import FREE, Schedules
from scheduling.programmes import Programme, solve

_CUTS = 12


@dataclass(frozen=True)
class Solved:
    """Marks of the pairs to take, and the most points that any choice of these pairs can have."""

    chosen: Bools
    bound: float
    is_proven: bool


def solve_exactly(
    problem: Problem,
    pool: Candidates,
    held: Schedules,
    left: Ints,
    *,
    new_left: int,
    seconds: float,
    known: Bools | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Solved | None:
    """This function will choose pairs for the most points on top of `held`, or return None when time ran out without any.

    `left` are the seats that may be taken, `new_left` the new agents' picks that still earn points. `known` marks a lawful
    choice to begin from.
    """
    programme = programme_of(problem, pool, held, chains_of(problem, pool, held))
    room = programme.room.copy()
    room[: len(left)] = left
    rows: Any = programme.rows
    size, until = len(pool), time.monotonic() + seconds
    start = None if known is None else np.append(known, _new_picks(problem, pool, known, new_left)).astype(np.float64)
    for cut in range(_CUTS):
        asked = Programme(
            rows=rows.tocsc(),
            costs=-programme.gain,
            least=np.full(len(room), -np.inf),
            most=room,
            low=np.zeros(size + 1),
            high=np.append(np.ones(size), new_left),
            is_whole=np.arange(size + 1) < size,
        )
        found = solve(asked, seconds=until - time.monotonic(), start=start, should_stop=should_stop)
        if found.values is None:
            return None
        chosen = np.asarray(found.values[:size] > 0.5, np.bool_)
        lawful, broken = _lawful(held, pool, chosen)
        if not broken or cut == _CUTS - 1 or time.monotonic() >= until:
            ways = [lawful] if known is None else [lawful, known]
            best = max(ways, key=lambda chosen: _points(problem, pool, chosen, new_left))
            return Solved(best, -found.bound, found.is_finished and not broken)
        rows = vstack([rows, _rows_of(broken, size)], format="csr")
        room = np.append(room, [len(one) - 1.0 for one in broken])
    return None


def _points(problem: Problem, pool: Candidates, chosen: Bools, new_left: int) -> float:
    """What a choice is worth."""
    return float(pool.gain[chosen].sum() + problem.new_points * _new_picks(problem, pool, chosen, new_left))


def _new_picks(problem: Problem, pool: Candidates, known: Bools, new_left: int) -> int:
    """How many of the known picks earn a new agent's points."""
    return min(new_left, int(problem.people.is_new[pool.agent[known]].sum())) if problem.new_points else 0


def _rows_of(broken: list[Ints], size: int) -> csr_matrix:
    entries = np.concatenate(broken)
    row = np.repeat(np.arange(len(broken)), [len(one) for one in broken])
    return csr_matrix((np.ones(len(entries)), (row, entries)), shape=(len(broken), size + 1))


def _lawful(held: Schedules, pool: Candidates, chosen: Bools) -> tuple[Bools, list[Ints]]:
    """The choice without what cannot be had, and for each agent with such a choice the set that cannot be had together."""
    copy, lawful = held.copy(), chosen.copy()
    place = np.flatnonzero(chosen)
    agent = pool.agent[place]
    turn = np.arange(len(agent)) - np.searchsorted(agent, agent)
    for now in range(int(turn.max(initial=-1)) + 1):
        here = place[turn == now]
        fits = copy.verdict(pool.agent[here], pool.shift[here]) == FREE
        copy.add(pool.agent[here[fits]], pool.shift[here[fits]])
        lawful[here[~fits]] = False
    bad = np.unique(pool.agent[chosen & ~lawful])
    return lawful, [place[agent == one] for one in bad]
