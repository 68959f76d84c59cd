"""Choosing few distinct shifts that cover well.

The flow over all allowed shifts gives the bound. A pool of distinct shifts is then thinned: each one is tried without, and
its neighbours are tried instead, while the recomputed objective falls. Same problem, same seed, same answer, as long as
the time is not what ends the search: who needs the same answer on every machine limits the tries instead.
"""

import math
import random
import time
from collections.abc import Iterable, Sequence

from scheduling.design.flow import Arc, Covering, cover
from scheduling.design.problem import Design, DesignedShift, DesignProblem, Kind, judged


def design_shifts(problem: DesignProblem, *, seconds: float = 5.0, tries: int | None = None, seed: int = 0) -> Design:
    """This function will cover the requirement with shifts of the allowed kinds.

    The search stops with what it has after so many seconds or tries, whichever comes first; the bound holds whenever it
    stops. Raises nothing: a requirement of zero gives no shifts.
    """
    deadline = time.monotonic() + seconds
    every = allowed_kinds(problem)
    full = _cover_with(problem, every)
    bound = full.cost * problem.slot_minutes + (problem.distinct_cost if full.used and _needs_a_shift(problem) else 0)
    best = judged(problem, _shifts_of(problem, every, full), bound=bound)
    empty = judged(problem, [], bound=bound)
    best = min(best, empty, key=lambda one: one.objective)
    limit = _Limit(deadline, math.inf if tries is None else tries)
    return _thinned(problem, best, set(every), limit=limit, rng=random.Random(seed), bound=bound)  # noqa: S311


def allowed_kinds(problem: DesignProblem) -> list[Kind]:
    """This function will list the distinct shifts of all families, each once."""
    return sorted(
        {
            Kind(start, length)
            for family in problem.families
            for start in range(family.start_min, family.start_max + 1, family.start_step)
            for length in range(family.length_min, family.length_max + 1, family.length_step)
        }
    )


def _needs_a_shift(problem: DesignProblem) -> bool:
    """Whether leaving everything uncovered costs more than covering: else no shift at all may be best."""
    nothing = sum(problem.required) * problem.slot_minutes * problem.weights.under
    return nothing > problem.distinct_cost


class _Limit:
    """When to stop: at a moment, or after so many tries."""

    def __init__(self, deadline: float, tries: float) -> None:
        self._deadline = deadline
        self._left = tries

    def allows_another(self) -> bool:
        """This function will count one try, if there is one left."""
        self._left -= 1
        return self._left >= 0 and time.monotonic() < self._deadline


def _thinned(
    problem: DesignProblem, best: Design, allowed: set[Kind], *, limit: _Limit, rng: random.Random, bound: int
) -> Design:
    while True:
        pool = [one.kind for one in best.shifts]
        better = _first_better(problem, best, _neighbours(best, pool, allowed, rng), limit=limit, bound=bound)
        if better is None:
            return best
        best = better


def _first_better(
    problem: DesignProblem, best: Design, candidates: Iterable[Sequence[Kind]], *, limit: _Limit, bound: int
) -> Design | None:
    for candidate in candidates:
        if not limit.allows_another():
            return None
        tried = _with_pool(problem, candidate, bound)
        if tried.objective < best.objective:
            return tried
    return None


def _neighbours(best: Design, pool: Sequence[Kind], allowed: set[Kind], rng: random.Random) -> Iterable[Sequence[Kind]]:
    """Pools to try: one shift fewer (least used first), one replaced by a neighbour, one neighbour more."""
    used = {one.kind: sum(one.heads) * one.kind.length for one in best.shifts}
    by_use = sorted(pool, key=lambda kind: (used[kind], kind))
    for dropped in by_use:
        yield [kind for kind in pool if kind != dropped]
    steps = [(-1, 0), (1, 0), (0, -1), (0, 1), (-1, 1), (1, -1)]
    rng.shuffle(steps)
    for replaced in by_use:
        for start, length in steps:
            near = Kind(replaced.start + start, replaced.length + length)
            if near in allowed and near not in used:
                yield [near if kind == replaced else kind for kind in pool]


def _with_pool(problem: DesignProblem, pool: Sequence[Kind], bound: int) -> Design:
    return judged(problem, _shifts_of(problem, pool, _cover_with(problem, pool)), bound=bound)


def _cover_with(problem: DesignProblem, kinds: Sequence[Kind]) -> Covering:
    arcs = sorted({arc for kind in kinds for arc in _arcs(problem, kind)})
    return cover(problem.required, arcs, under=problem.weights.under, over=problem.weights.over)


def _arcs(problem: DesignProblem, kind: Kind) -> list[Arc]:
    last = len(problem.required)
    ends = (*problem.day_starts[1:], last)
    return [
        (first + kind.start, first + kind.start + kind.length)
        for first, end in zip(problem.day_starts, ends, strict=True)
        if first + kind.start < end and first + kind.start + kind.length <= last
    ]


def _shifts_of(problem: DesignProblem, kinds: Sequence[Kind], covering: Covering) -> list[DesignedShift]:
    """Give each used arc to one kind of its day; arcs know nothing of days, kinds do."""
    heads: dict[Kind, list[int]] = {}
    left = dict(covering.used)
    for kind in kinds:
        for day, first in enumerate(problem.day_starts):
            arc = (first + kind.start, first + kind.start + kind.length)
            count = left.pop(arc, 0)
            if count:
                heads.setdefault(kind, [0] * len(problem.day_starts))[day] = count
    return [DesignedShift(kind, tuple(counts)) for kind, counts in heads.items()]
