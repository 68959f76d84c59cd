"""The mixed-integer model of a design, over all kinds or a pool of them, solved with HiGHS through SciPy.

Variables: heads a column, agents under and over a slot, and whether a kind is bought.

    minimise  under cost + over cost + distinct cost * bought
    subject to  covers @ heads + under - over = required,  heads <= most * bought,  and the cuts
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from scheduling.design.columns import Columns, Real, Whole, columns_of
from scheduling.design.cuts import Cuts, cuts_of
from scheduling.design.problem import Design, DesignedShift, DesignProblem, Kind, Number, judged
from scheduling.programmes import Answer, Programme, is_whole, solve

_SAFETY = 1e-6
_CUTS_A_ROUND = 400
_REPAIR = 0.5  # seconds for whole heads of kinds that are bought already


@dataclass(frozen=True, slots=True)
class Relaxed:
    """An answer of the linear relaxation: what each slot lacks and has too many, how much of each kind is bought."""

    cost: float
    under: Real
    over: Real
    bought: Real
    reduced: Real


@dataclass(frozen=True, slots=True)
class Picked:
    """An answer in whole numbers: heads a column. `bound` holds for the kinds asked about; None where none was found."""

    cost: float
    heads: Whole | None
    bound: float
    is_finished: bool


@dataclass(slots=True)
class Model:
    """The problem in matrices. Only `cuts` grows. `is_exact` allows nobody under or over in any slot of the days."""

    problem: DesignProblem
    columns: Columns
    cuts: Cuts
    is_exact: bool = False
    places: dict[tuple[Kind, int], int] = field(init=False)

    def __post_init__(self) -> None:
        columns = self.columns
        pairs = zip(columns.kind.tolist(), columns.day.tolist(), strict=True)
        self.places = {(columns.kinds[kind], day): at for at, (kind, day) in enumerate(pairs)}

    @classmethod
    def of(cls, problem: DesignProblem) -> "Model":
        """This function will build the full model with the rises and falls from slot to slot."""
        columns = columns_of(problem)
        return cls(problem, columns, cuts_of(columns, is_cyclic=problem.is_cyclic, windows=(1,)))

    def exact(self) -> "Model":
        """This function will build the model that leaves nobody under or over.

        Far tighter, for no shift may have more heads than its least needed slot needs; its bound says nothing about designs
        that do leave some.
        """
        columns = replace(self.columns, most=self.columns.least)
        cuts = cuts_of(columns, is_cyclic=self.problem.is_cyclic, windows=(1, 2, 3))
        return Model(self.problem, columns, cuts, is_exact=True)

    def relax(self, *, seconds: float, rounds: int = 2) -> Relaxed | None:
        """This function will solve the linear relaxation, adding cuts over wider windows where the answer breaks them.

        None where the time did not suffice for the first answer.
        """
        found = self._relaxed(np.arange(len(self.columns.kinds)), seconds=seconds)
        if found is None or not rounds:
            return found
        wide = _wide_windows(self.problem.slot_minutes)
        pool = cuts_of(self.columns, is_cyclic=self.problem.is_cyclic, windows=wide)
        for _round in range(rounds):
            broken = pool.violated(found.under, found.over, found.bought, at_most=_CUTS_A_ROUND)
            if not len(broken.least):
                return found
            self.cuts = self.cuts.plus(broken)
            better = self._relaxed(np.arange(len(self.columns.kinds)), seconds=seconds)
            if better is None:
                return found
            found = better
        return found

    def reweighted(self, kinds: Whole, weights: Real, *, seconds: float) -> Relaxed | None:
        """This function will relax over a pool with another price for each kind."""
        return self._relaxed(kinds, seconds=seconds, prices=weights)

    def pick(
        self,
        kinds: Iterable[int],
        *,
        seconds: float,
        nodes: int | None = None,
        kept: Iterable[int] = (),
        known: Design | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> Picked:
        """This function will choose among the kinds in whole numbers, until done, out of time or nodes, or told to stop.

        `kept` are kinds, among the others, that are bought anyway; `known` is a design to begin from. Only buying is asked for
        in whole numbers: with the kinds fixed heads are a flow and come out whole. Where they do not, the kinds bought
        are taken once more with whole heads; the bound holds either way.
        """
        pool = np.array(sorted(kinds), dtype=np.int64)
        rows = _Rows.of(self, pool)
        asked = rows.programme(kept)
        start = None if known is None else rows.values_of(known)
        found = solve(asked, seconds=seconds, nodes=nodes, start=start, should_stop=should_stop)
        if found.values is not None and not is_whole(found.values[: len(rows.chosen)]):
            again = solve(rows.whole(asked, found.values), seconds=max(_REPAIR, seconds), nodes=nodes)
            found = replace(again, bound=found.bound, is_finished=False)
        return rows.picked(found)

    def design_of(self, heads: Whole) -> Design:
        """This function will write heads a column as shifts and recompute what they cost."""
        by_kind: dict[int, list[int]] = {}
        for column in np.flatnonzero(heads):
            row = by_kind.setdefault(int(self.columns.kind[column]), [0] * self.columns.days)
            row[int(self.columns.day[column])] = int(heads[column])
        shifts = [DesignedShift(self.columns.kinds[kind], tuple(row)) for kind, row in by_kind.items()]
        return judged(self.problem, shifts, bound=0)

    def heads_of(self, design: Design) -> Whole:
        """This function will write a design as heads a column; shifts that no column stands for are left out."""
        heads = np.zeros(len(self.columns.kind), dtype=np.int64)
        for one in design.shifts:
            for day, count in enumerate(one.heads):
                column = self.places.get((one.kind, day))
                if column is not None:
                    heads[column] = count
        return heads

    def stated(self, bound: float) -> Number:
        """This function will turn a solver's bound into one that holds: a hair lower, then up to the next possible cost."""
        safe = max(0.0, bound - _SAFETY * max(1.0, abs(bound)))
        unit = self.problem.unit
        return int(-(-safe // unit)) * unit if unit else safe

    def _relaxed(self, kinds: Whole, *, seconds: float, prices: Real | None = None) -> Relaxed | None:
        rows = _Rows.of(self, kinds)
        matrix, least, most = rows.stacked()
        equal = least == most
        upper, lower = np.isfinite(most) & ~equal, np.isfinite(least) & ~equal
        found = linprog(
            rows.costs(np.full(len(kinds), self.columns.distinct) if prices is None else prices),
            A_ub=sparse.vstack([matrix[upper], -matrix[lower]]),
            b_ub=np.concatenate([most[upper], -least[lower]]),
            A_eq=matrix[equal],
            b_eq=most[equal],
            bounds=np.column_stack([np.zeros(len(rows.most)), rows.most]),
            method="highs",
            options={"time_limit": seconds} if np.isfinite(seconds) else {},
        )
        if found.status != 0:
            return None
        slots, at = len(self.columns.required), len(rows.chosen)
        reduced = found.lower.marginals + found.upper.marginals
        return Relaxed(
            cost=float(found.fun),
            under=found.x[at : at + slots],
            over=found.x[at + slots : at + 2 * slots],
            bought=found.x[at + 2 * slots :],
            reduced=reduced[at + 2 * slots :],
        )


@dataclass(frozen=True, slots=True)
class _Rows:
    """The model's rows over a pool of kinds."""

    model: Model
    pool: Whole
    chosen: Whole
    most: Real

    @classmethod
    def of(cls, model: Model, pool: Whole) -> "_Rows":
        columns = model.columns
        is_in = np.zeros(len(columns.kinds), dtype=bool)
        is_in[pool] = True
        chosen = np.flatnonzero(is_in[columns.kind])
        slots = len(columns.required)
        under = columns.required.astype(float)
        if model.is_exact:  # what costs nothing may lack all the same
            under = np.where(columns.under > 0, 0.0, under)
        over = np.full(slots, 0.0 if model.is_exact else np.inf)
        most = np.concatenate([columns.most[chosen].astype(float), under, over, np.ones(len(pool))])
        return cls(model, pool, chosen, most)

    def costs(self, prices: Real) -> Real:
        columns = self.model.columns
        return np.concatenate([np.zeros(len(self.chosen)), columns.under, columns.over, prices])

    def least(self, kept: Iterable[int]) -> Real:
        """Zero for everything but the kinds that are bought anyway."""
        bought = np.isin(self.pool, np.fromiter(kept, np.int64)).astype(float)
        return np.concatenate([np.zeros(len(self.most) - len(self.pool)), bought])

    def stacked(self) -> tuple[sparse.csr_matrix, Real, Real]:
        columns, cuts = self.model.columns, self.model.cuts
        at = np.full(len(columns.kinds), -1)
        at[self.pool] = np.arange(len(self.pool))
        many, slots = len(self.chosen), len(columns.required)
        one = sparse.identity(slots, format="csr")
        bought = sparse.csr_matrix(
            (-columns.most[self.chosen].astype(float), (np.arange(many), at[columns.kind[self.chosen]])),
            shape=(many, len(self.pool)),
        )
        matrix = sparse.bmat(
            [
                [columns.covers[:, self.chosen], one, -one, None],
                [sparse.identity(many), None, None, bought],
                [None, cuts.under, cuts.over, cuts.bought[:, self.pool]],
            ],
            format="csr",
        )
        least = np.concatenate([columns.required, np.full(many, -np.inf), cuts.least])
        most = np.concatenate([columns.required, np.zeros(many), np.full(len(cuts.least), np.inf)])
        return matrix, least, most

    def programme(self, kept: Iterable[int]) -> Programme:
        """The rows with what everything costs, bought kinds in whole numbers."""
        matrix, least, most = self.stacked()
        costs = self.costs(np.full(len(self.pool), self.model.columns.distinct))
        is_bought = np.arange(len(costs)) >= len(costs) - len(self.pool)
        return Programme(matrix.tocsc(), costs, least, most, self.least(kept), self.most, is_bought)

    def whole(self, asked: Programme, values: Real) -> Programme:
        """The same with just these kinds bought and heads in whole numbers."""
        bought = np.rint(values[-len(self.pool) :])
        low, high = asked.low.copy(), asked.high.copy()
        low[-len(self.pool) :] = high[-len(self.pool) :] = bought
        return replace(asked, low=low, high=high, is_whole=np.ones(len(low), dtype=bool))

    def values_of(self, design: Design) -> Real | None:
        """A design as values of the variables; None where the pool or the model has no room for it."""
        columns = self.model.columns
        heads = self.model.heads_of(design)
        chosen = np.zeros(len(columns.kind), dtype=bool)
        chosen[self.chosen] = True
        spare = columns.covers @ heads - columns.required
        bought = np.zeros(len(columns.kinds))
        bought[columns.kind[heads > 0]] = 1
        values = np.concatenate([heads[self.chosen], np.maximum(-spare, 0), np.maximum(spare, 0), bought[self.pool]])
        fits = not heads[~chosen].any() and (values <= self.most).all()
        return values if fits else None

    def picked(self, found: Answer) -> Picked:
        """An answer as heads a column."""
        if found.values is None:
            return Picked(np.inf, None, found.bound, is_finished=False)
        heads = np.zeros(len(self.model.columns.kind), dtype=np.int64)
        heads[self.chosen] = np.rint(found.values[: len(self.chosen)]).astype(np.int64)
        return Picked(found.cost, heads, found.bound, found.is_finished)


def _wide_windows(slot_minutes: int) -> tuple[int, ...]:
    """From two slots to two hours, in at most seven widths."""
    return tuple(range(2, max(3, min(9, 120 // slot_minutes + 1))))
