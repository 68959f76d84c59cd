"""What a base price is multiplied by, added to and bounded with, always in the same order."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from payments.pricing.cards import Card
from payments.pricing.steps import WHOLE, Price, Steps

PLAIN_TIER: Final = "tier"


@dataclass(frozen=True, slots=True)
class Factors:
    """Multipliers in basis points, amounts in minor units of the card's own currencies.

    `band` names a language or a time of day ("nights"). The additive part goes to the agent and is billed as it is. The
    cap bounds what the agent gets; the brand's side is bounded by as much as it takes off. `margin_bp` moves what stays
    with the platform, as frozen on the brand's quote.
    """

    complexity: str = ""
    complexity_bp: int = WHOLE
    band: str = ""
    band_bp: int = WHOLE
    tier: str = ""
    tier_bp: int = WHOLE
    incentive_bp: int = WHOLE
    additive_minor: int = 0
    cap_minor: int | None = None
    margin_bp: int = WHOLE


def steps_of(card: Card, side: str) -> Steps:
    """This function will start the steps of one side, pay or bill."""
    currency = card.pay_currency if side == "pay" else card.bill_currency
    return Steps(currency=currency, card_version=card.version, rounding=card.rounding)


def finished(pay: Steps, bill: Steps, factors: Factors) -> Price:
    """This function will apply complexity, band, tier, incentive, additive and cap in this order, and round each side once.

    Both sides take the same steps with their own rates. A margin factor comes last on the brand's side: it moves the
    difference and never the pay.
    """
    for steps in (pay, bill):
        _multiply(steps, factors)
    if factors.cap_minor is not None:
        _cap(pay, bill, factors.cap_minor)
    if factors.margin_bp != WHOLE:
        bill.add(code="margin", rule="margin", name="reliability", factor_bp=factors.margin_bp, pay=str(pay.total))
    pay_side, bill_side = pay.explanation(), bill.explanation()
    return Price(pay_side["amount_minor"], bill_side["amount_minor"], pay_side, bill_side)


def _multiply(steps: Steps, factors: Factors) -> None:
    if factors.complexity_bp != WHOLE:
        steps.factor("complexity", name=factors.complexity or "complexity", factor_bp=factors.complexity_bp)
    if factors.band_bp != WHOLE:
        steps.factor("band", name=factors.band or "hours", factor_bp=factors.band_bp)
    if factors.tier_bp != WHOLE:
        steps.factor("tier", name=factors.tier.title() or PLAIN_TIER, factor_bp=factors.tier_bp)
    if factors.incentive_bp != WHOLE:
        steps.factor("incentive", name="incentive", factor_bp=factors.incentive_bp)
    if factors.additive_minor:
        steps.each("additive", quantity=1, amount_minor=factors.additive_minor)


def _cap(pay: Steps, bill: Steps, cap_minor: int) -> None:
    over = pay.total - cap_minor
    most = bill.total - max(Fraction(0), over)
    pay.add(code="at_most", rule="cap", most=str(cap_minor), bites=over > 0)
    bill.add(code="at_most", rule="cap", most=str(most), bites=over > 0)
