"""Prices, pure: exact until one rounding, the same however time is cut, always explained."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigcx.kernel.money import round_minor
from payments.pricing import (
    Card,
    CardLine,
    Price,
    Span,
    estimate,
    floor_top_ups,
    price_bounty,
    price_time,
    price_training,
    recompute,
    sentence,
)

STARTS = datetime(2026, 11, 16, 12, tzinfo=UTC)


def card(currency: str = "USD", rounding: str = "half_even", **lines: tuple[int, int]) -> Card:
    given_lines = lines or {"productive_hour": (1400, 2000)}
    each = {"certification_bounty"}
    return Card(
        7,
        currency,
        currency,
        {
            kind: CardLine(kind, pay, bill, "each" if kind in each else "hour")
            for kind, (pay, bill) in given_lines.items()
        },
        rounding,
    )


def span(seconds: int, *, state: str = "on_contact", start: datetime = STARTS, cause: str = "") -> Span:
    return Span(start, start + timedelta(seconds=seconds), seconds, state, cause)


def time_of(found: Price | None) -> Price:
    assert found is not None
    return found


def test_an_hour_is_the_rate() -> None:
    price = time_of(price_time(card(), [span(3600)], tier_bp=10_000))
    assert (price.pay_minor, price.bill_minor, price.margin_minor) == (1400, 2000, 600)


def test_a_tier_multiplies_and_is_named_in_the_sentence() -> None:
    price = time_of(price_time(card(), [span(11040)], tier_bp=11_500, tier="trusted"))
    assert price.pay_minor == 4937
    assert sentence(price.explanation) == "184 min × 14.00 an hour × 1.15 for Trusted = 49.37 USD"


@pytest.mark.parametrize(
    ("currency", "rate", "words"),
    [("JPY", 1500, "25 min × 1,500 an hour = 625 JPY"), ("KWD", 4125, "25 min × 4.125 an hour = 1.719 KWD")],
)
def test_jpy_and_kwd_round_by_exponent(currency: str, rate: int, words: str) -> None:
    price = time_of(price_time(card(currency, productive_hour=(rate, rate * 2)), [span(1500)], tier_bp=10_000))
    assert sentence(price.explanation) == words


spans = st.lists(
    st.tuples(st.integers(0, 20_000), st.sampled_from(["on_contact", "ready", "wrap", "aux", "lost"])), max_size=12
)


@given(
    parts=spans,
    pay=st.integers(1, 50_000),
    extra=st.integers(0, 9_999),
    tier=st.integers(10_000, 20_000),
    rounding=st.sampled_from(["half_even", "half_up", "down"]),
)
def test_recomputing_the_explanation_gives_the_amount_and_an_exact_reference_agrees(
    parts: list[tuple[int, str]], pay: int, extra: int, tier: int, rounding: str
) -> None:
    found = card(rounding=rounding, productive_hour=(pay, pay + extra), available_hour=(pay // 2, pay))
    price = price_time(found, [span(seconds, state=state) for seconds, state in parts], tier_bp=tier)
    rates = {"on_contact": pay, "wrap": pay, "ready": pay // 2}
    exact = sum((Fraction(rates.get(state, 0) * seconds, 3600) for seconds, state in parts), Fraction(0))
    expected = round_minor(exact * Fraction(tier, 10_000), rounding)
    if price is None:
        assert expected == 0
        return
    assert price.pay_minor == expected == recompute(price.explanation)
    assert price.bill_minor == recompute(price.bill_explanation)
    assert price.margin_minor >= 0


@given(seconds=st.integers(1, 50_000), cuts=st.lists(st.integers(0, 50_000), max_size=20), rate=st.integers(1, 99_999))
def test_splitting_intervals_never_changes_the_total(seconds: int, cuts: list[int], rate: int) -> None:
    edges = sorted({0, seconds, *(cut for cut in cuts if cut < seconds)})
    pieces = [span(later - sooner, start=STARTS + timedelta(seconds=sooner)) for sooner, later in pairwise(edges)]
    found = card(productive_hour=(rate, rate))
    whole = time_of(price_time(found, [span(seconds)], tier_bp=10_000))
    assert time_of(price_time(found, pieces, tier_bp=10_000)).pay_minor == whole.pay_minor


FLOOR: dict[str, Any] = {"productive_hour": (1600, 2200), "available_hour": (0, 0), "floor": (800, 1100)}


def test_a_quiet_hour_is_topped_up_to_the_floor() -> None:
    quiet = [span(600), span(3000, state="ready", start=STARTS + timedelta(seconds=600), cause="volume")]
    (found,) = floor_top_ups(card(**FLOOR), quiet, interval_minutes=60, tier_bp=10_000)
    assert (found.cause, found.payer) == ("volume", "brand")
    assert found.price.pay_minor == 533  # 800 - 600 s x 16.00
    assert recompute(found.price.explanation) == 533
    assert found.price.bill_minor >= found.price.pay_minor


def test_a_busy_hour_gets_no_floor() -> None:
    assert floor_top_ups(card(**FLOOR), [span(3600)], interval_minutes=60, tier_bp=10_000) == ()


def test_zero_contacts_pay_the_floor_and_an_outage_charges_the_platform() -> None:
    (found,) = floor_top_ups(
        card(**FLOOR), [span(3600, state="ready", cause="platform")], interval_minutes=60, tier_bp=10_000
    )
    assert (found.payer, found.price.pay_minor, found.price.bill_minor) == ("platform", 800, 0)


def test_time_offline_by_the_agents_own_doing_has_no_floor() -> None:
    idle = [span(3600, state="ready", cause="agent")]
    assert floor_top_ups(card(**FLOOR), idle, interval_minutes=60, tier_bp=10_000) == ()


@given(cuts=st.lists(st.integers(1, 7199), max_size=10))
def test_cutting_a_span_anywhere_leaves_its_floor_alone(cuts: list[int]) -> None:
    edges = sorted({0, 7200, *cuts})
    pieces = [
        span(later - sooner, state="ready", start=STARTS + timedelta(seconds=sooner), cause="volume")
        for sooner, later in pairwise(edges)
    ]
    (found,) = floor_top_ups(card(**FLOOR), pieces, interval_minutes=30, tier_bp=10_000)
    assert found.price.pay_minor == 1600


def test_floors_of_two_causes_are_two_lines() -> None:
    idle = [
        span(3600, state="ready", cause="volume"),
        span(3600, state="ready", start=STARTS + timedelta(hours=1), cause="provider"),
    ]
    found = floor_top_ups(card(**FLOOR), idle, interval_minutes=60, tier_bp=10_000)
    assert [(one.cause, one.payer) for one in found] == [("provider", "platform"), ("volume", "brand")]


def test_training_and_bounty_have_prices_of_their_own() -> None:
    found = card(training=(1200, 1600), certification_bounty=(2500, 3000))
    assert time_of(price_training(found, seconds=1800)).pay_minor == 600
    assert time_of(price_bounty(found)).pay_minor == 2500
    assert price_bounty(card()) is None
    assert sentence(time_of(price_bounty(found)).explanation) == "1 × 25.00 = 25.00 USD"


def test_an_estimate_takes_the_same_steps_as_the_price() -> None:
    price = time_of(price_time(card(), [span(11_040)], tier_bp=11_500))
    assert estimate(card(), [("productive_hour", 11_040, 1)], tier_bp=11_500) == (price.pay_minor, price.bill_minor)


def test_corrections_below_zero_never_make_a_negative_price() -> None:
    parts: list[Any] = [span(60), Span(STARTS, STARTS, -600, "adjusted")]
    assert price_time(card(), parts, tier_bp=10_000) is None


def test_a_correction_larger_than_the_time_served_takes_the_rest_from_the_time_waited() -> None:
    waiting_is_cheaper = card(productive_hour=(1600, 2200), available_hour=(1000, 1400))
    at = STARTS
    spans = [
        Span(at, at + timedelta(minutes=50), 3000, "ready"),
        Span(at + timedelta(minutes=50), at + timedelta(minutes=60), 600, "on_contact"),
    ]
    taken = Span(at, at, -900, "adjusted")
    price = price_time(waiting_is_cheaper, [*spans, taken], tier_bp=10_000)
    assert price is not None
    assert price.pay_minor == 750  # 45 minutes waited; the ten served and five waited are gone
    assert price_time(waiting_is_cheaper, [*spans, Span(at, at, -9000, "adjusted")], tier_bp=10_000) is None
