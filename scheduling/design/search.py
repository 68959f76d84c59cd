"""Choosing few distinct shifts that cover well, with a bound that holds for every choice.

Phase one relaxes the full model, tightened by rises and falls: the bound, and a pool of kinds worth looking at, thinned by
pricing each kind at 1/x of how much of it was bought (log-sum reweighting; Candès, Wakin & Boyd 2008). Phase two chooses in
whole numbers inside the pool, then again and again around the best design: kinds that start or last a little earlier or
later, kinds with low reduced costs, kinds by chance. Where a design can leave nobody under or over, it is looked for first:
that model is much tighter. Meanwhile the full model is solved beside it. A pool that is searched to its end proves nothing;
only the full model's bound does.
"""

import math
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from scheduling.design.arena import Arena
from scheduling.design.beside import Beside
from scheduling.design.model import Model, Picked
from scheduling.design.problem import Design, DesignProblem, Number, judged

_NODES_A_TRY: Final = 5
_NODES_OF_ALL: Final = 200
_FEW_COLUMNS: Final = 400
_SLICE: Final = 0.12
_PROOF: Final = 0.4
MIDDLE: Final = 130  # kinds with which the full model may be searched to its end in moments
_LEAST: Final = 1.5  # seconds for a first answer, however short the time


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search is: the best design yet, as figures."""

    objective: Number
    bound: Number
    distinct: int
    tries: int
    seconds: float


@dataclass(slots=True)
class Clock:
    """When to stop: at a moment, after so many tries, or when told to."""

    seconds: float
    iterations: int | None
    should_stop: Callable[[], bool] | None
    began: float = field(default_factory=time.monotonic)
    tries: int = 0

    @property
    def nodes(self) -> int | None:
        """With counted tries the nodes are counted too: the same answer on every machine."""
        return None if self.iterations is None else _NODES_A_TRY

    def passed(self) -> float:
        """This function will return the seconds since the beginning."""
        return time.monotonic() - self.began

    def left(self) -> float:
        """This function will return the seconds that are left."""
        return self.seconds - self.passed()

    def share(self, part: float) -> float:
        """This function will return a part of the whole time, never more than is left."""
        return math.inf if math.isinf(self.seconds) else max(0.05, min(self.seconds * part, self.left()))

    def is_told(self) -> bool:
        """This function will ask whether to stop."""
        return self.should_stop is not None and self.should_stop()

    def is_over(self) -> bool:
        """This function will tell whether time or tries are used up, or a stop was asked for."""
        counted = self.iterations is not None and self.tries >= self.iterations
        return counted or self.left() <= 0.05 or self.is_told()


def design_shifts(
    problem: DesignProblem,
    *,
    seconds: float = 10.0,
    seed: int = 0,
    workers: int = 1,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    iterations: int | None = None,
) -> Design:
    """This function will cover the requirement with shifts of the allowed kinds.

    It ends when the design is proven best, after so many seconds, after so many `iterations`, or when `should_stop` says so,
    always with the best design so far; the bound holds whenever it ends. With two `workers` a child process solves the full
    model meanwhile. One worker with `iterations` and endless seconds gives the same design every time. `on_progress` is
    called between steps.
    """
    clock = Clock(seconds, iterations, should_stop)
    search = Search(problem, clock, random.Random(seed), on_progress)  # noqa: S311
    if workers == 1 or iterations is not None:
        return search.alone()
    with Beside(problem, seconds=seconds, seed=seed) as beside:
        return search.together(beside)


class Search:
    """One process's search: the best design so far, the bound, and where to look next."""

    def __init__(
        self, problem: DesignProblem, clock: Clock, rng: random.Random, on_progress: Callable[[Progress], None] | None
    ) -> None:
        self.problem, self.clock, self.rng, self.on_progress = problem, clock, rng, on_progress
        self.model = Model.of(problem)
        self.bound: Number = 0
        self.best = judged(problem, (), bound=0)
        self.arenas: list[Arena] = []

    def alone(self) -> Design:
        """This function will do everything in turn, in this process."""
        self.relax()
        self.first_pools()
        self.prove()
        while not self.is_done():
            self.improve()
        return self.best

    def together(self, beside: Beside) -> Design:
        """This function will search while another process does, each hearing of what the other finds."""
        self.relax()
        self.first_pools()
        self.exchange(beside)
        while not self.is_done():
            self.improve()
            self.exchange(beside)
        return self.best

    def exchange(self, beside: Beside) -> None:
        """Take over what the other process found, and tell it of what is better here."""
        for found in beside.answers():
            self.take_full(found)
        beside.tell(self.best)

    def is_done(self) -> bool:
        return self.best.is_proven or self.clock.is_over()

    def relax(self) -> None:
        """The full model's relaxation is the bound; the exact model's, where there is one, a second place to search."""
        relaxed = self.model.relax(seconds=max(_LEAST, self.clock.share(0.5)))
        if relaxed is not None:
            self.raise_bound(relaxed.cost)
            self.arenas.append(Arena(self.model, relaxed))
        exact = self.model.exact()
        tight = exact.relax(seconds=max(_LEAST, self.clock.share(0.25)), rounds=0)
        if tight is not None:
            self.arenas.insert(0, Arena(exact, tight))

    def first_designs(self) -> None:
        """This function will take a design at once from what each relaxation buys most of."""
        for arena in self.arenas:
            if not self.best.is_proven and not self.clock.is_told():
                few = arena.thinnest(seconds=max(_LEAST, self.clock.share(0.1)))
                self.take(self.pick(arena, few, seconds=max(_LEAST, self.clock.share(0.3)), nodes=1, kept=few))
                self.report()

    def first_pools(self) -> None:
        """A first design, then the best of a pool in the tighter model. Counted searches skip the pool."""
        self.first_designs()
        if self.clock.iterations is not None:
            for arena in self.arenas:
                arena.narrow()
        elif self.arenas:
            self.first_pool(self.arenas[0], share=_SLICE)

    def first_pool(self, arena: Arena, *, share: float) -> None:
        """This function will choose in a pool of one arena, for at most such a share of the time."""
        if not self.is_done():
            pool = arena.first_pool(seconds=self.clock.share(0.1))
            self.take(self.pick(arena, pool, seconds=max(_LEAST, self.clock.share(share))))
            self.report()

    def prove(self) -> None:
        """Give the full model a part of the time; a counted search does where it is small."""
        is_counted, kinds = self.clock.iterations is not None, len(self.model.columns.kinds)
        is_large = len(self.model.columns.kind) > _FEW_COLUMNS if is_counted else kinds > MIDDLE
        if self.best.is_proven or self.clock.is_told() or (is_large and self.arenas):
            return
        self.solve_full(seconds=self.clock.share(_PROOF), nodes=_NODES_OF_ALL if is_counted else None)

    def solve_full(self, *, seconds: float, nodes: int | None = None) -> Picked:
        """This function will search the full model: what it leaves open is the bound."""
        found = self.pick_in(self.model, range(len(self.model.columns.kinds)), seconds=seconds, nodes=nodes)
        self.take_full(found)
        return found

    def pick(
        self, arena: Arena, kinds: Iterable[int], *, seconds: float, nodes: int | None = None, kept: Iterable[int] = ()
    ) -> Picked:
        """This function will choose in one arena, from the best design on."""
        return self.pick_in(arena.model, kinds, seconds=seconds, nodes=nodes, kept=kept)

    def pick_in(
        self, model: Model, kinds: Iterable[int], *, seconds: float, nodes: int | None = None, kept: Iterable[int] = ()
    ) -> Picked:
        """This function will choose in one model, from the best design on."""
        known = self.best if self.best.shifts else None
        return model.pick(
            kinds, seconds=seconds, nodes=nodes, kept=kept, known=known, should_stop=self.clock.should_stop
        )

    def improve(self) -> None:
        """Look around the best design once."""
        turn = self.clock.tries
        self.clock.tries += 1
        if not self.arenas:
            return self.prove()
        # two looks of each sort in the tighter model for one in the full
        arena = self.arenas[0 if turn % 9 < 6 else -1]
        around = arena.neighbourhood([one.kind for one in self.best.shifts], turn, self.rng)
        limit, began = self.clock.share(_SLICE), time.monotonic()
        found = self.pick(arena, around.kinds, kept=around.kept, seconds=limit, nodes=self.clock.nodes)
        self.take(found)
        if self.clock.iterations is None:
            arena.adapt(turn, is_finished=found.is_finished, was_quick=time.monotonic() - began < limit / 3)
        return self.report()

    def take_full(self, found: Picked) -> None:
        """This function will take over a design and a bound that holds for all designs."""
        self.take(found)
        self.raise_bound(found.bound)

    def take(self, found: Picked) -> None:
        if found.heads is None:
            return
        design = self.model.design_of(found.heads)
        if design.objective < self.best.objective:
            self.best = judged(self.problem, design.shifts, bound=self.bound)

    def raise_bound(self, cost: float) -> None:
        self.bound = max(self.bound, self.model.stated(cost))
        self.best = judged(self.problem, self.best.shifts, bound=self.bound)

    def report(self) -> None:
        if self.on_progress is not None:
            best, clock = self.best, self.clock
            self.on_progress(Progress(best.objective, best.bound, best.distinct, clock.tries, clock.passed()))
