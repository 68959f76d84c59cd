"""Improving a plan part by part: some hundred agents put everything back and are dealt anew, exactly, over promising pairs."""

from dataclasses import dataclass

import numpy as np

from scheduling.allocation.auto_fill.candidates import Candidates
from scheduling.allocation.auto_fill.chains import Reals
from scheduling.allocation.auto_fill.exact import Solved, solve_exactly
from scheduling.allocation.auto_fill.exchange import Draft
from scheduling.allocation.auto_fill.problem import Bools, Ints


@dataclass(frozen=True)
class Field:
    """All candidates with what their agent loses by each, and a way from (agent, shift) to the candidate's place."""

    pool: Candidates
    loss: Reals
    profit: Reals
    best: Reals
    keys: Ints
    order: Ints
    shifts: int

    @classmethod
    def of(cls, pool: Candidates, loss: Reals, profit: Reals, best: Reals, shifts: int) -> "Field":
        """This function will index the candidates; `best` is each agent's best chain."""
        keys = pool.agent * shifts + pool.shift
        order = np.argsort(keys, kind="stable")
        return cls(pool, loss, profit, best, keys[order], order, shifts)

    def places(self, picks: Ints) -> Ints:
        """This function will return where the picks stand among the candidates."""
        found = np.searchsorted(self.keys, picks[:, 0] * self.shifts + picks[:, 1])
        return self.order[found]


def worst_agents(field: Field, draft: Draft, rng: np.random.Generator, size: int) -> Bools:
    """This function will mark agents who have less than their prices promise and could sit in the same shifts.

    One is drawn by what they miss, the others by what they miss and how many shifts they share with the first.
    """
    picks = draft.time.picks()
    have = np.bincount(picks[:, 0], weights=field.profit[field.places(picks)], minlength=len(field.best))
    missed = (field.best - have).clip(min=0) + 1e-3
    first = int(np.argmax(missed * rng.random(len(missed))))
    own = np.zeros(field.shifts, np.bool_)
    own[field.pool.shift[field.pool.agent == first]] = True
    shared = np.bincount(field.pool.agent[own[field.pool.shift]], minlength=len(missed))
    score = missed * shared * rng.random(len(missed)) ** 0.7
    marked = np.zeros(len(missed), np.bool_)
    marked[np.argsort(-score, kind="stable")[:size]] = True
    return marked


def solve_part(
    field: Field, draft: Draft, agents: Bools, *, allowed: float, seconds: float
) -> tuple[Draft, bool, bool]:
    """This function will deal the agents' seats anew among pairs that lose at most `allowed`.

    It returns the better plan, whether it is better, and whether the part was solved in time.
    """
    trial = Draft(draft.problem, draft.time.copy(), draft.left.copy())
    old = draft.time.picks()
    old = old[agents[old[:, 0]]]
    _put_all_back(trial, agents)
    keep = agents[field.pool.agent] & (field.loss <= allowed)
    mine = field.places(old)
    keep[mine] = True
    keep &= trial.left[field.pool.shift] > 0
    pool = field.pool.where(keep)
    problem = draft.problem
    new_left = max(0, problem.new_target - trial.new_picks())
    found = solve_exactly(problem, pool, trial.time, trial.left, new_left=new_left, seconds=seconds)
    if found is None:
        return draft, False, False
    old_new = min(new_left, int(problem.people.is_new[old[:, 0]].sum()))
    before = int(field.pool.gain[mine].sum()) + old_new * problem.new_points
    if points_of(draft, pool, found, new_left) <= before:
        return draft, False, found.is_proven
    accept(trial, pool, found)
    return trial, True, found.is_proven


def points_of(draft: Draft, pool: Candidates, found: Solved, new_left: int) -> int:
    """This function will count the points of what was chosen, in whole numbers."""
    problem = draft.problem
    new = int(problem.people.is_new[pool.agent[found.chosen]].sum())
    return int(pool.gain[found.chosen].sum()) + min(new, new_left) * problem.new_points


def accept(draft: Draft, pool: Candidates, found: Solved) -> None:
    """This function will deal what was chosen."""
    agent, shift = pool.agent[found.chosen], pool.shift[found.chosen]
    draft.time.add_all(agent, shift)
    np.subtract.at(draft.left, shift, 1)


def _put_all_back(draft: Draft, agents: Bools) -> None:
    while True:
        mine = (draft.time.shift >= 0) & agents[:, None]
        who = np.flatnonzero(mine.any(axis=1))
        if not len(who):
            return
        draft.put_back(who, mine[who].argmax(axis=1))
