"""How good a plan can be at best: prices for scarce seats, weeks and the share, found by a linear programme.

The bound is evaluated by ourselves for whatever prices are found (Lagrangian relaxation; Held & Karp 1971, Fisher 1981): it holds
however roughly the programme was solved. The programme is solved by a primal-dual hybrid gradient (PDLP; Applegate et al.
2021), whose steps cost two products with a sparse matrix.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from scheduling.allocation.auto_fill.candidates import Candidates
from scheduling.allocation.auto_fill.chains import Chains, Reals, best_chains, cliques_of
from scheduling.allocation.auto_fill.problem import Ints, Problem
from scheduling.allocation.auto_fill.schedules import Schedules


@dataclass(frozen=True)
class Prices:
    """Points for one seat of each shift, for one minute of each agent's week, and for one new agent's pick."""

    seat: Reals
    week: Reals
    new: float

    def profit(self, problem: Problem, held: Schedules, pool: Candidates) -> Reals:
        """This function will return what each pair is worth beyond what it uses up."""
        clock = problem.people.clock[pool.agent]
        week = held.parts.week[clock, pool.shift]
        used = self.week[pool.agent, week] * held.parts.week_first[clock, pool.shift]
        used = used + self.week[pool.agent, week + 1] * held.parts.week_next[clock, pool.shift]
        found = pool.gain - self.seat[pool.shift] - used + self.new * problem.people.is_new[pool.agent]
        return np.asarray(found, np.float64)


@dataclass(frozen=True)
class Programme:
    """The linear programme over candidates and, last, the new agents' picks that earn points: rows are at most `room`."""

    rows: csr_matrix
    room: Reals
    gain: Reals
    shifts: int
    weeks: tuple[Ints, Ints]

    def prices(self, problem: Problem, held: Schedules, dual: Reals) -> Prices:
        """This function will read the prices off the rows' duals, at zero or above."""
        dual = np.maximum(dual, 0.0)
        week = np.zeros(held.week_used.shape)
        agent, which = self.weeks
        week[agent, which] = dual[self.shifts : self.shifts + len(agent)]
        new = min(float(dual[-1]), float(problem.new_points)) if problem.new_points else 0.0
        return Prices(dual[: self.shifts].copy(), week, new)


def programme_of(problem: Problem, pool: Candidates, held: Schedules, chains: Chains) -> Programme:
    """This function will lay out all rows at once: seats, weeks that may bind, cliques, the share for new agents."""
    size, shifts = len(pool), len(problem.shifts.seats)
    week_row, week_col, minutes, weeks = _week_entries(problem, pool, held)
    clique_row, clique_col, cliques = cliques_of(chains, size)
    new = np.flatnonzero(problem.people.is_new[pool.agent]) if problem.new_points else np.zeros(0, np.int64)
    base = shifts + len(weeks[0])
    last = base + cliques
    row = np.concatenate([pool.shift, shifts + week_row, base + clique_row, np.full(len(new), last), [last]])
    col = np.concatenate([np.arange(size), week_col, clique_col, new, [size]])
    entry = np.concatenate([np.ones(size), minutes, np.ones(len(clique_col)), -np.ones(len(new)), [1.0]])
    rows = csr_matrix((entry, (row, col)), shape=(last + 1, size + 1))
    left = (problem.people.week_minutes[weeks[0]] - held.week_used[weeks]).clip(min=0)
    room = np.concatenate([problem.shifts.seats, left, np.ones(cliques), [0.0]])
    return Programme(rows, room, np.append(pool.gain, problem.new_points).astype(np.float64), shifts, weeks)


def _week_entries(problem: Problem, pool: Candidates, held: Schedules) -> tuple[Ints, Ints, Reals, tuple[Ints, Ints]]:
    """Entries of the rows for weeks whose candidates together pass the limit, in minutes."""
    clock, weeks = problem.people.clock[pool.agent], held.week_used.shape[1]
    week, place = held.parts.week[clock, pool.shift], np.arange(len(pool))
    minutes = np.concatenate([held.parts.week_first[clock, pool.shift], held.parts.week_next[clock, pool.shift]])
    key = np.concatenate([pool.agent * weeks + week, pool.agent * weeks + week + 1])
    col = np.concatenate([place, place])
    keep = minutes > 0
    key, col, minutes = key[keep], col[keep], minutes[keep]
    total = np.bincount(key, weights=minutes, minlength=len(held.week_used) * weeks).reshape(-1, weeks)
    binds = total > problem.people.week_minutes[:, None] - held.week_used
    keep = binds.ravel()[key]
    agent, which = np.nonzero(binds)
    row = (np.cumsum(binds.ravel()) - 1)[key[keep]]
    return row, col[keep], minutes[keep].astype(np.float64), (agent, which)


def bound_at(problem: Problem, held: Schedules, pool: Candidates, chains: Chains, prices: Prices) -> float:
    """This function will return an upper bound on the points of any plan made of these candidates."""
    left = (problem.people.week_minutes[:, None] - held.week_used).clip(min=0)
    fixed = float(prices.seat @ problem.shifts.seats) + float((prices.week * left).sum())
    fixed += max(0.0, problem.new_points - prices.new) * problem.new_target
    return fixed + best_chains(chains, prices.profit(problem, held, pool))


def solve_roughly(programme: Programme, problem: Problem, *, seconds: float, iterations: int, workers: int) -> Any:
    """This function will run the gradient method for so long; the result has `primal_solution` and `dual_solution`."""
    from ortools.pdlp import solvers_pb2
    from ortools.pdlp.python import pdlp

    size = len(programme.gain)
    asked = pdlp.QuadraticProgram()
    asked.resize_and_initialize(size, programme.rows.shape[0])
    asked.objective_vector = -programme.gain
    asked.constraint_matrix = programme.rows.tocsc()
    asked.constraint_lower_bounds = np.full(programme.rows.shape[0], -np.inf)
    asked.constraint_upper_bounds = programme.room
    asked.variable_lower_bounds = np.zeros(size)
    asked.variable_upper_bounds = np.append(np.ones(size - 1), problem.new_target)
    how = solvers_pb2.PrimalDualHybridGradientParams()
    how.num_threads = workers
    how.termination_criteria.time_sec_limit = seconds
    how.termination_criteria.iteration_limit = iterations
    how.termination_criteria.simple_optimality_criteria.eps_optimal_relative = 1e-6
    how.termination_criteria.simple_optimality_criteria.eps_optimal_absolute = 1e-6
    return pdlp.primal_dual_hybrid_gradient(asked, how)
