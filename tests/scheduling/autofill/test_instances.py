"""The measuring tool reads the instances it documents, and its bounds and its greedy plan are what they say."""

import json

from benchmarks.auto_fill import days_apart, drawn_market, plain_greedy, read_problem
from scheduling.allocation.auto_fill.search import auto_fill
from tests.scheduling.autofill.markets import faults_of, points_of

WEEK = {
    "shifts": [
        {"start": 540, "end": 1020, "seats": 2, "needs": ["de"]},
        {"start": 540, "end": 780},
        {"start": 1980, "end": 2460, "points": 9_000},
    ],
    "agents": [
        {"skills": ["de"], "score": 20, "available": [[480, 1080], [1900, 2500]]},
        {"skills": ["de"], "taken": [[900, 1000]], "is_new": True},
        {"turnaround_minutes": 30},
    ],
    "new_points": 300,
    "new_target": 1,
}


def test_an_instance_is_read_as_documented() -> None:
    problem = read_problem(json.dumps(WEEK))
    pairs = sorted(zip(problem.pairs.agent.tolist(), problem.pairs.shift.tolist(), strict=True))
    assert pairs == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (2, 1), (2, 2)]
    assert problem.shifts.points.tolist() == [8_000, 4_000, 9_000]
    plan = auto_fill(problem, seconds=10, seed=1, workers=1, iterations=2)
    assert (plan.objective, plan.is_proven) == (8_160 + 9_160 + 4_000 + 300, True)


def test_pairs_alone_are_possible_where_they_are_given() -> None:
    problem = read_problem(json.dumps({**WEEK, "pairs": [[2, 2, 5]]}))
    plan = auto_fill(problem, seconds=10, seed=1, workers=1, iterations=2)
    assert (plan.picks.tolist(), plan.objective) == ([[2, 2]], 9_005)


def test_a_drawn_market_is_the_same_every_time_and_its_bounds_hold() -> None:
    problem, again = (drawn_market(40, 120, 3, groups=3) for _time in range(2))
    assert problem.pairs.score.tolist() == again.pairs.score.tolist()
    plan = auto_fill(problem, seconds=20, seed=1, workers=1, iterations=6)
    assert faults_of(problem, plan) == []
    assert points_of(problem, plan.picks.tolist()) == plan.objective
    assert plain_greedy(problem) <= plan.objective <= min(plan.bound, days_apart(problem))
