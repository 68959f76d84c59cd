"""Which pairs are worth looking at: those that fit what people hold already, and of them the best for each seat."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from scheduling.allocation.auto_fill.problem import Bools, Ints, Problem
from scheduling.allocation.auto_fill.schedules import FREE, Schedules

PER_SEAT: Final = 36
_SPREAD: Final = 1_048_573


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs in order of agent and start; `gain` is what a pick is worth without the share for new agents."""

    agent: Ints
    shift: Ints
    gain: Ints

    def where(self, mask: Bools) -> "Candidates":
        """This function will keep the pairs marked."""
        return Candidates(self.agent[mask], self.shift[mask], self.gain[mask])

    def __len__(self) -> int:
        return len(self.agent)


def every_candidate(problem: Problem, held: Schedules) -> tuple[Candidates, Ints]:
    """This function will return all pairs that what people hold allows, and the verdict on each pair of the problem."""
    pairs = problem.pairs
    verdict = held.verdict(pairs.agent, pairs.shift)
    gain = problem.shifts.points[pairs.shift] + pairs.score
    keep = (verdict == FREE) & (problem.shifts.seats[pairs.shift] > 0) & (gain > 0)
    agent, shift, gain = pairs.agent[keep], pairs.shift[keep], gain[keep]
    latest = int(problem.shifts.starts.max(initial=0)) + 1
    earliest = int(problem.shifts.starts.min(initial=0))
    order = np.argsort(agent * (latest - earliest) + problem.shifts.starts[shift] - earliest, kind="stable")
    return Candidates(agent[order], shift[order], gain[order]), verdict


def best_candidates(problem: Problem, every: Candidates, *, seed: int, per_seat: int = PER_SEAT) -> Candidates:
    """This function will keep the best pairs of each shift, so many for each free seat.

    Half of them are the best outright. The others are drawn evenly: the best alone are the same few people everywhere.
    """
    wanted = problem.shifts.seats[every.shift] * (per_seat // 2)
    bonus = problem.people.is_new[every.agent] * problem.new_points
    best = _rank(every.shift, every.gain + bonus) < wanted
    mixed = ((every.agent * 7_919 + every.shift * 104_729 + seed * 15_485_863) * 2_654_435_761) % _SPREAD
    return every.where(best | (_rank(every.shift, mixed) < wanted))


def parts_of(pool: Candidates, agents: int) -> list[Candidates]:
    """This function will split candidates into parts that share no agent and no shift, the largest first."""
    if not len(pool):
        return []
    size = agents + int(pool.shift.max()) + 1
    links = csr_matrix((np.ones(len(pool), np.bool_), (pool.agent, agents + pool.shift)), shape=(size, size))
    _count, label = connected_components(links, directed=False)
    mine = label[pool.agent]
    names, sizes = np.unique(mine, return_counts=True)
    return [pool.where(mine == one) for one in names[np.argsort(-sizes, kind="stable")]]


def _rank(group: Ints, value: Ints) -> Ints:
    """The place of each entry in its group, the highest value first."""
    order = np.lexsort((-value, group))
    ordered = group[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(ordered) else np.zeros(0, np.int64)
    sizes = np.diff(np.r_[starts, len(ordered)])
    rank = np.empty(len(group), np.int64)
    rank[order] = np.arange(len(group)) - np.repeat(starts, sizes)
    return rank
