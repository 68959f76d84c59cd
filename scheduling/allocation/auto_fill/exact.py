"""Solving a part exactly: the same rows as the bound's programme in whole numbers, and what rows miss forbidden when it shows up.

Rest over three shifts and days of three shifts are in no row. A solution that breaks one is found by dealing it out; the set of
shifts that cannot be had together becomes a row, and the part is solved again.
"""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix, vstack

from scheduling.allocation.auto_fill.bounds import programme_of
from scheduling.allocation.auto_fill.candidates import Candidates
from scheduling.allocation.auto_fill.chains import chains_of
from scheduling.allocation.auto_fill.problem import Bools, Ints, Problem
from scheduling.allocation.auto_fill.schedules import FREE, Schedules

_CUTS = 12


@dataclass(frozen=True)
class Solved:
    """Marks of the pairs to take, and the most points that any choice of these pairs can have."""

    chosen: Bools
    bound: float
    is_proven: bool


def solve_exactly(
    problem: Problem, pool: Candidates, held: Schedules, left: Ints, *, new_left: int, seconds: float
) -> Solved | None:
    """This function will choose pairs for the most points on top of `held`, or return None when time ran out without any.

    `left` are the seats that may be taken, `new_left` the new agents' picks that still earn points.
    """
    chains = chains_of(problem, pool, held)
    programme = programme_of(problem, pool, held, chains)
    room = programme.room.copy()
    room[: len(left)] = left
    rows: Any = programme.rows
    size = len(pool)
    upper = np.append(np.ones(size), new_left)
    until = time.monotonic() + seconds
    for cut in range(_CUTS):
        found = milp(
            -programme.gain,
            integrality=np.append(np.ones(size), 0),
            bounds=Bounds(0, upper),
            constraints=LinearConstraint(rows, -np.inf, room),
            options={"time_limit": max(0.05, until - time.monotonic()), "presolve": True, "mip_rel_gap": 0.0},
        )
        if found.x is None:
            return None
        chosen = np.asarray(found.x[:size] > 0.5, np.bool_)
        lawful, broken = _lawful(held, pool, chosen)
        bound = -float(found.mip_dual_bound)
        if not broken or cut == _CUTS - 1 or time.monotonic() >= until:
            return Solved(lawful, bound, found.status == 0 and not broken)
        rows = vstack([rows, _rows_of(broken, size)], format="csr")
        room = np.append(room, [len(one) - 1.0 for one in broken])
    return None


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
