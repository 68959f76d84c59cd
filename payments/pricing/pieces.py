"""Everything that is not time on a shift: training, bounties, standby, cancellations, and estimates before the work."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from payments.pricing.cards import Card, CardLine
from payments.pricing.steps import Price
from payments.pricing.work import finished, steps_of

# A card's line for an hour cancelled late is the price at the shortest notice: half of a planned hour.
_SHORTEST: Final = Fraction(1, 2)
_HOURS: Final = ("productive_hour", "available_hour", "floor")


def price_training(card: Card, *, seconds: int) -> Price | None:
    """This function will price paid training time; None where the card does not pay it. No tier applies."""
    return _priced(card, "training", seconds=seconds, quantity=1, tier_bp=10_000)


def price_bounty(card: Card) -> Price | None:
    """This function will price a certification's bounty; None where the card has none."""
    return _priced(card, "certification_bounty", seconds=0, quantity=1, tier_bp=10_000)


def price_standby(card: Card, *, seconds: int, tier_bp: int, tier: str = "") -> Price | None:
    """This function will price standby time; None where the card does not pay it."""
    return _priced(card, "standby", seconds=seconds, quantity=1, tier_bp=tier_bp, tier=tier)


def price_incentive(card: Card, *, seconds: int, per_hour_minor: int) -> Price | None:
    """This function will price what a shift pays on top of the card for the time worked; None where nothing comes of it.

    The brand pays what the agent gets: no margin, no tier.
    """
    if per_hour_minor <= 0 or seconds <= 0:
        return None
    pay, bill = steps_of(card, "pay"), steps_of(card, "bill")
    for steps in (pay, bill):
        steps.add(code="hours", rule="incentive", seconds=seconds, rate_minor=per_hour_minor)
    price = finished(pay, bill, tier_bp=10_000, tier="")
    return price if price.pay_minor else None


def price_cancellation(card: Card, *, seconds: int, share: Fraction, tier_bp: int, tier: str = "") -> Price | None:
    """This function will price a shift the brand cancelled: `share` of each planned hour, by how late it came.

    The card's own line for an hour cancelled late is what the shortest notice costs, and longer notice its part of it; a
    card without that line takes the share of a planned hour's price. None where nothing is owed.
    """
    line, owed = _late_hour(card, share)
    if line is None or not line.pay_minor or not share:
        return None
    notice = "less than 4 hours' notice" if share >= _SHORTEST else "less than 24 hours' notice"
    pay, bill = steps_of(card, "pay"), steps_of(card, "bill")
    for steps, rate in ((pay, line.pay_minor), (bill, line.bill_minor)):
        steps.add(code="hours", rule="cancellation", seconds=seconds, rate_minor=rate)
        steps.add(code="factor", rule="notice", name=notice, factor_bp=int(owed * 10_000))
    price = finished(pay, bill, tier_bp=tier_bp, tier=tier)
    return price if price.pay_minor else None


def _late_hour(card: Card, share: Fraction) -> tuple[CardLine | None, Fraction]:
    own = card.line("cancellation")
    if own is not None:
        return own, share / _SHORTEST
    return next((line for line in map(card.line, _HOURS) if line is not None), None), share


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
