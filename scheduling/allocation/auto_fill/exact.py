"""Solving a part exactly: the same rows as the bound's programme in whole numbers, and what rows miss forbidden when it shows up.

Rest over three shifts and days of three shifts are in no row. A solution that breaks one is found by dealing it out; the set of
shifts that cannot be had together becomes a row, and the part is solved again.
"""

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
    """Marks of the pairs to take, the points, and the highest any choice of these pairs can have."""

    chosen: Bools
    points: float
    bound: float
    is_proven: bool


def solve_exactly(
    problem: Problem, pool: Candidates, held: Schedules, left: Ints, *, new_left: int, seconds: float, gap: float = 0.0
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
    for _cut in range(_CUTS):
        found = milp(
            -programme.gain,
            integrality=np.append(np.ones(size), 0),
            bounds=Bounds(0, upper),
            constraints=LinearConstraint(rows, -np.inf, room),
            options={"time_limit": seconds, "mip_rel_gap": gap, "presolve": True},
        )
        if found.x is None:
            return None
        chosen = np.asarray(found.x[:size] > 0.5, np.bool_)
        broken = _broken(held, pool, chosen)
        if not len(broken):
            bound = -float(found.mip_dual_bound)
            return Solved(chosen, -float(found.fun), bound, found.status == 0)
        extra = csr_matrix(
            (
                np.ones(sum(len(one) for one in broken)),
                (np.repeat(np.arange(len(broken)), [len(one) for one in broken]), np.concatenate(broken)),
            ),
            shape=(len(broken), size + 1),
        )
        rows = vstack([rows, extra], format="csr")
        room = np.append(room, [len(one) - 1.0 for one in broken])
    return None


def _broken(held: Schedules, pool: Candidates, chosen: Bools) -> list[Ints]:
    """For each agent whose choice is not lawful the candidates chosen, as a set that cannot be had together."""
    copy = held.copy()
    place = np.flatnonzero(chosen)
    agent = pool.agent[place]
    turn = np.arange(len(agent)) - np.searchsorted(agent, agent)
    bad: set[int] = set()
    for now in range(int(turn.max(initial=-1)) + 1):
        here = place[turn == now]
        fits = copy.verdict(pool.agent[here], pool.shift[here]) == FREE
        copy.add(pool.agent[here[fits]], pool.shift[here[fits]])
        bad.update(pool.agent[here[~fits]].tolist())
    return [place[agent == one] for one in sorted(bad)]
