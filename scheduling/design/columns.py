"""The allowed shifts of every day as columns of a matrix, with what no good design exceeds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scheduling.design.problem import DesignProblem, Kind, allowed_kinds

Whole = NDArray[np.int64]
Real = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Columns:
    """One column for each kind and day on which it can be worked.

    `kind` and `day` are indices; `covers` is slots x columns; `first` and `last` are the slots a column begins and ends in;
    `most` bounds the heads (see `_most_heads`), `least` is what its least needed slot needs. `under` and `over` are costs a
    slot, `distinct` the cost of a kind.
    """

    kinds: tuple[Kind, ...]
    days: int
    required: Whole
    under: Real
    over: Real
    distinct: float
    kind: Whole
    day: Whole
    first: Whole
    last: Whole
    most: Whole
    least: Whole
    covers: sparse.csc_matrix


def columns_of(problem: DesignProblem) -> Columns:
    """This function will lay out the columns of the full model; those nobody gains by are left out."""
    kinds = allowed_kinds(problem)
    required = np.asarray(problem.required, dtype=np.int64)
    under, over = np.asarray(problem.under_costs, float), np.asarray(problem.over_costs, float)
    found: list[tuple[int, int, int]] = []
    slots: list[Whole] = []
    for index, kind in enumerate(kinds):
        for day in range(len(problem.day_starts)):
            covered = problem.slots_of(day, kind)
            if covered is None:
                continue
            at = np.fromiter(covered, np.int64, len(covered))
            most = _most_heads(required[at], under[at], over[at])
            if most:
                found.append((index, day, most))
                slots.append(at)
    table = np.array(found, dtype=np.int64).reshape(len(found), 3)
    lengths = [len(one) for one in slots]
    rows = np.concatenate(slots) if slots else np.zeros(0, np.int64)
    at_column = np.repeat(np.arange(len(found)), lengths)
    covers = sparse.csc_matrix((np.ones(len(rows)), (rows, at_column)), shape=(len(required), len(found)))
    return Columns(
        kinds=tuple(kinds),
        days=len(problem.day_starts),
        required=required,
        under=under,
        over=over,
        distinct=float(problem.distinct_cost),
        kind=table[:, 0],
        day=table[:, 1],
        first=np.array([one[0] for one in slots], dtype=np.int64),
        last=np.array([one[-1] for one in slots], dtype=np.int64),
        most=table[:, 2],
        least=np.array([required[one].min() for one in slots], dtype=np.int64),
        covers=covers,
    )


def _most_heads(required: Whole, under: Real, over: Real) -> int:
    """The heads beyond which taking one away costs nothing, whatever else is planned.

    With m heads on a shift every slot that needs fewer than m is over already. Taking one away saves what those slots cost
    and costs at most what being under costs in the others. While that is no loss, some best design has fewer heads.
    """
    order = np.argsort(required)
    need = required[order]
    saved = np.concatenate(([0.0], np.cumsum(over[order])))
    lost = np.concatenate((np.cumsum(under[order][::-1])[::-1], [0.0]))
    # for m = need[i] (first of its value), slots before i need fewer, slots from i on need at least m
    starts = np.flatnonzero(np.concatenate(([True], need[1:] != need[:-1])))
    worth = starts[(lost[starts] > saved[starts]) & (need[starts] > 0)]
    return int(need[worth[-1]]) if len(worth) else 0
