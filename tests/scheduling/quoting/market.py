"""A market that claims seats by rules of its own, to hold predictions against: agents look in at times of their choosing."""

from dataclasses import dataclass

import numpy as np

from scheduling.quoting import Bench, PastShift, PastWeek, Seats, learned_activity, learned_rates, slot_of, tuned
from scheduling.quoting.learning import SLOTS

WEEK = 7 * 24 * 60
LIKED = (10, 14, 17, 18, 19)


@dataclass(frozen=True)
class Week:
    """What was offered and what became of it: seats taken and hours until full, shift by shift."""

    seats: list[Seats]
    taken: list[int]
    full_after: list[float | None]
    by_agent: list[int]


class SimulatedMarket:
    """Agents with likings for days, hours and lengths that the model does not know."""

    def __init__(self, agents: int, rng: np.random.Generator) -> None:
        self.rng, self.agents = rng, agents
        self.eager = rng.gamma(2.0, 0.5, agents)
        self.hours = rng.choice([12, 20, 30, 40], agents)
        self.slots = rng.gamma(8.0, 1 / 8, SLOTS)

    def offered(self, shifts_a_day: int, *, size: float) -> list[Seats]:
        """Next week's shifts, of sizes around `size`."""
        found = []
        for day in range(7):
            for _shift in range(shifts_a_day):
                hour = int(self.rng.integers(7, 19))
                start = day * 24 * 60 + hour * 60
                minutes = int(self.rng.choice([120, 240, 360]))
                seats = max(1, round(size * self.rng.uniform(0.2, 2.2)))
                lead = 48.0 + day * 24 + hour
                found.append(Seats(start, start + minutes, seats, slot_of(day, hour), lead))
        return found

    def played(self, seats: list[Seats], *, appetite: float | None = None) -> Week:
        """Everybody looks in every few hours until the shifts start, and takes what suits and fits."""
        mood = appetite if appetite is not None else float(self.rng.lognormal(0, 0.15))
        taken = [0] * len(seats)
        full: list[float | None] = [None] * len(seats)
        mine: dict[int, list[int]] = {}
        used = np.zeros(self.agents)
        events = []
        for index, one in enumerate(seats):
            rate = 0.03 * self.slots[one.slot] * mood
            count = self.rng.poisson(rate * self.eager.sum())
            who = self.rng.choice(self.agents, size=count, p=self.eager / self.eager.sum())
            when = self.rng.exponential(36.0, count)
            events += [
                (-ahead, index, int(agent)) for ahead, agent in zip(when, who, strict=True) if ahead < one.lead_hours
            ]
        for when, index, agent in sorted(events):
            one = seats[index]
            held = mine.setdefault(agent, [])
            fits = all(
                one.end_minute <= seats[other].start_minute or one.start_minute >= seats[other].end_minute
                for other in held
            )
            if (
                taken[index] >= one.seats
                or index in held
                or not fits
                or used[agent] + one.minutes > self.hours[agent] * 60
            ):
                continue
            taken[index] += 1
            held.append(index)
            used[agent] += one.minutes
            if taken[index] == one.seats:
                full[index] = one.lead_hours + when
        return Week(seats, taken, full, [len(mine.get(agent, [])) for agent in range(self.agents)])

    def bench(self, history: list[Week]) -> Bench:
        """What the product would know after these weeks."""
        past = [
            PastShift(one.slot, self.agents, taken, one.lead_hours, full)
            for week in history
            for one, taken, full in zip(week.seats, week.taken, week.full_after, strict=True)
        ]
        rates = learned_rates(past)
        claims = np.sum([week.by_agent for week in history], axis=0)
        bench = Bench(
            activity=learned_activity(claims, expected=float(claims.mean())),
            minutes_left=np.array(self.hours * 60, dtype=np.int64),
            slot_rates=rates.slots,
            slot_weight=rates.weight,
        )
        return tuned(bench, [PastWeek(tuple(week.seats), sum(week.taken)) for week in history], seed=1)
