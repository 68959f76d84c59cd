"""A whole plan at once: everybody asks for their best seat, each shift takes the best who ask, until nothing fits."""

import numpy as np

from scheduling.allocation.auto_fill.candidates import Candidates
from scheduling.allocation.auto_fill.problem import Ints, Problem
from scheduling.allocation.auto_fill.schedules import FREE, Schedules


def fill_greedily(problem: Problem, pool: Candidates, held: Schedules, left: Ints, *, worth: Ints) -> None:
    """This function will add picks to `held` and count `left` down, the pairs of highest `worth` first."""
    order = np.argsort(-worth, kind="stable")
    agent, shift = pool.agent[order], pool.shift[order]
    while len(agent):
        open_ = left[shift] > 0
        agent, shift = agent[open_], shift[open_]
        fits = held.verdict(agent, shift) == FREE
        agent, shift = agent[fits], shift[fits]
        if not len(agent):
            return
        _unique, first = np.unique(agent, return_index=True)
        first.sort()
        asks = shift[first]
        turn = _turn(asks)
        chosen = first[turn < left[asks]]
        held.add(agent[chosen], shift[chosen])
        np.subtract.at(left, shift[chosen], 1)


def _turn(group: Ints) -> Ints:
    """How many of the same group came before."""
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    turn = np.empty(len(group), np.int64)
    turn[order] = np.arange(len(group)) - np.searchsorted(ordered, ordered)
    return turn
