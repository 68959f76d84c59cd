"""Standing by, leaving early, being sent home, cases and their shares, and sums in other languages."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.pricing import (
    Card,
    CardLine,
    Price,
    Share,
    check_case_price,
    estimate,
    price_cancellation,
    price_escalation,
    price_guarantee,
    price_referral,
    price_resolution,
    price_review_fee,
    price_royalty,
    price_sent_home,
    price_shares,
    price_standby,
    price_vto,
    recompute,
    sent_home_seconds,
    sentence,
    spoken_steps,
)

HOUR = 3600
EACH = {"resolution", "interaction", "review_fee", "escalation_credit", "royalty", "referral"}


def card(**lines: tuple[int, int]) -> Card:
    given_lines = {"productive_hour": (1600, 2200), **lines}
    kept = {
        kind: CardLine(kind, pay, bill, "each" if kind in EACH else "hour") for kind, (pay, bill) in given_lines.items()
    }
    return Card(3, "USD", "USD", kept)


def amounts(price: Price | None) -> tuple[int, int]:
    assert price is not None
    assert recompute(price.explanation) == price.pay_minor
    assert recompute(price.bill_explanation) == price.bill_minor
    return price.pay_minor, price.bill_minor


def test_standing_by_has_its_own_price_or_three_tenths_of_a_working_hour() -> None:
    assert amounts(price_standby(card(standby=(500, 800)), seconds=2 * HOUR, tier_bp=10_000)) == (1000, 1600)
    assert amounts(price_standby(card(), seconds=2 * HOUR, tier_bp=10_000)) == (960, 1320)
    assert estimate(card(), [("standby", HOUR, 2)], tier_bp=10_000) == (960, 1320)


def test_time_off_by_choice_is_paid_by_its_own_line_or_a_working_hour() -> None:
    assert amounts(price_vto(card(vto=(400, 600)), seconds=HOUR, tier_bp=10_000)) == (400, 600)
    assert amounts(price_vto(card(), seconds=HOUR, tier_bp=11_500, tier="trusted")) == (1840, 2530)
    assert price_vto(card(), seconds=0, tier_bp=10_000) is None


@pytest.mark.parametrize(
    ("shift", "worked", "owed"),
    [
        (8 * HOUR, HOUR, 3 * HOUR),  # half of the shift
        (3 * HOUR, HOUR // 2, 2 * HOUR - HOUR // 2),  # two hours
        (HOUR, HOUR // 2, HOUR // 2),  # never more than the shift
        (8 * HOUR, 6 * HOUR, 0),  # worked more than either
    ],
)
def test_whoever_is_sent_home_gets_the_most_of_work_half_the_shift_and_two_hours(
    shift: int, worked: int, owed: int
) -> None:
    assert sent_home_seconds(shift_seconds=shift, worked_seconds=worked) == owed
    price = price_sent_home(card(), seconds=owed, tier_bp=10_000)
    assert (price.pay_minor if price else 0) == owed * 1600 // HOUR


def test_pieces_of_cases_have_their_own_lines_and_are_unpaid_without_one() -> None:
    full = card(review_fee=(150, 200), escalation_credit=(100, 150), royalty=(5, 8), referral=(5000, 6000))
    assert amounts(price_review_fee(full, quantity=2)) == (300, 400)
    assert amounts(price_escalation(full)) == (100, 150)
    assert amounts(price_royalty(full, confirmed=7)) == (35, 56)
    assert amounts(price_referral(full)) == (5000, 6000)
    bare = card()
    assert [price_review_fee(bare), price_escalation(bare), price_royalty(bare, confirmed=7)] == [None, None, None]
    assert price_royalty(full, confirmed=0) is None
    assert price_guarantee(bare, seconds=HOUR) is None


def test_a_cancellation_costs_its_share_of_the_planned_hours() -> None:
    full = price_cancellation(card(cancellation=(800, 1100)), seconds=4 * HOUR, share=Fraction(1, 2), tier_bp=10_000)
    assert amounts(full) == (3200, 4400)
    quarter = price_cancellation(card(), seconds=4 * HOUR, share=Fraction(1, 4), tier_bp=10_000)
    assert amounts(quarter) == (1600, 2200)


def resolved(pay: int = 901, bill: int = 1202) -> Price:
    price = price_resolution(card(resolution=(pay, bill)), complexity="hard", complexity_bp=15_000)
    assert price is not None
    return price


def test_a_cases_frozen_price_is_proven_from_its_frozen_steps() -> None:
    price = resolved()
    steps = {"pay": price.explanation, "bill": price.bill_explanation}
    assert check_case_price(pay_minor=price.pay_minor, bill_minor=price.bill_minor, steps=steps)
    assert not check_case_price(pay_minor=price.pay_minor + 1, bill_minor=price.bill_minor, steps=steps)


def test_two_agents_share_a_case_to_the_cent() -> None:
    price = resolved(pay=670, bill=901)  # 10.05 and 13.52 (13.515)
    shares = [Share("bo", 2_000, 10_000), Share("ada", 8_000, 10_000)]
    bo, ada = price_shares(price, shares)
    assert (bo.pay_minor, ada.pay_minor) == (201, 804)
    assert bo.bill_minor + ada.bill_minor == price.bill_minor
    assert [recompute(one.explanation) for one in (bo, ada)] == [201, 804]
    assert sentence(bo.explanation) == "1 × 10.05 × 2000 of 10000 for the part done = 2.01 USD"


def test_each_shares_tier_is_a_step_of_its_own() -> None:
    (ada,) = price_shares(resolved(), [Share("ada", 1, 1, "trusted", 11_500)])
    assert [step.get("rule") for step in ada.explanation["steps"]] == ["resolution", "share", "tier", "half_even"]


def test_an_abandoned_case_pays_nothing() -> None:
    assert price_shares(resolved(), []) == []


@given(
    parts=st.lists(st.integers(0, 10_000), min_size=1, max_size=6).filter(any),
    pay=st.integers(1, 99_999),
    extra=st.integers(0, 9_999),
)
def test_shares_of_a_whole_case_always_sum_to_it(parts: list[int], pay: int, extra: int) -> None:
    price = resolved(pay, pay + extra)
    whole = sum(parts)
    found = price_shares(price, [Share(f"agent {place}", part, whole) for place, part in enumerate(parts)])
    assert sum(one.pay_minor for one in found) == price.pay_minor
    assert sum(one.bill_minor for one in found) == price.bill_minor
    assert all(recompute(one.explanation) == one.pay_minor for one in found)


def test_a_sum_is_written_as_its_reader_writes_figures() -> None:
    price = price_standby(card(), seconds=2 * HOUR, tier_bp=11_500, tier="trusted")
    assert price is not None
    assert sentence(price.explanation) == "120 min × 16.00 an hour × 0.3 for standby × 1.15 for Trusted = 11.04 USD"
    assert sentence(price.explanation, "de-DE").endswith("= 11,04 USD")
    assert sentence(price.explanation, "nowhere") == sentence(price.explanation)
    assert sum(step.added_minor for step in spoken_steps(price.explanation)) == price.pay_minor
