"""Making a plan better in large neighbourhoods: everybody puts one of their picks back at once and all are dealt anew, exactly.

The old picks are among the choices, so no step makes the plan worse, and a step finds the best of exponentially many chains
of exchanges (very large-scale neighbourhoods; Ahuja, Ergun, Orlin & Punnen 2002).
"""

from dataclasses import dataclass

import numpy as np

from scheduling.allocation.auto_fill.candidates import Candidates
from scheduling.allocation.auto_fill.flow import best_additions
from scheduling.allocation.auto_fill.problem import Ints, Problem
from scheduling.allocation.auto_fill.schedules import FREE, Schedules


@dataclass
class Draft:
    """A lawful plan while it is improved: everybody's time, and the seats left of each shift."""

    problem: Problem
    time: Schedules
    left: Ints

    @classmethod
    def empty(cls, problem: Problem) -> "Draft":
        """This function will start with what people hold already."""
        return cls(problem, Schedules(problem), problem.shifts.seats.copy())

    def copy(self) -> "Draft":
        """This function will return the same plan, to be changed apart."""
        return Draft(self.problem, self.time.copy(), self.left.copy())

    def new_picks(self) -> int:
        """This function will count the picks of new agents."""
        rows = self.time.shift >= 0
        return int(rows[self.problem.people.is_new].sum())

    def put_back(self, agent: Ints, place: Ints) -> Ints:
        """This function will free one seat of each agent named and return the shifts."""
        shift = self.time.drop(agent, place)
        np.add.at(self.left, shift, 1)
        return shift

    def take(self, agent: Ints, shift: Ints) -> None:
        """This function will give each agent named one seat."""
        self.time.add(agent, shift)
        np.subtract.at(self.left, shift, 1)


def deal_again(draft: Draft, pool: Candidates, agent: Ints, place: Ints) -> int:
    """This function will put the picks at those places back and deal to all agents again; it returns how many picks are new."""
    before = draft.put_back(agent, place)
    problem = draft.problem
    keep = draft.left[pool.shift] > 0
    one, shift, gain = pool.agent[keep], pool.shift[keep], pool.gain[keep]
    fits = draft.time.verdict(one, shift) == FREE
    one, shift, gain = one[fits], shift[fits], gain[fits]
    if not len(one):
        draft.take(agent, before)
        return 0
    left = problem.new_target - draft.new_picks()
    chosen = best_additions(
        one, shift, gain, draft.left, is_new=problem.people.is_new, new_points=problem.new_points, new_left=max(0, left)
    )
    draft.take(one[chosen], shift[chosen])
    was = np.full(len(problem.people.clock), -1, np.int64)
    was[agent] = before
    return int((was[one[chosen]] != shift[chosen]).sum())


def one_each(draft: Draft, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """This function will draw one pick of every agent who has some."""
    mine = draft.time.shift >= 0
    luck = np.where(mine, rng.random(mine.shape), -1.0)
    place = luck.argmax(axis=1)
    agent = np.flatnonzero(mine.any(axis=1))
    return agent, place[agent]
