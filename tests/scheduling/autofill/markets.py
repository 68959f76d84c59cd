"""Small markets of shifts and people, drawn from a seed, and a judge that knows the rules in another way."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from scheduling.allocation.auto_fill import Pairs, People, Plan, Problem, Shifts, Taken, week_clock
from scheduling.allocation.auto_fill.problem import DAY, ints

Rows = Sequence[tuple[int, ...]]


def problem_of(
    shifts: Rows,
    people: Rows,
    pairs: Rows,
    *,
    taken: Rows = (),
    new_points: int = 0,
    new_target: int = 0,
) -> Problem:
    """Shifts (start, end, seats, points), people (day, week, rest, turnaround, is new), pairs (agent, shift, score)."""
    one, other = np.array(shifts).reshape(-1, 4).T, np.array(people).reshape(-1, 5).T
    agents = len(people)
    return Problem(
        shifts=Shifts(*(ints(part) for part in one)),
        people=People(
            day_minutes=ints(other[0]),
            week_minutes=ints(other[1]),
            rest_minutes=ints(other[2]),
            turnaround_minutes=ints(other[3]),
            is_new=other[4].astype(np.bool_),
            clock=np.zeros(agents, np.int64),
        ),
        pairs=Pairs(*(ints(part) for part in np.array(pairs, np.int64).reshape(-1, 3).T)),
        clocks=(week_clock(),),
        taken=Taken(*(ints(part) for part in np.array(taken, np.int64).reshape(-1, 4).T)),
        new_points=new_points,
        new_target=new_target,
    )


def drawn_market(seed: int, *, agents: int = 8, shifts: int = 12) -> Problem:
    """A week in which days are short of people: limits of every kind bind somewhere."""
    dice = np.random.default_rng(seed)
    starts = dice.integers(0, 6, shifts) * DAY + dice.integers(0, 47, shifts) * 30
    ends = starts + dice.choice([120, 240, 300, 480], shifts)
    seats = dice.integers(1, 3, shifts)
    people = [
        (
            dice.choice([480, 720]),
            dice.choice([600, 1200, 2400]),
            dice.choice([480, 660]),
            dice.choice([0, 30]),
            n % 3 == 0,
        )
        for n in range(agents)
    ]
    pairs = [(a, s, int(dice.integers(0, 40))) for a in range(agents) for s in range(shifts) if dice.random() < 0.6]
    taken = [
        (a, b, b + 240, b + 240 + people[a][3]) for a in range(0, agents, 3) if (b := int(dice.integers(0, 6 * DAY)))
    ]
    rows = list(zip(starts, ends, seats, (ends - starts) * 10, strict=True))
    return problem_of(rows, people, pairs, taken=taken, new_points=300, new_target=3)


def faults_of(problem: Problem, plan: Plan) -> list[str]:
    """What a plan does that nobody may, worked out agent by agent in plain words."""
    found = []
    picks = [tuple(row) for row in plan.picks.tolist()]
    lawful = set(zip(problem.pairs.agent.tolist(), problem.pairs.shift.tolist(), strict=True))
    found += [f"{pick} was never possible" for pick in picks if pick not in lawful]
    if len(set(picks)) != len(picks):
        found.append("somebody sits twice in one shift")
    for shift, seats in enumerate(problem.shifts.seats.tolist()):
        if sum(1 for _agent, one in picks if one == shift) > seats:
            found.append(f"shift {shift} is overfilled")
    for agent in range(len(problem.people.clock)):
        found += _faults_of_agent(problem, agent, [shift for one, shift in picks if one == agent])
    return found


def _faults_of_agent(problem: Problem, agent: int, shifts: list[int]) -> list[str]:
    people, taken = problem.people, problem.taken
    own = [(int(problem.shifts.starts[s]), int(problem.shifts.ends[s]), True) for s in shifts]
    own += [
        (int(taken.starts[n]), int(taken.ends[n]), False) for n in range(len(taken.agent)) if taken.agent[n] == agent
    ]
    turn = int(people.turnaround_minutes[agent])
    found = [
        f"agent {agent} is in two places"
        for (a, b, mine), (c, d, theirs) in combinations(own, 2)
        if (mine or theirs) and a < d + turn and c < b + turn
    ]
    for span, limit in ((DAY, int(people.day_minutes[agent])), (7 * DAY, int(people.week_minutes[agent]))):
        for first in range(-14 * DAY, 21 * DAY, span):
            used = sum(max(0, min(b, first + span) - max(a, first)) for a, b, _mine in own)
            before = sum(max(0, min(b, first + span) - max(a, first)) for a, b, mine in own if not mine)
            if used > max(limit, before):
                found.append(f"agent {agent} works {used} of {limit} minutes")
    return found + _faults_of_rest(own, int(people.rest_minutes[agent]), agent)


def _faults_of_rest(own: list[tuple[int, int, bool]], rest: int, agent: int) -> list[str]:
    runs: list[list[tuple[int, int, bool]]] = []
    for one in sorted(own):
        if runs and one[0] - max(end for _start, end, _mine in runs[-1]) < rest:
            runs[-1].append(one)
        else:
            runs.append([one])
    return [
        f"agent {agent} gets no rest"
        for run in runs
        if any(mine for _start, _end, mine in run) and max(end for _s, end, _m in run) - run[0][0] > DAY - rest
    ]


def points_of(problem: Problem, picks: Sequence[Sequence[int]]) -> int:
    """The objective, counted again from the definition."""
    score = {
        (a, s): int(v)
        for a, s, v in zip(
            problem.pairs.agent.tolist(), problem.pairs.shift.tolist(), problem.pairs.score.tolist(), strict=True
        )
    }
    gained = sum(int(problem.shifts.points[s]) + score[a, s] for a, s in picks)
    new = sum(1 for a, _s in picks if problem.people.is_new[a])
    return gained + problem.new_points * min(new, problem.new_target)
