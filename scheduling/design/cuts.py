"""Rises and falls: inequalities that make the relaxation nearly tight.

Between slot t1 and a later slot t2 the number of agents can only grow by shifts that start in (t1, t2]. If the requirement
grows by D and none of these shifts is bought, somebody is missing at t2 or idle at t1, together at least D:

    under[t2] + over[t1] + sum over shifts starting in (t1, t2] of min(most heads, D) * bought >= D

and the mirror image with shifts that end in [t1, t2) where the requirement falls. Both follow from
covered[t2] - covered[t1] <= heads started in between, heads <= most * bought, and the requirement's difference; the
coefficient may be lowered to D because one bought shift of that size already satisfies the inequality (coefficient
tightening; Nemhauser & Wolsey 1988, II.1.1). They are the flow-cover idea on a network whose arcs are shifts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from scheduling.design.columns import Columns, Real, Whole


@dataclass(frozen=True, slots=True)
class Cuts:
    """Rows `under @ u + over @ o + bought @ y >= least`."""

    under: sparse.csr_matrix
    over: sparse.csr_matrix
    bought: sparse.csr_matrix
    least: Real

    def plus(self, more: "Cuts") -> "Cuts":
        """This function will return both, one under the other."""
        return Cuts(
            sparse.vstack([self.under, more.under]).tocsr(),
            sparse.vstack([self.over, more.over]).tocsr(),
            sparse.vstack([self.bought, more.bought]).tocsr(),
            np.concatenate([self.least, more.least]),
        )

    def violated(self, under: Real, over: Real, bought: Real, *, at_most: int) -> "Cuts":
        """This function will pick the rows that a fractional answer breaks most."""
        short = self.least - (self.under @ under + self.over @ over + self.bought @ bought)
        worst = np.argsort(-short)[:at_most]
        chosen = np.sort(worst[short[worst] > 1e-4])
        return Cuts(self.under[chosen], self.over[chosen], self.bought[chosen], self.least[chosen])


@dataclass(frozen=True, slots=True)
class _Row:
    under: int
    over: int
    least: int
    columns: Whole


def cuts_of(columns: Columns, *, is_cyclic: bool, windows: Sequence[int]) -> Cuts:
    """This function will write the rises and falls over each of these numbers of slots."""
    rows = [row for window in windows for row in _rows(columns, window, is_cyclic=is_cyclic)]
    slots, kinds = len(columns.required), len(columns.kinds)
    under = [(at, row.under) for at, row in enumerate(rows) if row.under >= 0]
    over = [(at, row.over) for at, row in enumerate(rows) if row.over >= 0]
    lengths = [len(row.columns) for row in rows]
    inside = np.concatenate([row.columns for row in rows]) if rows else np.zeros(0, np.int64)
    least = np.array([row.least for row in rows], dtype=float)
    worth = np.minimum(columns.most[inside], np.repeat(least, lengths))
    where = (np.repeat(np.arange(len(rows)), lengths), columns.kind[inside])
    return Cuts(
        _ones(under, (len(rows), slots)),
        _ones(over, (len(rows), slots)),
        sparse.csr_matrix((worth, where), shape=(len(rows), kinds)),
        least,
    )


def _ones(places: list[tuple[int, int]], shape: tuple[int, int]) -> sparse.csr_matrix:
    at = np.array(places, dtype=np.int64).reshape(len(places), 2)
    return sparse.csr_matrix((np.ones(len(places)), (at[:, 0], at[:, 1])), shape=shape)


def _rows(columns: Columns, window: int, *, is_cyclic: bool) -> Iterator[_Row]:
    """Rows of one window; slot -1 stands for the nothing before the first and after the last slot."""
    slots = len(columns.required)
    if is_cyclic and window >= slots:
        return
    starting, ending = _at(columns.first, slots), _at(columns.last, slots)
    earliest = 0 if is_cyclic else -window
    for one in range(earliest, slots):
        other = one + window
        before, after = _slot(one, slots, is_cyclic=is_cyclic), _slot(other, slots, is_cyclic=is_cyclic)
        if before == after == -1:
            continue
        step = _need(columns, after) - _need(columns, before)
        if step > 0:
            yield _Row(after, before, step, _inside(starting, one + 1, other + 1, slots, is_cyclic=is_cyclic))
        elif step < 0:
            yield _Row(before, after, -step, _inside(ending, one, other, slots, is_cyclic=is_cyclic))


def _need(columns: Columns, slot: int) -> int:
    return 0 if slot < 0 else int(columns.required[slot])


def _slot(slot: int, slots: int, *, is_cyclic: bool) -> int:
    if is_cyclic:
        return slot % slots
    return slot if 0 <= slot < slots else -1


def _at(places: Whole, slots: int) -> list[Whole]:
    order = np.argsort(places, kind="stable")
    edges = np.searchsorted(places[order], np.arange(slots + 1))
    return [order[edges[slot] : edges[slot + 1]] for slot in range(slots)]


def _inside(by_slot: list[Whole], first: int, after: int, slots: int, *, is_cyclic: bool) -> Whole:
    chosen = [slot % slots for slot in range(first, after) if is_cyclic or 0 <= slot < slots]
    return np.concatenate([by_slot[slot] for slot in chosen]) if chosen else np.zeros(0, np.int64)
