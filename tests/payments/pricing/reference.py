"""The slow way: every price once more from its rules, in exact fractions and nothing shared with the product."""

from fractions import Fraction

from payments.pricing import Card, Factors

STATES = {"on_contact": "productive_hour", "wrap": "productive_hour", "ready": "available_hour"}


def rounded(amount: Fraction, mode: str) -> int:
    below = amount.numerator // amount.denominator
    rest = amount - below
    if mode == "down" or rest < Fraction(1, 2):
        return below
    if rest > Fraction(1, 2) or mode == "half_up":
        return below + 1
    return below + below % 2


def exact_time(card: Card, parts: list[tuple[int, str]], side: str) -> Fraction:
    total = Fraction(0)
    for seconds, state in parts:
        line = card.lines.get(STATES.get(state, ""))
        if line is not None:
            total += Fraction(line.pay_minor if side == "pay" else line.bill_minor) * seconds / 3600
    return total


def exact_factors(pay: Fraction, bill: Fraction, factors: Factors) -> tuple[Fraction, Fraction]:
    """Complexity, band, tier, incentive, additive, cap on both sides; the margin factor on the brand's."""
    for factor_bp in (factors.complexity_bp, factors.band_bp, factors.tier_bp, factors.incentive_bp):
        pay, bill = pay * factor_bp / 10_000, bill * factor_bp / 10_000
    pay, bill = pay + factors.additive_minor, bill + factors.additive_minor
    if factors.cap_minor is not None and pay > factors.cap_minor:
        bill -= pay - factors.cap_minor
        pay = Fraction(factors.cap_minor)
    return pay, pay + (bill - pay) * factors.margin_bp / 10_000
