"""Money as whole minor units with a currency. No floats, one rounding, splits that lose nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from gigcx.kernel.errors import DomainError

# ISO 4217 minor-unit exponents that are not 2.
_EXPONENTS: Final = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV"), 0),
    **dict.fromkeys(("XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
ROUNDING_MODES: Final = {"half_even": ROUND_HALF_EVEN, "half_up": ROUND_HALF_UP, "down": ROUND_DOWN}


class CurrencyMismatch(DomainError):
    """Two currencies met in one sum."""

    code = "currency_mismatch"


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in minor units (cents, yen, fils) of one currency."""

    amount_minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.amount_minor) is not int:
            raise TypeError("amount_minor is a whole number of minor units")
        if len(self.currency) != 3 or not self.currency.isupper():
            raise ValueError("currency is a three-letter ISO 4217 code")

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount_minor + other.amount_minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount_minor - other.amount_minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount_minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._same(other)
        return self.amount_minor < other.amount_minor

    def __bool__(self) -> bool:
        return self.amount_minor != 0

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} cannot be added.")

    @property
    def major(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.amount_minor).scaleb(-exponent_of(self.currency))


def exponent_of(currency: str) -> int:
    """This function will return how many decimals the currency has (ISO 4217)."""
    return _EXPONENTS.get(currency, 2)


def round_minor(amount: Decimal | Fraction, mode: str = "half_even") -> int:
    """This function will round an exact amount in minor units to a whole one. Every price is rounded here, once.

    `mode` is half_even (default), half_up or down. A Fraction is rounded exactly, without passing through decimals.
    """
    if isinstance(amount, Fraction):
        return _round_fraction(amount, mode)
    return int(amount.quantize(Decimal(1), rounding=ROUNDING_MODES[mode]))


def _round_fraction(amount: Fraction, mode: str) -> int:
    under = amount.denominator
    sign = -1 if amount.numerator < 0 else 1
    whole, rest = divmod(abs(amount.numerator), under)
    is_tie, is_more = 2 * rest == under, 2 * rest > under
    up = {"down": False, "half_up": is_more or is_tie, "half_even": is_more or (is_tie and whole % 2 == 1)}[mode]
    return sign * (whole + int(up))


def allocate(total_minor: int, weights: Sequence[int]) -> list[int]:
    """This function will split a whole amount by weights so that the parts sum to it exactly.

    Largest remainder (Hamilton's method); ties go to the earlier part. Weights are whole and not negative, at least one
    of them positive. A negative total is split like its opposite.

    Raises:
        ValueError: no positive weight.
    """
    weight_sum = sum(weights)
    if weight_sum <= 0 or min(weights) < 0:
        raise ValueError("allocate needs weights of zero or more with a positive sum")
    sign, size = (-1, -total_minor) if total_minor < 0 else (1, total_minor)
    floors = [size * weight // weight_sum for weight in weights]
    remainders = [size * weight % weight_sum for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda part: (-remainders[part], part))
    for part in by_remainder[: size - sum(floors)]:
        floors[part] += 1
    return [sign * part for part in floors]
