"""Everything that is not time on a shift: training, bounties, standby, and estimates before the work."""

from collections.abc import Iterable

from payments.pricing.cards import Card
from payments.pricing.steps import Price
from payments.pricing.work import finished, steps_of


def price_training(card: Card, *, seconds: int) -> Price | None:
    """This function will price paid training time; None where the card does not pay it. No tier applies."""
    return _priced(card, "training", seconds=seconds, quantity=1, tier_bp=10_000)


def price_bounty(card: Card) -> Price | None:
    """This function will price a certification's bounty; None where the card has none."""
    return _priced(card, "certification_bounty", seconds=0, quantity=1, tier_bp=10_000)


def price_standby(card: Card, *, seconds: int, tier_bp: int, tier: str = "") -> Price | None:
    """This function will price standby time; None where the card does not pay it."""
    return _priced(card, "standby", seconds=seconds, quantity=1, tier_bp=tier_bp, tier=tier)


def estimate(card: Card, lines: Iterable[tuple[str, int, int]], *, tier_bp: int) -> tuple[int, int]:
    """This function will add up pay and bill, in minor units, of planned (kind, seconds, quantity) lines.

    The same steps as the real price: each line is rounded once.
    """
    priced = [
        _priced(card, kind, seconds=seconds, quantity=quantity, tier_bp=tier_bp) for kind, seconds, quantity in lines
    ]
    known = [price for price in priced if price is not None]
    return sum(price.pay_minor for price in known), sum(price.bill_minor for price in known)


def _priced(card: Card, kind: str, *, seconds: int, quantity: int, tier_bp: int, tier: str = "") -> Price | None:
    line = card.line(kind)
    if line is None or not line.pay_minor:
        return None
    pay, bill = steps_of(card, "pay"), steps_of(card, "bill")
    for steps, rate in ((pay, line.pay_minor), (bill, line.bill_minor)):
        if line.unit == "hour":
            steps.add(code="hours", rule=kind, seconds=seconds * quantity, rate_minor=rate)
        else:
            steps.add(code="each", rule=kind, quantity=quantity, amount_minor=rate)
    price = finished(pay, bill, tier_bp=tier_bp, tier=tier)
    return price if price.pay_minor else None
