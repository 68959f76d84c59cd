"""A sharper bound: each agent's best chain within the minutes left of the week, exactly, not by a price for minutes.

Seat prices that were best for the programme are moved a little against their own over-use (subgradient with Polyak's step).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from scheduling.allocation.auto_fill.bounds import Prices
from scheduling.allocation.auto_fill.candidates import Candidates
from scheduling.allocation.auto_fill.chains import Chains, Reals
from scheduling.allocation.auto_fill.problem import Ints, Problem
from scheduling.allocation.auto_fill.schedules import Schedules

MOST_UNITS: Final = 48
_MOST_CELLS: Final = 30_000_000


@dataclass(frozen=True)
class Week:
    """The week that most candidates lie in: units each candidate uses of it and each agent has left, both rounded down."""

    which: int
    use: Ints
    room: Ints


def main_week(problem: Problem, pool: Candidates, held: Schedules, chains: Chains) -> Week | None:
    """This function will measure the main week in units that fit, or return None where the tables would be too large."""
    clock = problem.people.clock[pool.agent]
    first = held.parts.week[clock, pool.shift]
    if not len(pool):
        return None
    which = int(np.bincount(first).argmax())
    minutes = np.where(first == which, held.parts.week_first[clock, pool.shift], 0)
    minutes = minutes + np.where(first + 1 == which, held.parts.week_next[clock, pool.shift], 0)
    left = (problem.people.week_minutes - held.week_used[:, which]).clip(min=0)[chains.agent]
    unit = max(int(np.gcd.reduce(minutes)), -(-int(left.max()) // MOST_UNITS), 1)
    room = left // unit
    cells = (len(pool) + len(room)) * (int(room.max(initial=0)) + 1)
    return Week(which, minutes // unit, room) if cells <= _MOST_CELLS else None


def sharper_bound(
    problem: Problem,
    held: Schedules,
    pool: Candidates,
    *,
    chains: Chains,
    prices: Prices,
    week: Week,
    goal: float,
    steps: int,
    is_over: Callable[[], bool],
) -> tuple[float, Prices]:
    """This function will return the lowest bound found in so many steps, or until it is over, and the prices it holds for.

    `goal` is the points of a known plan; steps aim for it.
    """
    loose = prices.week.copy()
    loose[:, week.which] = 0.0
    now = replace(prices, week=loose)
    best, found, found_use = np.inf, now, problem.shifts.seats
    factor = 0.5
    for _step in range(steps):
        bound, used = _bound_and_use(problem, held, pool, chains=chains, prices=now, week=week)
        if bound < best:
            best, found, found_use = bound, now, used
        else:
            factor *= 0.7
        now, used = found, found_use
        slope = problem.shifts.seats - used
        norm = float(slope @ slope)
        if norm == 0 or best <= goal or is_over():
            break
        now = replace(now, seat=np.maximum(0.0, now.seat - factor * (best - goal) / norm * slope))
    return float(best), found


def _bound_and_use(
    problem: Problem, held: Schedules, pool: Candidates, *, chains: Chains, prices: Prices, week: Week
) -> tuple[float, Ints]:
    left = (problem.people.week_minutes[:, None] - held.week_used).clip(min=0)
    fixed = float(prices.seat @ problem.shifts.seats) + float((prices.week * left).sum())
    fixed += max(0.0, problem.new_points - prices.new) * problem.new_target
    table = _table(chains, prices.profit(problem, held, pool), week)
    who = np.arange(len(chains.first))
    total = fixed + float(table[chains.first + who, week.room].sum(dtype=np.float64))
    chosen = _trace(chains, table, week)
    return total, np.bincount(pool.shift[chosen], minlength=len(problem.shifts.seats))


def _table(chains: Chains, profit: Reals, week: Week) -> Reals:
    """table[place, units] of what can be had from a place on with so many units left."""
    people = len(chains.first)
    sizes = chains.after - chains.first
    units = np.arange(int(week.room.max(initial=0)) + 1)
    table = np.zeros((len(profit) + people, len(units)))
    order = np.argsort(-sizes, kind="stable")
    counts = np.searchsorted(-sizes[order], -np.arange(1, int(sizes.max(initial=0)) + 1), side="right")
    for back in range(int(sizes.max(initial=0))):
        who = order[: counts[back]]
        place = chains.after[who] - 1 - back
        left = units[None, :] - week.use[place][:, None]
        taken = table[(chains.follower[place] + who)[:, None], np.maximum(left, 0)] + profit[place][:, None]
        table[place + who] = np.maximum(table[place + who + 1], np.where(left >= 0, taken, -np.inf))
    return table


def _trace(chains: Chains, table: Reals, week: Week) -> Ints:
    """The candidates of the best chains."""
    who = np.arange(len(chains.first))
    place, room = chains.first.copy(), week.room.copy()
    found = [np.zeros(0, np.int64)]
    while len(who):
        takes = table[place + who, room] > table[place + who + 1, room]
        found.append(place[takes])
        room = np.where(takes, room - week.use[place], room)
        place = np.where(takes, chains.follower[place], place + 1)
        still = place < chains.after[who]
        who, place, room = who[still], place[still], room[still]
    return np.concatenate(found)
