"""Prices, pure: from seconds and a rate card to an amount with the steps that lead to it.

Rates and totals are exact fractions until the one rounding at the end. Amounts are minor units; durations are seconds;
multipliers are basis points (10,000 is one).
"""

from payments.pricing.cards import Card, CardLine
from payments.pricing.cases import Share, check_case_price, price_resolution, price_shares
from payments.pricing.exchange import Exchange, business_days_old, exchange_in
from payments.pricing.factors import Factors
from payments.pricing.floors import FloorTopUp, floor_top_ups
from payments.pricing.labels import FORMULA_VERSION, NetHour, Sample, inputs_of, pay_label, run_again, supports
from payments.pricing.pieces import (
    estimate,
    price_bounty,
    price_cancellation,
    price_escalation,
    price_guarantee,
    price_incentive,
    price_interaction,
    price_referral,
    price_review_fee,
    price_royalty,
    price_sent_home,
    price_standby,
    price_training,
    price_vto,
    sent_home_seconds,
)
from payments.pricing.steps import Price, recompute
from payments.pricing.words import SpokenStep, figure_text, sentence, spoken_steps
from payments.pricing.work import Span, price_time

__all__ = [
    "FORMULA_VERSION",
    "Card",
    "CardLine",
    "Exchange",
    "Factors",
    "FloorTopUp",
    "NetHour",
    "Price",
    "Sample",
    "Share",
    "Span",
    "SpokenStep",
    "business_days_old",
    "check_case_price",
    "estimate",
    "exchange_in",
    "figure_text",
    "floor_top_ups",
    "inputs_of",
    "pay_label",
    "price_bounty",
    "price_cancellation",
    "price_escalation",
    "price_guarantee",
    "price_incentive",
    "price_interaction",
    "price_referral",
    "price_resolution",
    "price_review_fee",
    "price_royalty",
    "price_sent_home",
    "price_shares",
    "price_standby",
    "price_time",
    "price_training",
    "price_vto",
    "recompute",
    "run_again",
    "sent_home_seconds",
    "sentence",
    "spoken_steps",
    "supports",
]
