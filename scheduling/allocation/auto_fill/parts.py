"""Improving a plan part by part: some hundred agents put everything back and are dealt anew, exactly, over promising pairs."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scheduling.allocation.auto_fill.candidates import Candidates
from scheduling.allocation.auto_fill.chains import Reals
from scheduling.allocation.auto_fill.exact import Solved, solve_exactly
from scheduling.allocation.auto_fill.exchange import Draft
from scheduling.allocation.auto_fill.problem import Bools, Ints, Problem
from scheduling.allocation.auto_fill.schedules import Schedules


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


def worst_agents(field: Field, draft: Draft, rng: np.random.Generator, size: int, *, without: Bools) -> Bools:
    """This function will mark agents who have less than their prices promise and could sit in the same shifts.

    One is drawn by what they miss, the others by what they miss and how many shifts they share with the first. Nobody is
    marked of those `without`.
    """
    picks = draft.time.picks()
    have = np.bincount(picks[:, 0], weights=field.profit[field.places(picks)], minlength=len(field.best))
    missed = np.where(without, 0.0, (field.best - have).clip(min=0) + 1e-3)
    first = int(np.argmax(missed * rng.random(len(missed))))
    own = np.zeros(field.shifts, np.bool_)
    own[field.pool.shift[field.pool.agent == first]] = True
    shared = np.bincount(field.pool.agent[own[field.pool.shift]], minlength=len(missed))
    score = missed * shared * rng.random(len(missed)) ** 0.7
    marked = np.zeros(len(missed), np.bool_)
    marked[np.argsort(-score, kind="stable")[:size]] = True
    return marked & ~without


@dataclass(frozen=True)
class Part:
    """Some agents with everything put back: what they may be dealt, which of it they have now, and the points of that."""

    agents: Bools
    pool: Candidates
    now: Bools
    time: Schedules
    left: Ints
    new_left: int
    points: int


def parts_apart(field: Field, draft: Draft, groups: list[Bools], *, allowed: float) -> list[Part]:
    """This function will take groups that share no agent apart, so that each can be solved on its own and all gains add up.

    Every group may use the seats its own agents put back, the first one also those that are empty. What of the new agents'
    target is not used by anybody outside is split the same way.
    """
    problem, picks = draft.problem, draft.time.picks()
    is_new = problem.people.is_new[picks[:, 0]]
    of_group = [group[picks[:, 0]] for group in groups]
    new = [int((is_new & mine).sum()) for mine in of_group]
    room = max(0, problem.new_target - int(is_new.sum()) + sum(new))
    shares = [0] * len(groups)
    for place in reversed(range(len(groups))):
        shares[place] = min(new[place], room) if place else room
        room -= shares[place]
    found = []
    for place, group in enumerate(groups):
        old = picks[of_group[place]]
        left = np.bincount(old[:, 1], minlength=field.shifts) + (0 if place else draft.left)
        points = int(field.pool.gain[field.places(old)].sum()) + min(new[place], shares[place]) * problem.new_points
        time_of = draft.time.copy()
        _put_all_back(time_of, group)
        pool, now = _promising(field, group, old, left, allowed)
        found.append(Part(group, pool, now, time_of, left, shares[place], points))
    return found


def _promising(field: Field, agents: Bools, old: Ints, left: Ints, allowed: float) -> tuple[Candidates, Bools]:
    """Pairs that lose at most `allowed` and those that are picked now, which are marked."""
    now = np.zeros(len(field.pool), np.bool_)
    now[field.places(old)] = True
    keep = agents[field.pool.agent] & (field.loss <= allowed) & (left[field.pool.shift] > 0)
    return field.pool.where(keep | now), now[keep | now]


def solve_part(
    problem: Problem, part: Part, *, seconds: float, should_stop: Callable[[], bool] | None = None
) -> Solved | None:
    """This function will deal one part's seats for the most points; it changes nothing, so parts may be solved side by side."""
    return solve_exactly(
        problem,
        part.pool,
        part.time,
        part.left,
        new_left=part.new_left,
        seconds=seconds,
        known=part.now,
        should_stop=should_stop,
    )


def keep_gain(draft: Draft, part: Part, found: Solved | None) -> bool:
    """This function will deal a solved part in the draft if it has more points than before, and tell."""
    if found is None:
        return False
    problem = draft.problem
    new = int(problem.people.is_new[part.pool.agent[found.chosen]].sum())
    points = int(part.pool.gain[found.chosen].sum()) + min(new, part.new_left) * problem.new_points
    if points <= part.points:
        return False
    mine = draft.time.shift[part.agents]
    np.add.at(draft.left, mine[mine >= 0], 1)
    _put_all_back(draft.time, part.agents)
    accept(draft, part.pool, found)
    return True


def accept(draft: Draft, pool: Candidates, found: Solved) -> None:
    """This function will deal what was chosen."""
    agent, shift = pool.agent[found.chosen], pool.shift[found.chosen]
    draft.time.add_all(agent, shift)
    np.subtract.at(draft.left, shift, 1)


def _put_all_back(time_of: Schedules, agents: Bools) -> None:
    while True:
        mine = (time_of.shift >= 0) & agents[:, None]
        who = np.flatnonzero(mine.any(axis=1))
        if not len(who):
            return
        time_of.drop(who, mine[who].argmax(axis=1))
