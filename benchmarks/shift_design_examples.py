"""Instances in the style of the published random sets for minimum shift design (Musliu, Schaerf and Slany 2004).

A week that wraps round, slots of 15, 30 or 60 minutes, four families of starts with lengths of 7 to 9 hours. Demand is built
from hidden shifts with one to five heads a day, so a design with no deviation exists; `is_legal` False takes hidden shifts
from outside the families instead, and none does.
"""

import random
from typing import Any, Final

FAMILIES: Final = ((300, 480), (540, 660), (780, 900), (1260, 1380))
SHORTEST, LONGEST = 420, 540
DAYS: Final = 7


def example(
    seed: int, *, is_legal: bool = True, slot_minutes: int | None = None, hidden: tuple[int, int] = (1, 5)
) -> dict[str, Any]:
    """This function will make one instance as JSON values; `best_known` is what the hidden shifts cost."""
    dice = random.Random(seed)
    slot = slot_minutes or dice.choice((15, 30, 60))
    required = [0] * (DAYS * 1440 // slot)
    kinds = {kind for family in FAMILIES for kind in _hidden(dice, family, slot, hidden, is_legal=is_legal)}
    for start, length in sorted(kinds):
        for day, heads in enumerate(_heads(dice)):
            for step in range(length):
                required[(day * 1440 // slot + start + step) % len(required)] += heads
    made = {
        "name": f"{'exact' if is_legal else 'rough'}-{slot}-{seed}",
        "slot_minutes": slot,
        "days": DAYS,
        "cyclic": True,
        "required": required,
        "families": [
            {
                "start_min": a // slot,
                "start_max": b // slot,
                "length_min": SHORTEST // slot,
                "length_max": LONGEST // slot,
            }
            for a, b in FAMILIES
        ],
        "weights": {"under": 1, "over": 1, "distinct": slot},
    }
    return made | ({"best_known": len(kinds) * slot} if is_legal else {})


def _hidden(
    dice: random.Random, family: tuple[int, int], slot: int, hidden: tuple[int, int], *, is_legal: bool
) -> list[tuple[int, int]]:
    wider = 0 if is_legal else 120
    starts = range((family[0] - wider) // slot, (family[1] + wider) // slot + 1)
    lengths = range((SHORTEST - wider) // slot, (LONGEST + wider) // slot + 1)
    return [(dice.choice(starts) % (1440 // slot), dice.choice(lengths)) for _shift in range(dice.randint(*hidden))]


def _heads(dice: random.Random) -> list[int]:
    """One to five, the same on most weekdays, often another number at the weekend."""
    usual = dice.randint(1, 5)
    weekend = usual if dice.random() < 0.4 else dice.randint(1, 5)
    return [base if dice.random() < 0.9 else dice.randint(1, 5) for base in [usual] * 5 + [weekend] * 2]
