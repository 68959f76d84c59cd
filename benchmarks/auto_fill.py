"""How good auto-fill's plans are, and how soon: seeded markets, or every JSON instance of a folder.

Run with `python -m benchmarks.auto_fill [DIR] [--seconds 10] [--only NAME]`. It needs no database.

An instance is a JSON object; times are whole minutes from a Monday's midnight, which is minute 0, points are whole numbers:

    {"shifts": [{"start": 540, "end": 1020, "seats": 3, "points": 8000, "needs": ["de"], "day": 0}, ...],
     "agents": [{"day_minutes": 720, "week_minutes": 2400, "rest_minutes": 480, "turnaround_minutes": 0, "is_new": false,
                 "score": 25, "skills": ["de"], "available": [[480, 1080], ...], "taken": [[1500, 1980], ...]}, ...],
     "pairs": [[agent, shift, score], ...],
     "new_points": 300, "new_target": 50}

`points` are earned for each seat filled (default 1,000 for an hour), `score` is added for each hour (agents) or once (pairs).
With `pairs` those alone are possible; without, every agent who has all `needs` and is available over the whole shift (no
`available` means always). All but start, end and the two lists have the product's defaults: one seat, 12 h a day, 48 h a week,
8 h of rest in any 24. Printed for each instance: points and seats of the first plan and of the last, the bound, the gap, the
bound of the days apart, and how far the plan is above a plain greedy one.
"""

import argparse
import json
import os
import platform
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import scipy

from scheduling.allocation.auto_fill import Pairs, People, Plan, Problem, Shifts, Taken, week_clock
from scheduling.allocation.auto_fill.candidates import every_candidate
from scheduling.allocation.auto_fill.exchange import Draft
from scheduling.allocation.auto_fill.flow import best_additions
from scheduling.allocation.auto_fill.problem import DAY, Ints, ints
from scheduling.allocation.auto_fill.schedules import FREE, Schedules
from scheduling.allocation.auto_fill.search import auto_fill

SEED: Final = 7
MARKETS: Final[tuple[tuple[str, int, int, int, dict[str, Any], tuple[float, ...]], ...]] = (
    ("500 x 2,000 in shifts of 4", 500, 2_000, 4, {}, (3.0,)),
    ("500 x 2,000 one by one", 500, 2_000, 1, {}, (3.0, 10.0)),
    ("5,000 x 20,000 in shifts of 10", 5_000, 20_000, 10, {}, (2.0, 10.0, 30.0)),
    ("5,000 x 20,000, plenty of hours", 5_000, 20_000, 10, {"week_hours": (40, 48), "days": 6}, (2.0, 30.0)),
    ("5,000 x 700 shifts of 45, scarce people", 5_000, 31_500, 45, {}, (10.0,)),
    ("5,000 x 700, scarce skills", 5_000, 700, 1, {"groups": 350, "days": 2, "agents_of_use": 700}, (10.0,)),
)


def drawn_market(
    agents: int,
    seats: int,
    seats_a_shift: int,
    *,
    week_hours: tuple[int, ...] = (20, 30, 40, 48),
    days: int = 5,
    groups: int = 10,
    agents_of_use: int | None = None,
    seed: int = SEED,
) -> Problem:
    """A week: shifts of 4, 6 and 8 hours between 6 and 19 o'clock; people free on some days, in one to three groups."""
    dice = np.random.default_rng(seed)
    count = max(1, seats // seats_a_shift)
    day = dice.integers(0, 7, count)
    length = dice.choice([240, 360, 480], count)
    starts = day * DAY + dice.choice(np.arange(12, 38), count) * 30
    group = dice.integers(0, groups, count)
    points = (length / 60 * 1_000 * dice.choice([1.0, 1.25, 1.5], count)).astype(np.int64)
    shifts = Shifts(starts, starts + length, np.full(count, seats_a_shift), points)
    skilled = dice.random((agents, groups)) < 0.3 / groups
    skilled[np.arange(agents), dice.integers(0, groups, agents)] = True
    if agents_of_use is not None:
        skilled[agents_of_use:] = False
    works = np.argsort(dice.random((agents, 7)), axis=1) < days
    opens = dice.choice(np.arange(10, 30), (agents, 7)) * 30
    closes = opens + dice.choice([8, 10, 12], (agents, 7)) * 60
    reliable = dice.integers(0, 61, agents)
    found = []
    for shift in range(count):
        on, start = day[shift], starts[shift] - day[shift] * DAY
        fits = (
            skilled[:, group[shift]] & works[:, on] & (opens[:, on] <= start) & (closes[:, on] >= start + length[shift])
        )
        who = np.flatnonzero(fits)
        score = ((reliable[who] + dice.integers(0, 31, len(who))) * length[shift] / 60).astype(np.int64)
        found.append(np.stack([who, np.full(len(who), shift), score], axis=1))
    pairs = Pairs(*np.concatenate(found).T.astype(np.int64))
    people = People(
        day_minutes=np.full(agents, 720),
        week_minutes=dice.choice(week_hours, agents) * 60,
        rest_minutes=np.full(agents, 480),
        turnaround_minutes=np.zeros(agents, np.int64),
        is_new=dice.random(agents) < 0.2,
        clock=np.zeros(agents, np.int64),
    )
    return Problem(shifts, people, pairs, (week_clock(),), new_points=300, new_target=seats // 10)


def read_problem(text: str) -> Problem:
    """One JSON instance; the module says how it is written."""
    given: Mapping[str, Any] = json.loads(text)
    shifts, agents = given["shifts"], given["agents"]
    starts, ends = (ints([one[name] for one in shifts]) for name in ("start", "end"))
    usual = (ends - starts) * 1_000 // 60
    points = ints([one.get("points", default) for one, default in zip(shifts, usual.tolist(), strict=True)])

    def each(name: str, default: int) -> Ints:
        return ints([one.get(name, default) for one in agents])

    people = People(
        day_minutes=each("day_minutes", 720),
        week_minutes=each("week_minutes", 2_880),
        rest_minutes=each("rest_minutes", 480),
        turnaround_minutes=each("turnaround_minutes", 0),
        is_new=np.array([bool(one.get("is_new")) for one in agents], np.bool_),
        clock=np.zeros(len(agents), np.int64),
    )
    taken = [
        (place, begin, end, end + one.get("turnaround_minutes", 0))
        for place, one in enumerate(agents)
        for begin, end in one.get("taken", ())
    ]
    pairs = ints(given["pairs"]).reshape(-1, 3) if "pairs" in given else _every_pair(shifts, agents, starts, ends)
    return Problem(
        shifts=Shifts(starts, ends, ints([one.get("seats", 1) for one in shifts]), points),
        people=people,
        pairs=Pairs(*pairs.T.copy()),
        clocks=(week_clock(),),
        taken=Taken(*np.array(taken, np.int64).reshape(-1, 4).T.copy()),
        new_points=given.get("new_points", 0),
        new_target=given.get("new_target", 0),
    )


def _every_pair(shifts: Any, agents: Any, starts: Ints, ends: Ints) -> Ints:
    skills = sorted({skill for one in shifts for skill in one.get("needs", ())})
    needs = np.array([[skill in one.get("needs", ()) for skill in skills] for one in shifts], np.bool_).reshape(
        len(shifts), -1
    )
    found = []
    for place, one in enumerate(agents):
        has = np.array([skill in one.get("skills", ()) for skill in skills], np.bool_)
        fits = ~(needs & ~has).any(axis=1)
        if "available" in one:
            free = np.zeros(len(shifts), np.bool_)
            for begin, end in one["available"]:
                free |= (starts >= begin) & (ends <= end)
            fits &= free
        who = np.flatnonzero(fits)
        score = (ends[who] - starts[who]) * int(one.get("score", 0)) // 60
        found.append(np.stack([np.full(len(who), place), who, score], axis=1))
    return np.concatenate(found).astype(np.int64)


def plain_greedy(problem: Problem) -> int:
    """What seat after seat gets, in order of points, each by the best agent who still fits: what one would write first."""
    time_of, left = Schedules(problem), problem.shifts.seats.copy()
    pairs, total, new = problem.pairs, 0, 0
    order = np.lexsort((-pairs.score, pairs.shift))
    first = np.searchsorted(pairs.shift[order], np.arange(len(left) + 1))
    for shift in np.lexsort((problem.shifts.starts, -problem.shifts.points)).tolist():
        mine = order[first[shift] : first[shift + 1]]
        fits = mine[time_of.verdict(pairs.agent[mine], pairs.shift[mine]) == FREE][: left[shift]]
        time_of.add(pairs.agent[fits], pairs.shift[fits])
        total += int((problem.shifts.points[shift] + pairs.score[fits]).sum())
        new += int(problem.people.is_new[pairs.agent[fits]].sum())
    return total + problem.new_points * min(new, problem.new_target)


def days_apart(problem: Problem) -> int:
    """An upper bound that knows no weeks: each day's best, where an agent may work as often as fits into the day."""
    held = Schedules(problem)
    pool, _verdict = every_candidate(problem, held)
    day = held.parts.day[problem.people.clock[pool.agent], pool.shift]
    draft, total = Draft.empty(problem), problem.new_points * problem.new_target
    for one in np.unique(day).tolist():
        here = pool.where(day == one)
        minutes = problem.shifts.ends[here.shift] - problem.shifts.starts[here.shift]
        most = int(problem.people.day_minutes.max() // minutes.min())
        copies = [(here.agent * most + time, here.shift, here.gain) for time in range(most)]
        agent, shift, gain = (np.concatenate(part) for part in zip(*copies, strict=True))
        nobody = np.zeros(int(agent.max()) + 1, np.bool_)
        chosen = best_additions(agent, shift, gain, draft.left, is_new=nobody, new_points=0, new_left=0)
        total += int(gain[chosen].sum())
    return total


def instances(folder: str | None) -> Iterator[tuple[str, Problem, tuple[float, ...]]]:
    """The folder's instances, or the markets that the product is measured by."""
    if folder is None:
        for name, agents, seats, size, more, seconds in MARKETS:
            yield name, drawn_market(agents, seats, size, **more), seconds
        return
    for path in sorted(Path(folder).glob("*.json")):
        yield path.name, read_problem(path.read_text()), ()


def report(name: str, problem: Problem, seconds: float) -> Plan:
    """Solve once and print."""
    first: list[float] = []
    began = time.monotonic()
    plan = auto_fill(
        problem,
        seconds=seconds,
        seed=SEED,
        on_progress=lambda _points, _bound, _picks: first.append(time.monotonic() - began),
    )
    greedy = plain_greedy(problem)
    print(
        f"{name:42s} {seconds:4.0f} s: first plan {first[0]:.2f} s, {plan.first:,}; plan {plan.objective:,} "
        f"({len(plan.picks):,} of {int(problem.shifts.seats.sum()):,} seats) in {plan.seconds:.2f} s, bound {plan.bound:,}, "
        f"gap {plan.gap:.3%}{', proven best' if plan.is_proven else ''}; {plan.objective / max(1, greedy) - 1:+.1%} on greedy"
    )
    return plan


def main() -> None:
    """Print machine, versions, seed, then one line for each market and time."""
    asked = argparse.ArgumentParser()
    asked.add_argument("folder", nargs="?")
    asked.add_argument("--seconds", type=float, default=10.0)
    asked.add_argument("--only", default="")
    given = asked.parse_args()
    print(
        f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"numpy {np.__version__}, scipy {scipy.__version__}, seed {SEED}"
    )
    auto_fill(drawn_market(20, 40, 2), seconds=1, seed=SEED)  # libraries are loaded once, not in the first figure
    for name, problem, times in instances(given.folder):
        if given.only not in name:
            continue
        plans = [report(name, problem, seconds) for seconds in times or (given.seconds,)]
        apart = days_apart(problem)
        print(f"{'':42s} days apart {apart:,}, gap to it {(apart - plans[-1].objective) / max(1, apart):.2%}")


if __name__ == "__main__":
    main()
