"""Auto-fill from beginning to end: greedy at once, prices and a bound, then exact improvement part by part until time is up."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from scheduling.allocation.auto_fill.bounds import Prices, bound_at, programme_of, solve_roughly
from scheduling.allocation.auto_fill.candidates import Candidates, best_candidates, every_candidate, parts_of
from scheduling.allocation.auto_fill.chains import Chains, best_by_agent, chains_of, losses_of
from scheduling.allocation.auto_fill.exact import solve_exactly
from scheduling.allocation.auto_fill.exchange import Draft, deal_again, one_each
from scheduling.allocation.auto_fill.greedy import fill_greedily
from scheduling.allocation.auto_fill.parts import Field, Part, accept, keep_gain, parts_apart, solve_part, worst_agents
from scheduling.allocation.auto_fill.problem import Ints, Plan, Problem
from scheduling.allocation.auto_fill.reasons import reasons_of
from scheduling.allocation.auto_fill.schedules import Schedules
from scheduling.allocation.auto_fill.weeks import main_week, sharper_bound

OnProgress = Callable[[int, int, int], None]
SMALL: Final = 14_000
_PART_SECONDS: Final = 2.5
_DEALS: Final = 4
_FIRST_SIZE: Final = 200
_QUICK: Final = 0.6
NARROW: Final = 12_000
NARROW_LOSS: Final = 20.0
_LATE: Final = 0.2


@dataclass
class _Limit:
    """When to stop: at a moment, after so many improvement steps, or when told."""

    deadline: float
    steps: int | None
    should_stop: Callable[[], bool] | None
    is_told: bool = False

    def left(self) -> float:
        return max(0.0, self.deadline - time.monotonic())

    def is_over(self) -> bool:
        self.is_told = self.is_told or bool(self.should_stop and self.should_stop())
        return self.is_told or self.left() <= 0 or (self.steps is not None and self.steps <= 0)

    def step(self) -> bool:
        """Count one step, if there is one left."""
        if self.is_over():
            return False
        if self.steps is not None:
            self.steps -= 1
        return True


@dataclass
class _Search:
    """What is known so far."""

    problem: Problem
    held: Schedules
    every: Candidates
    pool: Candidates
    draft: Draft
    limit: _Limit
    rng: np.random.Generator
    workers: int
    on_progress: OnProgress | None
    bound: float = np.inf
    is_proven: bool = False
    whole: "Future[_Whole | None] | None" = None

    def settle(self, found: "_Whole | None") -> None:
        """This function will take over a plan for the whole where it is better, and its bound."""
        if found is None:
            return
        if _points(self.problem, self.every, found.draft) > self.points():
            self.draft = found.draft
        self.bound = min(self.bound, found.bound)
        self.is_proven = found.is_proven or self.points() >= int(np.floor(self.bound + 1e-6))
        self.tell()

    def is_settled(self) -> bool:
        """This function will tell whether nothing better can be found, asking the solver of the whole too."""
        if self.whole is not None and self.whole.done():
            self.settle(self.whole.result())
            self.whole = None
        return self.is_proven or self.bound < self.points() + 1

    def points(self) -> int:
        """This function will count the points of the plan as it stands."""
        return _points(self.problem, self.every, self.draft)

    def tell(self) -> None:
        """This function will report points, bound and seats filled."""
        if self.on_progress is not None:
            points = self.points()
            self.on_progress(points, int(min(self.bound, 1 << 60)), int(self.draft.time.picks().shape[0]))


def auto_fill(
    problem: Problem,
    *,
    seconds: float,
    seed: int,
    workers: int = 2,
    on_progress: OnProgress | None = None,
    should_stop: Callable[[], bool] | None = None,
    iterations: int | None = None,
) -> Plan:
    """This function will give free seats to agents for the most points, and say how far from the best that is at most.

    `on_progress(points, bound, picks)` is called with the first plan at once and after each step. With `iterations` (steps
    of improvement), one worker and time to spare, the same problem and seed give the same plan everywhere.
    """
    limit = _Limit(time.monotonic() + seconds, iterations, should_stop)
    return _planned(problem, limit, _improve, seed=seed, workers=workers, on_progress=on_progress)


def improve_roughly(problem: Problem, *, seed: int, iterations: int, seconds: float = 3_600.0) -> Plan:
    """This function will plan as for a market too large to be solved at once, whatever its size; one worker."""
    limit = _Limit(time.monotonic() + seconds, iterations, None)
    return _planned(problem, limit, _improve_by_prices, seed=seed, workers=1, on_progress=None)


def _planned(
    problem: Problem,
    limit: _Limit,
    improve: Callable[[_Search], None],
    *,
    seed: int,
    workers: int,
    on_progress: OnProgress | None,
) -> Plan:
    began = time.monotonic()
    if not len(problem.people.clock):
        return Plan(np.zeros((0, 2), np.int64), 0, 0, is_proven=True, seconds=0.0, first=0, reasons={})
    held = Schedules(problem)
    every, verdict = every_candidate(problem, held)
    pool = best_candidates(problem, every, seed=seed)
    draft = Draft.empty(problem)
    fill_greedily(problem, pool, draft.time, draft.left, worth=_first_worth(problem, pool))
    search = _Search(problem, held, every, pool, draft, limit, np.random.default_rng(seed), workers, on_progress)
    first = search.points()
    search.bound = _plain_bound(search) if len(every) else 0.0
    search.tell()
    if search.bound > first:
        improve(search)
    points = search.points()
    bound = max(points, int(np.floor(search.bound + 1e-6)))
    return Plan(
        picks=search.draft.time.picks(),
        objective=points,
        bound=bound,
        is_proven=search.is_proven or points == bound,
        seconds=time.monotonic() - began,
        first=first,
        reasons=reasons_of(problem, search.draft, verdict),
    )


def _first_worth(problem: Problem, pool: Candidates) -> Ints:
    return pool.gain + problem.people.is_new[pool.agent] * problem.new_points


def _points(problem: Problem, every: Candidates, draft: Draft) -> int:
    picks = draft.time.picks()
    shifts = len(problem.shifts.seats)
    keys = every.agent * shifts + every.shift
    order = np.argsort(keys, kind="stable")
    place = order[np.searchsorted(keys[order], picks[:, 0] * shifts + picks[:, 1])]
    new = int(problem.people.is_new[picks[:, 0]].sum())
    return int(every.gain[place].sum()) + min(new, problem.new_target) * problem.new_points


def _plain_bound(search: _Search) -> float:
    """Every seat with its best agents, the share in full."""
    every, problem = search.every, search.problem
    order = np.lexsort((-every.gain, every.shift))
    shift = every.shift[order]
    turn = np.arange(len(shift)) - np.searchsorted(shift, shift)
    best = every.gain[order][turn < problem.shifts.seats[shift]]
    return float(best.sum()) + problem.new_points * problem.new_target


def _improve(search: _Search) -> None:
    """Small markets are solved as a whole, beside the improvement of parts where there is a second worker."""
    if search.limit.is_over():
        return
    if len(search.every) > SMALL:
        _improve_by_prices(search)
    elif search.workers < 2 or search.limit.steps is not None:
        search.settle(_whole(search.problem, search.every, search.limit.deadline, share=0.7))
        if not search.is_proven:
            _improve_by_prices(search)
    else:
        _improve_on_both(search)


def _improve_on_both(search: _Search) -> None:
    """The solver runs without Python's lock: one core for the whole, one for the parts."""
    executor = ThreadPoolExecutor(1)
    search.whole = executor.submit(_whole, search.problem, search.every, search.limit.deadline)
    executor.shutdown(wait=False)
    search.workers = 1
    _improve_by_prices(search)
    while not search.is_settled() and not search.limit.is_over():
        wait([search.whole], timeout=min(0.1, search.limit.left()))


def _improve_by_prices(search: _Search) -> None:
    if search.limit.is_over():
        return
    field = _price(search)
    for _deal in range(_DEALS):
        if search.is_settled() or not search.limit.step():
            return
        deal_again(search.draft, search.pool, *one_each(search.draft, search.rng))
    search.tell()
    if search.workers > 1 and search.limit.steps is None and int((field.loss <= NARROW_LOSS).sum()) <= NARROW:
        _improve_narrowly(search, field)
    else:
        _improve_parts(search, field)


def _improve_narrowly(search: _Search, field: Field) -> None:
    """One core for everybody at once over the pairs that lose least by the prices, one for the parts."""
    executor = ThreadPoolExecutor(1)
    search.whole = executor.submit(_narrow, search, field, search.draft.copy())
    executor.shutdown(wait=False)
    search.workers = 1
    _improve_parts(search, field)
    if search.whole is not None and not search.is_proven:
        wait([search.whole], timeout=_LATE)
        search.is_settled()


def _narrow(search: _Search, field: Field, draft: Draft) -> "_Whole | None":
    """A better plan for everybody from a copy of the draft; it proves nothing about the pairs left out."""
    everybody, limit = np.ones(len(field.best), np.bool_), search.limit
    for allowed in (NARROW_LOSS, 2 * NARROW_LOSS, 4 * NARROW_LOSS):
        (part,) = parts_apart(field, draft, [everybody], allowed=allowed)
        seconds = limit.left() - _LATE
        if seconds <= 0 or limit.is_told:
            break
        keep_gain(draft, part, solve_part(search.problem, part, seconds=seconds, should_stop=lambda: limit.is_told))
    return _Whole(draft, np.inf, is_proven=False)


@dataclass(frozen=True)
class _Whole:
    """A plan for all connected parts, and what it proves."""

    draft: Draft
    bound: float
    is_proven: bool


def _whole(problem: Problem, every: Candidates, deadline: float, *, share: float = 1.0) -> _Whole | None:
    """Each connected part at once, or None where time ran out.

    Parts share the new agents' target: their plans together are proven only while it was not used up twice.
    """
    draft, bound, is_proven, new_left = Draft.empty(problem), 0.0, True, problem.new_target
    seconds = share * (deadline - time.monotonic())
    for part in parts_of(every, len(problem.people.clock)):
        limit = max(0.2, seconds * len(part) / len(every))
        found = solve_exactly(problem, part, draft.time, draft.left, new_left=problem.new_target, seconds=limit)
        if found is None:
            return None
        bound, is_proven = bound + found.bound, is_proven and found.is_proven
        accept(draft, part, found)
        new_left -= int(problem.people.is_new[part.agent[found.chosen]].sum())
    return _Whole(draft, bound, is_proven and (new_left >= 0 or not problem.new_points))


def _price(search: _Search) -> Field:
    """Prices, the bound they prove for all candidates, and a plan led by them."""
    problem, held, limit = search.problem, search.held, search.limit
    chains = chains_of(problem, search.pool, held)
    programme = programme_of(problem, search.pool, held, chains)
    most = 100_000 if limit.steps is None else 600
    solved = solve_roughly(
        programme, problem, seconds=max(0.1, limit.left() * 0.3), iterations=most, workers=search.workers
    )
    prices = programme.prices(problem, held, -np.asarray(solved.dual_solution))
    profit = prices.profit(problem, held, search.pool)
    _lower_bound(search, chains, prices)
    led = Draft.empty(problem)
    share = np.asarray(solved.primal_solution)[:-1]
    worth = (share * 1e6 + profit.clip(-1e6, 1e6)).astype(np.int64)
    fill_greedily(problem, search.pool, led.time, led.left, worth=worth)
    if _points(problem, search.every, led) > search.points():
        search.draft = led
    search.tell()
    loss = losses_of(chains, profit)
    best = best_by_agent(chains, profit, len(problem.people.clock))
    return Field.of(search.pool, loss, profit, best, len(problem.shifts.seats))


def _lower_bound(search: _Search, chains: Chains, prices: Prices) -> None:
    problem, held, every = search.problem, search.held, search.every
    wide = chains if every is search.pool else chains_of(problem, every, held)
    search.bound = min(search.bound, bound_at(problem, held, every, wide, prices))
    week = main_week(problem, every, held, wide)
    if week is not None and not search.limit.is_over():
        steps = 12 if len(every) < 50_000 else 2
        sharp, _prices = sharper_bound(
            problem,
            held,
            every,
            chains=wide,
            prices=prices,
            week=week,
            goal=float(search.points()),
            steps=steps,
            is_over=search.limit.is_over,
        )
        search.bound = min(search.bound, sharp)


def _improve_parts(search: _Search, field: Field) -> None:
    """As many parts side by side as there are workers; they grow while solved quickly and shrink when time runs out on one."""
    size, allowed, quiet = _FIRST_SIZE, 60.0 * max(1.0, float(np.median(field.pool.gain)) / 6_500), 0
    side_by_side = search.workers if search.limit.steps is None else 1
    with ThreadPoolExecutor(side_by_side) as executor:
        while not search.is_settled() and search.limit.step():
            began = time.monotonic()
            seconds = _PART_SECONDS if search.limit.steps is not None else min(_PART_SECONDS, search.limit.left())
            parts = _drawn_parts(search, field, side_by_side, size, allowed)
            solve = partial(solve_part, search.problem, seconds=max(0.1, seconds))
            found = list(executor.map(solve, parts))
            gains = [keep_gain(search.draft, part, one) for part, one in zip(parts, found, strict=True)]
            quiet = 0 if any(gains) else quiet + 1
            if not all(one is not None and one.is_proven for one in found):
                size = max(40, int(size * 0.6))
            elif search.limit.steps is None and time.monotonic() - began < _QUICK:
                size = min(len(field.best), int(size * 1.3))
            if quiet and quiet % 3 == 0:
                allowed *= 1.5
            search.tell()


def _drawn_parts(search: _Search, field: Field, count: int, size: int, allowed: float) -> list[Part]:
    used = np.zeros(len(field.best), np.bool_)
    groups = []
    for _part in range(count):
        groups.append(worst_agents(field, search.draft, search.rng, size, without=used))
        used = used | groups[-1]
    return parts_apart(field, search.draft, [one for one in groups if one.any()], allowed=allowed)
