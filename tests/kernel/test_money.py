"""Money loses nothing: one rounding, splits that sum, no floats, no mixed currencies."""

import operator
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigcx.kernel.money import CurrencyMismatch, Money, allocate, exponent_of, round_minor

weights = st.lists(st.integers(0, 10_000), min_size=1, max_size=30).filter(lambda parts: sum(parts) > 0)
totals = st.integers(-(10**12), 10**12)


@given(totals, weights)
def test_the_parts_of_a_split_sum_to_the_whole(total: int, parts: list[int]) -> None:
    assert sum(allocate(total, parts)) == total


@given(totals, weights)
def test_no_part_is_a_unit_or_more_from_its_exact_share(total: int, parts: list[int]) -> None:
    for share, weight in zip(allocate(total, parts), parts, strict=True):
        assert abs(share - Fraction(total * weight, sum(parts))) < 1


@given(totals, weights)
def test_a_negative_total_is_split_like_its_opposite(total: int, parts: list[int]) -> None:
    assert allocate(-total, parts) == [-share for share in allocate(total, parts)]


@given(st.integers(0, 10**9), weights)
def test_a_part_without_weight_gets_nothing(total: int, parts: list[int]) -> None:
    assert all(share == 0 for share, weight in zip(allocate(total, parts), parts, strict=True) if weight == 0)


def test_ties_go_to_the_earlier_part() -> None:
    assert allocate(100, [1, 1, 1]) == [34, 33, 33]
    assert allocate(1, [1, 1]) == [1, 0]


@pytest.mark.parametrize("parts", [[], [0, 0], [3, -1]])
def test_a_split_without_a_positive_weight_is_refused(parts: list[int]) -> None:
    with pytest.raises(ValueError, match=r"weights|iterable|empty"):
        allocate(100, parts)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=6))
def test_half_even_rounds_as_decimal_does(amount: Decimal) -> None:
    assert round_minor(amount) == int(amount.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


@given(
    st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10_000),
    st.sampled_from(["half_even", "half_up", "down"]),
)
def test_a_fraction_rounds_to_a_neighbour_and_like_its_opposite(amount: Fraction, mode: str) -> None:
    rounded = round_minor(amount, mode)
    assert abs(rounded - amount) < 1
    assert round_minor(-amount, mode) == -rounded
    if mode != "down":
        assert abs(rounded - amount) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("amount", "mode", "expected"),
    [
        ("0.5", "half_even", 0),
        ("1.5", "half_even", 2),
        ("2.5", "half_even", 2),
        ("2.5", "half_up", 3),
        ("2.9", "down", 2),
    ],
)
def test_halves_go_where_the_mode_says(amount: str, mode: str, expected: int) -> None:
    assert round_minor(Decimal(amount), mode) == expected
    assert round_minor(Fraction(amount), mode) == expected


def test_money_is_whole_minor_units_of_a_real_code() -> None:
    for wrong in (1.5, True, Decimal(3)):
        with pytest.raises(TypeError):
            Money(wrong, "USD")  # type: ignore[arg-type]
    for code in ("usd", "US", "DOLLAR"):
        with pytest.raises(ValueError, match="three-letter"):
            Money(1, code)


def test_two_currencies_never_meet_in_a_sum() -> None:
    for together in (operator.add, operator.sub, operator.lt):
        with pytest.raises(CurrencyMismatch):
            together(Money(1, "USD"), Money(1, "EUR"))


def test_the_major_amount_knows_its_currency() -> None:
    assert (Money(1140, "USD").major, Money(1140, "JPY").major, Money(1140, "KWD").major) == (
        Decimal("11.40"),
        Decimal(1140),
        Decimal("1.140"),
    )
    assert [exponent_of(code) for code in ("EUR", "JPY", "BHD")] == [2, 0, 3]
