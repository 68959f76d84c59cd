"""How fast lines are priced: 100,000 shifts of mixed work with both sides explained, and every one of them checked
against a slow reference in exact fractions that shares nothing with the product.

Run with `python -m benchmarks.price_lines`. It needs no database.
"""

import os
import random
import time
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from payments.pricing import Card, CardLine, Price, Span, price_time, recompute

MANY = 100_000
# As many as are written in one go.
BATCH = 500
SEED = 20261116
TARGET_SECONDS = 3
STARTS = datetime(2026, 11, 16, 12, tzinfo=UTC)
STATES = ("on_contact", "wrap", "ready", "aux")
TIERS = (("new", 10_000), ("proven", 10_500), ("trusted", 11_500), ("lead", 13_000))

Work = tuple[Card, list[Span], str, int]


def works() -> list[Work]:
    """Shifts of two to five stretches, on a hundred cards in three rounding modes, for agents of four tiers."""
    chance = random.Random(SEED)
    cards = [_card(chance, version) for version in range(1, 101)]
    return [(chance.choice(cards), _spans(chance), *chance.choice(TIERS)) for _ in range(MANY)]


def _card(chance: random.Random, version: int) -> Card:
    pay, waiting = chance.randint(900, 4_000), chance.randint(500, 900)
    lines = {
        "productive_hour": CardLine("productive_hour", pay, pay + chance.randint(0, 1_500)),
        "available_hour": CardLine("available_hour", waiting, waiting + chance.randint(0, 500)),
    }
    return Card(version, "USD", "USD", lines, chance.choice(["half_even", "half_up", "down"]))


def _spans(chance: random.Random) -> list[Span]:
    found, at = [], STARTS
    for _ in range(chance.randint(2, 5)):
        seconds = chance.randint(20, 5_400)
        found.append(Span(at, at + timedelta(seconds=seconds), seconds, chance.choice(STATES)))
        at += timedelta(seconds=seconds)
    return found


def exactly(work: Work, side: str) -> int:
    """The amount once more, from the rule alone."""
    card, spans, _tier, tier_bp = work
    kinds = {"on_contact": "productive_hour", "wrap": "productive_hour", "ready": "available_hour"}
    total = Fraction(0)
    for span in spans:
        line = card.lines.get(kinds.get(span.state, ""))
        if line is not None:
            total += Fraction((line.pay_minor if side == "pay" else line.bill_minor) * span.seconds, 3600)
    total = total * tier_bp / 10_000
    below = total.numerator // total.denominator
    rest = total - below
    is_up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and (card.rounding == "half_up" or below % 2 == 1))
    return below if card.rounding == "down" or not is_up else below + 1


def agrees(work: Work, price: Price | None) -> bool:
    """Do both sides equal the reference, and does each explanation replay to its amount?"""
    pay, bill = exactly(work, "pay"), exactly(work, "bill")
    if price is None:
        return (pay, bill) == (0, 0)
    replayed = recompute(price.explanation), recompute(price.bill_explanation)
    return (price.pay_minor, price.bill_minor) == (pay, bill) == replayed


def main() -> None:
    given = works()
    print(f"seed {SEED}, {MANY} lines in batches of {BATCH}, load {os.getloadavg()[0]:.2f}")
    took = cpu = 0.0
    wrong = 0
    for start in range(0, MANY, BATCH):
        batch = given[start : start + BATCH]
        began, busy = time.perf_counter(), time.process_time()
        prices = [price_time(card, spans, tier_bp=tier_bp, tier=tier) for card, spans, tier, tier_bp in batch]
        took, cpu = took + time.perf_counter() - began, cpu + time.process_time() - busy
        wrong += sum(not agrees(work, price) for work, price in zip(batch, prices, strict=True))
    print(f"priced and explained, both sides: {took:.2f} s, {cpu:.2f} s of one core ({TARGET_SECONDS})")
    print(f"different from the exact reference: {wrong} of {MANY} (0), load {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
