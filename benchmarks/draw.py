"""How long one core takes to draw 10,000 entries of 20 wishes, with few seats and with more than anybody needs.

Run with `python -m benchmarks.draw`. No database: the draw is pure. Times are the best and the median of three runs.
"""

import os
import platform
import random
import statistics
import time
from typing import Final

from scheduling.allocation import Entry, Slot, digest_line, digest_of, draw, key_of, receipt_of

ENTRIES: Final = 10_000
WISHES: Final = 20
SHIFTS: Final = 400
SEED: Final = 7
ROUNDS: Final = 3
SECONDS: Final = 2.0
TIERS: Final = (10, 12, 15, 20)
QUARTER: Final = 900


def slots_of(dice: random.Random, seats: int) -> list[Slot]:
    """Shifts of four to eight hours over a week, on the quarter hour."""
    found = []
    for number in range(SHIFTS):
        start = dice.randrange(7 * 96) * QUARTER
        found.append(Slot(f"shift-{number:04}", start, start + dice.randrange(16, 33) * QUARTER, seats))
    return found


def entries_of(dice: random.Random, slots: list[Slot]) -> list[Entry]:
    """Everybody wishes twenty shifts in some order and may win twelve hours."""
    names = [slot.shift for slot in slots]
    return [
        Entry(f"{number:032x}", tuple(dice.sample(names, WISHES)), dice.choice(TIERS), 12 * 60)
        for number in range(ENTRIES)
    ]


def measure(title: str, seats: int) -> bool:
    """Freeze, digest, key and draw, as at a close; print the times and whether the target is met."""
    dice = random.Random(SEED)
    slots = slots_of(dice, seats)
    entries = entries_of(dice, slots)
    times, outcome = [], None
    for _round in range(ROUNDS):
        started = time.perf_counter()
        lines = [
            digest_line(
                receipt_of("window", one.pseudonym, one.wishes, one.pseudonym), one.tickets, one.max_minutes, ()
            )
            for one in entries
        ]
        outcome = draw(entries, slots, key_of(b"s" * 32, digest_of(lines)))
        times.append(time.perf_counter() - started)
    assert outcome is not None
    met = min(times) <= SECONDS
    print(
        f"{title}: {len(outcome.wins)} seats given in {outcome.rounds} rounds, best {min(times):.2f} s,"
        f" median {statistics.median(times):.2f} s, target {SECONDS} s: {'met' if met else 'MISSED'}"
    )
    return met


def main() -> None:
    print(f"python {platform.python_version()}, load {os.getloadavg()[0]:.1f}, seed {SEED}")
    print(f"{ENTRIES} entries x {WISHES} wishes, {SHIFTS} shifts")
    scarce = measure("scarce (12 seats a shift)", 12)
    plenty = measure("plenty (100 seats a shift)", 100)
    raise SystemExit(0 if scarce and plenty else 1)


if __name__ == "__main__":
    main()
