"""The plans themselves: lawful, as good as they say, and honest about what stays empty."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.allocation.auto_fill import Plan, Problem, search
from scheduling.allocation.auto_fill.candidates import every_candidate
from scheduling.allocation.auto_fill.chains import chains_of
from scheduling.allocation.auto_fill.exact import solve_exactly
from scheduling.allocation.auto_fill.exchange import Draft
from scheduling.allocation.auto_fill.problem import DAY
from scheduling.allocation.auto_fill.schedules import Schedules
from scheduling.allocation.auto_fill.search import auto_fill, improve_roughly
from tests.scheduling.autofill.markets import drawn_market, faults_of, points_of, problem_of

EIGHT = (480, 2400, 480, 0, 0)


def solved(problem: Problem, *, seed: int = 1, steps: int = 6) -> Plan:
    return auto_fill(problem, seconds=60, seed=seed, workers=1, iterations=steps)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_a_plan_never_overlaps_overworks_overfills_or_shortens_rest(seed: int) -> None:
    problem = drawn_market(seed)
    assert faults_of(problem, solved(problem)) == []


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_a_plan_has_the_points_it_states_and_never_more_than_its_bound(seed: int) -> None:
    problem = drawn_market(seed)
    plan = solved(problem)
    assert points_of(problem, plan.picks.tolist()) == plan.objective <= plan.bound
    assert plan.objective >= plan.first


@pytest.mark.parametrize("seed", range(12))
def test_a_proven_plan_is_the_best_of_all_lawful_plans(seed: int) -> None:
    problem = drawn_market(seed, agents=3, shifts=4)
    pairs = list(zip(problem.pairs.agent.tolist(), problem.pairs.shift.tolist(), strict=True))
    best = 0
    for choice in product((False, True), repeat=len(pairs)):
        picks = [pair for pair, taken in zip(pairs, choice, strict=True) if taken]
        rows = np.array(picks, np.int64).reshape(-1, 2)
        trial = Plan(rows, 0, 0, False, 0.0, 0, {})
        points = points_of(problem, picks)
        if points > best and not faults_of(problem, trial):
            best = points
    plan = solved(problem)
    assert (plan.objective, plan.is_proven) == (best, True)


@pytest.mark.parametrize("seed", range(6))
def test_the_way_for_large_markets_is_lawful_and_bounded_too(seed: int) -> None:
    problem = drawn_market(seed, agents=16, shifts=24)
    rough, exact = improve_roughly(problem, seed=seed, iterations=12), solved(problem)
    assert faults_of(problem, rough) == []
    assert points_of(problem, rough.picks.tolist()) == rough.objective <= exact.objective <= rough.bound
    assert rough.objective >= 0.97 * exact.objective


def test_everybody_at_once_beside_the_parts_is_lawful_and_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "SMALL", 0)
    problem = drawn_market(5, agents=40, shifts=60)
    plan = auto_fill(problem, seconds=1.5, seed=3, workers=2)
    assert faults_of(problem, plan) == []
    assert plan.first <= points_of(problem, plan.picks.tolist()) == plan.objective <= plan.bound


def test_a_part_begins_from_what_its_agents_have() -> None:
    problem = drawn_market(5, agents=16, shifts=24)
    draft, held = Draft.empty(problem), Schedules(problem)
    pool, _verdict = every_candidate(problem, held)
    best = solved(problem).picks
    known = np.isin(pool.agent * 24 + pool.shift, best[:, 0] * 24 + best[:, 1])
    found = solve_exactly(problem, pool, held, draft.left, new_left=problem.new_target, seconds=0.0, known=known)
    assert found is not None
    assert pool.gain[found.chosen].sum() >= pool.gain[known].sum()


def test_the_same_seed_makes_the_same_plan_with_one_worker() -> None:
    problem = drawn_market(5, agents=40, shifts=60)
    once, again = (improve_roughly(problem, seed=3, iterations=10) for _time in range(2))
    assert once.picks.tolist() == again.picks.tolist()
    assert (once.objective, once.bound) == (again.objective, again.bound)


def test_an_hour_of_cover_outweighs_every_preference() -> None:
    liked, long = (0, 240, 1, 4_000), (120, 600, 1, 8_000)
    plan = solved(problem_of([liked, long], [EIGHT], [(0, 0, 900), (0, 1, 0)]))
    assert plan.picks.tolist() == [[0, 1]]


def test_new_agents_get_their_share_and_no_more() -> None:
    shifts = [(day * DAY, day * DAY + 240, 1, 4_000) for day in range(4)]
    people = [(480, 2400, 480, 0, 0), (480, 2400, 480, 0, 1)]
    pairs = [(agent, shift, 60 if agent == 0 else 0) for agent in range(2) for shift in range(4)]
    plan = solved(problem_of(shifts, people, pairs, new_points=300, new_target=1))
    assert sum(1 for agent, _shift in plan.picks.tolist() if agent == 1) == 1


def test_back_to_back_is_allowed_and_a_turnaround_forbids_it() -> None:
    shifts = [(0, 240, 1, 1_000), (240, 480, 1, 1_000)]
    pairs = [(0, 0, 0), (0, 1, 0)]
    assert len(solved(problem_of(shifts, [EIGHT], pairs)).picks) == 2
    assert len(solved(problem_of(shifts, [(480, 2400, 480, 15, 0)], pairs)).picks) == 1


def test_three_short_shifts_without_rest_between_are_too_many() -> None:
    shifts = [(start, start + 120, 1, 1_000) for start in (540, 1_080, 1_620)]
    plan = solved(problem_of(shifts, [(720, 2400, 480, 0, 0)], [(0, shift, 0) for shift in range(3)]))
    assert len(plan.picks) == 2


def test_every_empty_seat_says_why_nobody_else_sits_in_it() -> None:
    shifts = [(0, 480, 3, 8_000), (0, 480, 1, 9_000)]
    pairs = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (2, 0, 0)]
    people = [EIGHT, EIGHT, (240, 2400, 480, 0, 0)]
    problem = problem_of(shifts, people, pairs)
    problem = Problem(
        problem.shifts, problem.people, problem.pairs, problem.clocks, excluded={"certificate": np.array([4, 0])}
    )
    plan = solved(problem)
    assert plan.reasons == {0: {"taken": 1, "hours": 1, "certificate": 4}}


def test_a_search_told_to_stop_hands_back_its_first_plan_at_once() -> None:
    problem = drawn_market(7, agents=40, shifts=60)
    plan = auto_fill(problem, seconds=60, seed=1, workers=1, should_stop=lambda: True)
    assert plan.objective == plan.first > 0
    assert faults_of(problem, plan) == []


def test_progress_starts_with_a_whole_plan_and_never_falls() -> None:
    told: list[tuple[int, int, int]] = []
    auto_fill(
        drawn_market(9, agents=40, shifts=60),
        seconds=60,
        seed=1,
        workers=1,
        iterations=8,
        on_progress=lambda points, bound, picks: told.append((points, bound, picks)),
    )
    points = [one[0] for one in told]
    assert points == sorted(points)
    assert all(point <= bound for point, bound, _picks in told)


def test_nobody_and_nothing_make_an_empty_plan() -> None:
    plan = solved(problem_of([], [], []))
    assert (plan.objective, plan.bound, len(plan.picks), plan.is_proven) == (0, 0, 0, True)


def test_a_follower_never_stands_beyond_a_shift_that_may_follow() -> None:
    problem = drawn_market(11, agents=20, shifts=40)
    held = Schedules(problem)
    pool, _verdict = every_candidate(problem, held)
    chains = chains_of(problem, pool, held)
    for place in range(len(pool)):
        alone = held.copy()
        alone.add(pool.agent[place : place + 1], pool.shift[place : place + 1])
        end = chains.after[np.searchsorted(chains.agent, pool.agent[place])]
        later = slice(place + 1, int(end))
        fits = np.flatnonzero(alone.verdict(pool.agent[later], pool.shift[later]) == 0)
        if len(fits):
            assert chains.follower[place] <= place + 1 + fits[0]
