"""Figures per 15, 30 or 60 minutes as quarters of an hour and back, with nothing lost to rounding."""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Final

STEP: Final = Decimal("0.0001")
MOST_CONTACTS: Final = Decimal(1_000_000)
LONGEST_SECONDS: Final = Decimal(86_400)


def split(total: Decimal, parts: int) -> list[Decimal]:
    """This function will share a total evenly in steps of 0.0001; the parts sum to the total, the larger ones first."""
    units = int((total / STEP).to_integral_value(ROUND_HALF_EVEN))
    least, more = divmod(units, parts)
    return [STEP * (least + (index < more)) for index in range(parts)]


def split_whole(total: int, parts: int) -> list[int]:
    """This function will share a whole number evenly; the parts sum to it, the larger ones first."""
    least, more = divmod(total, parts)
    return [least + (index < more) for index in range(parts)]


def joined_aht(parts: Iterable[tuple[Decimal, Decimal]]) -> Decimal:
    """This function will join (volume, seconds) pairs into one handling time, weighed by volume.

    Without any volume it is the plain mean of the times above zero, and zero where there is none.
    """
    pairs = list(parts)
    volume = sum((one for one, _aht in pairs), Decimal(0))
    if volume:
        return sum((one * aht for one, aht in pairs), Decimal(0)) / volume
    times = [aht for _one, aht in pairs if aht]
    return sum(times, Decimal(0)) / len(times) if times else Decimal(0)


def rounded(value: Decimal, step: Decimal = STEP) -> Decimal:
    """This function will round to a step that the database keeps. Raises InvalidOperation for what is no number."""
    if not value.is_finite():
        raise InvalidOperation
    return value.quantize(step)
