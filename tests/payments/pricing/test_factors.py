"""Complexity, band, tier, incentive, additive, cap: in this order, exact, rounded once, explained."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from payments.pricing import Card, CardLine, Factors, Price, Span, price_interaction, price_time, recompute, sentence
from tests.payments.pricing.reference import exact_factors, exact_time, rounded

STARTS = datetime(2026, 11, 16, 12, tzinfo=UTC)


def card(pay: int = 1400, bill: int = 2000, *, rounding: str = "half_even") -> Card:
    lines = {
        "productive_hour": CardLine("productive_hour", pay, bill),
        "available_hour": CardLine("available_hour", pay // 2, bill // 2 + 1),
        "interaction": CardLine("interaction", 120, 180, "each"),
    }
    return Card(7, "USD", "USD", lines, rounding)


def an_hour(**factors: Any) -> Price:
    spans = [Span(STARTS, STARTS + timedelta(hours=1), 3600, "on_contact")]
    price = price_time(card(), spans, tier_bp=factors.pop("tier_bp", 10_000), **factors)
    assert price is not None
    return price


def test_the_order_is_base_complexity_band_tier_incentive_additive_cap_and_one_rounding() -> None:
    price = an_hour(
        complexity="hard",
        complexity_bp=12_000,
        band="nights",
        band_bp=11_000,
        tier="trusted",
        tier_bp=11_500,
        incentive_bp=15_000,
        additive_minor=100,
        cap_minor=3_000,
    )
    codes = [(step["code"], step.get("rule")) for step in price.explanation["steps"]]
    assert codes == [
        ("hours", "productive_hour"),
        ("factor", "complexity"),
        ("factor", "band"),
        ("factor", "tier"),
        ("factor", "incentive"),
        ("each", "additive"),
        ("at_most", "cap"),
        ("round", "half_even"),
    ]
    assert price.pay_minor == 3_000  # 14.00 × 1.2 × 1.1 × 1.15 × 1.5 + 1.00 = 32.88, at most 30.00
    assert price.bill_minor == 4366  # 20.00 × the same + 1.00 = 46.54, less the 2.878 that the cap took
    assert sentence(price.explanation) == (
        "60 min × 14.00 an hour × 1.2 for hard × 1.1 for nights × 1.15 for Trusted × 1.5 for incentive + 1 × 1.00, "
        "at most 30.00 = 30.00 USD"
    )


def test_a_cap_that_is_not_reached_changes_nothing_and_is_not_spoken_of() -> None:
    price = an_hour(cap_minor=3_000)
    assert (price.pay_minor, price.bill_minor) == (1400, 2000)
    assert sentence(price.explanation) == "60 min × 14.00 an hour = 14.00 USD"


def test_the_brands_reliability_moves_the_margin_and_never_the_pay() -> None:
    price = an_hour(margin_bp=8_000)
    assert (price.pay_minor, price.bill_minor, price.margin_minor) == (1400, 1880, 480)


def test_contacts_paid_by_the_piece_take_the_same_factors() -> None:
    price = price_interaction(card(), quantity=3, tier_bp=11_500, tier="trusted", complexity_bp=15_000)
    assert price is not None
    assert (price.pay_minor, price.bill_minor) == (621, 932)  # 3 × 1.20 × 1.5 × 1.15; 931.5 rounds to even


factors = st.builds(
    Factors,
    complexity_bp=st.integers(5_000, 30_000),
    band_bp=st.integers(5_000, 30_000),
    tier_bp=st.integers(10_000, 20_000),
    incentive_bp=st.integers(10_000, 40_000),
    additive_minor=st.integers(0, 5_000),
    cap_minor=st.none() | st.integers(1, 50_000),
    margin_bp=st.integers(0, 20_000),
)
work = st.lists(st.tuples(st.integers(0, 20_000), st.sampled_from(["on_contact", "ready", "wrap", "aux"])), max_size=8)


@given(
    parts=work,
    given_factors=factors,
    pay=st.integers(1, 50_000),
    extra=st.integers(0, 9_999),
    rounding=st.sampled_from(["half_even", "half_up", "down"]),
)
def test_every_price_equals_a_slow_exact_fraction_reference_and_bill_is_pay_plus_margin(
    parts: list[tuple[int, str]], given_factors: Factors, pay: int, extra: int, rounding: str
) -> None:
    found = card(pay, pay + extra, rounding=rounding)
    spans = [Span(STARTS, STARTS + timedelta(seconds=seconds), seconds, state) for seconds, state in parts]
    price = price_time(found, spans, **asdict(given_factors))
    sides = exact_time(found, parts, "pay"), exact_time(found, parts, "bill")
    if price is None:
        assert not any(sides)
        return
    exact_pay, exact_bill = exact_factors(*sides, given_factors)
    assert price.pay_minor == rounded(exact_pay, rounding) == recompute(price.explanation)
    assert price.bill_minor == rounded(exact_bill, rounding) == recompute(price.bill_explanation)
    assert price.bill_minor == price.pay_minor + price.margin_minor
