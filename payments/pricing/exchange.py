"""Money of one currency in another: exact rates, one rounding, and how old a rate may be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from gigcx.kernel.money import exponent_of, round_minor

_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Exchange:
    """What one whole unit of `base` was worth in `quote` on a day."""

    base: str
    quote: str
    rate: Decimal
    on: date

    def convert(self, amount_minor: int, *, rounding: str = "half_even") -> int:
        """This function will turn minor units of `base` into minor units of `quote`, rounded once."""
        scale = Fraction(10) ** (exponent_of(self.quote) - exponent_of(self.base))
        return round_minor(amount_minor * Fraction(self.rate) * scale, rounding)

    def inverse(self) -> "Exchange":
        """This function will return the same rate the other way, to ten places."""
        return Exchange(self.quote, self.base, (1 / self.rate).quantize(Decimal("1e-10")), self.on)

    def as_json(self) -> dict[str, str]:
        """This function will return what an explanation keeps of the rate."""
        return {"base": self.base, "quote": self.quote, "rate": str(self.rate), "on": self.on.isoformat()}


def exchange_in(explanation: Mapping[str, Any]) -> Exchange | None:
    """This function will return the rate that an explanation keeps, or None where pay and bill share a currency."""
    kept = explanation.get("fx")
    if not kept:
        return None
    return Exchange(kept["base"], kept["quote"], Decimal(kept["rate"]), date.fromisoformat(kept["on"]))


def business_days_old(on: date, *, at: date) -> int:
    """This function will count the working days (Monday to Friday) after `on` up to and including `at`."""
    days = (at - on).days
    return sum((on + timedelta(days=day)).weekday() < _SATURDAY for day in range(1, days + 1))
