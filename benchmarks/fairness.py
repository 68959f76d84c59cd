"""What speed buys: a week of contested seats, given first come and given by the sealed draw, to people and to bots.

Run with `python -m benchmarks.fairness`. No database. 1,000 agents of equal tier, a tenth of them run a bot that presses within
two seconds of the opening; people look when they look, within two days, and want three to eight shifts. First come, everybody
takes what is left of their wishes up to the 24 hours a week that one may commit to early; a bot wants all it may hold. In the
draw everybody's wishes wait for the close, up to the 12 hours a draw gives: once with bots that wish for as much as people do,
and once with bots that rank as many shifts as the page takes, which is what a longer list buys and has nothing to do with speed.
The share of bots is that of the seats they end up with, over many weeks.
"""

import os
import platform
import random
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from scheduling.allocation import MOST_WISHES, Entry, Slot, draw, key_of

AGENTS: Final = 1_000
BOTS: Final = 100
SHIFTS: Final = 140
SEATS: Final = 13
HOURS: Final = 4
WEEKS: Final = 20
SEED: Final = 7
HOUR: Final = 3_600
WEEK_MINUTES: Final = 24 * 60
DRAW_MINUTES: Final = 12 * 60
DAY_MINUTES: Final = 12 * 60
DRAW_TARGET: Final = (0.09, 0.11)
RUSH_TARGET: Final = (0.28, 0.40)


@dataclass(frozen=True)
class Person:
    """One agent: when they look after the opening, and what they would like, best first."""

    name: str
    is_bot: bool
    looks_after: float
    wishes: tuple[str, ...]


def slots() -> list[Slot]:
    """Twenty shifts a day that start every half hour from seven."""
    return [
        Slot(f"d{day}-{n:02}", start, start + HOURS * HOUR, SEATS)
        for day in range(7)
        for n in range(SHIFTS // 7)
        for start in [day * 24 * HOUR + 7 * HOUR + n * HOUR // 2]
    ]


def people(dice: random.Random, offered: list[Slot]) -> list[Person]:
    """A bot wishes for as much as it may hold; a person for some shifts. Both like the evenings a little more."""
    names = [slot.shift for slot in offered]
    found = []
    for number in range(AGENTS):
        is_bot = number < BOTS
        looks = dice.uniform(0, 2) if is_bot else dice.uniform(0, 48 * HOUR)
        size = len(names) if is_bot else dice.randint(3, 8)
        found.append(Person(f"{number:032x}", is_bot, looks, tuple(dice.sample(names, size))))
    return found


def first_come(everybody: Iterable[Person], offered: list[Slot]) -> list[Person]:
    """Who holds each seat after the rush."""
    known = {slot.shift: slot for slot in offered}
    left = {slot.shift: slot.seats for slot in offered}
    holders: list[Person] = []
    for one in sorted(everybody, key=lambda person: person.looks_after):
        held: list[Slot] = []
        for wish in one.wishes:
            slot = known[wish]
            if left[wish] and _fits(slot, held):
                left[wish] -= 1
                held.append(slot)
                holders.append(one)
    return holders


def _fits(slot: Slot, held: list[Slot]) -> bool:
    if sum(one.minutes for one in held) + slot.minutes > WEEK_MINUTES:
        return False
    day = [one for one in held if one.starts_at // (24 * HOUR) == slot.starts_at // (24 * HOUR)]
    if sum(one.minutes for one in day) + slot.minutes > DAY_MINUTES:
        return False
    return all(one.ends_at <= slot.starts_at or slot.ends_at <= one.starts_at for one in held)


def drawn(everybody: list[Person], offered: list[Slot], week: int, *, bots_rank: int) -> list[Person]:
    """Who holds each seat after the draw; how early one entered is not even known to it."""
    most = {True: bots_rank, False: MOST_WISHES}
    entries = [Entry(one.name, one.wishes[: most[one.is_bot]], 10, DRAW_MINUTES) for one in everybody]
    known = {one.name: one for one in everybody}
    found = draw(entries, offered, key_of(week.to_bytes(32, "big"), "ab" * 32))
    return [known[win.pseudonym] for win in found.wins]


def share(holders: list[Person]) -> float:
    return sum(one.is_bot for one in holders) / len(holders)


def main() -> None:
    print(f"python {platform.python_version()}, load {os.getloadavg()[0]:.1f}, seed {SEED}")
    print(f"{AGENTS} agents, {BOTS} of them bots; {SHIFTS} shifts x {SEATS} seats of {HOURS} h; {WEEKS} weeks")
    offered = slots()
    rush, lots, long_lists = [], [], []
    for week in range(WEEKS):
        dice = random.Random(SEED + week)
        everybody = people(dice, offered)
        rush.append(share(first_come(everybody, offered)))
        lots.append(share(drawn(everybody, offered, week, bots_rank=dice.randint(5, 6))))
        long_lists.append(share(drawn(everybody, offered, week, bots_rank=MOST_WISHES)))
    results = [
        told("first come", rush, "about a third", RUSH_TARGET),
        told("sealed draw", lots, "9-11 %", DRAW_TARGET),
        told(f"sealed draw, bots rank {MOST_WISHES} shifts each", long_lists),
    ]
    raise SystemExit(0 if all(results) else 1)


def told(title: str, found: list[float], words: str = "", target: tuple[float, float] = (0, 1)) -> bool:
    """Print one line; whether the target is met."""
    mean = statistics.mean(found)
    is_met = target[0] <= mean <= target[1]
    expected = f", expected {words}: {'met' if is_met else 'MISSED'}" if words else ""
    print(f"{title}: bots hold {100 * mean:.1f} % (weeks {100 * min(found):.1f} to {100 * max(found):.1f}){expected}")
    return is_met


if __name__ == "__main__":
    main()
