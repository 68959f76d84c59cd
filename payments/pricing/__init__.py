"""Prices, pure: from seconds and a rate card to an amount with the steps that lead to it.

Rates and totals are exact fractions until the one rounding at the end. Amounts are minor units; durations are seconds;
multipliers are basis points (10,000 is one).
"""

from payments.pricing.cards import Card, CardLine
from payments.pricing.floors import FloorTopUp, floor_top_ups
from payments.pricing.pieces import (
    estimate,
    price_bounty,
    price_cancellation,
    price_incentive,
    price_standby,
    price_training,
)
from payments.pricing.steps import Price, SpokenStep, recompute, sentence, spoken_steps
from payments.pricing.work import Span, price_time

__all__ = [
    "Card",
    "CardLine",
    "FloorTopUp",
    "Price",
    "Span",
    "SpokenStep",
    "estimate",
    "floor_top_ups",
    "price_bounty",
    "price_cancellation",
    "price_incentive",
    "price_standby",
    "price_time",
    "price_training",
    "recompute",
    "sentence",
    "spoken_steps",
]
